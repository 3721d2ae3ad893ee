// What the site of a story cannot do is refused when the file is read, with its line; what only a play shows is an error there.

import Scenarios
import StrictYAML
import Testing

@Suite("What a site cannot do")
struct PossibilityTests {
    private func refusal(_ text: String) -> String {
        do {
            _ = try readStory(text)
            return "it was read"
        } catch { return error.written(as: .text) }
    }

    private func story(_ steps: String, site: String = "{}") -> String {
        "title: t\nsite: \(site)\ndrivers: {listed: [alice]}\nvehicles: {car: {}}\ntimeline:\n  - at: 1s\n    \(steps)\n  - expect: {state: available}\n"
    }

    @Test(
        "places that are not there are refused at their line",
        arguments: [
            ("plug: {vehicle: car, connector: 3}", "connector 3 at timeline: expected connector 1 to 2"),
            ("press_stop: {post: 2}", "post 2 at timeline: expected post 1, the only one"),
            ("tap: {token: alice, post: 2}", "post 2 at timeline: expected post 1, the only one"),
            ("tap: {token: alice, reader: 7}", "reader 7 at timeline: expected reader 1, the only one"),
            ("kill: {post: 2}", "post 2 at timeline: expected post 1, the only one"),
            ("disk: {is: full, post: 3}", "post 3 at timeline: expected post 1, the only one"),
            ("limit: {power: 1kW, post: 2}", "post 2 at timeline: expected post 1, the only one"),
            ("clear: {fault: welded_plus, connector: 4}", "connector 4 at timeline: expected connector 1 to 2"),
            ("inject: {fault: meter.silent, connector: 3}", "connector 3 at timeline: expected connector 1 to 2"),
            ("inject: {fault: stage.silent, connector: 3}", "connector 3 at timeline: expected connector 1 to 2"),
            (
                "inject: {fault: disk.full, connector: 2}",
                "disk.full at a place of its own at timeline: expected none"
            ),
            ("inject: {fault: network.down, post: 2}", "post 2 at timeline: expected post 1, the only one"),
            ("inject: {fault: emergency_stop.pressed, connector: 2}", "expected none: it is of the whole post"),
            (
                "inject: {fault: reader.gone, connector: 2}",
                "reader.gone at reader 2 at timeline: expected reader 1"
            ),
            (
                "inject: {fault: lock.stuck}",
                "lock.stuck where the vehicle holds the plug at timeline: expected a post that has a lock"
            ),
            ("expect: {connector: 3, state: available}", "connector 3 at timeline: expected connector 1 to 2"),
        ])
    func places(_ step: String, _ sentence: String) {
        let told = refusal(story(step))
        #expect(told.contains("story.yaml:6:"), "\(told)")
        #expect(told.contains(sentence), "\(told)")
    }

    @Test("what is asked of a connector that is not there is refused wherever it is asked")
    func checks() {
        let never = refusal(story("nothing: true") + "never:\n  - {connector: 3, state: charging}\n")
        #expect(never.contains("story.yaml:10:") && never.contains("connector 3"), "\(never)")
        let end = refusal(story("nothing: true") + "at_end:\n  - {post: 2, sessions: 0}\n")
        #expect(end.contains("story.yaml:10:") && end.contains("post 2"), "\(end)")
    }

    @Test(
        "steps that nothing led to are refused",
        arguments: [
            ("heal: {fault: meter.silent}", "the end of meter.silent, which has not begun there"),
            ("all_clear: {interlock: door}", "the end of door.open, which has not begun there"),
            (
                "inject: {fault: meter.silent}\n  - heal: {fault: meter.silent, connector: 2}",
                "the end of meter.silent, which has not begun there"
            ),
            (
                "inject: {fault: meter.silent}\n  - heal: {fault: meter.silent}\n  - heal: {fault: meter.silent}",
                "the end of meter.silent, which has not begun there"
            ),
            ("alarm: {interlock: door}\n  - alarm: {interlock: door}", "door.open while it is there already"),
            (
                "inject: {fault: pilot.lost}\n  - inject: {fault: pilot.shorted}",
                "pilot.shorted while pilot.lost is there"
            ),
            (
                "inject: {fault: contactor.plus.welded}\n  - inject: {fault: contactor.plus.stuck_open}",
                "contactor.plus.stuck_open while contactor.plus.welded is there"
            ),
            ("stop_by_hand: {}", "the end of a session where nobody has shown a card"),
            ("unplug: {}", "a plug that is drawn where nobody has plugged in"),
            ("leave: {connector: 2}", "a plug that is drawn where nobody has plugged in"),
            ("kill: {}\n  - kill: {}", "the death of a process that is dead"),
        ])
    func order(_ steps: String, _ sentence: String) {
        let told = refusal(story(steps))
        #expect(told.contains(sentence), "\(told)")
        // A story that skips the impossible does not know what it has brought about.
        #expect(refusal(story(steps) + "skips_impossible: true\n") == "it was read")
    }

    @Test(
        "what goes together is taken",
        arguments: [
            "inject: {fault: pilot.lost}\n  - inject: {fault: pilot.shorted, connector: 2}",
            "inject: {fault: pilot.lost}\n  - heal: {fault: pilot.lost}\n  - inject: {fault: pilot.shorted}",
            "inject: {fault: stage.module_lost}\n  - inject: {fault: stage.module_lost}",
            "inject: {fault: stage.silent, connector: 2}\n  - heal: {fault: stage.silent, connector: 1}",
            "alarm: {interlock: door}\n  - heal: {fault: door.open}",
            "inject: {fault: contactor.plus.welded}\n  - inject: {fault: contactor.plus.drops}",
            "kill: {}\n  - start: {}\n  - kill: {}\n  - start: {}",
        ])
    func together(_ steps: String) {
        // Two connectors on one stage: its end may be told at the other.
        #expect(refusal(story(steps, site: "{shares_stage: true}")) == "it was read")
    }

    @Test(
        "what only a play can know is an error of the story, and never passed over",
        arguments: [
            ("clear: {fault: welded_plus}", "the fault welded_plus is not there to be cleared"),
            ("kill: {}\n  - out_of_service: {}", "nobody hears the operator"),
            (
                "inject: {fault: pilot.lost, for: 1h}\n  - inject: {fault: pilot.shorted}",
                "pilot.shorted cannot be while pilot.lost is"
            ),
        ])
    func atPlay(_ steps: String, _ sentence: String) throws {
        let result = try playStory(story(steps))
        #expect(result.verdict == .error && result.complaints[0].contains(sentence), "\(result.complaints)")
    }

    @Test("a story that may last for years is refused, one of a year is not")
    func long() {
        #expect(refusal(story("nothing: true\n  - expect: {state: available, within: 365d}")) == "it was read")
        let told = refusal(
            story("nothing: true\n  - expect: {state: available, within: 365d}\n  - after: 365d\n    nothing: true")
        )
        #expect(told.contains("a story that may last 730 d"), "\(told)")
    }

    @Test("a process that is started while it lives is told so")
    func startedAnew() throws {
        let lines = try readStory(story("start: {}\n  - kill: {}\n  - start: {}")).explanation
        #expect(lines.filter { $0.contains("started anew while it lives") }.count == 1)
        #expect(lines.filter { $0.contains("the process") && $0.contains("starts") }.count == 1, "\(lines)")
    }
}
