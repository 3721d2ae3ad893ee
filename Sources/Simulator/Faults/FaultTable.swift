// The rows of the table of faults: unit, mode, what the instance counts, what it does, and what the post may say to it.

public import Post

/// The table of everything that can be broken.
public enum FaultTable {
    /// Whether a cause excuses contactors that open under load.
    public enum Excuse: Sendable {
        /// It does not: current is brought down first.
        case no
        /// It ends everything at once: for five seconds.
        case emergency
        /// It leaves no other way to end the current: until it is healed.
        case noOtherWay
    }

    /// One row.
    public struct Row: Sendable {
        /// In what.
        public let unit: FaultUnit
        /// How.
        public let mode: FaultMode
        /// What the instance number counts.
        public let scope: FaultScope
        /// What happens in the world, in one clause for help and documentation.
        public let help: StaticString
        /// Faults of the post that this cause can bring about, depending on the moment.
        public let mayRaise: [Fault]
        /// Whether, and for how long, the cause excuses contactors that open under load.
        public let excuse: Excuse
        /// How fast the path has to open, or nil: it may stay closed, with less power or a word, or shows at the next start.
        public let reaction: ReactionLimit?

        init(
            _ unit: FaultUnit, _ mode: FaultMode, _ scope: FaultScope, _ help: StaticString, _ mayRaise: [Fault],
            excuse: Excuse = .no, opens reaction: ReactionLimit? = nil
        ) {
            self.unit = unit
            self.mode = mode
            self.scope = scope
            self.help = help
            self.mayRaise = mayRaise
            self.excuse = excuse
            self.reaction = reaction
        }
    }

    /// Every row.
    public static let rows: [Row] =
        enclosure + contactors + pilotAndLock + cable + stage + sensors + vehicle + disk + network + around

    static let enclosure: [Row] = [
        Row(
            .emergencyStop, .pressed, .post, "the button is pressed and stays in", [.emergencyStop],
            excuse: .emergency, opens: .emergency),
        Row(
            .emergencyStop, .bounces, .post, "the button's contact bounces while it is pressed", [.emergencyStop],
            excuse: .emergency, opens: .emergency),
        Row(
            .emergencyStop, .wireBroken, .post, "the closed-circuit wire is broken: it reads as pressed",
            [.emergencyStop], excuse: .emergency, opens: .emergency),
        Row(
            .emergencyStop, .circuitsDisagree, .post,
            "the contact to the safety controller opens, the post's own stays closed",
            [.emergencyStop, .stopCircuitsDisagree], excuse: .emergency, opens: .emergency),
        Row(
            .safetyController, .silent, .post,
            "the safety controller's frames do not come: pilot and proximity are unknown once five are missed",
            [.safetyControllerSilent, .linesLost], excuse: .emergency,
            opens: .emergency(seenWithin: SimulatedSafetyController.silentAfter)),
        Row(
            .door, .open, .post, "a door of the enclosure is open", [.doorOpen], excuse: .emergency,
            opens: .emergency),
        Row(
            .enclosure, .tilted, .post, "the tilt or water sensor has tripped", [.tiltOrWater], excuse: .emergency,
            opens: .emergency),
        Row(
            .earth, .lost, .post, "the protective earth is lost", [.protectiveEarthLost], excuse: .emergency,
            opens: .emergency),
        Row(
            .grid, .lost, .post, "the supply is gone: stages stop", [.gridLost, .stageFault, .underVoltage],
            opens: .error(seenWithin: .milliseconds(200))),
        Row(
            .grid, .sags, .post, "the supply falls to 60 percent of its voltage: stages give less", [.gridLost],
            opens: .error(seenWithin: .milliseconds(200))),
        Row(
            .grid, .phaseLost, .post, "one of the three phases is lost: stages give half", [.phaseLost],
            opens: .error(seenWithin: .seconds(1))),
        Row(
            .residualCurrentDevice, .tripped, .post, "the device has tripped on an earth fault: stages stop",
            [.residualCurrentTripped, .stageFault, .underVoltage], excuse: .emergency, opens: .emergency),
        Row(
            .residualCurrentDevice, .selfTestFails, .post, "the device fails the test that it runs on itself",
            [.residualCurrentUntested]),
        Row(
            .lines, .gone, .post, "the chip with the post's lines is gone", [.linesLost], excuse: .emergency,
            opens: .emergency),
        Row(
            .lines, .lost, .connector, "the connector's lines can no longer be driven or read", [.linesLost],
            excuse: .emergency, opens: .emergency),
    ]

    static let contactors: [Row] = [
        FaultUnit.contactorPlus, .contactorMinus,
    ].flatMap { unit -> [Row] in
        let weld: Fault = unit == .contactorPlus ? .weldedPlus : .weldedMinus
        return [
            Row(
                unit, .welded, .connector, "the pole stays closed once it is closed",
                [weld, .weldedBoth, .stageTripped]),
            Row(unit, .stuckOpen, .connector, "the pole no longer closes", [.contactorFailsToClose]),
            Row(
                unit, .drops, .connector, "the pole falls open although it is driven",
                [.contactorDropped, .contactorFailsToClose],
                excuse: .emergency, opens: .emergency),
            Row(
                unit, .mirrorStuckOpen, .connector, "the mirror contact reads open for ever",
                [.contactorFailsToClose, .contactorReadsOpen, .currentWhileOpen],
                opens: .error(seenWithin: .milliseconds(1_200))),
            Row(
                unit, .mirrorStuckClosed, .connector, "the mirror contact reads closed for ever",
                [weld, .outputLiveBeforeTest]),
            Row(
                unit, .mirrorUnreadable, .connector, "the mirror contact cannot be read",
                [
                    .contactorFailsToClose, .contactorReadsOpen, .contactorDropped, .outputLiveBeforeTest,
                    .mirrorUnreadable,
                ],
                opens: .error(seenWithin: .milliseconds(1_200))),
            Row(unit, .mirrorBounces, .connector, "the mirror contact bounces for 15 ms at every operation", []),
        ]
    }

    static let pilotAndLock: [Row] = [
        Row(
            .pilot, .lost, .connector, "the pilot wire is open", [.pilotLost], excuse: .emergency,
            opens: .emergencyByController),
        Row(
            .pilot, .shorted, .connector, "the pilot is shorted to earth", [.pilotShorted], excuse: .emergency,
            opens: .emergencyByController),
        Row(
            .pilot, .stuckAtMinus12, .connector, "the pilot is stuck at -12 V", [.pilotUnavailable],
            opens: .error(seenWithin: .zero, hiddenBy: [.safetyController])),
        Row(
            .pilot, .invalid, .connector, "the pilot's level lies outside every band", [.pilotInvalid],
            opens: .error(seenWithin: .milliseconds(50), hiddenBy: [.safetyController])),
        Row(
            .proximity, .lost, .connector, "the proximity contact is open", [.proximityLost], excuse: .emergency,
            opens: .emergencyByController),
        Row(
            .proximity, .invalid, .connector, "the proximity contact reads no valid resistance",
            [.proximityInvalid],
            excuse: .emergency, opens: .emergencyByController),
        Row(
            .lock, .stuck, .connector, "the lock no longer moves (connectors that the post locks)",
            [.lockFailsToClose, .lockFailsToOpen]),
        Row(
            .lock, .opens, .connector, "the lock opens by itself (connectors that the post locks)", [.lockOpened],
            excuse: .emergency, opens: .emergency),
    ]

    static let cable: [Row] = [
        Row(
            .cable, .shorted, .connector, "60 ohms lie across the contacts",
            [.shortCircuitAtTest, .testVoltageNotReached, .overCurrent]),
        Row(
            .plugContacts, .worn, .connector, "the plug's contacts have twelve times their resistance",
            [.connectorWarm]),
        Row(
            .plugContacts, .hot, .connector, "the plug's contacts are 75 K hotter than the current makes them",
            [.connectorHot],
            opens: .error(seenWithin: .milliseconds(1_100), .contactsTooHot, hiddenBy: [.thermometers])),
        Row(
            .insulation, .plusToEarth, .connector, "plus has 20 kiloohms to earth", [.insulationLow],
            opens: .error(seenWithin: .milliseconds(1_100), .joined, hiddenBy: [.insulationMonitor, .vehicle])),
        Row(
            .insulation, .minusToEarth, .connector, "minus has 20 kiloohms to earth", [.insulationLow],
            opens: .error(seenWithin: .milliseconds(1_100), .joined, hiddenBy: [.insulationMonitor, .vehicle])),
        Row(
            .insulation, .lifted, .connector,
            "a foreign voltage of 800 V reaches minus through a megohm: the output lies too far from earth",
            [.voltageToEarthHigh],
            opens: .error(seenWithin: .milliseconds(3_100), .joined, hiddenBy: [.insulationMonitor, .vehicle])),
        Row(
            .insulation, .uneven, .connector,
            "minus has 150 kiloohms to earth: nearly all of the voltage lies at plus", []),
        Row(
            .insulationMonitor, .silent, .connector, "the monitor says nothing", [.insulationSilent],
            // A vehicle whose own contactors are welded is joined in the cable check already, whose steps have times of their own.
            opens: .error(seenWithin: .seconds(5), .joined, hiddenBy: [.vehicle])),
        Row(
            .insulationMonitor, .slow, .connector, "the monitor's self-test takes a minute",
            [.insulationSelfTestFailed, .cableCheckTooSlow]),
        Row(
            .insulationMonitor, .selfTestFails, .connector, "the monitor does not trust itself",
            [.insulationSelfTestFailed]),
        Row(
            .insulationMonitor, .frozen, .connector, "the monitor repeats one sample",
            [
                .insulationFrozen, .voltageSensorsDisagree, .outputLiveBeforeTest, .outputLiveAfterStop,
                .insulationSelfTestFailed,
            ]),
        Row(
            .insulationMonitor, .voltageWrong, .connector, "the monitor's voltage reads 80 V too high",
            [.voltageSensorsDisagree, .outputLiveBeforeTest, .outputLiveAfterStop],
            opens: .error(seenWithin: .seconds(4), .joined, hiddenBy: [.meter, .stage])),
        Row(.discharge, .broken, .connector, "the discharge resistor is burnt out", [.outputLiveAfterStop]),
    ]

    static let stage: [Row] = [
        Row(.stage, .moduleLost, .stage, "one more module is out of action", [.stageDerated]),
        Row(
            .stage, .internalFault, .stage, "the stage stops with a fault of its own",
            [.stageFault, .underVoltage], opens: .error(seenWithin: .milliseconds(200))),
        Row(
            .stage, .silent, .stage, "the stage's link says and takes nothing", [.stageSilent], excuse: .noOtherWay,
            opens: .error(seenWithin: .milliseconds(2_100))),
        Row(
            .stage, .slow, .stage, "the stage's link takes two seconds each way",
            [.stageSilent, .stageIgnoresOff, .stopTooSlow],
            excuse: .noOtherWay, opens: .error(seenWithin: .milliseconds(2_200))),
        Row(
            .stage, .frozen, .stage, "the stage repeats one old sample", [.stageSilent], excuse: .noOtherWay,
            opens: .error(seenWithin: .milliseconds(2_100))),
        Row(
            .stage, .refuses, .stage, "the stage refuses every command but off",
            [.testVoltageNotReached, .preChargeTimeout, .overCurrent, .vehicleIgnoresStop], excuse: .noOtherWay),
        Row(
            .stage, .ignoresOff, .stage, "the stage goes on when it is told to be off", [.stageIgnoresOff],
            excuse: .noOtherWay),
        Row(
            .stage, .overVoltage, .stage, "the stage holds 60 V more than it is told",
            [.overVoltage, .preChargeMismatch]),
        Row(
            .stage, .underVoltage, .stage, "the stage does not come above 150 V",
            [.testVoltageNotReached, .preChargeTimeout, .preChargeMismatch, .underVoltage]),
        Row(
            .stage, .overCurrent, .stage, "the stage gives half as much current again as it is told", [.overCurrent]
        ),
        Row(
            .stage, .backfeeds, .stage, "the stage's output diode has failed: it draws 20 A from the battery",
            [.reverseCurrent], excuse: .noOtherWay, opens: .emergency(seenWithin: .milliseconds(200), .flowsBack)),
        Row(
            .stage, .holdsCharge, .stage,
            "nothing discharges the stage's output: its voltage halves in 104 seconds",
            [.outputLiveBeforeTest]),
        Row(
            .stage, .sluggish, .stage, "the stage's voltage climbs by 41 V a second and no faster",
            [.testVoltageNotReached, .preChargeMismatch, .preChargeTimeout, .cableCheckTooSlow]),
        Row(
            .stage, .voltageWrong, .stage, "the stage's own voltmeter reads 80 V too high",
            [.voltageSensorsDisagree, .outputLiveBeforeTest],
            opens: .error(seenWithin: .seconds(4), .joined, hiddenBy: [.meter])),
    ]

    static let sensors: [Row] = [
        Row(
            .meter, .silent, .connector, "the meter says nothing", [.meterSilent],
            opens: .error(seenWithin: .seconds(3))),
        Row(.meter, .slow, .connector, "the meter's answers come two seconds late", []),
        Row(
            .meter, .frozen, .connector, "the meter's register stands still", [.meterFrozen],
            opens: .error(seenWithin: .seconds(62), .powerFlows)),
        Row(.meter, .goesBack, .connector, "the meter's register falls by 500 Wh", [.meterWentBack]),
        Row(.meter, .jumps, .connector, "the meter's register jumps ahead by 50 kWh", [.meterJumped]),
        Row(
            .meter, .countsLess, .connector, "the meter's register counts a tenth too little",
            [.meterDrifts, .meterDisagrees]),
        Row(
            .meter, .swapped, .connector, "another meter answers", [.meterSwapped],
            opens: .error(seenWithin: .milliseconds(300))),
        Row(
            .meter, .voltageWrong, .connector, "the meter's voltage reads 80 V too high",
            [.voltageSensorsDisagree, .outputLiveBeforeTest, .overVoltage, .outputLiveAfterStop],
            opens: .error(seenWithin: .seconds(4), .joined, hiddenBy: [.stage])),
        Row(
            .pinSensor, .broken, .connector, "the first of the two sensors at the contacts is open",
            [.pinSensorFailed]),
        Row(
            .pinSensor, .frozen, .connector, "the first of the two sensors at the contacts stands still",
            [.pinSensorFailed]),
        Row(
            .pinSensor, .jumps, .connector, "the first of the two sensors at the contacts reads 40 K too much",
            [.pinSensorFailed, .connectorWarm, .connectorHot]),
        Row(
            .handle, .warm, .connector, "the handle lies in the sun: 29 K hotter than the current makes it",
            [.handleWarm, .handleHot]),
        Row(
            .handle, .hot, .connector, "the handle is 45 K hotter than the current makes it", [.handleHot],
            opens: .error(seenWithin: .milliseconds(1_100), .handleTooHot, hiddenBy: [.thermometers])),
        Row(.handle, .broken, .connector, "the sensor in the handle is open", [.pinSensorFailed]),
        Row(
            .thermometers, .silent, .connector, "the thermometers say nothing", [.temperatureSilent],
            opens: .error(seenWithin: .seconds(10))),
        Row(.cabinet, .hot, .post, "the air around the post is 35 K warmer", [.cabinetHot]),
        Row(.cabinet, .cold, .post, "the air around the post is 60 K colder", [.tooCold]),
        Row(
            .cooling, .stopped, .post, "fan and pump stand still", [.coolingLost, .cabinetHot, .heatWithoutCooling]),
        Row(
            .cooling, .leaks, .post, "the coolant has leaked out: nothing cools the plugs' contacts", [.coolantLow],
            opens: .error(seenWithin: .seconds(2))),
    ]

    static let vehicle: [Row] = [
        Row(
            .vehicle, .silent, .connector, "the vehicle says nothing any more", [.vehicleSilent, .vehicleNotReady],
            opens: .error(seenWithin: .seconds(5), hiddenBy: [.stage])),
        Row(
            .vehicle, .leavesStateC, .connector, "the pilot goes from C to B without a word",
            [.vehicleLeftCharging], opens: .emergencyByController),
        Row(
            .vehicle, .pulsesC, .connector, "the vehicle holds its pilot at C while it wants nothing",
            [.pilotPulsed, .vehicleIgnoresStop]),
        Row(
            .vehicle, .neverReady, .connector, "the vehicle talks and never asks for the cable check",
            [.vehicleNotReady]),
        Row(
            .vehicle, .ignoresStop, .connector, "the vehicle goes on asking when it is told to stop",
            [.vehicleIgnoresStop, .outputLiveAfterStop], excuse: .noOtherWay),
        Row(.vehicle, .ignoresLimits, .connector, "the vehicle asks for more than it was told it may", []),
        Row(
            .vehicle, .wrongPreCharge, .connector, "the vehicle asks for 60 V too much in pre-charge",
            [.preChargeTimeout, .preChargeMismatch]),
        Row(.vehicle, .neverCloses, .connector, "the vehicle never closes its own contactors", [.preChargeTimeout]),
        Row(
            .vehicle, .welded, .connector, "the vehicle's own contactors are welded: its inlet is live",
            [.outputLiveBeforeTest, .outputLiveAfterStop]),
        Row(
            .vehicle, .diodeMissing, .connector, "the diode in the vehicle's inlet is missing", [.pilotInvalid],
            opens: .error(seenWithin: .milliseconds(50), hiddenBy: [.pilot, .safetyController])),
        Row(
            .vehicle, .shorted, .connector,
            "a short circuit of 50 milliohms in the vehicle has blown its main fuse",
            [.underVoltage, .shortCircuitAtTest, .preChargeMismatch, .preChargeTimeout]),
        Row(
            .vehicle, .asksForVentilation, .connector, "the vehicle asks for ventilation: its pilot shows D for C",
            [.ventilationMissing], opens: .error(seenWithin: .zero, hiddenBy: [.safetyController])),
        Row(
            .vehicle, .dropsLoad, .connector,
            "the vehicle's own contactors fall open in a charge: no battery holds the voltage any more", []),
        Row(
            .vehicle, .drops, .connector, "the vehicle drives off and tears the plug out",
            [.pilotLost, .proximityLost], excuse: .emergency, opens: .emergencyByController),
    ]

    /// What a disk that does not write leads to.
    private static let unwritten: [Fault] = [
        .startNotRecorded, .samplesNotDurable, .stopNotRecorded, .latchNotRecorded,
    ]

    static let disk: [Row] = [
        Row(.disk, .slow, .post, "every write takes three seconds", []),
        Row(
            .disk, .commitsSlow, .post, "every write takes eight seconds; reads are answered from memory", unwritten
        ),
        Row(
            .disk, .full, .post, "the disk is full", unwritten, opens: .graceful(seenWithin: .seconds(60))),
        Row(
            .disk, .failing, .post, "reads and writes fail",
            unwritten, opens: .graceful(seenWithin: .seconds(60))),
        Row(
            .disk, .hanging, .post, "the disk never answers",
            unwritten, opens: .graceful(seenWithin: .seconds(60))),
    ]

    /// What can be wrong on the way to the cloud has a table of its own.
    static let network: [Row] = NetworkTable.rows.map { Row($0.unit, $0.mode, .site, $0.injectedHelp, []) }

    static let around: [Row] = [
        Row(
            .process, .leaks, .post, "the process keeps a megabyte more each second, until it is started anew",
            [.memoryHigh, .memoryExhausted]),
        Row(.siteManager, .silent, .post, "whoever limits the power falls silent", [.limitSourceSilent]),
        Row(.clock, .at1970, .post, "the wall clock begins in 1970", [.clockStepped]),
        Row(.clock, .stepsForward, .post, "the wall clock jumps three days ahead", [.clockStepped]),
        Row(.clock, .stepsBack, .post, "the wall clock jumps three days back", [.clockStepped]),
        Row(.clock, .drifts, .post, "the wall clock runs 200 parts per million fast", []),
        Row(.reader, .gone, .reader, "the card reader is gone", [.cardReaderLost]),
        Row(.reader, .garbage, .reader, "the card reader reads something that is no card", []),
    ]
}
