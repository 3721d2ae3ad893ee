// Every limit and timeout of the core in one place, each with its unit and where the number comes from.

/// The limits a post is run with. A profile may change them within the ranges its schema states; the core never does.
///
/// Sources: IEC 61851-1 / -23 and ISO 15118-2 as quoted by public implementations and their documentation (EVerest's
/// manuals above all); "engineering default" marks a number of our own.
public struct SafetyLimits: Hashable, Sendable {
    // Voltage and current

    /// Below this a contact may be touched. 60 V DC: IEC 61851-23.
    public var touchSafeMillivolts: Int32 = 60_000
    /// The most voltage across a contactor that is told to close. ±20 V: IEC 61851-23 pre-charge, EVerest bring-up manual.
    public var preChargeMillivolts: Int32 = 20_000
    /// How near the test voltage must come. ±10 V: EVerest cable check.
    public var testToleranceMillivolts: Int32 = 10_000
    /// Test voltage of the cable check where the vehicle takes more. 500 V: EVerest default.
    public var testMillivolts: Int32 = 500_000
    /// Current cap of the cable check and of pre-charge. 2 A: IEC 61851-23 as quoted by EVerest.
    public var testMilliamperes: Int32 = 2_000
    /// Contactors open below this outside an emergency. Engineering default: 5 A.
    public var safeOpeningMilliamperes: Int32 = 5_000
    /// More current than this through contactors that read open is a fault. Engineering default: 2 A.
    public var leakageMilliamperes: Int32 = 2_000
    /// Reverse current beyond this for `reverseCurrentFor` is an emergency. Engineering default: 2 A.
    public var reverseMilliamperes: Int32 = 2_000
    /// Over-current: this many per mille of what was granted, plus the sensors' tolerance. Engineering default: 110 %.
    public var overCurrentPerMille: Int32 = 1_100
    /// Over-voltage: this much above the granted voltage. Engineering default: 20 V.
    public var overVoltageMillivolts: Int32 = 20_000
    /// Collapse: this much below the voltage at which current began to flow. Engineering default: 100 V.
    public var underVoltageMillivolts: Int32 = 100_000
    /// The most that two sensors of one voltage may differ with the contactors closed. 50 V: EVerest default.
    public var sensorSpreadMillivolts: Int32 = 50_000

    // Insulation

    /// Insulation below this many ohms a volt is a fault. 100 Ω/V: IEC 61851-23:2014, with `insulationFloorOhms` the larger counts.
    public var insulationOhmsPerVolt: Int32 = 100
    /// Insulation below this is a fault whatever the voltage. 100 kΩ: EVerest default for CCS.
    public var insulationFloorOhms: Int32 = 100_000

    // Temperature

    /// Contacts warmer than this: less current. Engineering default: 80 °C.
    public var pinWarmMillidegrees: Int32 = 80_000
    /// Contacts hotter than this: stop. Engineering default: 90 °C.
    public var pinHotMillidegrees: Int32 = 90_000
    /// How far it must cool before the limit is lifted. Engineering default: 10 K.
    public var pinHysteresisMillidegrees: Int32 = 10_000
    /// Cabinet air warmer than this: less current. Engineering default: 50 °C.
    public var cabinetWarmMillidegrees: Int32 = 50_000
    /// Cabinet air at this: no current. Engineering default: 65 °C.
    public var cabinetHotMillidegrees: Int32 = 65_000
    /// The handle warmer than this: less current. Engineering default: 50 °C, so that `handleHotMillidegrees` is not reached.
    public var handleWarmMillidegrees: Int32 = 50_000
    /// The handle as warm as this: stop. 60 °C: GB/T 18487.1-2015, 11.6.3, grips of plastic at 40 °C around; 50 °C for metal.
    public var handleHotMillidegrees: Int32 = 60_000
    /// The share that is left with one of two pin sensors, in per mille. Engineering default: 50 %.
    public var oneSensorPerMille: Int32 = 500

    // How old a reading may be

    /// Near lines. Engineering default: 2 s (their source says once a second that it lives).
    public var linesMaximumAge: Interval = .seconds(2)
    /// Power stage. 2 s: EVerest aborts the cable check after as much.
    public var stageMaximumAge: Interval = .seconds(2)
    /// Meter's voltage and current. Engineering default: 3 s.
    public var meterMaximumAge: Interval = .seconds(3)
    /// Insulation monitor. 5 s: EVerest.
    public var insulationMaximumAge: Interval = .seconds(5)
    /// Any far device of a connector that rests and samples once in 10 s. Engineering default: 35 s, three samples missed.
    public var idleMaximumAge: Interval = .seconds(35)
    /// Temperatures. Engineering default: 10 s.
    public var temperatureMaximumAge: Interval = .seconds(10)
    /// Vehicle message while current flows. Engineering default: 1 s (ISO 15118-2 current demand 250 ms, -20 0.5 s).
    public var vehicleMaximumAge: Interval = .seconds(1)
    /// Vehicle message before current flows. 5 s: ISO 15118-2 longest message timeout.
    public var vehicleSlowMaximumAge: Interval = .seconds(5)

    // How long a condition must last

    /// Reverse current. Engineering default: 50 ms.
    public var reverseCurrentFor: Interval = .milliseconds(50)
    /// Over-current. Engineering default: 500 ms.
    public var overCurrentFor: Interval = .milliseconds(500)
    /// Over-voltage. 400 ms: IEC 61851-23 as quoted by EVerest.
    public var overVoltageFor: Interval = .milliseconds(400)
    /// Under-voltage. Engineering default: 1 s.
    public var underVoltageFor: Interval = .seconds(1)
    /// Current through contactors that read open. Engineering default: 200 ms.
    public var contactorPlausibilityFor: Interval = .milliseconds(200)
    /// Voltage sensors that disagree. Engineering default: 2 s.
    public var sensorSpreadFor: Interval = .seconds(2)
    /// Contactor read-back that bounces. 20 ms: engineering default, of the 100 ms an operation may take.
    public var contactorBounceFor: Interval = .milliseconds(20)
    /// Register unchanged while more than 1 kW flows. Engineering default: 60 s.
    public var meterFrozenFor: Interval = .seconds(60)
    /// The stage still gives current after "off". Engineering default: 500 ms.
    public var stageOffWithin: Interval = .milliseconds(500)
    /// Less cooling than asked. Engineering default: 5 s.
    public var coolingLostFor: Interval = .seconds(5)
    /// A pilot level outside every band. 50 ms: the filter that leaves room in the 100 ms of IEC 61851-1 Table A.6.
    public var pilotInvalidFor: Interval = .milliseconds(50)
    /// An emergency stop must stay released this long before it counts as released. 500 ms: engineering default.
    public var emergencyStopReleasedFor: Interval = .milliseconds(500)

    /// The vehicle may go on asking this long after the contactors opened. 6 s: IEC 61851-1 sequence 10.2 as quoted by EVerest.
    public var vehicleStopsWithin: Interval = .seconds(6)
    /// A command that a stage did not take is sent again this often. Engineering default: 250 ms.
    public var resendEvery: Interval = .milliseconds(250)
    /// How far a register may run ahead of 1.2 times the rated power. Engineering default: 100 Wh, a step of a coarse one.
    public var meterJumpWattHours: Int32 = 100

    // How long a step may take

    /// Contactors read closed after the command. 1 s: IEC 61851-23; feedback is expected at about 100 ms.
    public var contactorCloseWithin: Interval = .seconds(1)
    /// Contactors read open after the command, else a weld is suspected. 1 s: OpenEVSE's stuck-relay delay.
    public var contactorOpenWithin: Interval = .seconds(1)
    /// One try of the lock motor. Engineering default: 1 s, three tries.
    public var lockWithin: Interval = .seconds(1)
    /// How often the lock is tried. Engineering default: 3.
    public var lockTries: UInt8 = 3
    /// The vehicle asks for the cable check after authorization. 60 s: ISO 15118-2 sequence timeout.
    public var vehicleReadyWithin: Interval = .seconds(60)
    /// Output below 60 V before the test. 10 s: EVerest.
    public var outputDeadWithin: Interval = .seconds(10)
    /// Test voltage reached. 10 s: EVerest.
    public var testVoltageWithin: Interval = .seconds(10)
    /// The insulation monitor's self-test and first good reading. 30 s: EVerest.
    public var insulationTestWithin: Interval = .seconds(30)
    /// Whole cable check. 40 s: ISO 15118-2.
    public var cableCheckWithin: Interval = .seconds(40)
    /// Pre-charge. 7 s: ISO 15118-2.
    public var preChargeWithin: Interval = .seconds(7)
    /// The start record becomes durable. Engineering default: 10 s from when power waits for it.
    public var startRecordWithin: Interval = .seconds(10)
    /// Current below the safe opening limit when the vehicle has left state C, else the contactors open all the same. 30 ms: what
    /// is left of the 100 ms of IEC 61851-1 Table A.6, sequence 8.1, from the pilot to open contactors, when the controller filters
    /// for 20 ms and tells within 10 ms, a lost edge costs 10 ms and the contactor takes 30 ms (`hardware/boards`).
    public var rampDownWhenVehicleLeft: Interval = .milliseconds(30)
    /// The same for an error. 2.5 s: IEC 61851-23 CC.3.4.2 as quoted by EVerest.
    public var rampDownWhenError: Interval = .milliseconds(2_500)
    /// The same for a wish to stop. 20 s: EVerest's wait for the vehicle.
    public var rampDownWhenAsked: Interval = .seconds(20)
    /// Output below 60 V after the contactors opened. 10 s: EVerest.
    public var dischargeWithin: Interval = .seconds(10)
    /// A pause by vehicle or post without energy; the session then ends. Engineering default: 12 h.
    public var pauseAtMost: Interval = .hours(12)
    /// Samples of a session must become durable within this. Engineering default: 60 s.
    public var samplesDurableWithin: Interval = .seconds(60)
    /// A session's sample is written this often. Engineering default: 1 s.
    public var sampleEvery: Interval = .seconds(1)
    /// After a start the meter may take this long to answer before the last durable sample of an open session counts, and
    /// meter, stage and thermometers before they count as silent. Engineering default: 30 s.
    public var meterAfterRestartWithin: Interval = .seconds(30)

    // People

    /// The look-up of a card. Engineering default: 500 ms.
    public var lookUpWithin: Interval = .milliseconds(500)
    /// The cloud's answer about a token the list does not know. 2 s: engineering default.
    public var cloudAnswersWithin: Interval = .seconds(2)
    /// The same on a post that has no list. 30 s: default message timeout of OCPP clients (EVerest).
    public var cloudAnswersWithoutListWithin: Interval = .seconds(30)
    /// A card waits this long for a plug. 120 s: OCPP EVConnectionTimeOut default of EVerest.
    public var connectWithin: Interval = .seconds(120)
    /// The same card again within this is the same tap. 2 s: engineering default.
    public var sameTapWithin: Interval = .seconds(2)
    /// A refusal stays on the screen this long. Engineering default: 15 s.
    public var refusalShownFor: Interval = .seconds(15)
    /// A site limit that is not repeated within this counts as its fail-safe value. 120 s: EEBus heartbeat as quoted by EVerest.
    public var limitSilentAfter: Interval = .seconds(120)
    /// Below this current a session pauses instead of crawling. Engineering default: 1 A.
    public var leastMilliamperes: Int32 = 1_000

    // The process

    /// With more memory resident than this the operator is told. Engineering default: 192 MiB, more than
    /// three times what the daemon was measured to take (57 MB, Benchmarks.md).
    public var memoryWarningMebibytes: Int32 = 192
    /// With more than this the process is started anew as soon as every connector is idle. Engineering default: 256 MiB, half
    /// of what a small controller has.
    public var memoryRestartMebibytes: Int32 = 256
    /// The first of them in bytes, as memory is told.
    public var memoryWarningBytes: Int64 { Int64(memoryWarningMebibytes) << 20 }
    /// The second of them in bytes.
    public var memoryRestartBytes: Int64 { Int64(memoryRestartMebibytes) << 20 }

    /// The defaults above.
    public init() {}
}

/// Numbers that no profile changes.
extension SafetyLimits {
    /// What current sensors may read too much before a current counts as more than was granted. 2 A: engineering default.
    static let overCurrentToleranceMilliamperes: Int64 = 2_000
    /// The two contacts of one emergency stop may differ for so long while it moves; longer, one circuit is broken. 200 ms:
    /// row 3 of the catalogue of faults, engineering default.
    static let stopCircuitsDifferFor: Interval = .milliseconds(200)
    /// A supply that sags is ridden through for this long, as long as the stages bear it. 200 ms: row 68 of the catalogue,
    /// engineering default; SEMI F47 asks the same of equipment, at half the voltage.
    static let sagRiddenThroughFor: Interval = .milliseconds(200)
    /// A phase that is missing, or phases that are unlike, for so long. 1 s: row 69 of the catalogue, engineering default;
    /// phase monitors wait themselves before their contact opens.
    static let phaseLostFor: Interval = .seconds(1)
    /// A stage at the limit of the test current with less than half the test voltage for this long feeds a short circuit.
    /// 1 s: engineering default, well within the 10 s of the test voltage.
    static let shortCircuitFor: Interval = .seconds(1)
    /// Samples this near each other tell of one moment. 500 ms: engineering default, half of what a stage needs for the
    /// way to its highest voltage.
    static let oneMoment: Interval = .milliseconds(500)
    /// From this power on a register must move. 1 kW: engineering default, a coarse register's 10 Wh in 36 s.
    static let frozenFromWatts: Int64 = 1_000
    /// Coolant whose pressure or level is too low for so long. 2 s: row 65 of the catalogue, engineering default.
    static let coolantLowFor: Interval = .seconds(2)
    /// A wall clock that was stepped by more than this, in milliseconds, is told of, and for how long. 60 s: row 103 of the
    /// catalogue; 1 h: engineering defaults.
    static let clockStepMilliseconds: UInt64 = 60_000
    static let clockStepShownFor: Interval = .hours(1)
    /// A limit that others set is raised this often at most; it falls at once. 5 s: row 131 of the catalogue (EVerest's least
    /// distance between two duty cycles of a pilot).
    static let limitRisesEvery: Interval = .seconds(5)
    /// What is left of the current without cooling, in per mille. 50 %: engineering default.
    static let uncooledPerMille: Int64 = 500
    /// A session that has just begun or gone on gets its share within this; only then is too little a pause. 1 s:
    /// engineering default.
    static let sharesSettleWithin: Interval = .seconds(1)
    /// A vehicle that asks for no current for this long pauses. 60 s: engineering default.
    static let asksNothingFor: Interval = .seconds(60)
    /// A device that was silent, and whose words come late since, speaks again once none has been too old for this long. 10 s:
    /// engineering default.
    static let speaksAgainFor: Interval = .seconds(10)
    /// A mirror contact that cannot be read for this long while no power is allowed is a fault. 1 s: engineering default.
    static let mirrorUnreadableFor: Interval = .seconds(1)
    /// Contactors that were told to open this long ago are discharged behind whatever their mirror contacts read. 250 ms:
    /// engineering default. The slowest contactor a board may have opens within 100 ms and the slowest filter takes 50 ms; of
    /// the second in which a torn-out plug must be dead (IEC 61851-23) 750 ms are left.
    static let dischargedUnreadAfter: Interval = .milliseconds(250)
    /// A record that the disk did not take is asked for again after this. 5 s: engineering default.
    static let askAgainAfter: Interval = .seconds(5)
    /// A lock that has not opened after all its tries is driven again this often. 10 s: engineering default, for its motor.
    static let lockRetriedAfter: Interval = .seconds(10)
    /// The supervisor steps in this long after the machine should have. 100 ms: engineering default, a few samples.
    static let supervisorWaits: Interval = .milliseconds(100)
    /// An answer about a card counts this much longer for the supervisor than for the machine, which may use it at the last
    /// moment. 1 s: engineering default.
    static let answersCountLonger: Interval = .seconds(1)
    /// What a grant may be above its limit in the supervisor's eyes, for a voltage that has moved since: so many per cent
    /// and so many watts. 1 % and 100 W: engineering defaults.
    static let grantTolerancePercent: Int64 = 1
    static let grantToleranceWatts: Int64 = 100
    /// A stage is reckoned to give no more than this of what it is told, in per mille: twice. Beyond that the reading is wrong,
    /// or over-current has long been found. Engineering default.
    static let givenPerMilleAtMost: Int64 = 2_000
    /// Cabinet air colder than this: no session begins. -30 °C: the range of accessories, IEC 62196 scope.
    static let coldMillidegrees: Int32 = -30_000
    /// A sensor at the contacts that moves this much more than its neighbour within a second is not believed. 20 K:
    /// engineering default.
    static let pinJumpMillidegrees: Int64 = 20_000
    /// Two sensors at the contacts that agree this well are believed again; one that stands still while its neighbour moves
    /// by as much is frozen. 10 K: engineering default.
    static let pinAgreementMillidegrees: Int64 = 10_000
    /// Without cooling the contacts may get this much warmer. 10 K: engineering default.
    static let uncooledRiseMillidegrees: Int64 = 10_000
    /// An insulation monitor that repeats one sample to the last digit for this long after the meter's voltage has moved by
    /// more than `frozenMillivolts` is frozen. 10 s and 10 V: engineering defaults.
    static let insulationFrozenFor: Interval = .seconds(10)
    static let frozenMillivolts: Int64 = 10_000
    /// A pilot that reads C for as long as this, and no longer, is a pulse. 150...450 ms: EVerest's wake-up toggle.
    static let pilotPulse: ClosedRange<Int64> = 150_000...450_000
    /// A pole may lie this far from earth, in per mille of the output's voltage, where the connector bears more than
    /// `voltageToEarthFixedUpTo`; else `voltageToEarthFixed` counts. 110 %, 500 V and 550 V: IEC 61851-23:2023, 6.3.1.112.2, as
    /// quoted by EVerest.
    static let voltageToEarthPerMille: Int64 = 1_100
    static let voltageToEarthFixedUpTo: Int32 = 500_000
    static let voltageToEarthFixed: Int64 = 550_000
    /// Two readings this far apart, and all between them, must say so. 2 s: EVerest.
    static let voltageToEarthHighFor: Interval = .seconds(2)
    /// No restart for want of memory in the first minutes of a life: what takes so much so soon takes it again. 10 min:
    /// engineering default, the window in which unclean starts are counted.
    static let restartedNotBefore: Interval = .seconds(600)
    /// Nor where the process has not grown by this share of the bound since it was first looked at: a restart would give
    /// nothing back. A quarter: engineering default.
    static let restartedFromGrowthShare: Int64 = 4
    /// The warning goes once the memory is this share of its bound below it. An eighth: engineering default.
    static let memoryHysteresisShare: Int64 = 8
    /// Meter and stage are compared from this energy on. 5 kWh: engineering default.
    static let compareFromWattHours: Int64 = 5_000
    /// How far they may differ before it is written down, and before no session begins any more. 2 % and 5 %: engineering
    /// defaults, beyond the class 1 of meters and the 1.5 % of stages; a coarse register's step comes on top.
    static let meterDriftPerMille: Int64 = 20
    static let meterDisagreePerMille: Int64 = 50
}
