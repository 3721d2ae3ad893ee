// What time does to a connector: deadlines, readings that turn old, and events that act only because they last.

import Testing

@testable import Post

@Suite("Every state of a connector, and time")
struct LastingTransitionTests {
    private let posts = Situation.allCases.map { PlausiblePost.playing($0, .post) }

    private func moment(of post: PlausiblePost) -> PlausiblePost {
        let copy = post.copied()
        copy.now = copy.now + .milliseconds(1)
        return copy
    }

    private func expectCalm(_ post: PlausiblePost, _ name: @autoclosure () -> String) {
        let found = (post.judge?.broken ?? []) + (post.judge?.interventions ?? [])
        #expect(found.isEmpty, "\(name()): \(found)")
    }

    @Test("where nothing new happens every state ends in its own time, or may wait for ever")
    func deadlines() throws {
        var table = TransitionTable(
            """
            One connector whose plug the post locks, with every reading repeated and nothing new for 130 s; records
            that it asks for are not answered. Up to six things that it does by itself. Then every device but one.
            """, rows: Situation.allCases.map(\.label))
        let alone = zip(Situation.allCases, posts).map { situation, post in
            let copy = moment(of: post)
            let reactions = copy.stand(for: .seconds(130), atMost: 6)
            expectCalm(copy, "\(situation.rawValue), nothing new")
            return reactions
        }
        table.append("nothing new happens", alone.map(text))
        for silent in Source.allCases {
            let cells = posts.enumerated().map { position, post in
                let copy = moment(of: post)
                let reactions = copy.stand(for: .seconds(40), without: silent, atMost: 6)
                expectCalm(copy, "\(Situation.allCases[position].rawValue), \(silent) silent")
                return text(firstNew(reactions, alone[position]))
            }
            table.append("\(silent) silent", cells)
        }
        try table.expectReviewed("connector-time.txt")
    }

    @Test("an event that does nothing at once may do it because it lasts")
    func lasting() throws {
        var table = TransitionTable(
            """
            One connector whose plug the post locks: events whose reading stays for 6 s. The first thing that happens
            in that time and would not have happened without it, where nothing happened at once.
            """, rows: Situation.allCases.map(\.label))
        let alone = posts.map { moment(of: $0).stand(for: .seconds(6), atMost: 8) }
        let readings =
            Stimulus.ofInterlocks + Stimulus.ofLines + Stimulus.ofStage + Stimulus.ofMeter + Stimulus.ofMonitor
            + Stimulus.ofVehicle + Stimulus.ofTemperature
        for stimulus in readings where stimulus.scope != .nowhere {
            let cells = posts.enumerated().map { position, post -> String in
                let copy = moment(of: post)
                let before = copy.testedState
                copy.handle(stimulus.event(copy))
                let isQuiet = copy.testedState == before && !copy.actions.list.contains { $0.isFaultRaised }
                let reactions = copy.stand(for: .seconds(6), atMost: 8)
                expectCalm(copy, "\(Situation.allCases[position].rawValue), \(stimulus.name)")
                return isQuiet ? text(firstNew(reactions, alone[position])) : "nothing"
            }
            if cells.contains(where: { $0 != "nothing" }) { table.append(stimulus.name, cells) }
        }
        try table.expectReviewed("connector-lasting.txt")
    }

    /// What is done by itself and is not done without the event.
    private func firstNew(_ reactions: [Reaction], _ alone: [Reaction]) -> [Reaction] {
        for (position, reaction) in reactions.enumerated() {
            guard position < alone.count, alone[position].text == reaction.text,
                abs(alone[position].after.milliseconds - reaction.after.milliseconds) < 400
            else { return [reaction] }
        }
        return []
    }

    private func text(_ reactions: [Reaction]) -> String {
        reactions.isEmpty ? "nothing" : reactions.map(\.timed).joined(separator: "\n      ")
    }

    @Test(
        "from every cell there is a way back: healed and unplugged, the connector serves again, or a latch says why not"
    )
    func wayOut() {
        for (situation, post) in zip(Situation.allCases, posts) {
            for stimulus in Stimulus.all where stimulus.scope != .nowhere && stimulus.name != Stimulus.bootedAgain {
                let copy = moment(of: post)
                stimulus.before(copy)
                copy.handle(stimulus.event(copy))
                copy.heal()
                var isCalm = false
                for _ in 0..<60 where !isCalm {
                    copy.run(.seconds(1))
                    isCalm = copy.isAtRest(0) && copy.isAtRest(1)
                }
                let name = "\(situation.rawValue), \(stimulus.name)"
                #expect(isCalm, "\(name): \(copy.testedState), \(copy.status().phase), \(copy.status().waiting)")
                expectCalm(copy, name)
            }
        }
    }
}

extension Action {
    var isFaultRaised: Bool { if case .report(.faultRaised) = self { true } else { false } }
}

extension PlausiblePost {
    /// Everything that is broken heals, and whoever is plugged in at the stage of the connector under test leaves.
    fileprivate func heal() {
        (cadence, idleCadence) = (.milliseconds(500), .milliseconds(500))
        (interlocks, recordsAnswer) = (.allGood, .recorded)
        handle(.restored)
        for source in LimitSource.allCases { handle(.limit(source, watts: nil)) }
        handle(.command(CommandNumber(6_000), .setAvailable(.tested, true)))
        for index in 0..<2 {
            (ohms[index], temperatures[index], welded[index]) = (10_000_000, 25_000, (false, false))
            mendContactors(index)
            (lines[index].proximity, lines[index].pilot, phases[index]) = (.open, .a, .silent)
            (volts[index], currents[index]) = (0, 0)
        }
    }

    /// Whether a connector serves again, or says which latch keeps it from that.
    fileprivate func isAtRest(_ index: Int) -> Bool {
        let status = status(index)
        var isLatched = false
        (0..<2).forEach { self.status($0).faults.forEach { if $0.row.release == .byService { isLatched = true } } }
        switch status.phase {
        case .available, .authorized, .reserved: return true
        case .faulted: return isLatched && core.connectors[index].kind == .vacant
        default: return false
        }
    }
}
