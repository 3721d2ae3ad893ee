// Every refusal of the closed table, raised by what causes it.

import Testing

@testable import Post

extension PostConfiguration {
    /// Two connectors, each with a reader of its own.
    static let ownReaders: PostConfiguration = {
        var configuration = twoConnectors
        configuration.readers = [.connector(ConnectorID(0)), .connector(ConnectorID(1))]
        return configuration
    }()
}

extension PlausiblePost {
    fileprivate static func name(_ token: UInt64) -> TokenName { TokenName(high: 9, low: token) }

    /// A card is shown, and its look-up does not answer yet.
    fileprivate func show(_ token: UInt64 = 1) { handle(.tokenPresented(ReaderID(0), Self.name(token))) }

    fileprivate func command(_ command: OperatorCommand) { handle(.command(CommandNumber(77), command)) }

    /// A card that no list knows is shown while the cloud is there; gives the number under which it is asked.
    fileprivate func askCloud() -> CommandNumber {
        handle(.cloudLink(isUp: true))
        plug()
        tap(verdict: .notListed)
        for entry in log.reversed() { if case .askCloud(let number, _, _) = entry.action { return number } }
        return CommandNumber(0)
    }

    /// A listed card whose allowance is changed is shown to a vehicle that waits.
    fileprivate func tap(_ change: (inout Allowance) -> Void) {
        plug()
        var allowance = Allowance.unlimited
        change(&allowance)
        show()
        handle(
            .tokenLookedUp(
                ReaderID(0),
                TokenLookUp(
                    token: Self.name(1), verdict: .listed, group: 0, freshness: .fresh, allowance: allowance)))
    }
}

@Suite("Every refusal, by its cause")
struct RefusalTests {
    private static let first = ConnectorID(0)
    private static let stranger = TokenName(high: 9, low: 99)

    /// What the list itself says of a card.
    private static func byList(_ refusal: Refusal) -> RefusalCase {
        RefusalCase(refusal, .driver(at: 0)) {
            $0.plug()
            $0.tap(verdict: .refused(refusal))
        }
    }

    private static func byLimit(_ refusal: Refusal) -> RefusalCase {
        RefusalCase(refusal, .driver(at: 0)) {
            $0.plug()
            $0.tap(verdict: .limited(refusal))
        }
    }

    static let cases: [RefusalCase] = [
        // The card
        RefusalCase(.unknownToken, .driver(at: 0)) {
            $0.plug()
            $0.tap(verdict: .notListed)
        },
        byList(.expiredToken), byList(.notYetValidToken), byList(.blockedToken), byList(.lookUpDamaged),
        byList(.readerPaused), byLimit(.tokenTooSoon), byLimit(.exposureUsedUp), byLimit(.mustAskProvider),
        RefusalCase(.tokenInUse, .driver(at: 1), .ownReaders) {
            $0.charge()
            $0.plug(1)
            $0.tap(1, at: 1)
        },
        RefusalCase(.deniedInSession, .driver(at: 0)) {
            $0.charge()
            $0.handle(.tokenDenied(TokenName(high: 9, low: 1)))
            // The same denial again: it is told once.
            $0.handle(.tokenDenied(TokenName(high: 9, low: 1)))
        },
        RefusalCase(.sessionsUsedUp, .driver(at: 0)) { $0.tap { $0.sessionsLeft = 0 } },
        // Two posts that share a disk, or two taps: the records know that the last session is gone.
        RefusalCase(.sessionsUsedUp, .driver(at: 0)) {
            $0.recordsAnswer = .alreadySpent
            $0.plug()
            $0.tap()
            $0.run(.milliseconds(10))
        },
        RefusalCase(.energyUsedUp, .driver(at: 0)) { $0.tap { $0.sessionWattHours = 0 } },
        RefusalCase(.notYourSession, .driver(at: 0), .ownReaders) {
            $0.charge(0, token: 1)
            $0.tap(2)
        },
        RefusalCase(.noList, .driver(at: 0)) {
            $0.plug()
            $0.tap(verdict: .noList)
        },
        // The reader and the look-up
        RefusalCase(.lookUpTooLate, .driver(at: 0)) {
            $0.plug()
            $0.show()
            $0.run(.milliseconds(500))
        },
        RefusalCase(.readerGarbage, .driver(at: nil)) { $0.handle(.readerGarbage(ReaderID(0))) },
        RefusalCase(.readerBusy, .driver(at: nil)) {
            $0.show(1)
            $0.show(2)
            // The first card's answer comes, and it waits for its plug.
            $0.handle(
                .tokenLookedUp(
                    ReaderID(0),
                    TokenLookUp(
                        token: TokenName(high: 9, low: 1), verdict: .listed, group: 0, freshness: .fresh,
                        allowance: .unlimited)))
        },
        // The cloud
        RefusalCase(.cloudRefused, .driver(at: 0)) { $0.handle(.cloudAnswered($0.askCloud(), .refused)) },
        RefusalCase(.cloudTooLate, .driver(at: 0)) {
            _ = $0.askCloud()
            $0.run(.seconds(2))
        },
        RefusalCase(.cloudFailed, .driver(at: 0)) { $0.handle(.cloudAnswered($0.askCloud(), .failed)) },
        // The connector
        RefusalCase(.connectorFaulted, .driver(at: nil), .ownReaders) {
            $0.interlocks.doorOpen = true
            $0.plug()
            $0.tap()
        },
        RefusalCase(.connectorUnavailable, .driver(at: nil), .ownReaders) {
            $0.command(.setAvailable(first, false))
            $0.plug()
            $0.tap()
        },
        RefusalCase(.connectorReserved, .driver(at: nil), .ownReaders) {
            $0.command(.reserve(first, stranger, until: $0.now + .hours(1)))
            $0.plug()
            $0.tap()
        },
        RefusalCase(.connectorBusy, .driver(at: nil)) {
            $0.charge(0, token: 1)
            $0.charge(1, token: 2)
            $0.tap(3)
        },
        RefusalCase(.noVehicle, .driver(at: nil)) {
            $0.tap()
            $0.run(.seconds(120))
        },
        // The post
        RefusalCase(.recordsFailing, .driver(at: 0)) {
            $0.recordsAnswer = .failed
            $0.plug()
            $0.tap()
            $0.run(.milliseconds(10))
        },
        RefusalCase(.notReadyYet, .driver(at: nil)) {
            $0.core = PostCore(configuration: $0.core.configuration)
            $0.handle(.booted(BootFacts(bootNumber: 8, uncleanStarts: 0)))
            $0.plug()
            $0.tap()
        },
        // The records are known, and the contacts are not read yet: still starting, and nobody's session is in the way.
        RefusalCase(.notReadyYet, .driver(at: nil)) {
            $0.core = PostCore(configuration: $0.core.configuration)
            $0.handle(.booted(BootFacts(bootNumber: 8, uncleanStarts: 0)))
            $0.handle(.restored)
            $0.handle(
                .tokenPresented(ReaderID(0), TokenName(high: 9, low: 1)))
            $0.handle(
                .tokenLookedUp(
                    ReaderID(0),
                    TokenLookUp(
                        token: TokenName(high: 9, low: 1), verdict: .listed, group: 0, freshness: .fresh,
                        allowance: .unlimited)))
        },
        // Service has accepted another meter, which has not measured yet.
        RefusalCase(.notReadyYet, .driver(at: nil), .ownReaders) {
            $0.plug()
            $0.serials[0] = 9_999
            $0.run(.milliseconds(500))
            $0.now = $0.now + .milliseconds(10)
            $0.command(.clearFault(.meterSwapped, first))
            $0.tap()
        },
        // The operator
        RefusalCase(.nothingToStop, .operator_) {
            $0.plug()
            $0.command(.stop(first, .remote))
        },
        RefusalCase(.faultStillPresent, .operator_) {
            $0.interlocks.tiltOrWater = true
            $0.run(.milliseconds(100))
            $0.command(.clearFault(.tiltOrWater, nil))
        },
        RefusalCase(.connectorUnavailable, .operator_) {
            $0.plug()
            $0.command(.setAvailable(first, false))
            $0.command(.start(first, stranger))
        },
        RefusalCase(.noSuchConnector, .operator_) { $0.command(.start(ConnectorID(9), stranger)) },
        RefusalCase(.noSuchFault, .operator_) { $0.command(.clearFault(.weldedPlus, first)) },
    ]

    @Test("said once, at the right place, with why and what next; neither power nor a session follows")
    func everyCase() {
        for one in Self.cases { for complaint in one.complaints() { Issue.record("\(complaint)") } }
    }

    @Test("no refusal is without a case", arguments: Refusal.allCases)
    func complete(_ refusal: Refusal) {
        #expect(Self.cases.contains { $0.refusal == refusal }, "\(refusal) is raised by no case")
    }

    @Test("the check itself finds a refusal that is not raised, and power that follows")
    func honest() {
        let silent = RefusalCase(.blockedToken, .driver(at: 0)) { $0.plug() }
        #expect(!silent.complaints().isEmpty)
        let served = RefusalCase(.readerBusy, .driver(at: nil)) {
            $0.plug()
            $0.show(1)
            $0.show(2)
            $0.show(3)
        }
        #expect(!served.complaints().isEmpty)
    }

    @Test(
        "a command refused for the connector's sake gives its reason",
        arguments: [
            (OperatorCommand.start(first, stranger), Refusal.noVehicle),
            (.reserve(ConnectorID(1), stranger, until: .distantFuture), .connectorBusy),
            (.start(ConnectorID(1), TokenName(high: 9, low: 2)), .connectorBusy),
        ])
    func commands(_ command: OperatorCommand, _ refusal: Refusal) {
        let post = PlausiblePost()
        post.charge(1, token: 2)
        post.command(command)
        #expect(
            post.log.last { if case .answer = $0.action { true } else { false } }?.action
                == .answer(CommandNumber(77), refusal))
    }

    @Test("a card of the session's group stops it even while the list asks that card for a pause")
    func pauseStopsForGroup() {
        let post = PlausiblePost(.ownReaders)
        post.plug()
        post.tap(1, group: 5)
        post.run(.seconds(4))
        #expect(post.status().powerAllowed == .charge)
        post.tap(2, verdict: .limited(.tokenTooSoon), group: 5)
        #expect(post.status().phase == .stopping)
    }
}
