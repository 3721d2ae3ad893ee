// The fuzzer over every object, and random operations against a dictionary that knows the right answer.

import AllowListProofs
import Foundation
import Testing

@testable import AllowList
@testable import AllowListProofs

/// Operations a seed: `make fuzz` asks for more than `make test` has time for.
private let operations =
    ProcessInfo.processInfo.environment["HOLDFAST_MODEL_OPERATIONS"].flatMap { Int($0) } ?? 25_000

@Suite("Fuzzing and the model")
struct FuzzTests {
    @Test("no mutation of any object traps, is accepted as something else, or answers wrongly")
    func fuzz() throws {
        var fuzzer = try ListFuzzer()
        for seed in 0..<UInt64(100_000) {
            if let finding = fuzzer.run(seed: seed) { Issue.record("seed \(seed): \(finding)") }
        }
        // It reaches the depths: every object is accepted now and then, and refused for its contents.
        for name in ["list", "bundle", "deny", "delta"] {
            #expect(fuzzer.verdicts["\(name) good", default: 0] > 100)
        }
        for deep in [
            "list bad_record", "list bad_policy", "list unsorted", "bundle bad_bundle", "deny unsorted",
            "delta delta_mismatch",
        ] { #expect(fuzzer.verdicts[deep, default: 0] > 10, "\(deep)") }
    }

    @Test("random operations, tens of thousands, agree with a dictionary", arguments: [UInt64(1), 2])
    func model(seed: UInt64) throws {
        var post = try ModelPost(seed: seed)
        for step in 0..<operations {
            if let finding = try post.step() {
                Issue.record("seed \(seed), step \(step): \(finding)")
                return
            }
        }
        #expect(post.installs > 50 && post.deltas > 20 && post.crashes > 50 && post.denials > 20)
        #expect(post.taps > 20_000)
    }
}

/// A post, its office, and what a dictionary says.
private struct ModelPost {
    private let office = CorpusOffice()
    private let audience: ListAudience
    private var random: SeededRandom
    private var folder = CrashingFolder()
    /// Who is on the list of each version that the office has issued.
    private var issued: [UInt64: (drivers: Set<Int>, bytes: [UInt8])] = [:]
    private var newest: UInt64 = 0
    private var installed: UInt64 = 0
    private var denied: Set<Int> = []
    private var sequence: UInt64 = 0
    private var list: InstalledList<ListInMemory>?
    private(set) var installs = 0, deltas = 0, crashes = 0, denials = 0, taps = 0

    init(seed: UInt64) throws {
        random = SeededRandom(seed)
        audience = ListAudience(try TrustBundle(first: try office.bundle()))
    }

    private var slots: ListSlots<CrashingFolder, TrustStateFile<CrashingFolder>> {
        ListSlots(in: folder, state: TrustStateFile(in: folder), for: audience, pepper: office.pepper)
    }
    private var store: TrustStore<CrashingFolder, TrustStateFile<CrashingFolder>> {
        TrustStore(in: folder, state: TrustStateFile(in: folder))
    }

    mutating func step() throws -> String? {
        switch random.below(200) {
        case 0: try issue()
        case 1, 2: return try install(crashing: random.once(in: 2))
        case 3: return try rollback()
        case 4: try deny()
        default: return try tap()
        }
        return nil
    }

    private mutating func issue() throws {
        var drivers = issued[newest]?.drivers ?? []
        for _ in 0..<random.below(40) {
            let driver = random.below(150)
            if drivers.remove(driver) == nil { drivers.insert(driver) }
        }
        newest += 1
        let order = office.order(newest)
        let bytes = try order.issue(try office.drivers(drivers.sorted()), secretKey: CorpusOffice.listKeys[0])
        issued[newest] = (drivers, bytes)
    }

    /// Installs the newest list, whole or by a delta; sometimes the power goes in between.
    private mutating func install(crashing: Bool) throws -> String? {
        guard newest > 0, let target = issued[newest] else { return nil }
        let isNew = newest > installed
        if crashing { folder.cut = folder.operations + random.below(12) }
        let isDone: Bool
        if installed > 0, isNew, random.once(in: 2), let base = issued[installed] {
            let old = try ListReader(ListInMemory(base.bytes), for: audience, pepper: office.pepper)
            let new = try ListReader(ListInMemory(target.bytes), for: audience, pepper: office.pepper)
            let delta = try ListDelta(try ListDelta.make(from: old, to: new))
            isDone = (try? slots.install(try DeltaTarget(delta, on: old))) != nil
            deltas += 1
        } else {
            isDone = (try? slots.install(ListInMemory(target.bytes))) != nil
        }
        if crashing {
            var dice = Dice(random.next() | 2)
            folder.crash(&dice)
            crashes += 1
        } else if !isDone {
            return "version \(newest) could not be installed over \(installed)"
        }
        installs += 1
        return try boot(atLeast: isDone ? newest : installed)
    }

    /// After a start it is the list from before or the new one, whole, never an older one.
    private mutating func boot(atLeast version: UInt64) throws -> String? {
        guard let booted = slots.boot() else { return version == 0 ? nil : "no list, where version \(version) was" }
        let found = booted.reader.header.version
        guard found >= version, found <= newest, !booted.isDemoted else {
            return "version \(found) instead of \(version)"
        }
        installed = found
        list = InstalledList(booted, deny: try store.deny(for: audience, pepper: office.pepper))
        return nil
    }

    private mutating func rollback() throws -> String? {
        guard installed > 1, let old = issued[installed - 1] else { return nil }
        do {
            try slots.install(ListInMemory(old.bytes))
            return "version \(installed - 1) was taken back"
        } catch InstallProblem.refused(.rollback) { return nil }
    }

    private mutating func deny() throws {
        sequence += 1
        denied = Set((0..<random.below(20)).map { _ in random.below(150) })
        let bytes = try office.deny(sequence, denied.sorted())
        let object = try store.adopt(deny: bytes, for: audience, pepper: office.pepper)
        list?.deny = object
        denials += 1
    }

    private mutating func tap() throws -> String? {
        let driver = random.below(160)
        let hours = Int64(random.below(24 * 60))
        let now = CorpusOffice.now + hours * 3_600
        let time = TimeReading(lowerBound: now, trusted: random.once(in: 4) ? nil : now)
        taps += 1
        guard let found = list?.lookUp(try CanonicalToken(.free, "D\(driver)"), time: time) else { return nil }
        let isListed = issued[installed]?.drivers.contains(driver) ?? false
        let expected: ListAnswer =
            isListed ? .listed(profile: .standard, group: UInt32(driver % 3)) : .notListed
        guard found.answer == expected else { return "driver \(driver): \(found.answer) instead of \(expected)" }
        let isDenied = list?.deny != nil && denied.contains(driver)
        guard found.isDenied == isDenied else { return "driver \(driver): denied is \(found.isDenied)" }
        let isOld = hours >= 35 * 24
        return (found.rung == .expired) == isOld ? nil : "after \(hours) h the step is \(found.rung)"
    }
}
