// The fault table as the core must meet it, one row each: code, step, class, release, instant, cause.

@testable import Post

extension FaultCase {
    /// Every fault.
    static let all: [FaultCase] =
        ofThePost + ofContactors + ofCableCheck + ofElectrics + ofTheVehicle + ofHeat
        + ofStageAndMeter + ofRecords

    private static func interlock(
        _ code: String, _ energised: FaultClass, _ release: FaultRelease,
        _ change: @escaping @Sendable (inout InterlockLevels) -> Void
    ) -> FaultCase {
        FaultCase(code, .charging, energised, idle: .block, release) { change(&$0.interlocks) }
    }

    static let ofThePost: [FaultCase] = [
        interlock("emergency_stop", .emergency, .whenUnplugged) { $0.emergencyStopPressed = true },
        interlock("door_open", .emergency, .withCause) { $0.doorOpen = true },
        interlock("tilt_or_water", .emergency, .byService) { $0.tiltOrWater = true },
        interlock("protective_earth_lost", .emergency, .whenUnplugged) { $0.protectiveEarthGood = false },
        FaultCase(
            "grid_lost", .charging, .error, idle: .block, .withCause, after: .milliseconds(200),
            within: .milliseconds(100)
        ) {
            $0.interlocks.gridPresent = false
        },
        FaultCase("phase_lost", .charging, .error, idle: .block, .withCause, after: .seconds(1)) {
            $0.interlocks.phaseMissing = true
        },
        FaultCase("coolant_low", .charging, .error, idle: .block, .withCause, after: .seconds(2)) {
            $0.interlocks.coolantLow = true
        },
        FaultCase("clock_stepped", .charging, .warning, idle: .warning, .withCause) {
            $0.handle(.clockStepped(byMilliseconds: 60_001))
        } mend: {
            $0.core.clockSteppedAt = $0.now - SafetyLimits.clockStepShownFor
        },
        interlock("residual_current_tripped", .emergency, .byService) { $0.residualCurrentTripped = true },
        interlock("residual_current_untested", .block, .withCause) { $0.residualCurrentUntested = true },
        interlock("safety_controller_silent", .emergency, .withCause) { $0.isControllerSilent = true },
        FaultCase(
            "stop_circuits_disagree", .charging, .emergency, idle: .block, .byService, after: .milliseconds(200),
            within: .milliseconds(100)
        ) {
            $0.interlocks.stopCircuitsDiffer = true
        },
        FaultCase("lines_lost", .charging, .emergency, idle: .block, .withCause) {
            $0.bend = { if case .lines(ConnectorID(0), _) = $0 { nil } else { $0 } }
            $0.handle(.linesLost(ConnectorID(0)))
        },
        FaultCase(
            "limit_source_silent", .charging, .derate, idle: .warning, .withCause, after: .seconds(120),
            .lowFailSafe
        ) {
            $0.handle(.limit(.siteManager, watts: 300_000))
        } mend: {
            $0.handle(.limit(.siteManager, watts: nil))
        },
        FaultCase("card_reader_lost", .charging, .warning, idle: .warning, .withCause) {
            $0.handle(.reader(ReaderID(0), isThere: false))
        } mend: {
            $0.handle(.reader(ReaderID(0), isThere: true))
        },
        FaultCase("memory_high", .charging, .warning, idle: .warning, .withCause) {
            $0.handle(.memory(residentBytes: 193 << 20))
        } mend: {
            $0.handle(.memory(residentBytes: 48 << 20))
        },
        FaultCase("memory_exhausted", .charging, .block, idle: .block, .withCause) {
            $0.core.memory.bootedAt = $0.now - SafetyLimits.restartedNotBefore
            $0.handle(.memory(residentBytes: 48 << 20))
            $0.handle(.memory(residentBytes: 257 << 20))
        } mend: {
            $0.handle(.memory(residentBytes: 48 << 20))
        },
        FaultCase("crash_loop", .vacant, .error, idle: .block, .byService) {
            $0.handle(.booted(BootFacts(bootNumber: 8, uncleanStarts: 5)))
            $0.handle(.restored)
        },
    ]

    static let ofContactors: [FaultCase] = [
        welded("welded_plus", plus: true, minus: false), welded("welded_minus", plus: false, minus: true),
        welded("welded_both", plus: true, minus: true),
        FaultCase(
            "contactor_fails_to_close", .plugged, .error, idle: .block, .whenUnplugged, after: .seconds(1),
            within: .milliseconds(400)
        ) {
            $0.neverCloses = true
            $0.tap()
        },
        FaultCase(
            "contactor_dropped", .charging, .error, idle: .block, .whenUnplugged, after: .milliseconds(200)
        ) {
            $0.lines[0].contactorPlus = .open
            $0.currents[0] = 0
        },
        FaultCase(
            "contactor_reads_open", .charging, .error, idle: .block, .whenUnplugged, after: .milliseconds(200)
        ) { $0.lines[0].contactorMinus = .open },
        FaultCase("mirror_unreadable", .plugged, .error, idle: .block, .withCause, after: .seconds(1)) {
            $0.lines[0].contactorMinus = .unknown
        },
        FaultCase(
            "current_while_open", .plugged, .emergency, idle: .block, .byService, after: .milliseconds(200),
            within: .seconds(1)
        ) { $0.currents[0] = 5_000 },
        FaultCase(
            "output_live_after_stop", .charging, .emergency, idle: .block, .withCause, after: .seconds(10),
            within: .milliseconds(500)
        ) {
            $0.bendMeter { $0.millivolts = 300_000 }
            $0.stop()
        },
        FaultCase(
            "stop_too_slow", .charging, .emergency, idle: .warning, .whenUnplugged, after: .seconds(20)
        ) {
            $0.followsSetpoint = false
            $0.stop()
        },
        // A weld on the path of the other connector, at the stage that both share.
        FaultCase(
            "stage_tripped", .vacant, .emergency, idle: .block, .withCause, after: .seconds(1), .sharedStage, at: 1
        ) {
            $0.charge(0)
            $0.stop()
            $0.run(.seconds(2))
            $0.charge(1, token: 2)
            $0.lines[0].contactorPlus = .closed
        } mend: {
            $0.run(.seconds(1))
            $0.handle(.command(CommandNumber(9), .clearFault(.weldedPlus, ConnectorID(0))))
        },
    ]

    private static func welded(_ code: String, plus: Bool, minus: Bool) -> FaultCase {
        FaultCase(
            code, .charging, .emergency, idle: .block, .byService, after: .seconds(1), within: .milliseconds(300)
        ) {
            $0.welded[0] = (plus, minus)
            $0.stop()
        }
    }

    static let ofCableCheck: [FaultCase] = [
        FaultCase(
            "output_live_before_test", .plugged, .error, idle: .block, .whenUnplugged, after: .seconds(10),
            within: .milliseconds(400)
        ) {
            $0.bendMeter { $0.millivolts = 100_000 }
            $0.tap()
        },
        FaultCase(
            "test_voltage_not_reached", .plugged, .error, idle: .block, .whenUnplugged, after: .seconds(10),
            within: .milliseconds(500)
        ) {
            $0.followsSetpoint = false
            $0.tap()
        },
        FaultCase(
            "short_circuit_at_test", .plugged, .error, idle: .block, .whenUnplugged, after: .seconds(1),
            within: .milliseconds(500)
        ) {
            $0.followsSetpoint = false
            $0.bendMeter { [unowned post = $0] in if post.setpoints[0] != .off { $0.milliamperes = 2_000 } }
            $0.tap()
        },
        // No step is too slow for itself: 9 s until the stage speaks, 9 s to the test voltage, a self-test without end.
        FaultCase(
            "cable_check_too_slow", .plugged, .graceful, idle: .warning, .whenUnplugged, after: .seconds(40),
            within: .milliseconds(200)
        ) { post in
            let begun = post.now
            post.bend = { [unowned post] event in
                switch event {
                case .stage where post.now - begun < .seconds(9): return nil
                case .stage(let id, var sample):
                    if post.now - begun < .seconds(18) { sample.millivolts = 0 }
                    return .stage(id, sample)
                case .meter(let id, var sample):
                    if post.now - begun < .seconds(18) { sample.millivolts = 0 }
                    return .meter(id, sample)
                case .insulation(let id, var sample):
                    sample.selfTest = .pending
                    return .insulation(id, sample)
                default: return event
                }
            }
            post.tap()
        },
        FaultCase(
            "insulation_self_test_failed", .plugged, .error, idle: .block, .whenUnplugged, within: .seconds(1)
        ) {
            $0.bendInsulation { $0.selfTest = .failed }
            $0.tap()
        },
        FaultCase(
            "pre_charge_timeout", .plugged, .error, idle: .block, .whenUnplugged, after: .seconds(7),
            within: .seconds(1)
        ) {
            $0.bendVehicle { if $0.phase == .charge { $0.phase = .preCharge } }
            $0.tap()
        },
        FaultCase(
            "pre_charge_mismatch", .awaitingRecord, .error, idle: .block, .whenUnplugged, after: .seconds(7)
        ) {
            $0.followsSetpoint = false
            $0.recordStart()
        },
    ]
}
