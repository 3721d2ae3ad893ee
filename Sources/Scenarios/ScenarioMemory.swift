// The records and the list of a simulated post: the shipped ledger on SQLite's memory, a signed list of the drivers.

import AllowList
import Ledger
import Post
import Runtime
import Simulator

/// What a simulated post remembers; it outlives the post's process.
final class ScenarioMemory: PostMemory {
    private let ledger: Ledger
    private var list: ListLookUp<ListInMemory>?
    private var counters = TokenCounters()
    private var version: UInt64 = 0
    /// The virtual time, and what the post's wall clock shows then.
    var now: () -> Instant = { .zero }
    var wallClock: () -> SimulatedWallClock = { SimulatedWallClock() }

    init(drivers: DriverSetting, post: Int) throws {
        ledger = try Ledger()
        if drivers.hasList { try install(drivers) }
    }

    /// A new list of these drivers: another version, another salt, so other tags for everybody.
    func install(_ drivers: DriverSetting) throws {
        version += 1
        list = try drivers.signedList(version: version)
    }

    private var clock: WallClock {
        let clock = wallClock()
        return WallClock(utcMilliseconds: clock.milliseconds(at: now()), quality: clock.isSynchronized ? 2 : 0)
    }

    func boot() -> Restored {
        guard let found = try? ledger.begin(clock) else {
            return Restored(boot: BootFacts(bootNumber: 1, uncleanStarts: 0))
        }
        return Restored(boot: found.boot, latches: found.latches, openSessions: found.openSessions)
    }

    func stoppedCleanly() { try? ledger.stopCleanly() }

    func perform(_ request: RecordRequest) -> RecordOutcome {
        do {
            switch request {
            case .start(let start):
                owed = nil
                counters.observe(.recordStart(start), at: now())
                return try ledger.record(start, clock)
            case .sample(let sample):
                counters.observe(.recordSample(sample), at: now())
                return try ledger.record(sample)
            case .stop(let stop):
                owed = nil
                counters.observe(.recordStop(stop), at: now())
                return try ledger.record(stop, clock)
            case .latch(let latch, let isSet):
                try ledger.record(latch, isSet: isSet)
                return .recorded
            }
        } catch {
            return .failed
        }
    }

    /// Kept beside the ledger, as the live record thread does: asked for at every request, changed only by few.
    private var owed: (newest: Int64, acknowledged: Int64)?
    var outbox: (newest: Int64, acknowledged: Int64) {
        if let owed { return owed }
        let found = (try? ledger.outbox()).map { ($0.newest, $0.acknowledged) } ?? (0, 0)
        owed = found
        return found
    }
    func acknowledged(_ number: Int64) {
        try? ledger.acknowledge(upTo: number)
        owed = nil
    }
    /// Records that the cloud does not have yet.
    var recordsOwed: Int64 { outbox.newest - outbox.acknowledged }
    func sessions() -> [SessionRecord] { (try? ledger.sessions(limit: 10_000)) ?? [] }

    /// Names are the post's own and stay the same through every list.
    func name(_ token: String) -> TokenName {
        TokenName(high: 1, low: token.utf8.reduce(7) { $0 &* 1_099_511_628_211 ^ UInt64($1) })
    }

    func lookUp(_ token: String, name: TokenName) -> TokenLookUp {
        let canonical = try? CanonicalToken(.free, token)
        guard let answer = list?.lookUp(canonical, name: name, clock) else {
            return TokenLookUp(
                token: name, verdict: .noList, group: 0, freshness: .timeUntrusted,
                allowance: Allowance(sessionWattHours: 0, powerWatts: 0, sessionsLeft: 0))
        }
        return counters.join(answer, at: now())
    }
}

extension DriverSetting {
    /// A day before the story: lists are issued before they are used.
    private static let issuedAt: Int64 = 1_760_918_400 - 86_400
    /// While the list is fresh nobody in a story meets a limit by accident; older lists shrink to the usual ladder.
    private static let profile = ListProfile(
        number: 0, maximumWatts: 1_000_000,
        fresh: ProfileLimits(sessionWattHours: 1_000_000, sessionsPerDay: 1_000),
        stale: ListProfile.standard.stale, expired: ListProfile.standard.expired)

    /// A list that the posts of a story accept, opened as a post opens it.
    fileprivate func signedList(version: UInt64) throws -> ListLookUp<ListInMemory> {
        func bytes(_ value: UInt8, _ count: Int) -> [UInt8] { [UInt8](repeating: value, count: count) }
        var order = ListOrder(
            operatorID: bytes(1, 16), listID: bytes(2, 16), version: version, issuedAt: Self.issuedAt,
            salt: bytes(UInt8(truncatingIfNeeded: version), 32), pepper: bytes(4, 32))
        order.profiles = [Self.profile]
        let valid = try listed.map { ListEntry(token: try CanonicalToken(.free, $0)) }
        let past = try expired.map {
            ListEntry(token: try CanonicalToken(.free, $0), validUntil: Self.issuedAt - 30 * 86_400)
        }
        let (secret, open) = KeyMaker.signingKey()
        let file = try order.issue(valid + past, secretKey: secret)
        let audience = ListAudience(operatorID: order.operatorID, keys: [try TrustedKey(open)])
        let reader = try AllowList.ListReader(ListInMemory(file), for: audience, pepper: order.pepper)
        return ListLookUp(InstalledList(BootedList(alone: reader)))
    }
}
