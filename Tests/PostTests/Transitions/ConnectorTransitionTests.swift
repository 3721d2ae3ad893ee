// The connector's machine, whole: every state and every event, each cell reviewed, and what must hold in all of them.

import Testing

@testable import Post

@Suite("Every state and every event of a connector")
struct ConnectorTransitionTests {
    /// Every cell where the post locks; played once, looked at by every test.
    static let cells: [[Cell]] = play(.post, Situation.allCases)

    private static func play(_ holder: LockHolder, _ situations: [Situation]) -> [[Cell]] {
        let posts = situations.map { PlausiblePost.playing($0, holder) }
        return Stimulus.all.map { stimulus in
            zip(situations, posts).map { Cell(stimulus, in: $0, of: $1) }
        }
    }

    private var everyCell: [Cell] { Self.cells.flatMap { $0 } }

    @Test("the table is what was reviewed")
    func reviewed() throws {
        var table = TransitionTable(
            """
            One connector whose plug the post locks: every state (rows) and every event (columns).
            The letter is the next state; + stays and does something; · does nothing.
            """,
            rows: Situation.allCases.map(\.label),
            marks: Situation.allCases.map { Situation.letter(ofState: $0.state) })
        for column in Self.cells {
            table.append(column[0].stimulus.name, column.map(\.text), column.map(\.letter))
        }
        try table.expectReviewed("connector.txt")
    }

    @Test("where the vehicle locks, only what the lock decides is different")
    func vehicleLocks() throws {
        let situations = Situation.allCases.filter { ![.lock, .release, .releaseGivenUp].contains($0) }
        let positions = situations.compactMap { Situation.allCases.firstIndex(of: $0) }
        var table = TransitionTable(
            "One connector whose plug the vehicle locks: the cells that differ from those of connector.txt.",
            rows: situations.map(\.label))
        for (column, own) in zip(Self.cells, Self.play(.vehicle, situations)) {
            let texts = zip(positions, own).map { column[$0].text == $1.text ? "nothing" : $1.text }
            if texts.contains(where: { $0 != "nothing" }) { table.append(column[0].stimulus.name, texts) }
            for cell in own { expectCalm(cell) }
        }
        try table.expectReviewed("connector-vehicle-locks.txt")
    }

    // Exhaustive

    @Test("every state, step, urgency and fate of the start record has a row, and each row is really reached")
    func everyState() {
        var states: Set<String> = []
        var urgencies: Set<Urgency> = []
        var records: Set<Session.StartRecord> = []
        for situation in Situation.allCases {
            let post = PlausiblePost.playing(situation, .post)
            #expect(post.testedState == situation.state, "\(situation)")
            #expect(!situation.hasNeighbour || post.status(2).phase == .charging, "\(situation)")
            states.insert(post.testedState)
            if case .stopping(_, let stop) = post.tested.state { urgencies.insert(stop.urgency) }
            if let session = post.tested.state.session { records.insert(session.startRecord) }
        }
        #expect(states == Set(ConnectorShape.everyDescription))
        #expect(urgencies == Set(Urgency.allCases))
        #expect(records == [.asked, .durable, .refused])
        #expect(Set(Situation.allCases.map { Situation.letter(ofState: $0.state) }).count == states.count)
    }

    @Test("every case of every event has a column")
    func everyEvent() {
        let post = PlausiblePost(.cells(.post))
        let played = Set(Stimulus.all.map { EventCase($0.event(post)) })
        #expect(played == Set(EventCase.allCases))
        #expect(Set(Stimulus.all.map(\.name)).count == Stimulus.all.count)
    }

    // What holds in every cell

    @Test("no cell breaks a rule, and in none the supervisor has to step in")
    func calm() {
        for cell in everyCell { expectCalm(cell) }
    }

    private func expectCalm(_ cell: Cell) {
        let name = "\(cell.situation.rawValue), \(cell.stimulus.name)"
        guard cell.stimulus.name != Stimulus.bootedAgain else {
            // A driver that boots a core twice breaks its word: everything goes safe, and it is told as a defect.
            #expect(cell.given.contains(.withdrawPower(.tested)) && !cell.raises, "\(name)")
            return
        }
        #expect(cell.broken.isEmpty, "\(name): \(cell.broken)")
    }

    @Test("power is raised by the event that completes a degree, and by nothing else")
    func raises() {
        var raised: [String] = []
        for cell in everyCell {
            for case .allowPower(_, let degree) in cell.given {
                raised.append("\(cell.situation.rawValue), \(cell.stimulus.name): \(degree)")
            }
        }
        #expect(raised.sorted() == Self.completing.sorted())
    }

    /// The only cells that raise power.
    private static let completing = [
        // The stage is the last to say that nothing is across the contactors.
        "preparing.outputDead, stage: dead and off: test", "preparing.outputDead, stage: can give nothing: test",
        "preparing.outputDead, stage: one module out: test",
        // The vehicle asks, or the record it waited for is durable.
        "preparing.preChargeRequest, vehicle: preCharge: match",
        "preparing.preChargeRequest, vehicle: charge: match",
        "preparing.preChargeRequest, vehicle: charge with 0 A: match",
        "preparing.preChargeRequest, vehicle: charge with 200 A: match",
        "preparing.preChargeRequest, start unrecorded, start recorded: match",
        // The vehicle has closed its own contactors on a matched voltage.
        "preparing.preCharge, matched, vehicle: charge: charge",
        "preparing.preCharge, matched, vehicle: charge with 0 A: charge",
        "preparing.preCharge, matched, vehicle: charge with 200 A: charge",
    ]

    @Test("current is raised only on the way to energy, while charging and out of a pause")
    func currentRises() {
        let may: Set<Situation> = [
            .contactors, .preChargeRequest, .startUnrecorded, .preCharge, .preChargeMatched, .charging,
            .pausedByVehicle, .pausedByPost,
        ]
        for cell in everyCell {
            var last = cell.setpointBefore
            for case .commandStage(StageID(0), _, let command) in cell.given {
                let isRise = command.milliamperes > last.milliamperes
                #expect(
                    !isRise || may.contains(cell.situation), "\(cell.situation.rawValue), \(cell.stimulus.name)")
                last = command
            }
            if cell.allowedAfter == nil, cell.situation != .stage {
                #expect(last == .off, "\(cell.situation.rawValue), \(cell.stimulus.name)")
            }
        }
    }

    @Test("every emergency event withdraws power in the same call, in every energised state")
    func emergencies() {
        var count = 0
        for cell in everyCell where cell.stimulus.isEmergency && cell.allowedBefore != nil {
            count += 1
            let isOff = cell.given.contains {
                if case .commandStage(StageID(0), _, .off) = $0 { true } else { false }
            }
            let isDone =
                cell.allowedAfter == nil && cell.given.contains(.withdrawPower(.tested))
                && cell.given.contains(.setPilot(.tested, .steady)) && (isOff || cell.setpointBefore == .off)
            #expect(isDone, "\(cell.situation.rawValue), \(cell.stimulus.name): \(cell.text)")
        }
        #expect(count > 150)
    }

    @Test("what happens at one connector changes no other")
    func others() {
        for cell in everyCell where cell.stimulus.scope != .post && cell.situation.hasNeighbour {
            let name = "\(cell.situation.rawValue), \(cell.stimulus.name)"
            #expect(cell.othersBefore.last == cell.othersAfter.last, "\(name)")
            #expect(cell.wanted(of: .neighbour).isEmpty, "\(name): \(cell.wanted(of: .neighbour))")
            // A weld here cuts off the stage that both share, and whoever shares it is told.
            guard cell.stimulus.scope == .connector, !cell.given.contains(.tripUpstream(StageID(0))) else {
                continue
            }
            #expect(cell.othersBefore == cell.othersAfter, "\(name)")
            #expect(cell.wanted(of: .sharing).isEmpty, "\(name)")
        }
    }

    @Test("what happens to the whole post does the same to a neighbour, whatever this connector is doing")
    func neighbours() {
        for column in Self.cells where column[0].stimulus.scope == .post {
            let texts = column.filter { $0.situation.hasNeighbour && $0.situation != .stage }
                .map { $0.wanted(of: .neighbour).joined(separator: ", ") }
            #expect(Set(texts).count == 1, "\(column[0].stimulus.name): \(Set(texts))")
        }
    }
}
