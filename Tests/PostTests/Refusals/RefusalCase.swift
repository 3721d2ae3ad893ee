// How a refusal is proved: a post is driven to the cause, and what it says, shows and does not do is looked at.

import Catalog

@testable import Post

/// One refusal and what brings it about.
struct RefusalCase: Sendable {
    /// Who hears it.
    enum Hearer: Sendable {
        /// The driver, at the connector where a vehicle waits or the session is; nil: at the reader alone.
        case driver(at: UInt8?)
        /// Whoever gave the command.
        case operator_
    }

    let refusal: Refusal
    let hearer: Hearer
    var configuration = PostConfiguration.twoConnectors
    /// What happens. The refusal is the answer to the last of it, or to time that passes after it.
    let cause: @Sendable (PlausiblePost) -> Void

    init(
        _ refusal: Refusal, _ hearer: Hearer, _ configuration: PostConfiguration = .twoConnectors,
        _ cause: @escaping @Sendable (PlausiblePost) -> Void
    ) {
        self.refusal = refusal
        self.hearer = hearer
        self.configuration = configuration
        self.cause = cause
    }

    /// Plays the case; what was not as it must be, in words.
    func complaints() -> [String] {
        let post = PlausiblePost(configuration)
        cause(post)
        var wrong: [String] = []
        func expect(_ isSo: Bool, _ complaint: String) { if !isSo { wrong.append("\(refusal): \(complaint)") } }

        let told = post.log.indices.filter { isRefusal(post.log[$0].action) }
        expect(told.count == 1, "told \(told.count) times, not once")
        guard let first = told.first else { return wrong }
        let others = post.log[first...].contains { isOtherRefusal($0.action) }
        expect(!others, "another refusal was told besides")
        switch hearer {
        case .operator_: break
        case .driver(let place):
            expect(place == connector(in: post.log[first].action), "told at another connector")
            for index in 0..<post.count
            where place.map({ Int($0) == index }) ?? post.core.readers[0].serves(ConnectorID(UInt8(index))) {
                expect(
                    post.status(index).refusal == refusal || post.status(index).session != nil,
                    "not shown at connector \(index)")
            }
            if let place, post.status(Int(place)).powerAllowed == nil {
                let status = post.status(Int(place))
                for language in Language.allCases where status.faults.isEmpty && status.phase != .unavailable {
                    let words = Sentences(language)
                    let said = words.sentence(for: status, now: post.now)
                    expect(said.why == words.refusal(refusal).whatHappened, "\(language): does not say why")
                    expect(said.next == words.refusal(refusal).driverAction, "\(language): does not say what next")
                }
            }
        }
        for language in Language.allCases {
            let words = Sentences(language).refusal(refusal)
            expect(!words.whatHappened.isEmpty && !words.driverAction.isEmpty, "\(language): no sentence")
        }
        // What was refused never gets power, nor a session.
        post.run(.seconds(10))
        let follows = post.log[first...].contains {
            switch $0.action {
            case .allowPower, .recordStart, .report(.sessionAuthorized): true
            default: false
            }
        }
        expect(!follows, "power or a session follows")
        expect(post.defects.isEmpty, "the supervisor stepped in: \(post.defects)")
        post.run(.seconds(10))
        for index in 0..<post.count { expect(post.status(index).refusal == nil, "is shown for ever") }
        return wrong
    }

    private func isRefusal(_ action: Action) -> Bool {
        switch (hearer, action) {
        case (.operator_, .answer(_, refusal)): true
        case (.driver, .report(.refused(refusal, _))): true
        default: false
        }
    }

    private func isOtherRefusal(_ action: Action) -> Bool {
        switch action {
        case .report(.refused(let other, _)), .answer(_, .some(let other)): other != refusal
        default: false
        }
    }

    private func connector(in action: Action) -> UInt8? {
        guard case .report(.refused(_, let id)) = action else { return nil }
        return id?.index
    }
}
