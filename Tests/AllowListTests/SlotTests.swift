// Installing over two places: whatever happens, the old list or the new one, whole, and never an older one.

import Foundation
import Testing

@testable import AllowList

/// A post's folder and what it installs.
private struct Bench {
    let folder = CrashingFolder()
    let office: Office
    let files: [[UInt8]]

    /// Another post with the same lists, of which 1 and 2 are installed.
    init(like other: Bench) throws {
        office = other.office
        files = other.files
        for file in files.prefix(2) { try slots().install(ListInMemory(file)) }
    }

    /// Lists of versions 1, 2, 3, of which 1 and 2 are installed.
    init(installed: Int = 2) throws {
        office = try Office(version: 1, count: 40)
        var files: [[UInt8]] = []
        for version in 1...3 {
            var next = office
            next.order.version = UInt64(version)
            next.entries.append(ListEntry(token: try CanonicalToken(.free, "ONLY\(version)")))
            files.append(try next.file())
        }
        self.files = files
        for file in files.prefix(installed) { try slots().install(ListInMemory(file)) }
    }
    func slots() throws -> ListSlots<CrashingFolder, TrustStateFile<CrashingFolder>> {
        ListSlots(
            in: folder, state: TrustStateFile(in: folder), for: try office.audience(), pepper: office.pepper)
    }
    func verdict(_ file: [UInt8]) throws -> InstallProblem? {
        do {
            try slots().install(ListInMemory(file))
            return nil
        } catch let problem as InstallProblem { return problem }
    }
}

@Suite("Two places for a list")
struct SlotTests {
    @Test("the newest is used; the same again is no work; older, forked and foreign ones are refused by name")
    func versions() throws {
        let bench = try Bench()
        let booted = try #require(try bench.slots().boot())
        #expect(booted.reader.header.version == 2 && !booted.isDemoted)
        let before = bench.folder.operations
        #expect(try bench.verdict(bench.files[1]) == nil)
        #expect(bench.folder.operations == before)
        #expect(try bench.verdict(bench.files[0]) == .refused(.rollback))
        var fork = bench.office
        fork.order.version = 2
        // The same entries with longer dates are another list too: its limits last longer.
        fork.entries.append(ListEntry(token: try CanonicalToken(.free, "ONLY2")))
        fork.order.hardExpiry += 86_400
        #expect(try bench.verdict(try fork.file()) == .refused(.equivocation))
        var foreign = bench.office
        foreign.order.version = 9
        foreign.order.listID = [UInt8](repeating: 0x77, count: 16)
        #expect(try bench.verdict(try foreign.file()) == .refused(.wrongList))
        #expect(try #require(try bench.slots().boot()).reader.header.version == 2)
    }

    @Test("a damaged newest list leaves the one before, with the limits of a stale one")
    func demoted() throws {
        let bench = try Bench()
        let newest = try #require(try bench.slots().boot()).slot
        bench.folder.flip(newest.name, at: 4_097)
        let booted = try #require(try bench.slots().boot())
        #expect(booted.reader.header.version == 1 && booted.isDemoted)
        // The same list again mends it, and a list that was rolled back on the disk does not come back as current.
        #expect(try bench.verdict(bench.files[1]) == nil)
        #expect(try #require(try bench.slots().boot()).isDemoted == false)
        for slot in ListSlot.allCases { bench.folder.plant(bench.files[0], as: slot.name) }
        #expect(try #require(try bench.slots().boot()).isDemoted)
        #expect(try bench.verdict(bench.files[0]) == .refused(.rollback))
    }

    @Test("deleting both lists does not open the way for an older one; a damaged mark refuses and demotes")
    func mark() throws {
        let bench = try Bench()
        for slot in ListSlot.allCases { bench.folder.lose(slot.name) }
        #expect(try bench.slots().boot() == nil)
        #expect(try bench.verdict(bench.files[0]) == .refused(.rollback))
        #expect(try bench.verdict(bench.files[1]) == nil)
        bench.folder.flip(TrustStateFile<CrashingFolder>.name(of: .list), at: 30)
        #expect(
            try bench.verdict(bench.files[2])
                == .markDamaged(
                    FileProblem(step: "read", name: TrustStateFile<CrashingFolder>.name(of: .list), number: 0)))
        let booted = try #require(try bench.slots().boot())
        #expect(booted.reader.header.version == 2 && booted.isDemoted)
    }

    @Test("a power loss at any operation leaves the old list or the new one, whole, and the mark in step")
    func sweep() throws {
        let (cases, failures) = try sweep(forgetting: nil)
        #expect(failures.isEmpty, "\(failures.prefix(5))")
        #expect(cases > 100)
    }

    @Test("the same list sent again mends the place in which it rots, in either place, and the one before stays")
    func mendedInPlace() throws {
        for installed in [2, 3] {
            let bench = try Bench(installed: installed)
            let newest = bench.files[installed - 1]
            let booted = try #require(try bench.slots().boot())
            bench.folder.flip(booted.slot.name, at: Int(booted.reader.header.pagesOffset) + 20)
            #expect(try bench.verdict(newest) == nil)
            var mended = try #require(try bench.slots().boot())
            #expect(mended.slot == booted.slot && mended.previous?.header.version == UInt64(installed - 1))
            try mended.reader.verifyEveryPage()
        }
    }

    @Test(
        "a mark that cannot be written takes the list back: whoever sent it is told that nothing has changed, and so it is"
    )
    func markNotWritten() throws {
        let bench = try Bench()
        let state = StubbornMarks(TrustStateFile(in: bench.folder))
        let slots = ListSlots(
            in: bench.folder, state: state, for: try bench.office.audience(), pepper: bench.office.pepper)
        state.isFull = true
        let full = FileProblem(step: "write", name: "allow_list_mark", number: 28)
        #expect(throws: InstallProblem.disk(full)) { try slots.install(ListInMemory(bench.files[2])) }
        state.isFull = false
        // Neither this process nor the next start takes it into use.
        for booted in [slots.boot(), try bench.slots().boot()] {
            #expect(booted?.reader.header.version == 2 && booted?.isDemoted == false)
        }
        // Where it cannot be taken back either, that is what is said.
        state.isFull = true
        state.whenAsked = { bench.folder.cut = bench.folder.operations }
        #expect(throws: InstallProblem.unmarked(full)) { try slots.install(ListInMemory(bench.files[2])) }
        bench.folder.cut = .max
        (state.isFull, state.whenAsked) = (false, {})
        #expect(slots.boot()?.reader.header.version == 3)
    }

    @Test("take any one fsync away and the sweep notices")
    func everySynchronisationMatters() throws {
        let bench = try Bench()
        let before = bench.folder.synchronisations
        try bench.slots().install(ListInMemory(bench.files[2]))
        let count = bench.folder.synchronisations - before
        #expect(count == 4)
        for forgotten in 0..<count {
            #expect(try !sweep(forgetting: forgotten).failures.isEmpty, "fsync \(forgotten) could be left out")
        }
    }

    /// Installs version 3 over 2, loses power before each operation and after the last, and looks at what is left.
    private func sweep(forgetting forgotten: Int?) throws -> (cases: Int, failures: [String]) {
        let dry = try Bench()
        let first = dry.folder.operations
        try dry.slots().install(ListInMemory(dry.files[2]))
        let last = dry.folder.operations
        var cases = 0
        var failures: [String] = []
        for cut in first...last {
            for seed in 0..<UInt64(24) {
                cases += 1
                let bench = try Bench(like: dry)
                bench.folder.forgotten = forgotten.map { $0 + bench.folder.synchronisations }
                bench.folder.cut = cut
                let isDone = try bench.verdict(bench.files[2]) == nil
                var dice = Dice(seed)
                bench.folder.crash(&dice)
                if let failure = try look(bench, isDone) {
                    failures.append("cut at \(cut - first), seed \(seed): \(failure)")
                    if forgotten != nil { return (cases, failures) }
                }
            }
        }
        return (cases, failures)
    }

    /// What is wrong after a crash, or nil.
    private func look(_ bench: Bench, _ isDone: Bool) throws -> String? {
        let state = TrustStateFile(in: bench.folder)
        guard let mark = try? state.highWater() else { return "the mark is lost" }
        if isDone, mark.version != 3 { return "the mark forgot what was installed" }
        guard let booted = try bench.slots().boot() else { return "no list" }
        var reader = booted.reader
        if (try? reader.verifyEveryPage()) == nil { return "a list that is not whole" }
        if booted.isDemoted { return "only an old list" }
        let version = reader.header.version
        if version != 3, isDone || version != 2 { return "version \(version)" }
        for (number, isListed) in [(2, version == 2), (3, version == 3)] {
            let answer = reader.lookUp(try CanonicalToken(.free, "ONLY\(number)"), lowerBound: 0, trusted: nil)
            if (answer != .notListed) != isListed { return "mixed lists" }
        }
        return try bench.verdict(bench.files[2]) == nil ? nil : "cannot install again"
    }

    @Test("on a real disk: installed, found again, refused when older")
    func disk() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("slots-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let bench = try Bench(installed: 0)
        let folder = FolderOnDisk(path: path)
        let slots = ListSlots(
            in: folder, state: TrustStateFile(in: folder), for: try bench.office.audience(),
            pepper: bench.office.pepper)
        #expect(slots.boot() == nil)
        try slots.install(ListInMemory(bench.files[0]))
        try slots.install(ListInMemory(bench.files[1]))
        #expect(throws: InstallProblem.refused(.rollback)) { try slots.install(ListInMemory(bench.files[0])) }
        let booted = try #require(slots.boot())
        #expect(booted.reader.header.version == 2 && !booted.isDemoted)
        let left = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        #expect(left == ["allow-list.a.pal", "allow-list.b.pal", "allow-list.mark"])
    }
}

/// Marks whose disk may be full.
private final class StubbornMarks: TrustState {
    private let marks: TrustStateFile<CrashingFolder>
    var isFull = false
    var whenAsked: () -> Void = {}
    init(_ marks: TrustStateFile<CrashingFolder>) { self.marks = marks }
    func bytes(of mark: TrustMark) throws(FileProblem) -> [UInt8]? { try marks.bytes(of: mark) }
    func commit(_ bytes: [UInt8], as mark: TrustMark) throws(FileProblem) {
        guard isFull else { return try marks.commit(bytes, as: mark) }
        whenAsked()
        throw FileProblem(step: "write", name: mark.rawValue, number: 28)
    }
}
