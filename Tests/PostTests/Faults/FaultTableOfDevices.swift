// The rest of the fault table: what devices, vehicles and records do wrong.

@testable import Post

extension FaultCase {
    static let ofElectrics: [FaultCase] = [
        FaultCase("insulation_low", .charging, .error, idle: .block, .whenUnplugged) { $0.ohms[0] = 50_000 },
        FaultCase(
            "voltage_to_earth_high", .charging, .error, idle: .block, .whenUnplugged, after: .seconds(2)
        ) {
            $0.bendInsulation {
                ($0.plusToEarthMillivolts, $0.minusToEarthMillivolts) = ($0.millivolts + 50_000, 50_000)
            }
        },
        FaultCase(
            "insulation_silent", .charging, .error, idle: .block, .withCause, after: .milliseconds(4_900),
            within: .milliseconds(200)
        ) { $0.monitorSilent = true },
        FaultCase(
            "over_voltage", .charging, .error, idle: .block, .whenUnplugged, after: .milliseconds(400)
        ) { $0.volts[0] = 430_000 },
        FaultCase("under_voltage", .charging, .error, idle: .block, .whenUnplugged, after: .seconds(1)) {
            $0.volts[0] = 250_000
        },
        FaultCase(
            "over_current", .charging, .error, idle: .block, .whenUnplugged, after: .milliseconds(500)
        ) { $0.currents[0] = 150_000 },
        FaultCase(
            "reverse_current", .charging, .emergency, idle: .block, .whenUnplugged, after: .milliseconds(50)
        ) { $0.currents[0] = -5_000 },
        FaultCase(
            "voltage_sensors_disagree", .charging, .error, idle: .block, .whenUnplugged, after: .seconds(2)
        ) { $0.bendInsulation { if $0.millivolts > 100_000 { $0.millivolts -= 60_000 } } },
        // It says the same to the last digit while the battery's voltage rises; the plausible one repeats its ohms as well.
        FaultCase(
            "insulation_frozen", .charging, .error, idle: .block, .whenUnplugged, after: .milliseconds(9_900),
            within: .milliseconds(200)
        ) {
            $0.bendInsulation { if $0.millivolts > 100_000 { $0.millivolts = 401_000 } }
            $0.run(.milliseconds(50))
            $0.volts[0] = 415_000
        },
    ]

    private static func pilot(
        _ code: String, _ state: PilotState, _ energised: FaultClass, idle: FaultClass, _ release: FaultRelease,
        after: Interval = .zero
    ) -> FaultCase {
        FaultCase(code, .charging, energised, idle: idle, release, after: after) {
            $0.bendLines { $0.pilot = state }
        }
    }

    static let ofTheVehicle: [FaultCase] = [
        pilot("vehicle_left_charging", .b, .graceful, idle: .warning, .whenUnplugged),
        pilot("pilot_lost", .a, .emergency, idle: .warning, .whenUnplugged),
        pilot("pilot_shorted", .e, .emergency, idle: .block, .withCause),
        pilot("pilot_unavailable", .f, .error, idle: .block, .withCause),
        pilot("ventilation_missing", .d, .error, idle: .warning, .whenUnplugged),
        pilot("pilot_invalid", .invalid, .error, idle: .block, .withCause, after: .milliseconds(50)),
        FaultCase("pilot_pulsed", .plugged, .warning, idle: .warning, .whenUnplugged) {
            $0.lines[0].pilot = .c
            $0.run(.milliseconds(200))
            $0.lines[0].pilot = .b
        },
        FaultCase("proximity_lost", .charging, .emergency, idle: .warning, .whenUnplugged) {
            $0.lines[0].proximity = .open
        },
        FaultCase("proximity_invalid", .charging, .emergency, idle: .block, .withCause) {
            $0.lines[0].proximity = .invalid
        },
        FaultCase(
            "lock_fails_to_close", .plugged, .error, idle: .block, .whenUnplugged, after: .seconds(3), .postLocks
        ) {
            $0.bendLines { $0.lock = .open }
            $0.tap()
        },
        FaultCase("lock_opened", .charging, .emergency, idle: .block, .whenUnplugged, .postLocks) {
            $0.bendLines { $0.lock = .open }
        },
        FaultCase(
            "lock_fails_to_open", .charging, .warning, idle: .warning, .withCause, after: .seconds(3),
            within: .milliseconds(300), .postLocks
        ) {
            $0.bendLines { $0.lock = .closed }
            $0.stop()
        },
        FaultCase(
            "vehicle_silent", .charging, .error, idle: .warning, .whenUnplugged, after: .milliseconds(900),
            within: .milliseconds(200)
        ) { $0.vehicleSilent = true },
        FaultCase(
            "vehicle_not_ready", .plugged, .graceful, idle: .warning, .whenUnplugged, after: .seconds(60)
        ) {
            $0.bendVehicle { $0.phase = .parameters }
            $0.tap()
        },
        FaultCase(
            "vehicle_ignores_stop", .charging, .emergency, idle: .warning, .whenUnplugged, after: .seconds(6)
        ) {
            $0.stop()
            $0.run(.milliseconds(60))
            // Its own contactors stay closed, and it goes on asking.
            $0.volts[0] = 300_000
            $0.phases[0] = .charge
            $0.lines[0].pilot = .c
        },
    ]

    static let ofHeat: [FaultCase] = [
        FaultCase("connector_warm", .charging, .derate, idle: .warning, .withCause) { $0.temperatures[0] = 86_000 },
        FaultCase("connector_hot", .charging, .error, idle: .block, .withCause) { $0.temperatures[0] = 91_000 },
        FaultCase("pin_sensor_failed", .charging, .derate, idle: .block, .withCause) {
            $0.bendTemperature { $0.pinBMillidegrees = nil }
        },
        FaultCase("pin_sensor_failed", .charging, .derate, idle: .block, .withCause) {
            $0.bendTemperature { $0.handleSensorFails = true }
        },
        FaultCase("handle_warm", .charging, .derate, idle: .warning, .withCause) {
            $0.bendTemperature { $0.handleMillidegrees = 56_000 }
        },
        FaultCase("handle_hot", .charging, .error, idle: .block, .withCause) {
            $0.bendTemperature { $0.handleMillidegrees = 61_000 }
        },
        FaultCase(
            "temperature_silent", .charging, .error, idle: .block, .withCause, after: .milliseconds(9_900),
            within: .milliseconds(200)
        ) { $0.bend = { if case .temperature = $0 { nil } else { $0 } } },
        FaultCase("cabinet_hot", .charging, .derate, idle: .block, .withCause) {
            $0.bendTemperature { $0.cabinetMillidegrees = 60_000 }
        },
        FaultCase("too_cold", .charging, .warning, idle: .block, .withCause) {
            $0.bendTemperature { $0.cabinetMillidegrees = -31_000 }
        },
        FaultCase("heat_without_cooling", .charging, .error, idle: .block, .withCause) {
            $0.bendTemperature { $0.coolingRuns = false }
            $0.run(.seconds(2))
            $0.temperatures[0] = 36_000
        },
        FaultCase("cooling_lost", .charging, .derate, idle: .warning, .withCause, after: .seconds(5)) {
            $0.bendTemperature { $0.coolingRuns = false }
        },
    ]

    static let ofStageAndMeter: [FaultCase] = [
        FaultCase("stage_derated", .charging, .derate, idle: .warning, .withCause) {
            $0.bendStage { ($0.modulesOut, $0.availableMilliamperes) = (1, 100_000) }
        },
        FaultCase("stage_fault", .charging, .error, idle: .block, .withCause) {
            $0.bendStage { $0.hasFault = true }
        },
        FaultCase(
            "stage_silent", .charging, .error, idle: .block, .withCause, after: .milliseconds(1_900),
            within: .milliseconds(200)
        ) { $0.stageSilent = true },
        FaultCase(
            "stage_ignores_off", .charging, .emergency, idle: .block, .byService, after: .milliseconds(400),
            within: .milliseconds(200)
        ) {
            $0.stop()
            $0.run(.milliseconds(60))
            $0.bendStage { ($0.isOn, $0.millivolts) = (true, 400_000) }
        },
        FaultCase(
            "meter_silent", .charging, .error, idle: .block, .withCause, after: .milliseconds(2_900),
            within: .milliseconds(200)
        ) { $0.meterSilent = true },
        FaultCase("meter_went_back", .charging, .block, idle: .block, .byService) { $0.registers[0] -= 500 },
        FaultCase("meter_jumped", .charging, .block, idle: .block, .byService) { $0.registers[0] += 100_000 },
        FaultCase("meter_frozen", .charging, .error, idle: .block, .byService, after: .seconds(60)) {
            let register = $0.registers[0]
            $0.bendMeter { $0.energyWattHours = register }
        },
        counting("meter_drifts", perMille: 960, .warning, idle: .warning, .whenUnplugged),
        counting("meter_disagrees", perMille: 900, .block, idle: .block, .byService),
        FaultCase("meter_swapped", .charging, .error, idle: .block, .byService) { $0.serials[0] = 9_999 },
    ]

    /// A meter that counts only so much of what the stage gives: 120 kW for ten minutes, told by the meter in steps of 50 ms.
    private static func counting(
        _ code: String, perMille: Int64, _ energised: FaultClass, idle: FaultClass, _ release: FaultRelease
    ) -> FaultCase {
        FaultCase(code, .charging, energised, idle: idle, release, within: .seconds(600)) { post in
            post.targets[0].milliamperes = 300_000
            let (begun, register) = (post.now, post.registers[0])
            post.bendMeter { [unowned post] in
                $0.energyWattHours =
                    register + (post.now - begun).milliseconds * 120_000 / 3_600_000 * perMille / 1_000
            }
        } mend: {
            $0.registers[0] = $0.core.connectors[0].readings.meter?.energyWattHours ?? 0
        }
    }

    static let ofRecords: [FaultCase] = [
        FaultCase("start_not_recorded", .plugged, .graceful, idle: .warning, .whenUnplugged) {
            $0.recordsAnswer = .failed
            $0.tap()
        },
        FaultCase(
            "samples_not_durable", .charging, .graceful, idle: .block, .withCause, after: .seconds(59),
            within: .milliseconds(1_100), endsWithSession: true
        ) { $0.recordsAnswer = nil },
        FaultCase(
            "stop_not_recorded", .charging, .block, idle: .block, .withCause, after: .seconds(10),
            within: .milliseconds(300)
        ) {
            $0.recordsAnswer = nil
            $0.stop()
        },
        FaultCase(
            "latch_not_recorded", .vacant, .block, idle: .block, .withCause, after: .seconds(10),
            within: .milliseconds(400)
        ) {
            $0.recordsAnswer = .failed
            $0.interlocks.tiltOrWater = true
        } mend: {
            $0.run(.seconds(1))
            $0.handle(.command(CommandNumber(4), .clearFault(.tiltOrWater, nil)))
        },
        // The machine is made to overlook a voltage that is too high: the supervisor steps in, and says so.
        FaultCase(
            "internal_defect", .charging, .error, idle: .block, .whenUnplugged, after: .seconds(3),
            within: .milliseconds(300)
        ) {
            #if HOLDFAST_SEAMS
                $0.core.disarmed.insert(.overVoltage)
            #endif
            $0.volts[0] = 430_000
        },
    ]
}
