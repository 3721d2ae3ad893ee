// Random values of the core's vocabulary from one seed: every case, every field, extremes included.

@testable import Post

/// SplitMix64: a small generator whose numbers are the same everywhere.
struct EncodingChance: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

struct RandomVocabulary {
    var chance: EncodingChance

    /// Most names of connectors, stages and readers are below this, so that they are there; of any size without it.
    var places: UInt8?

    init(seed: UInt64) { chance = EncodingChance(state: seed) }

    mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: chance.next()) }
    mutating func flag() -> Bool { chance.next() & 1 == 0 }
    /// Small, of any size, or at the edge: each a third of the time.
    mutating func integer<Value: FixedWidthInteger>() -> Value {
        switch chance.next() % 3 {
        case 0: Value(truncatingIfNeeded: chance.next() % 100)
        case 1: Value(truncatingIfNeeded: chance.next() >> (chance.next() % 64))
        default: [Value.min, .max, 0, Value.max - 1][Int(chance.next() % 4)]
        }
    }
    mutating func one<Value: CaseIterable>(_ type: Value.Type = Value.self) -> Value {
        Array(Value.allCases)[Int(chance.next() % UInt64(Value.allCases.count))]
    }
    mutating func maybe<Value>(_ make: (inout RandomVocabulary) -> Value) -> Value? { flag() ? make(&self) : nil }

    mutating func instant() -> Instant { Instant(microseconds: integer()) }
    private mutating func place() -> UInt8 {
        guard let places, chance.next() % 8 != 0 else { return integer() }
        return UInt8(chance.next() % UInt64(places))
    }
    mutating func connector() -> ConnectorID { ConnectorID(place()) }
    mutating func stageID() -> StageID { StageID(place()) }
    mutating func reader() -> ReaderID { ReaderID(place()) }
    mutating func token() -> TokenName { TokenName(high: integer(), low: integer()) }
    mutating func session() -> SessionID { SessionID(boot: integer(), counter: integer()) }
    mutating func command() -> CommandNumber { CommandNumber(integer()) }
    mutating func latch() -> Latch { Latch(fault: one(), connector: maybe { $0.connector() }) }
    mutating func meter() -> KnownMeter { KnownMeter(connector: connector(), serial: integer()) }
    mutating func allowance() -> Allowance {
        Allowance(sessionWattHours: integer(), powerWatts: integer(), sessionsLeft: integer())
    }

    mutating func start() -> SessionStart {
        SessionStart(
            session: session(), connector: connector(), token: token(), group: integer(), source: one(),
            freshness: one(), startedAt: instant(), registerWattHours: integer(), meterSerial: integer(),
            allowance: allowance(), tariff: maybe { $0.tariff() })
    }

    mutating func tariff() -> Tariff {
        Tariff(currency: integer(), minorUnitsPerKilowattHour: integer())
    }

    mutating func stop() -> SessionStop {
        SessionStop(
            session: session(), endedAt: instant(), reason: one(), fault: maybe { $0.one() },
            registerWattHours: integer(), energyWattHours: integer(), energyIsLastKnown: flag())
    }

    mutating func lookUp() -> TokenLookUp {
        let verdicts: [TokenLookUp.Verdict] = [
            .listed, .notListed, .noList, .refused(one()), .limited(one()),
        ]
        return TokenLookUp(
            token: token(), verdict: verdicts[Int(chance.next() % 4)], group: integer(), freshness: one(),
            allowance: allowance())
    }

    mutating func operatorCommand() -> OperatorCommand {
        switch chance.next() % 5 {
        case 0: .start(connector(), token())
        case 1: .stop(connector(), one())
        case 2: .setAvailable(connector(), flag())
        case 3: .clearFault(one(), maybe { $0.connector() })
        default: .reserve(connector(), token(), until: instant())
        }
    }

    mutating func configuration() -> PostConfiguration {
        var configuration = PostConfiguration.twoConnectors
        configuration.siteLimitWatts = integer()
        configuration.failSafeLimitWatts = integer()
        configuration.tariff = maybe { $0.tariff() }
        configuration.readers = (0..<chance.next() % 9).map { _ in flag() ? .wholePost : .connector(connector()) }
        configuration.connectors = (0..<chance.next() % 9).map { _ in
            ConnectorConfiguration(
                stage: stageID(), lockHolder: one(), maximumMillivolts: integer(), maximumMilliamperes: integer(),
                isVentilated: flag())
        }
        configuration.stages = (0..<chance.next() % 9).map { _ in
            StageConfiguration(
                ratedWatts: integer(), maximumMillivolts: integer(), maximumMilliamperes: integer())
        }
        configuration.limits.touchSafeMillivolts = integer()
        configuration.limits.lockTries = integer()
        configuration.limits.pauseAtMost = Interval(microseconds: integer())
        configuration.limits.leastMilliamperes = integer()
        configuration.authorization.guestFloorWattHours = integer()
        configuration.authorization.sameCardStops = flag()
        configuration.authorization.stopsWhenRevoked = flag()
        configuration.authorization.asksCloudForUnknown = flag()
        return configuration
    }

    mutating func event() -> Event {
        switch chance.next() % 31 {
        case 0: .booted(BootFacts(bootNumber: integer(), uncleanStarts: integer()))
        case 1:
            flag()
                ? .latchRestored(latch())
                : flag() ? .meterRestored(meter()) : .outOfServiceRestored(connector())
        case 2:
            .sessionRestored(
                RestoredSession(
                    start: start(), lastRegisterWattHours: integer(), lastEnergyWattHours: integer(),
                    hasMachineRestarted: flag()))
        case 3: .restored
        case 4:
            .interlocks(
                InterlockLevels(
                    emergencyStopPressed: flag(), doorOpen: flag(), tiltOrWater: flag(),
                    protectiveEarthGood: flag(), gridPresent: flag(), stopCircuitsDiffer: flag(),
                    isControllerSilent: flag(), residualCurrentTripped: flag(), residualCurrentUntested: flag(),
                    phaseMissing: flag(), coolantLow: flag()))
        case 5:
            .lines(
                connector(),
                ConnectorLines(
                    pilot: one(), proximity: one(), lock: one(), contactorPlus: one(), contactorMinus: one(),
                    stopPressed: flag()))
        case 6: .linesLost(maybe { $0.connector() })
        case 7...11: deviceEvent()
        case 12: .commandFinished(command(), one())
        case 13: .tokenPresented(reader(), token())
        case 14: .tokenLookedUp(reader(), lookUp())
        case 15: .readerGarbage(reader())
        case 16: .command(command(), operatorCommand())
        case 17: .startRecorded(session(), one())
        case 18: .sampleRecorded(session(), one())
        case 19: flag() ? .stopRecorded(session(), one()) : .latchRecorded(latch(), isSet: flag(), one())
        case 27:
            flag()
                ? .meterRecorded(meter(), one())
                : .availabilityRecorded(connector(), isInService: flag(), one())
        case 20: .cloudLink(isUp: flag())
        case 21:
            .cloudAnswered(
                command(), flag() ? .accepted(sessionWattHours: integer()) : (flag() ? .refused : .failed))
        case 22: .tokenRevoked(token())
        case 23: .limit(one(), watts: maybe { $0.integer() })
        case 24: .configured(configuration())
        case 26: .tokenDenied(token())
        case 28: .memory(residentBytes: integer())
        case 29: .clockStepped(byMilliseconds: integer())
        case 25: .reader(reader(), isThere: flag())
        default: .timePassed
        }
    }

    private mutating func deviceEvent() -> Event {
        switch chance.next() % 5 {
        case 0:
            .stage(
                stageID(),
                StageSample(
                    measuredAt: instant(), millivolts: integer(), milliamperes: integer(),
                    availableMilliamperes: integer(), isOn: flag(), hasFault: flag(), modulesOut: integer()))
        case 1:
            .meter(
                connector(),
                MeterSample(
                    measuredAt: instant(), millivolts: integer(), milliamperes: integer(),
                    energyWattHours: integer(), serial: integer()))
        case 2:
            .insulation(
                connector(),
                InsulationSample(
                    measuredAt: instant(), ohms: integer(), millivolts: integer(), selfTest: one(),
                    plusToEarthMillivolts: maybe { $0.integer() }, minusToEarthMillivolts: maybe { $0.integer() }))
        case 3:
            .vehicle(
                connector(),
                VehicleSample(
                    measuredAt: instant(), phase: one(), targetMillivolts: integer(),
                    targetMilliamperes: integer(), maximumMillivolts: integer(), maximumMilliamperes: integer(),
                    stateOfChargePerMille: integer()))
        default:
            .temperature(
                connector(),
                TemperatureSample(
                    measuredAt: instant(), pinAMillidegrees: maybe { $0.integer() },
                    pinBMillidegrees: maybe { $0.integer() }, cabinetMillidegrees: maybe { $0.integer() },
                    coolingRuns: flag(), handleMillidegrees: maybe { $0.integer() }, handleSensorFails: flag()))
        }
    }

    mutating func action() -> Action {
        switch chance.next() % 19 {
        case 0: .allowPower(connector(), one())
        case 1: .withdrawPower(connector())
        case 2: .setLock(connector(), isHeld: flag())
        case 3: .setPilot(connector(), one())
        case 4: .setDischarge(connector(), isOn: flag())
        case 5: .tripUpstream(stageID())
        case 6: .setCooling(isOn: flag())
        case 7: .indicate(connector(), one())
        case 8:
            .commandStage(
                stageID(), command(), flag() ? .off : .on(millivolts: integer(), milliamperes: integer()))
        case 9: .commandInsulation(connector(), command(), one())
        case 10: .tellVehicle(connector(), command(), notice())
        case 11: .askCloud(command(), token(), maybe { $0.connector() })
        case 12: .recordStart(start())
        case 13:
            .recordSample(
                SessionSample(
                    session: session(), measuredAt: instant(), registerWattHours: integer(),
                    energyWattHours: integer()))
        case 14: .recordStop(stop())
        case 15:
            flag()
                ? .recordLatch(latch(), isSet: flag())
                : flag() ? .recordMeter(meter()) : .recordAvailability(connector(), isInService: flag())
        case 16: .answer(command(), maybe { $0.one() })
        case 17: .restart
        default: .report(report())
        }
    }

    private mutating func notice() -> VehicleNotice {
        switch chance.next() % 6 {
        case 0: .authorized
        case 1: .cableCheckPassed
        case 2: .limits(millivolts: integer(), milliamperes: integer())
        case 3: .stopRequested
        case 4: .emergency
        default: .ended
        }
    }

    mutating func report() -> Report {
        switch chance.next() % 10 {
        case 0: .stateChanged(connector(), from: one(), to: one())
        case 1: .faultRaised(one(), maybe { $0.connector() })
        case 2: .faultCleared(one(), maybe { $0.connector() })
        case 3: .refused(one(), maybe { $0.connector() })
        case 4: .sessionAuthorized(session(), connector(), one())
        case 5: .energyFlows(session(), connector())
        case 6: .sessionEnded(session(), connector(), one(), energyWattHours: integer())
        case 7: .openedUnderLoad(connector(), milliamperes: integer())
        case 8: .restarts
        default: .defect(one(), maybe { $0.connector() })
        }
    }
}
