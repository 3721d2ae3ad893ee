// Examples whose bytes are written down: a number that moves, or a field that changes place, fails a test.

import Testing

@testable import Post

enum EncodingExamples {
    struct EventExample: Sendable, CustomTestStringConvertible {
        let event: Event
        let bytes: String
        var testDescription: String { bytes }
    }
    struct ActionExample: Sendable, CustomTestStringConvertible {
        let action: Action
        let bytes: String
        var testDescription: String { bytes }
    }

    private static let at = Instant(microseconds: 1_000_000)
    private static let token = TokenName(high: 0x0102_0304_0506_0708, low: 0x1112_1314_1516_1718)
    private static let session = SessionID(boot: 3, counter: 200)
    private static let lines = ConnectorLines(
        pilot: .c, proximity: .seated, lock: .unknown, contactorPlus: .open, contactorMinus: .closed,
        stopPressed: true)
    private static let stage = StageSample(
        measuredAt: at, millivolts: 400_000, milliamperes: -1, availableMilliamperes: 375_000, isOn: true,
        hasFault: false, modulesOut: 2)
    private static let meter = MeterSample(
        measuredAt: at, millivolts: 399_500, milliamperes: 124_000, energyWattHours: 5_000_000, serial: 0xABCD)
    private static let insulation = InsulationSample(
        measuredAt: at, ohms: 900_000, millivolts: 500_000, selfTest: .passed, plusToEarthMillivolts: 450_000,
        minusToEarthMillivolts: -50_000)
    private static let vehicle = VehicleSample(
        measuredAt: at, phase: .charge, targetMillivolts: 410_000, targetMilliamperes: 125_000,
        maximumMillivolts: 450_000, maximumMilliamperes: 300_000, stateOfChargePerMille: -1)
    private static let temperature = TemperatureSample(
        measuredAt: at, pinAMillidegrees: 45_000, pinBMillidegrees: nil, cabinetMillidegrees: -5_000,
        coolingRuns: true, handleMillidegrees: 45_000, handleSensorFails: true)
    private static let allowance = Allowance(sessionWattHours: 60_000, powerWatts: 150_000, sessionsLeft: 3)
    private static let start = SessionStart(
        session: session, connector: ConnectorID(1), token: token, group: 9, source: .cloud, freshness: .stale,
        startedAt: at, registerWattHours: 5_000, meterSerial: 0xABCD, allowance: allowance)
    private static let sample = SessionSample(
        session: session, measuredAt: at, registerWattHours: 5_400, energyWattHours: 400)
    private static let stop = SessionStop(
        session: session, endedAt: at, reason: .powerLoss, fault: .gridLost, registerWattHours: 5_500,
        energyWattHours: 500, energyIsLastKnown: true)
    private static let known = KnownMeter(connector: ConnectorID(1), serial: 9)
    private static func lookUp(_ verdict: TokenLookUp.Verdict) -> TokenLookUp {
        TokenLookUp(token: token, verdict: verdict, group: 9, freshness: .fresh, allowance: allowance)
    }

    static let events: [EventExample] = [
        EventExample(event: .booted(BootFacts(bootNumber: 300, uncleanStarts: 2)), bytes: "01ac0202"),
        EventExample(
            event: .latchRestored(Latch(fault: .weldedPlus, connector: ConnectorID(1))),
            bytes: "02060101"),
        EventExample(
            event: .sessionRestored(
                RestoredSession(
                    start: start, lastRegisterWattHours: 5_500, lastEnergyWattHours: 500,
                    hasMachineRestarted: true)),
            bytes: "0303c80101080706050403020118171615141312110900000000000000010180897a904ecdab000000000000c0"
                + "a907e0a7120600f855e80701"),
        EventExample(event: .restored, bytes: "04"),
        EventExample(event: .meterRestored(known), bytes: "05010900000000000000"),
        EventExample(event: .outOfServiceRestored(ConnectorID(1)), bytes: "0601"),
        EventExample(event: .interlocks(.allGood), bytes: "0a0000000101000000000000"),
        EventExample(event: .lines(ConnectorID(1), lines), bytes: "0b01020102000101"),
        EventExample(event: .linesLost(nil), bytes: "0c00"),
        EventExample(event: .stage(StageID(1), stage), bytes: "140180897a80ea3001b0e32d010002"),
        EventExample(
            event: .meter(ConnectorID(1), meter),
            bytes: "150180897a98e230c0910f80ade204cdab000000000000"),
        EventExample(
            event: .insulation(ConnectorID(1), insulation), bytes: "160180897ac0ee6dc0843d0101a0f736019f8d06"),
        EventExample(event: .vehicle(ConnectorID(1), vehicle), bytes: "170180897a04a0863290a10fa0f736c0cf2401"),
        EventExample(
            event: .temperature(ConnectorID(1), temperature), bytes: "180180897a0190bf0500018f4e010190bf0501"),
        EventExample(event: .commandFinished(CommandNumber(300), .timedOut), bytes: "19ac0202"),
        EventExample(event: .tokenPresented(ReaderID(1), token), bytes: "1e0108070605040302011817161514131211"),
        EventExample(
            event: .tokenLookedUp(ReaderID(1), lookUp(.listed)),
            bytes: "1f010807060504030201181716151413121100090000000000000000c0a907e0a71206"),
        EventExample(
            event: .tokenLookedUp(ReaderID(1), lookUp(.notListed)),
            bytes: "1f010807060504030201181716151413121101090000000000000000c0a907e0a71206"),
        EventExample(
            event: .tokenLookedUp(ReaderID(1), lookUp(.noList)),
            bytes: "1f010807060504030201181716151413121102090000000000000000c0a907e0a71206"),
        EventExample(
            event: .tokenLookedUp(ReaderID(1), lookUp(.refused(.expiredToken))),
            bytes: "1f01080706050403020118171615141312110301090000000000000000c0a907e0a71206"),
        EventExample(event: .readerGarbage(ReaderID(1)), bytes: "2001"),
        EventExample(event: .reader(ReaderID(1), isThere: true), bytes: "220101"),
        EventExample(
            event: .command(CommandNumber(5), .start(ConnectorID(1), token)),
            bytes: "2105000108070605040302011817161514131211"),
        EventExample(event: .command(CommandNumber(5), .stop(ConnectorID(1), .remote)), bytes: "2105010109"),
        EventExample(event: .command(CommandNumber(5), .setAvailable(ConnectorID(1), true)), bytes: "2105020101"),
        EventExample(event: .command(CommandNumber(5), .clearFault(.meterSwapped, nil)), bytes: "2105033600"),
        EventExample(
            event: .command(CommandNumber(5), .reserve(ConnectorID(1), token, until: at)),
            bytes: "210504010807060504030201181716151413121180897a"),
        EventExample(event: .startRecorded(session, .alreadySpent), bytes: "2803c80101"),
        EventExample(event: .sampleRecorded(session, .recorded), bytes: "2903c80100"),
        EventExample(event: .stopRecorded(session, .failed), bytes: "2a03c80102"),
        EventExample(
            event: .latchRecorded(Latch(fault: .meterSwapped, connector: ConnectorID(1)), isSet: true, .failed),
            bytes: "2b3601010102"),
        EventExample(event: .meterRecorded(known, .failed), bytes: "2c01090000000000000002"),
        EventExample(
            event: .availabilityRecorded(ConnectorID(1), isInService: false, .failed), bytes: "2d010002"),
        EventExample(event: .cloudLink(isUp: true), bytes: "3201"),
        EventExample(
            event: .cloudAnswered(CommandNumber(5), .accepted(sessionWattHours: 20_000)),
            bytes: "330500c0b802"),
        EventExample(event: .cloudAnswered(CommandNumber(5), .refused), bytes: "330501"),
        EventExample(event: .cloudAnswered(CommandNumber(5), .failed), bytes: "330502"),
        EventExample(event: .tokenRevoked(token), bytes: "3408070605040302011817161514131211"),
        EventExample(event: .tokenDenied(token), bytes: "3608070605040302011817161514131211"),
        EventExample(event: .limit(.cloud, watts: 50_000), bytes: "350101a08d06"),
        EventExample(event: .limit(.siteManager, watts: nil), bytes: "350000"),
        EventExample(
            event: .configured(.twoConnectors),
            bytes: "3c02000080a77080ea3000010080a77080ea300002e0a71280a77080ea30e0a71280a77080ea300100c0cf2480f104"
                + "c0a907c0b802a09c01c0843da01f904ea01fa01f9811c0b802c09a0ca08d06c801c09a0c80e209a0fe0aa09c01"
                + "a08d06d0f707a08d06c0a907e8078092f4018092f401809bee0280ade20480bbb02180dac40980897a80ade204a08d06c0843d"
                + "80ea3080897a80b5188092f401c0b802809c9c39c0843d80ade204a08d06c0843d80b6dc05a0c21ec801"
                + "80897a80897a80897a03809c"
                + "9c3980dac40980dac409808ece1c80e8922680bfd60680dac409e0d403c096b10280b4891380dac40980c0ddee"
                + "c102809c9c3980897a808ece1cc0843d8092f401808ece1c80b8b8728092f4018087a70e80b8b872d00f80038004000101"
                + "0100"),
        EventExample(event: .memory(residentBytes: 200 << 20), bytes: "3e808080c801"),
        EventExample(event: .clockStepped(byMilliseconds: -90_000), bytes: "3f9ffe0a"),
        EventExample(event: .timePassed, bytes: "3d"),
    ]

    static let actions: [ActionExample] = [
        ActionExample(action: .allowPower(ConnectorID(1), .charge), bytes: "010102"),
        ActionExample(action: .withdrawPower(ConnectorID(1)), bytes: "0201"),
        ActionExample(action: .setLock(ConnectorID(1), isHeld: true), bytes: "030101"),
        ActionExample(action: .setPilot(ConnectorID(1), .unavailable), bytes: "040102"),
        ActionExample(action: .setDischarge(ConnectorID(1), isOn: true), bytes: "050101"),
        ActionExample(action: .tripUpstream(StageID(1)), bytes: "0601"),
        ActionExample(action: .setCooling(isOn: true), bytes: "0701"),
        ActionExample(action: .indicate(ConnectorID(1), .refused), bytes: "080105"),
        ActionExample(action: .commandStage(StageID(1), CommandNumber(300), .off), bytes: "1401ac0200"),
        ActionExample(
            action: .commandStage(StageID(1), CommandNumber(300), .on(millivolts: 400_000, milliamperes: 125_000)),
            bytes: "1401ac020180ea3090a10f"),
        ActionExample(action: .commandInsulation(ConnectorID(1), CommandNumber(6), .monitor), bytes: "15010601"),
        ActionExample(action: .tellVehicle(ConnectorID(1), CommandNumber(6), .authorized), bytes: "16010600"),
        ActionExample(
            action: .tellVehicle(ConnectorID(1), CommandNumber(6), .cableCheckPassed),
            bytes: "16010601"),
        ActionExample(
            action: .tellVehicle(
                ConnectorID(1), CommandNumber(6), .limits(millivolts: 920_000, milliamperes: 400_000)),
            bytes: "1601060280a77080ea30"),
        ActionExample(action: .tellVehicle(ConnectorID(1), CommandNumber(6), .stopRequested), bytes: "16010603"),
        ActionExample(action: .tellVehicle(ConnectorID(1), CommandNumber(6), .emergency), bytes: "16010604"),
        ActionExample(action: .tellVehicle(ConnectorID(1), CommandNumber(6), .ended), bytes: "16010605"),
        ActionExample(
            action: .askCloud(CommandNumber(6), token, ConnectorID(1)),
            bytes: "1e06080706050403020118171615141312110101"),
        ActionExample(
            action: .recordStart(start),
            bytes: "2803c80101080706050403020118171615141312110900000000000000010180897a904ecdab000000000000c0"
                + "a907e0a7120600"),
        ActionExample(action: .recordSample(sample), bytes: "2903c80180897ab054a006"),
        ActionExample(action: .recordStop(stop), bytes: "2a03c80180897a070104f855e80701"),
        ActionExample(
            action: .recordLatch(Latch(fault: .internalDefect, connector: nil), isSet: false),
            bytes: "2b3c0000"),
        ActionExample(action: .recordMeter(known), bytes: "2c010900000000000000"),
        ActionExample(action: .restart, bytes: "2d"),
        ActionExample(action: .recordAvailability(ConnectorID(1), isInService: true), bytes: "2e0101"),
        ActionExample(action: .answer(CommandNumber(6), .noSuchFault), bytes: "3206011c"),
        ActionExample(
            action: .report(.stateChanged(ConnectorID(1), from: .available, to: .occupied)),
            bytes: "3300010103"),
        ActionExample(action: .report(.faultRaised(.emergencyStop, nil)), bytes: "33010000"),
        ActionExample(action: .report(.faultCleared(.stageSilent, ConnectorID(1))), bytes: "3302310101"),
        ActionExample(action: .report(.refused(.noVehicle, ConnectorID(1))), bytes: "3303150101"),
        ActionExample(
            action: .report(.sessionAuthorized(session, ConnectorID(1), .guestFloor)),
            bytes: "330403c8010102"),
        ActionExample(action: .report(.energyFlows(session, ConnectorID(1))), bytes: "330503c80101"),
        ActionExample(
            action: .report(.sessionEnded(session, ConnectorID(1), .timeout, energyWattHours: 12_345)),
            bytes: "330603c801010cf2c001"),
        ActionExample(
            action: .report(.openedUnderLoad(ConnectorID(1), milliamperes: 250_000)),
            bytes: "330701a0c21e"),
        ActionExample(action: .report(.defect(.bounded, ConnectorID(1))), bytes: "33080b0101"),
        ActionExample(action: .report(.restarts), bytes: "3309"),
    ]

    static let faults =
        "0 emergencyStop, 1 doorOpen, 2 tiltOrWater, 3 protectiveEarthLost, 4 gridLost, 5 linesLost, "
        + "6 weldedPlus, 7 weldedMinus, 8 weldedBoth, 9 contactorFailsToClose, 10 contactorDropped, "
        + "11 contactorReadsOpen, 12 currentWhileOpen, 13 outputLiveBeforeTest, 14 outputLiveAfterStop, "
        + "15 testVoltageNotReached, 16 shortCircuitAtTest, 17 cableCheckTooSlow, 18 preChargeTimeout, "
        + "19 preChargeMismatch, 20 insulationLow, 21 insulationSelfTestFailed, 22 insulationSilent, "
        + "23 overVoltage, 24 underVoltage, 25 overCurrent, 26 reverseCurrent, 27 voltageSensorsDisagree, "
        + "28 vehicleLeftCharging, 29 pilotLost, 30 pilotShorted, 31 pilotUnavailable, 32 pilotInvalid, "
        + "33 proximityLost, 34 proximityInvalid, 35 lockFailsToClose, 36 lockOpened, 37 lockFailsToOpen, "
        + "38 vehicleSilent, 39 vehicleNotReady, 40 vehicleIgnoresStop, 41 connectorWarm, 42 connectorHot, "
        + "43 pinSensorFailed, 44 temperatureSilent, 45 cabinetHot, 46 coolingLost, 47 stageDerated, "
        + "48 stageFault, 49 stageSilent, 50 stageIgnoresOff, 51 meterSilent, 52 meterWentBack, "
        + "53 meterFrozen, 54 meterSwapped, 55 startNotRecorded, 56 samplesNotDurable, 57 stopNotRecorded, "
        + "58 limitSourceSilent, 59 crashLoop, 60 internalDefect, "
        + "61 stageTripped, 62 meterJumped, 63 stopTooSlow, 64 cardReaderLost, 65 insulationFrozen, "
        + "66 pilotPulsed, 67 tooCold, 68 heatWithoutCooling, 69 meterDrifts, 70 meterDisagrees, "
        + "71 latchNotRecorded, 72 safetyControllerSilent, 73 stopCircuitsDisagree, 74 ventilationMissing, "
        + "75 residualCurrentTripped, 76 residualCurrentUntested, 77 phaseLost, 78 handleWarm, 79 handleHot, "
        + "80 memoryHigh, 81 memoryExhausted, 82 voltageToEarthHigh, "
        + "83 coolantLow, 84 clockStepped, 85 mirrorUnreadable"

    static let refusals =
        "0 unknownToken, 1 expiredToken, 2 notYetValidToken, 3 blockedToken, 4 tokenInUse, 5 tokenTooSoon, "
        + "6 sessionsUsedUp, 7 energyUsedUp, 8 notYourSession, 9 lookUpTooLate, 10 lookUpDamaged, "
        + "11 readerGarbage, 12 readerBusy, 13 noList, 14 cloudRefused, 15 cloudTooLate, 16 cloudFailed, "
        + "17 connectorFaulted, 18 connectorUnavailable, 19 connectorReserved, 20 connectorBusy, "
        + "21 noVehicle, 22 recordsFailing, 23 notReadyYet, 24 nothingToStop, "
        + "26 faultStillPresent, 27 noSuchConnector, 28 noSuchFault, "
        + "30 exposureUsedUp, 31 readerPaused, 32 mustAskProvider, 33 deniedInSession"

    static let stopReasons =
        "0 local, 1 deAuthorized, 2 emergencyStop, 3 energyLimitReached, 4 evDisconnected, 5 groundFault, "
        + "6 other, 7 powerLoss, 8 reboot, 9 remote, 10 stoppedByEV, 11 timeLimitReached, 12 timeout, "
        + "13 overcurrentFault, 14 powerQuality"

    static let connectorPhases =
        "0 unavailable, 1 available, 2 reserved, 3 occupied, 4 authorized, 5 preparing, 6 charging, "
        + "7 suspendedByVehicle, 8 suspendedByPost, 9 stopping, 10 finishing, 11 faulted"
}
