// The records and the list of a simulated post: the shipped ledger on SQLite's memory, a signed list of the drivers.

import AllowList
import Ledger
import Post
import Runtime
import Simulator

/// What a simulated post remembers; it outlives the post's process. Lists are installed, and deny objects adopted, by
/// what every post ships: two places, marks in the records, an install guard.
final class ScenarioMemory: PostMemory {
    let ledger: Ledger
    private let folder = FolderInMemory()
    private let audience: ListAudience
    private let policy: ListPolicy
    private let presented = PresentedTokens { _ in false }
    private var list: ListLookUp<FileInMemory>?
    /// The newest version that the office has issued for this post and that has its place.
    private(set) var version: UInt64 = 0
    private var sequence: UInt64 = 0
    #if HOLDFAST_SEAMS
        /// A defect put in on purpose: the deny object is not asked. Not in release builds.
        var ignoresDenials = false { didSet { list?.ignoresDenials = ignoresDenials } }
        /// Sessions that are open at a start are not told. Not in release builds.
        var forgetsOpenSessions = false
        /// What is done to the books behind the post's back. Not in release builds.
        var tampering: BooksTampering?
    #endif
    private var floor: TimeFloor
    private var savedFloor: Int64
    /// Why the last list or deny object was refused; nil after one was taken.
    private(set) var refused: ListRefusal?
    /// The virtual time, and what the post's wall clock shows then.
    var now: () -> Instant = { .zero }
    var wallClock: () -> SimulatedWallClock = { SimulatedWallClock() }

    /// The post has run before: an hour ago it saved how late it was.
    init(drivers: DriverSetting, post: Int) throws {
        ledger = try Ledger()
        audience = try ScenarioOffice.audience()
        policy = drivers.policy
        savedFloor = SimulatedWallClock().originMilliseconds / 1_000 - 3_600
        floor = TimeFloor([savedFloor], monotonic: 0)
        try ledger.keep(timeFloor: floor.written(monotonic: 0))
        if drivers.hasList { try deliver(drivers, age: drivers.listAge) }
    }

    // Lists and deny objects

    var slots: ListSlots<FolderInMemory, Ledger> {
        ListSlots(in: folder, state: ledger, for: audience, pepper: ScenarioOffice.pepper)
    }
    private var store: TrustStore<FolderInMemory, Ledger> { TrustStore(in: folder, state: ledger) }
    private var trueSeconds: Int64 { wallClock().trueMilliseconds(at: now()) / 1_000 }

    /// A list that is sent. What is refused is told by `refused` and changes nothing; throws where none can be issued.
    func deliver(_ drivers: DriverSetting, age: Int64 = 60, flaw: ListFlaw? = nil, diesAfter: Int? = nil) throws {
        let bytes = try ScenarioOffice.list(
            drivers, policy: policy, version: version + 1, issuedAt: trueSeconds - age, flaw: flaw)
        folder.changesLeft = diesAfter
        defer { folder.changesLeft = nil }
        do throws(InstallProblem) {
            version = try slots.install(ListInMemory(bytes)).version
            refused = nil
            use()
        } catch {
            if case .refused(let refusal) = error { refused = refusal }
        }
    }

    /// A deny object that is sent; the post's names of those of its drivers who are denied and may have a session.
    func deny(_ tokens: [String]) throws -> [TokenName] {
        guard let header = list?.header else { return [] }
        sequence += 1
        let bytes = try ScenarioOffice.deny(
            tokens, sequence: sequence, issuedAt: trueSeconds, newest: (header.version, list?.list.headerHash ?? [])
        )
        let object = try store.adopt(deny: bytes, for: audience, pepper: ScenarioOffice.pepper)
        floor.raise(to: object.issuedAt, by: .key(.deny, object.signer.bytes), monotonic: monotonic)
        use()
        return presented.denied(by: object)
    }

    /// A bit turns on the disk, in the page that holds a token. False where there is no list.
    func damage(pageOf token: String) -> Bool {
        guard let booted = slots.boot(), let file = folder.open(booted.slot.name),
            let canonical = try? CanonicalToken(.free, token), let page = booted.reader.page(of: canonical)
        else { return false }
        let header = booted.reader.header
        file.bytes[file.bytes.count - (Int(header.pageCount) - page) * Int(header.pageSize)] ^= 1
        return true
    }

    /// What a start, or an installation, finds.
    private func use() {
        guard let booted = slots.boot() else { return }
        version = max(version, booted.reader.header.version)
        for key in booted.reader.signers {
            floor.raise(to: booted.reader.header.issuedAt, by: .key(.list, key.bytes), monotonic: monotonic)
        }
        let deny = try? store.deny(for: audience, pepper: ScenarioOffice.pepper)
        list = ListLookUp(InstalledList(booted, deny: deny))
        #if HOLDFAST_SEAMS
            list?.ignoresDenials = ignoresDenials
        #endif
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

    func boot(kernel: String) -> Restored {
        floor = TimeFloor([], monotonic: monotonic)
        floor.restore(ledger.timeFloor(), monotonic: monotonic)
        if list != nil { use() }
        guard let found = try? ledger.begin(clock, kernel: kernel) else {
            return Restored(boot: BootFacts(bootNumber: 1, uncleanStarts: 0))
        }
        #if HOLDFAST_SEAMS
            if forgetsOpenSessions {
                return Restored(
                    boot: found.boot, latches: found.latches, outOfService: found.outOfService,
                    meters: found.meters)
            }
        #endif
        return Restored(
            boot: found.boot, latches: found.latches, outOfService: found.outOfService, meters: found.meters,
            openSessions: found.openSessions)
    }

    func stoppedCleanly() { try? ledger.stopCleanly() }

    func perform(_ request: RecordRequest) -> RecordOutcome {
        saveFloor()
        do {
            switch request {
            case .start(let start):
                owed = nil
                #if HOLDFAST_SEAMS
                    defer { if let tampering { try? tampering.tamper(with: ledger, after: start, clock) } }
                #endif
                return try ledger.record(
                    start, clock, floor: floor.lowerBoundWithoutDenials(monotonic: monotonic))
            case .sample(let sample): return try ledger.record(sample)
            case .stop(let stop):
                owed = nil
                #if HOLDFAST_SEAMS
                    if let tampering { return try tampering.record(stop, in: ledger, clock) }
                #endif
                return try ledger.record(stop, clock)
            case .latch(let latch, let isSet):
                try ledger.record(latch, isSet: isSet)
                return .recorded
            case .meter(let meter):
                try ledger.record(meter)
                return .recorded
            case .availability(let id, let isIn):
                try ledger.record(id, isInService: isIn)
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
        try? ledger.keep(timeFloor: floor.written(monotonic: monotonic))
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

    /// Every record that the cloud was ever owed, delivered or not, in the order of its number.
    func everythingOwed() -> [OwedRecord] {
        guard let newest = (try? ledger.outbox())?.newest, newest > 0 else { return [] }
        return (1...newest).compactMap { try? ledger.owed($0) }
    }

    /// Names are the post's own and stay the same through every list.
    func name(_ token: String) -> TokenName {
        TokenName(high: 1, low: token.utf8.reduce(7) { $0 &* 1_099_511_628_211 ^ UInt64($1) })
    }

    func lookUp(_ token: String, name: TokenName) -> LookUpAnswer {
        let canonical = try? CanonicalToken(.free, token)
        if let canonical { presented.remember(canonical, as: name) }
        return list?.lookUp(canonical, name: name, time) ?? LookUpAnswer(token: name, verdict: .noList)
    }

    func risk(at now: Instant) -> RiskDesk {
        let floor = floor.lowerBoundWithoutDenials(monotonic: monotonic)
        let uses = (try? ledger.recentUse(at: floor, limit: RiskDesk.sessionsAtMost)) ?? []
        return RiskDesk(uses, floor: floor, at: now)
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
