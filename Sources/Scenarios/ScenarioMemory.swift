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
    private let office = ScenarioOffice()
    private var deny: DenyObject?
    private var denied: [CanonicalToken] = []
    #if HOLDFAST_SEAMS
        /// A defect put in on purpose: the deny object is not asked. Not in release builds.
        var ignoresDenials = false { didSet { list?.ignoresDenials = ignoresDenials } }
    #endif
    private var version: UInt64 = 0
    private var listHash = [UInt8](repeating: 0, count: 32)
    private var floor: TimeFloor
    private var savedFloor: Int64
    /// The virtual time, and what the post's wall clock shows then.
    var now: () -> Instant = { .zero }
    var wallClock: () -> SimulatedWallClock = { SimulatedWallClock() }

    /// The post has run before: an hour ago it saved how late it was.
    init(drivers: DriverSetting, post: Int) throws {
        ledger = try Ledger()
        savedFloor = SimulatedWallClock().originMilliseconds / 1_000 - 3_600
        floor = TimeFloor([savedFloor], monotonic: 0)
        try ledger.keep(timeFloor: savedFloor)
        if drivers.hasList { try install(drivers, age: drivers.listAge) }
    }

    /// A new list of these drivers: another version, another salt, so other tags for everybody.
    func install(_ drivers: DriverSetting, age: Int64 = 60) throws {
        version += 1
        let issuedAt = wallClock().trueMilliseconds(at: now()) / 1_000 - age
        let reader = try office.list(of: drivers, version: version, issuedAt: issuedAt)
        listHash = reader.headerHash
        list = ListLookUp(InstalledList(BootedList(alone: reader), deny: deny))
        #if HOLDFAST_SEAMS
            list?.ignoresDenials = ignoresDenials
        #endif
        floor.raise(to: issuedAt, monotonic: monotonic)
    }

    /// The office's next deny object names this card, and all that it named before.
    func deny(_ token: String) throws {
        denied.append(try CanonicalToken(.free, token))
        let issuedAt = wallClock().trueMilliseconds(at: now()) / 1_000
        deny = try office.denial(of: denied, under: (max(1, version), listHash), issuedAt: issuedAt, after: deny)
        list?.deny = deny
        floor.raise(to: issuedAt, monotonic: monotonic)
    }

    private var monotonic: Int64 { now().microseconds / 1_000_000 }
    private var shown: WallClock {
        let clock = wallClock()
        return WallClock(utcMilliseconds: clock.milliseconds(at: now()), quality: clock.isSynchronized ? 2 : 0)
    }
    /// Nobody vouches for a clock that anybody on the network can set.
    private var time: TimeReading { floor.read(shown, isVouched: false, monotonic: monotonic) }
    private var clock: WallClock { time.stamp(shown) }

    /// The step of the ladder that the list stands on; nil without a list.
    func rung(cloudIsThere: Bool) -> LadderRung? { list?.list.rung(time, cloudIsThere: cloudIsThere) }

    func boot() -> Restored {
        floor = TimeFloor([ledger.timeFloor() ?? 0, list?.header.issuedAt ?? 0], monotonic: monotonic)
        guard let found = try? ledger.begin(clock) else {
            return Restored(boot: BootFacts(bootNumber: 1, uncleanStarts: 0))
        }
        return Restored(boot: found.boot, latches: found.latches, openSessions: found.openSessions)
    }

    func stoppedCleanly() { try? ledger.stopCleanly() }

    func perform(_ request: RecordRequest) -> RecordOutcome {
        saveFloor()
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

    private func saveFloor() {
        let bound = floor.lowerBound(monotonic: monotonic)
        guard bound - savedFloor >= 600 else { return }
        savedFloor = bound
        try? ledger.keep(timeFloor: bound)
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

    func lookUp(_ token: String, name: TokenName) -> LookUpAnswer {
        let canonical = try? CanonicalToken(.free, token)
        if let answer = list?.lookUp(canonical, name: name, time) { return answer }
        // A post without a list refuses all the same whom the office denies.
        let isDenied = canonical.flatMap { deny?.denies($0) } ?? false
        return LookUpAnswer(token: name, verdict: isDenied ? .refused(.blockedToken) : .noList)
    }

    func risk(at now: Instant) -> RiskDesk {
        let clock = clock
        let since = clock.utcMilliseconds - Ledger.counterWindowMilliseconds
        let uses = (try? ledger.recentUse(since: since, limit: RiskDesk.sessionsAtMost)) ?? []
        return RiskDesk(uses, utcMilliseconds: clock.utcMilliseconds, at: now)
    }
}

extension DriverSetting {
    /// While the list is fresh nobody in a story meets a limit by accident; older lists shrink to the usual ladder.
    private static let generous = ListProfile(
        number: 0, maximumWatts: 1_000_000,
        fresh: ProfileLimits(sessionWattHours: 1_000_000, sessionsPerDay: 1_000),
        stale: ListProfile.standard.stale, expired: ListProfile.standard.expired)
    /// Strangers may have whatever the site gives them.
    fileprivate var policy: ListPolicy {
        var policy = ListPolicy(
            profiles: [hasUsualLimits ? .standard : Self.generous],
            guests: GuestFloor(sessionWattHours: 100_000, sessionsPerDay: guestsPerDay))
        if let most = atRiskWattHours {
            policy.postExposure = ExposureCap(fresh: most, stale: most / 2, expired: most / 4)
        }
        return policy
    }
}

/// The office that issues lists and deny objects to the posts of a story, with a key for each.
private struct ScenarioOffice {
    private let secretKey: [UInt8]
    private let openKey: [UInt8]
    private let denyingKey: [UInt8]
    private let openDenyingKey: [UInt8]
    private let operatorID = [UInt8](repeating: 1, count: 16)
    private let listID = [UInt8](repeating: 2, count: 16)
    private let pepper = [UInt8](repeating: 4, count: 32)

    init() {
        (secretKey, openKey) = KeyMaker.signingKey()
        (denyingKey, openDenyingKey) = KeyMaker.signingKey()
    }

    private func audience() throws -> ListAudience {
        ListAudience(operatorID: operatorID, keys: [try TrustedKey(openKey)])
    }

    /// Whose denials the posts honour: a bundle alone says so.
    private func denyingAudience() throws -> ListAudience {
        ListAudience(
            TrustBundle(
                operatorID: operatorID, number: 1, issuedAt: 0, softExpiry: .max, threshold: 1,
                keys: [BundleKey(try TrustedKey(openDenyingKey), .deny)]))
    }

    /// A list that the posts accept, opened as a post opens it.
    func list(
        of drivers: DriverSetting, version: UInt64, issuedAt: Int64
    ) throws -> AllowList.ListReader<ListInMemory> {
        var order = ListOrder(
            operatorID: operatorID, listID: listID, version: version, issuedAt: issuedAt,
            salt: [UInt8](repeating: UInt8(truncatingIfNeeded: version), count: 32), pepper: pepper)
        order.policy = drivers.policy
        let valid = try drivers.listed.map { ListEntry(token: try CanonicalToken(.free, $0)) }
        let past = try drivers.expired.map {
            ListEntry(token: try CanonicalToken(.free, $0), validUntil: issuedAt - 30 * 86_400)
        }
        let file = try order.issue(valid + past, secretKey: secretKey)
        return try AllowList.ListReader(ListInMemory(file), for: try audience(), pepper: pepper)
    }

    /// A deny object that the posts accept; it confirms the list in use, if there is one.
    func denial(
        of tokens: [CanonicalToken], under list: (version: UInt64, hash: [UInt8]), issuedAt: Int64,
        after present: DenyObject?
    ) throws -> DenyObject {
        let order = DenyOrder(
            operatorID: operatorID, listID: listID, sequence: (present?.sequence ?? 0) + 1, issuedAt: issuedAt,
            listVersion: list.version, listHash: list.hash, salt: [UInt8](repeating: 3, count: 32),
            tokens: tokens)
        var file = try SignedFile(try order.unsigned(pepper: pepper))
        try file.sign(denyingKey)
        return try DenyObject(file.bytes, for: try denyingAudience(), pepper: pepper, after: present)
    }
}
