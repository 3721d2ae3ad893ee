// What is joined to each look-up from memory: the step of the ladder, what the token has taken, what is at risk.

import AllowList
public import Ledger
public import Post

/// The counters and reader guards of one post. Belongs to whoever drives it, and answers in the call that decides.
///
/// They include every start that the core has asked for, durable or not, and every grant that waits for a plug: no two
/// taps spend one allowance.
public struct RiskDesk: Sendable {
    /// Sessions that are remembered at most. Engineering default: over ten times what one post serves in a day.
    public static let sessionsAtMost = 4_096

    /// What an open tap may turn into.
    private struct Promise {
        var token: TokenName
        var wattHours: UInt64
        var isGuest: Bool
    }
    private struct Reader {
        var promise: Promise?
        var guesses: ReaderGuard?
        /// Unknown tokens of late: the same card again is no new guess.
        var unknown: [TokenName] = []
    }
    private var counters: RiskCounters<TokenName, SessionID>
    private var readers = [Reader](repeating: Reader(), count: PostConfiguration.readersAtMost)

    /// What the records hold from before. Restored sessions count by how long ago they began at least: no clock, believed or
    /// not, gives an allowance back.
    /// - Parameters:
    ///   - uses: what tokens have taken, oldest first.
    ///   - floor: the earliest that it can be now, in seconds since 1970, by the same reckoning.
    public init(_ uses: [TokenUse] = [], floor: Int64 = 0, at now: Instant = .zero) {
        counters = RiskCounters(
            uses.map { use in
                let ago = max(0, floor.subtractingReportingOverflow(use.startedFloorSeconds).partialValue)
                return .init(
                    session: use.session, token: use.token, startedAt: now.seconds - ago,
                    grantedWattHours: use.isOver ? 0 : UInt32(clamping: use.grantedWattHours),
                    wattHours: UInt32(clamping: use.wattHours),
                    isSettled: use.isSettled || !use.source.isAtRisk, isGuest: use.source == .guestFloor,
                    isOver: use.isOver)
            }, capacity: Self.sessionsAtMost)
    }

    /// Energy that has flowed, or is granted to running sessions, and that the cloud does not know of, in watt-hours.
    public var wattHoursAtRisk: UInt64 { counters.exposure }
    /// Sessions that were forgotten because too many were remembered; what they took is still at risk.
    public var forgotten: UInt64 { counters.forgotten }

    /// Takes in what the core wants: starts count from the moment they are asked for.
    public mutating func observe(_ action: Action, at now: Instant) {
        switch action {
        case .recordStart(let start): begin(start, at: now)
        case .recordSample(let sample):
            counters.take(sample.session, wattHours: UInt32(clamping: sample.energyWattHours))
        case .recordStop(let stop): counters.end(stop.session, wattHours: UInt32(clamping: stop.energyWattHours))
        default: break
        }
    }

    /// Takes in how a request to the records went: a start that the disk refused has used nothing up.
    public mutating func observe(_ event: Event) {
        switch event {
        case .startRecorded(let session, let outcome) where outcome != .recorded: counters.withdraw(session)
        case .stopRecorded(let session, .recorded): counters.close(session)
        default: break
        }
    }

    /// The cloud has every record up to now: sessions that are over are no longer at risk.
    public mutating func cloudHeard() { counters.settleWhatIsOver() }

    private mutating func begin(_ start: SessionStart, at now: Instant) {
        for index in readers.indices {
            if readers[index].promise?.token == start.token { readers[index].promise = nil }
            // The cloud vouches for it, so it was no guess.
            guard start.source == .cloud, readers[index].unknown.last == start.token else { continue }
            readers[index].unknown.removeLast()
            readers[index].guesses?.forgiveLast()
        }
        counters.begin(
            start.session, start.token, granted: UInt32(clamping: start.allowance.sessionWattHours),
            isGuest: start.source == .guestFloor, isSettled: !start.source.isAtRisk, at: now.seconds)
    }

    /// The answer as the core decides on it.
    /// - Parameters:
    ///   - isOpen: whether a reader's tap is still being decided or waits for a plug.
    public mutating func join(
        _ answer: LookUpAnswer, at reader: ReaderID, cloudIsThere: Bool, isOpen: (ReaderID) -> Bool, now: Instant
    ) -> TokenLookUp {
        let place = Int(reader.index)
        for index in readers.indices where index != place && readers[index].promise != nil {
            if !isOpen(ReaderID(UInt8(index))) { readers[index].promise = nil }
        }
        var lookUp = TokenLookUp(
            token: answer.token, verdict: .noList, group: answer.group, freshness: Freshness(answer.rung.freshness),
            allowance: .none)
        guard let ladder = answer.ladder, place < readers.count else {
            if case .refused(let reason) = answer.verdict { lookUp.verdict = .refused(reason) }
            return lookUp
        }
        readers[place].promise = nil
        let rung = answer.rung == .fresh && cloudIsThere ? LadderRung.confirmed : answer.rung
        if isPaused(place, ladder.policy.guessing, now) {
            lookUp.verdict = .refused(.readerPaused)
            return lookUp
        }
        switch answer.verdict {
        case .refused(let reason): lookUp.verdict = .refused(reason)
        case .noList: break
        case .notListed:
            guard !isGuess(answer.token, at: place, now) else {
                lookUp.verdict = .refused(.readerPaused)
                return lookUp
            }
            lookUp.verdict = .notListed
            lookUp.allowance = stranger(answer.token, ladder, rung, at: place, now)
        case .listed(let profile):
            (lookUp.verdict, lookUp.allowance) = listed(
                profile, answer.token, ladder, rung, at: place, cloudIsThere: cloudIsThere, now)
        }
        return lookUp
    }

    // What a token may take

    private mutating func listed(
        _ profile: ListProfile, _ token: TokenName, _ ladder: RiskLadder, _ rung: LadderRung, at place: Int,
        cloudIsThere: Bool, _ now: Instant
    ) -> (TokenLookUp.Verdict, Allowance) {
        do {
            let grant = try ladder.grant(
                profile, on: rung, used: counters.usage(of: token, at: now.seconds),
                exposure: exposure(besides: token))
            promise(grant, token, at: place, isGuest: false)
            return (.listed, Allowance(grant))
        } catch {
            // Its provider wants to be asked: whoever can ask does, as for a token that no list knows.
            if error == .issuerForbids, cloudIsThere { return (.notListed, .none) }
            return (.limited(error.refusal), .none)
        }
    }

    private mutating func stranger(
        _ token: TokenName, _ ladder: RiskLadder, _ rung: LadderRung, at place: Int, _ now: Instant
    ) -> Allowance {
        let waiting = readers.count { $0.promise?.isGuest == true && $0.promise?.token != token }
        let today = counters.guests(at: now.seconds) + UInt32(waiting)
        guard
            let grant = try? ladder.guestGrant(
                on: rung, guestsToday: today, exposure: exposure(besides: token), watts: Self.guestWatts)
        else { return .none }
        promise(grant, token, at: place, isGuest: true)
        return Allowance(grant)
    }
    /// What strangers may draw: as much as the connector gives; their bound is energy. 1 MW.
    private static let guestWatts: UInt32 = 1_000_000

    private mutating func promise(_ grant: AllowList.Grant, _ token: TokenName, at place: Int, isGuest: Bool) {
        readers[place].promise = Promise(token: token, wattHours: UInt64(grant.sessionWattHours), isGuest: isGuest)
    }

    /// What is at risk, with what other open taps may turn into. Of its site a post knows no more than itself.
    private func exposure(besides token: TokenName) -> Exposure {
        var post = counters.exposure
        for reader in readers {
            if let promise = reader.promise, promise.token != token { post += promise.wattHours }
        }
        return Exposure(post: post, site: post)
    }

    // Guessing

    private mutating func isPaused(_ place: Int, _ limits: GuessingLimits, _ now: Instant) -> Bool {
        if readers[place].guesses == nil { readers[place].guesses = ReaderGuard(limits) }
        readers[place].guesses?.limits = limits
        return (readers[place].guesses?.secondsToWait(at: now.seconds) ?? 0) > 0
    }

    /// Counts an unknown token that was not shown here of late; true when the reader pauses because of it.
    private mutating func isGuess(_ token: TokenName, at place: Int, _ now: Instant) -> Bool {
        guard !readers[place].unknown.contains(token) else { return false }
        if readers[place].unknown.count >= Self.unknownAtMost { readers[place].unknown.removeFirst() }
        readers[place].unknown.append(token)
        return readers[place].guesses?.missed(at: now.seconds) ?? false
    }
    /// Unknown tokens that a reader remembers. 16: more than it takes to make it pause. Engineering default.
    private static let unknownAtMost = 16
}

extension AuthorizationSource {
    /// Whether nobody but the post has said yes: the cloud's and the operator's sessions are known to them.
    fileprivate var isAtRisk: Bool { self == .list || self == .guestFloor }
}

extension Allowance {
    fileprivate init(_ grant: AllowList.Grant) {
        self.init(
            sessionWattHours: Int64(grant.sessionWattHours), powerWatts: Int64(grant.watts),
            sessionsLeft: Int32(clamping: grant.sessionsLeft))
    }
}

extension GrantRefusal {
    /// The core's word for it.
    fileprivate var refusal: Refusal {
        switch self {
        case .issuerForbids: .mustAskProvider
        case .tooSoon: .tokenTooSoon
        case .sessionsUsedUp: .sessionsUsedUp
        case .energyUsedUp: .energyUsedUp
        case .postExposure, .siteExposure: .exposureUsedUp
        case .guestsRefused: .unknownToken
        }
    }
}

extension Instant {
    fileprivate var seconds: Int64 { microseconds.dividedDown(by: 1_000_000) }
}
