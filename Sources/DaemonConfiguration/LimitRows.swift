// The rows of the table of limits. Sources of the numbers stand with `SafetyLimits`; here is how far each may go.

import Post
import StrictYAML

extension LimitRow {
    static let electrical: [LimitRow] = [
        amount(
            "touch_safe", \.touchSafeMillivolts, .voltage, 30_000...60_000,
            "Below this a contact may be touched. 60 V DC: IEC 61851-23; only stricter."),
        amount(
            "pre_charge", \.preChargeMillivolts, .voltage, 5_000...20_000,
            "The most voltage across a contactor that is told to close. IEC 61851-23; only stricter."),
        amount(
            "test_tolerance", \.testToleranceMillivolts, .voltage, 2_000...20_000,
            "How near the test voltage of the cable check must come."),
        amount(
            "test_voltage", \.testMillivolts, .voltage, 200_000...1_000_000,
            "Test voltage of the cable check where the vehicle takes more."),
        amount(
            "test_current", \.testMilliamperes, .current, 100...2_000,
            "Current cap of cable check and pre-charge. IEC 61851-23; only stricter."),
        amount(
            "safe_opening_current", \.safeOpeningMilliamperes, .current, 500...5_000,
            "Contactors open below this outside an emergency."),
        amount(
            "leakage_current", \.leakageMilliamperes, .current, 200...5_000,
            "More current than this through contactors that read open is a fault."),
        amount(
            "reverse_current", \.reverseMilliamperes, .current, 200...5_000,
            "Reverse current beyond this is an emergency."),
        number(
            "over_current_per_mille", \.overCurrentPerMille, 1_010...1_200,
            "Over-current: per mille of what was granted, plus 2 A of sensor tolerance."),
        amount(
            "over_voltage", \.overVoltageMillivolts, .voltage, 5_000...50_000,
            "Over-voltage: this much above what was granted."),
        amount(
            "under_voltage", \.underVoltageMillivolts, .voltage, 20_000...200_000,
            "Collapse: this much below the voltage at which current began to flow."),
        amount(
            "sensor_spread", \.sensorSpreadMillivolts, .voltage, 5_000...100_000,
            "The most that two sensors of one voltage may differ with the contactors closed."),
        number(
            "insulation_ohms_per_volt", \.insulationOhmsPerVolt, 100...1_000,
            "Insulation below this many ohms a volt is a fault. IEC 61851-23; only stricter."),
        amount(
            "insulation_floor", \.insulationFloorOhms, .resistance, 50_000...1_000_000,
            "Insulation below this is a fault whatever the voltage."),
        amount(
            "least_current", \.leastMilliamperes, .current, 100...10_000,
            "Below this current a session pauses instead of crawling."),
    ]

    static let temperatures: [LimitRow] = [
        degrees("pin_warm_celsius", \.pinWarmMillidegrees, 50...85, "Contacts warmer than this: less current."),
        degrees("pin_hot_celsius", \.pinHotMillidegrees, 55...90, "Contacts hotter than this: stop."),
        degrees(
            "pin_hysteresis_kelvin", \.pinHysteresisMillidegrees, 2...30,
            "How far contacts must cool before the limit is lifted."),
        degrees(
            "cabinet_warm_celsius", \.cabinetWarmMillidegrees, 35...60,
            "Cabinet air warmer than this: less current."),
        degrees("cabinet_hot_celsius", \.cabinetHotMillidegrees, 40...70, "Cabinet air at this: no current."),
        degrees(
            "handle_warm_celsius", \.handleWarmMillidegrees, 35...55, "The handle warmer than this: less current."),
        degrees(
            "handle_hot_celsius", \.handleHotMillidegrees, 40...60,
            "The handle as warm as this: stop. 60 degrees for grips of plastic, 50 for metal."),
        number(
            "one_sensor_per_mille", \.oneSensorPerMille, 0...800,
            "The share of current that is left with one of two pin sensors, in per mille."),
    ]

    static let ages: [LimitRow] = [
        time("lines_age", \.linesMaximumAge, 1_100...5_000, "How old a reading of the near lines may be."),
        time("stage_age", \.stageMaximumAge, 500...5_000, "How old a reading of the power stage may be."),
        time("meter_age", \.meterMaximumAge, 500...10_000, "How old the meter's voltage and current may be."),
        time("insulation_age", \.insulationMaximumAge, 1_000...10_000, "How old an insulation reading may be."),
        time(
            "idle_age", \.idleMaximumAge, 15_000...120_000,
            "How old any reading of a connector that rests may be."),
        time("temperature_age", \.temperatureMaximumAge, 2_000...30_000, "How old a temperature may be."),
        time(
            "vehicle_age", \.vehicleMaximumAge, 300...2_000,
            "How old the vehicle's message may be while current flows."),
        time(
            "vehicle_slow_age", \.vehicleSlowMaximumAge, 2_000...10_000,
            "How old the vehicle's message may be before current flows."),
    ]

    static let durations: [LimitRow] = [
        time("reverse_current_for", \.reverseCurrentFor, 10...200, "How long reverse current must last."),
        time("over_current_for", \.overCurrentFor, 100...2_000, "How long over-current must last."),
        time("over_voltage_for", \.overVoltageFor, 50...400, "How long over-voltage must last; only stricter."),
        time("under_voltage_for", \.underVoltageFor, 100...5_000, "How long a collapse of voltage must last."),
        time(
            "contactor_plausibility_for", \.contactorPlausibilityFor, 50...1_000,
            "How long current through contactors that read open must last."),
        time("sensor_spread_for", \.sensorSpreadFor, 500...10_000, "How long two voltage sensors must disagree."),
        time(
            "contactor_bounce_for", \.contactorBounceFor, 5...50,
            "How long a contactor's read-back may bounce, of the 100 ms an operation may take."),
        time(
            "meter_frozen_for", \.meterFrozenFor, 10_000...600_000,
            "How long a register may stand still while more than 1 kW flows."),
        amount(
            "meter_jump", \.meterJumpWattHours, .energy, 10...1_000,
            "How far a register may run ahead of 1.2 times the rated power before it is not trusted."),
        time(
            "vehicle_stops_within", \.vehicleStopsWithin, 1_000...6_000,
            "How long the vehicle may go on asking after the contactors opened. IEC 61851-1; only stricter."),
        time(
            "resend_every", \.resendEvery, 100...1_000, "How often a stage is told again what it did not take."),
        time(
            "stage_off_within", \.stageOffWithin, 100...2_000, "How long the stage may give current after \"off\"."),
        time("cooling_lost_for", \.coolingLostFor, 1_000...60_000, "How long less cooling than asked must last."),
        time(
            "pilot_invalid_for", \.pilotInvalidFor, 10...80,
            "How long the pilot must be outside every band, of the 100 ms of IEC 61851-1."),
        time(
            "emergency_stop_released_for", \.emergencyStopReleasedFor, 100...10_000,
            "How long an emergency stop must stay released before it counts as released."),
    ]

    static let steps: [LimitRow] = [
        time("contactor_close_within", \.contactorCloseWithin, 100...2_000, "Contactors read closed."),
        time(
            "contactor_open_within", \.contactorOpenWithin, 100...2_000,
            "Contactors read open, else a weld is suspected."),
        time("lock_within", \.lockWithin, 200...5_000, "One try of the lock motor."),
        lockTries,
        time(
            "vehicle_ready_within", \.vehicleReadyWithin, 20_000...300_000,
            "The vehicle asks for the cable check after authorization."),
        time("output_dead_within", \.outputDeadWithin, 2_000...30_000, "Output below 60 V before the test."),
        time("test_voltage_within", \.testVoltageWithin, 2_000...30_000, "Test voltage reached."),
        time(
            "insulation_test_within", \.insulationTestWithin, 5_000...60_000,
            "Insulation monitor's self-test and first good reading."),
        time("cable_check_within", \.cableCheckWithin, 10_000...120_000, "Whole cable check. 40 s: ISO 15118-2."),
        time("pre_charge_within", \.preChargeWithin, 2_000...20_000, "Pre-charge. 7 s: ISO 15118-2."),
        time(
            "start_record_within", \.startRecordWithin, 1_000...60_000,
            "The start record becomes durable, from when power waits for it."),
        time(
            "ramp_down_when_vehicle_left", \.rampDownWhenVehicleLeft, 10...30,
            "Current below the opening limit when the vehicle has left state C. Its share of the 100 ms of IEC 61851-1; only stricter."
        ),
        time(
            "ramp_down_when_error", \.rampDownWhenError, 200...2_500,
            "The same for an error. IEC 61851-23; only stricter."),
        time("ramp_down_when_asked", \.rampDownWhenAsked, 1_000...60_000, "The same for a wish to stop."),
        time(
            "discharge_within", \.dischargeWithin, 1_000...30_000, "Output below 60 V after the contactors opened."),
        time(
            "pause_at_most", \.pauseAtMost, 60_000...604_800_000,
            "A pause without energy, after which the session ends."),
        time(
            "samples_durable_within", \.samplesDurableWithin, 5_000...600_000,
            "Samples of a session must become durable within this, else it ends."),
        time("sample_every", \.sampleEvery, 1_000...60_000, "How often a session's sample is written."),
        time(
            "meter_after_restart_within", \.meterAfterRestartWithin, 5_000...120_000,
            "How long the meter may take after a restart before the last durable sample counts."),
    ]

    static let people: [LimitRow] = [
        time("look_up_within", \.lookUpWithin, 100...2_000, "The look-up of a card."),
        time(
            "cloud_answers_within", \.cloudAnswersWithin, 500...30_000,
            "The cloud's answer about a token that the list does not know."),
        time(
            "cloud_answers_without_list_within", \.cloudAnswersWithoutListWithin, 1_000...60_000,
            "The same on a post that has no list."),
        time(
            "connect_within", \.connectWithin, 15_000...600_000,
            "A card waits this long for a plug."),
        time(
            "same_tap_within", \.sameTapWithin, 500...10_000, "The same card again within this is the same tap."),
        time("refusal_shown_for", \.refusalShownFor, 3_000...60_000, "How long a refusal stays on the screen."),
    ]

    static let process: [LimitRow] = [
        amount(
            "memory_warning", \.memoryWarningMebibytes, .memory, 64...65_536,
            "With more memory of the daemon resident than this the operator is told."),
        amount(
            "memory_restart", \.memoryRestartMebibytes, .memory, 96...65_536,
            "With more than this, ten minutes after a start at the earliest, nobody new is served, and the daemon starts itself anew as soon as every connector is idle."
        ),
    ]
}
