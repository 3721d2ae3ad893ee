// A reader's machine, whole: what a card may be in the middle of, and every event that can come to it.

import Testing

@testable import Post

/// The rows: what the first reader is in the middle of, with and without a vehicle that waits for a card.
private enum TapSituation: String, CaseIterable {
    case idle
    case idlePlugged = "idle, vehicle waits"
    case lookingUp = "looking up"
    case lookingUpPlugged = "looking up, vehicle waits"
    case askingCloud = "asking the cloud"
    case askingCloudPlugged = "asking the cloud, vehicle waits"
    case askingCloudWithoutList = "asking the cloud, no list"
    case granted = "accepted, waits for a plug"
    case grantedByCloud = "accepted by the cloud, waits for a plug"
    case inSession = "idle, its card has a session"
    case refused = "idle, a refusal is shown"

    var isPlugged: Bool {
        switch self {
        case .idlePlugged, .lookingUpPlugged, .askingCloudPlugged, .inSession: true
        case .idle, .lookingUp, .askingCloud, .askingCloudWithoutList, .granted, .grantedByCloud, .refused: false
        }
    }
}

extension Tap {
    /// Which of its states a tap is in; no default, so that a new one does not compile until it has a name and a row.
    fileprivate var name: String {
        switch self {
        case .idle: "idle"
        case .lookingUp: "looking up"
        case .askingCloud: "asking the cloud"
        case .granted: "accepted"
        }
    }
    fileprivate static let everyName: Set = ["idle", "looking up", "asking the cloud", "accepted"]
}

@Suite("Every state and every event of a card reader")
struct TapTransitionTests {
    private static let reader = ReaderID(0)

    private static let configuration: PostConfiguration = {
        var configuration = PostConfiguration.twoConnectors
        configuration.readers = [.connector(ConnectorID(0)), .wholePost]
        return configuration
    }()

    private func play(_ situation: TapSituation, guestFloor: Int64 = 0) -> PlausiblePost {
        var configuration = Self.configuration
        configuration.authorization.guestFloorWattHours = guestFloor
        let post = PlausiblePost(configuration, judge: OutsideJudge())
        post.handle(.cloudLink(isUp: true))
        if situation.isPlugged { post.plug() }
        switch situation {
        case .idle, .idlePlugged: break
        case .lookingUp, .lookingUpPlugged: post.handle(.tokenPresented(Self.reader, .own))
        case .askingCloud, .askingCloudPlugged: post.tap(1, verdict: .notListed)
        case .askingCloudWithoutList: post.tap(1, verdict: .noList)
        case .granted, .inSession: post.tap(1)
        case .grantedByCloud:
            post.tap(1, verdict: .notListed)
            post.handle(.cloudAnswered(question(post), .accepted(sessionWattHours: 5_000)))
        case .refused: post.tap(1, verdict: .refused(.blockedToken))
        }
        post.now = post.now + .milliseconds(1)
        return post
    }

    private func question(_ post: PlausiblePost) -> CommandNumber {
        for case .askCloud(let number, _, _) in post.log.reversed().map(\.action) { return number }
        return CommandNumber(0)
    }

    private typealias Column = (name: String, play: (PlausiblePost) -> Void)

    /// Every event that a reader's machine hears of. The others are columns of the connector's table.
    private var columns: [Column] {
        func look(_ token: TokenName, _ verdict: TokenLookUp.Verdict, _ allowance: Allowance) -> Event {
            .tokenLookedUp(
                Self.reader,
                TokenLookUp(token: token, verdict: verdict, group: 0, freshness: .fresh, allowance: allowance))
        }
        var none = Allowance.unlimited
        none.sessionsLeft = 0
        var empty = Allowance.unlimited
        empty.sessionWattHours = 0
        let once = none
        let nothing = empty
        var columns: [Column] = [
            ("presented: the same card, at once", { $0.handle(.tokenPresented(Self.reader, .own)) }),
            (
                "presented: the same card, 3 s later",
                { post in
                    post.now = post.now + .seconds(3)
                    post.handle(.tokenPresented(Self.reader, .own))
                }
            ),
            ("presented: another card", { $0.handle(.tokenPresented(Self.reader, .stranger)) }),
            ("presented: the same card at the other reader", { $0.handle(.tokenPresented(ReaderID(1), .own)) }),
        ]
        columns += TokenLookUp.Verdict.each.map { name, verdict in
            ("looked up: \(name)", { $0.handle(look(.own, verdict, .unlimited)) })
        }
        columns += [
            ("looked up: listed, no session left", { $0.handle(look(.own, .listed, once)) }),
            ("looked up: listed, no energy left", { $0.handle(look(.own, .listed, nothing)) }),
            ("looked up: another card, listed", { $0.handle(look(.stranger, .listed, .unlimited)) }),
            ("reader: garbage", { $0.handle(.readerGarbage(Self.reader)) }),
            ("reader: gone", { $0.handle(.reader(Self.reader, isThere: false)) }),
            ("reader: there", { $0.handle(.reader(Self.reader, isThere: true)) }),
            ("cloud accepts", { $0.handle(.cloudAnswered(self.question($0), .accepted(sessionWattHours: 5_000))) }),
            (
                "cloud accepts nothing",
                { $0.handle(.cloudAnswered(self.question($0), .accepted(sessionWattHours: 0))) }
            ),
            ("cloud refuses", { $0.handle(.cloudAnswered(self.question($0), .refused)) }),
            ("cloud fails", { $0.handle(.cloudAnswered(self.question($0), .failed)) }),
            ("cloud answers another question", { $0.handle(.cloudAnswered(CommandNumber(9_999), .refused)) }),
            ("cloud link lost", { $0.handle(.cloudLink(isUp: false)) }),
            ("revoked: this card", { $0.handle(.tokenRevoked(.own)) }),
            ("revoked: another card", { $0.handle(.tokenRevoked(.stranger)) }),
            ("denied: this card", { $0.handle(.tokenDenied(.own)) }),
            ("denied: another card", { $0.handle(.tokenDenied(.stranger)) }),
            ("a plug sits", { $0.plug() }),
            (
                "started by hand elsewhere",
                { post in
                    post.plug(1)
                    post.handle(.command(CommandNumber(7), .start(ConnectorID(1), .own)))
                }
            ),
            (
                "connector out of service",
                { $0.handle(.command(CommandNumber(7), .setAvailable(ConnectorID(0), false))) }
            ),
            (
                "connector reserved for another",
                { post in
                    let until = post.now + .hours(1)
                    post.handle(.command(CommandNumber(7), .reserve(ConnectorID(0), .stranger, until: until)))
                }
            ),
            (
                "configured anew",
                { post in
                    var next = post.core.configuration
                    next.limits.refusalShownFor = .seconds(1)
                    post.handle(.configured(next))
                }
            ),
            (
                "its own deadline",
                { post in
                    guard let deadline = post.core.readers[0].tap.deadline else { return }
                    post.now = deadline
                    post.handle(.timePassed)
                }
            ),
        ]
        return columns
    }

    private func text(_ column: Column, _ situation: TapSituation, guestFloor: Int64 = 0) -> String {
        let post = play(situation, guestFloor: guestFloor)
        let before = post.core.readers[0].tap.name
        let mark = post.log.count
        column.play(post)
        let found = (post.judge?.broken ?? []) + (post.judge?.interventions ?? [])
        #expect(found.isEmpty, "\(situation.rawValue), \(column.name): \(found)")
        let what = post.log[mark...].map(\.action).filter(\.isAboutCards).compactMap(\.phrase).joined(
            separator: ", ")
        let after = post.core.readers[0].tap.name
        if before != after { return "→ \(after)" + (what.isEmpty ? "" : ": \(what)") }
        return what.isEmpty ? "nothing" : "stays: \(what)"
    }

    @Test("the table is what was reviewed")
    func reviewed() throws {
        var table = TransitionTable(
            """
            One reader that serves one connector, the cloud reachable. The second reader serves the whole post.
            """, rows: TapSituation.allCases.map(\.rawValue))
        for column in columns { table.append(column.name, TapSituation.allCases.map { text(column, $0) }) }
        for column in columns {
            let cells = TapSituation.allCases.map { situation -> String in
                let guest = text(column, situation, guestFloor: 2_000)
                return guest == text(column, situation) ? "nothing" : guest
            }
            if cells.contains(where: { $0 != "nothing" }) {
                table.append("\(column.name) (only what differs where guests get 2 kWh)", cells)
            }
        }
        try table.expectReviewed("reader.txt")
    }

    @Test("every state of a tap has a row")
    func everyState() {
        #expect(Set(TapSituation.allCases.map { play($0).core.readers[0].tap.name }) == Tap.everyName)
    }

    @Test("no tap waits for ever, and no listed card waits for the cloud")
    func bounded() {
        for situation in TapSituation.allCases {
            let post = play(situation)
            guard post.core.readers[0].tap.deadline != nil else {
                #expect(post.core.readers[0].tap.name == "idle")
                continue
            }
            let bound = post.now + .seconds(121)
            while let deadline = post.core.readers[0].tap.deadline, deadline <= bound {
                post.now = deadline
                post.handle(.timePassed)
            }
            #expect(post.core.readers[0].tap.name == "idle", "\(situation.rawValue)")
        }
        for situation in TapSituation.allCases {
            for column in columns where column.name.hasPrefix("looked up: listed") {
                let post = play(situation)
                column.play(post)
                #expect(!post.actions.list.contains { if case .askCloud = $0 { true } else { false } })
            }
        }
    }
}

extension Action {
    fileprivate var isAboutCards: Bool {
        switch self {
        case .askCloud, .recordStart, .answer, .report(.refused), .report(.sessionEnded), .report(.defect),
            .tellVehicle(_, _, .stopRequested):
            true
        default: false
        }
    }
}
