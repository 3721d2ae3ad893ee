// A scenario read back as prose says everything that its file says, in words that need no key of the format.

import Scenarios
import Testing

@Suite("Scenarios read back")
struct ExplanationTests {
    @Test("every part of a story is told")
    func everything() throws {
        let lines = try readStory(
            """
            title: A story
            rows: [10]
            site: {lock: post, guest_floor: 5kWh}
            drivers: {listed: [alice, bob], one_group: [alice, bob], list_age: 8d, usual_limits: true}
            vehicles: {car: {manners: ignores_stop, battery: 200kWh, maximum_current: 300A}}
            timeline:
              - at: 20s
                plug: {vehicle: car}
              - after: 2s
                tap: {token: alice}
              - expect: {state: charging, power: charge, within: 30s}
              - milestone: full power
              - since: full power
                after: 90s
                inject: {fault: contactor.plus.welded, for: 20s}
              - since: full power
                alarm: {interlock: door}
              - expect: {fault: door_open, class: emergency, contactors_closed: false}
              - network: {delay: {time: 2s, jitter: 500ms}, loss: 30%}
              - cloud: {up: true}
            never:
              - {connector: 2, power: test}
            at_end:
              - {sessions: 1, energy_told_is_energy_flowed: true}
            lasts_another: 1m
            """
        ).explanation
        let expected = [
            "A story",
            "About row 10 of the catalogue of faults: the plus contactor welds.",
            "Given 1 post with 2 connectors; the post holds the plug; at most 300kW for each post",
            "  and strangers get 5kWh where nobody can be asked about them",
            "  and alice, bob on the list",
            "  and alice, bob of one group: each may stop what another has started",
            "  and the list is 8d old",
            "  and the list grants what lists usually do",
            "  and the vehicle car: a sedan400 with a battery of 200kWh that comes with 30 % and is content with 80 % taking 300A throughout (ignores_stop: goes on asking after it was told to stop)",
            "When  at 20s: the vehicle car is plugged in at connector 1",
            "  and 2s later: the card of alice is held to reader 1",
            "Then  within 30s connector 1: its state is charging; power is allowed for charging",
            "When  this moment is called \"full power\", and the records owed to the cloud are counted",
            "  and 90s after the moment \"full power\": the pole stays closed once it is closed (contactor.plus.welded at connector 1, for 20s)",
            "  and at the moment \"full power\": door trips",
            "Then  at once connector 1: the fault door_open is present; it is seen to be met as class emergency (power is withdrawn at once); a contactor is open",
            "When  the way to the cloud is disturbed: delay (every message comes later, and with jitter one may overtake another: time 2s, jitter 500ms); loss (messages are lost, and nobody hears of it: percent 30%)",
            "  and the cloud's service is well again",
            "Never connector 2: power is allowed for the cable check",
            "At the end, 1m after the last step, the post: the records hold 1 session; the energy in the records is what flowed",
        ]
        #expect(lines == expected)
    }
}
