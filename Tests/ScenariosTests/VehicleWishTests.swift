// A vehicle does on the way what a story says, in words that are written, read back and refused like all others.

import Scenarios
import StrictYAML
import Testing

@Suite("A vehicle under somebody's hand")
struct VehicleWishTests {
    private static let story = """
        title: A charge under somebody's hand
        drivers: {listed: [alice]}
        vehicles: {car: {battery: 60kWh, maximum_current: 300A, manners: pauses}}
        timeline:
          - {at: 20s, plug: {vehicle: car}}
          - {at: 22s, tap: {token: alice}}
          - {at: 60s, vehicle: {asks: 80A}}
          - {at: 61s, vehicle: {asks: 500mA, connector: 1}}
          - {at: 62s, vehicle: {does: pauses}}
          - {at: 63s, vehicle: {does: goes_on}}
          - {at: 64s, vehicle: {does: asks_as_usual}}
          - {at: 65s, vehicle: {manners: hides_charge}}
          - {at: 66s, vehicle: {does: drives_off}}
        lasts_another: 10s
        at_end: [{sessions: 1}]

        """

    @Test("every word is read back, and a story that is written again is the same")
    func words() throws {
        let story = try readStory(Self.story)
        let told = story.explanation.joined(separator: "\n")
        for part in [
            "the vehicle at connector 1 asks for 80A from now on", "asks for 500mA from now on",
            "pauses until it is told to go on", "goes on after a pause", "asks for what its battery takes again",
            "does not tell its state of charge (hides_charge)", "drives off and tears the plug out",
        ] { #expect(told.contains(part), "\(part) in \(told)") }
        let again = try readStory(story.text + "at_end: [{sessions: 1}]\n")
        #expect(again.text == story.text)
        for part in [
            "battery: 60kWh, maximum_current: 300A", "manners: pauses}",
            "vehicle: {asks: 80A, post: 1, connector: 1}", "vehicle: {does: goes_on, post: 1, connector: 1}",
            "vehicle: {manners: hides_charge, post: 1, connector: 1}",
        ] { #expect(again.text.contains(part), "\(part) in \(again.text)") }
    }

    @Test(
        "what it cannot do is an error of the story, which says why",
        arguments: [
            ("vehicle: {does: goes_on}", "the vehicle does not pause"),
            ("vehicle: {does: asks_as_usual}", "the vehicle asks as usual already"),
            ("vehicle: {asks: 351A}", "the vehicle never asks for more than 350 A"),
            ("vehicle: {manners: polite}", "the vehicle behaves like that already"),
            ("vehicle: {does: pauses, connector: 2}", "no vehicle is plugged in"),
        ])
    func refused(_ deed: String, _ why: String) throws {
        let result = try playStory(
            chargingStory(then: "  - expect: {state: charging, within: 30s}\n  - after: 5s\n    \(deed)"))
        #expect(result.verdict == .error)
        #expect(result.complaints.contains { $0.contains(why) }, "\(result.complaints)")
    }

    @Test("a vehicle that has not begun has nothing to pause or to end")
    func tooEarly() throws {
        for (word, why) in [("pauses", "does not charge now (asleep)"), ("stops", "has nothing to end (asleep)")] {
            let result = try playStory(
                """
                title: Too early
                vehicles: {car: {}}
                timeline:
                  - at: 20s
                    plug: {vehicle: car}
                  - after: 2s
                    vehicle: {does: \(word)}
                at_end: [{sessions: 0}]
                """)
            #expect(result.complaints.contains { $0.contains(why) }, "\(result.complaints)")
        }
    }

    @Test("a fault that was injected decides how a vehicle behaves, until it is healed")
    func broken() throws {
        let inject = "  - inject: {fault: vehicle.ignores_stop}\n"
        let behaves = "  - vehicle: {manners: never_closes}\n"
        let refused = try playStory(
            chargingStory(then: inject + behaves + "  - expect: {state: preparing, within: 9s}"))
        #expect(
            refused.complaints.contains { $0.contains("vehicle.ignores_stop was injected") },
            "\(refused.complaints)")
        let healed = try playStory(
            chargingStory(
                then: inject + "  - heal: {fault: vehicle.ignores_stop}\n" + behaves
                    + "  - expect: {fault: pre_charge_timeout, within: 90s}"))
        #expect(!healed.checks.contains { !$0.isMet }, "\(healed.complaints) \(healed.checks)")
    }

    @Test(
        "one thing at a time, in known words",
        arguments: [
            ("{}", "does"), ("{does: pauses, asks: 80A}", "asks"), ("{does: sings}", "sings"), ("{asks: 80}", "80"),
            ("{asks: -1A}", "-1A"),
        ])
    func unread(_ deed: String, _ named: String) {
        let story = chargingStory(then: "  - vehicle: \(deed)\n  - expect: {sessions: 0}")
        do throws(Problems) {
            _ = try readStory(story)
            Issue.record("\(deed) was read")
        } catch {
            #expect(error.written(as: .text).contains(named), "\(error.written(as: .text))")
        }
    }
}
