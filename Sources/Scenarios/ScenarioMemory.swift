// The records and the list of a simulated post: the shipped ledger in memory, the drivers of the scenario.

import Ledger
import Post
import Runtime
import Simulator

/// What a simulated post remembers; it outlives the post's process.
final class ScenarioMemory: PostMemory {
    private let ledger: Ledger
    private let drivers: DriverSetting
    /// The virtual time, for the wall clock: scenarios begin at midnight, 20 October 2025, UTC.
    var now: () -> Instant = { .zero }
    static let beginsAtUTCMilliseconds: Int64 = 1_760_918_400_000

    init(drivers: DriverSetting, post: Int) throws {
        ledger = try Ledger()
        self.drivers = drivers
    }

    private var clock: WallClock {
        WallClock(utcMilliseconds: Self.beginsAtUTCMilliseconds + now().microseconds / 1_000, quality: 2)
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
                return try ledger.record(start, clock)
            case .sample(let sample): return try ledger.record(sample)
            case .stop(let stop):
                owed = nil
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
    func sessions() -> [SessionRecord] { (try? ledger.sessions(limit: 10_000)) ?? [] }

    func name(_ token: String) -> TokenName {
        TokenName(high: 1, low: token.utf8.reduce(7) { $0 &* 1_099_511_628_211 ^ UInt64($1) })
    }

    func lookUp(_ token: String, name: TokenName) -> TokenLookUp {
        let verdict: TokenLookUp.Verdict
        if !drivers.hasList {
            verdict = .noList
        } else if drivers.listed.contains(token) {
            verdict = .listed
        } else if drivers.expired.contains(token) {
            verdict = .refused(.expiredToken)
        } else {
            verdict = .notListed
        }
        return TokenLookUp(token: name, verdict: verdict, group: 0, freshness: .fresh, allowance: .unlimited)
    }
}
