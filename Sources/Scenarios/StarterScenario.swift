// A scenario to begin with: it passes as it stands, and says beside each line what else could stand there.

extension Scenario {
    /// The text of a new scenario file.
    public static func starter(title: String) -> String {
        let quoted = title.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return """
            # yaml-language-server: $schema=scenario.schema.json
            # Every key: holdfast replay --reference. The schema for editors: holdfast replay --schema > scenario.schema.json
            title: "\(quoted)"

            # Who is on the list. Also: expired, known_to_cloud, list_installed: false.
            drivers:
              listed: [alice]

            # The vehicles of the story. Also: profile, battery, maximum_current, manners.
            vehicles:
              car: {state_of_charge_percent: 40, stops_at_percent: 80}

            timeline:
              # People: plug, unplug, leave, tap, press_stop. `at` counts from the beginning, `after` from the step before.
              - at: 20s
                plug: {vehicle: car}
              - after: 2s
                tap: {token: alice}
              # The story waits for an expectation; the next step counts from when it was met.
              - expect: {state: charging, within: 30s}
              - expect: {current_above: 100A, within: 30s}
              - milestone: full power

              # What goes wrong: a cause, never its label. Which there are: holdfast sim faults.
              - since: full power
                after: 10s
                alarm: {interlock: emergency_stop}
              # What the post must do about it: the fault, how it was seen to be met, and what people read.
              - expect: {fault: emergency_stop, class: emergency, power: none}
              - expect: {fault: emergency_stop, driver_told: "The emergency stop was pressed"}
              - expect: {contactors_closed: false, within: 100ms}
              - expect: {event: session_ended, within: 20s}
              - expect: {state: faulted, voltage_below: 60V, plug_held: false, within: 20s}

            # What must not be so at any moment.
            never:
              - {connector: 2, state: charging}

            # What must be so when the story is over. The books are judged in any case.
            at_end:
              - {sessions: 1, stop_reason: emergency_stop, energy_told_is_energy_flowed: true}

            """
    }
}
