// Trust bundles and deny objects: chains, recovery, what is kept on the disk and what a power loss leaves of it.

import AllowListProofs
import Testing

@testable import AllowList
@testable import AllowListProofs

@Suite("Trust")
struct TrustTests {
    let office = CorpusOffice()

    private func store(
        in folder: CrashingFolder
    ) -> TrustStore<CrashingFolder, TrustStateFile<CrashingFolder>> {
        TrustStore(in: folder, state: TrustStateFile(in: folder))
    }

    private func chain(_ count: Int) throws -> [[UInt8]] {
        var chain = [try office.bundle()]
        for number in 2...count { chain.append(try office.bundle(UInt64(number), after: chain.last)) }
        return chain
    }

    @Test("a post that was offline for years walks the whole chain, and no link may be missing")
    func walk() throws {
        let chain = try chain(12)
        let kept = store(in: CrashingFolder())
        #expect(try kept.begin(chain[0])?.number == 1)
        #expect(throws: InstallProblem.refused(.bundleGap)) { try kept.adopt([chain[11]]) }
        #expect(try kept.bundle()?.number == 1)
        #expect(throws: InstallProblem.refused(.bundleGap)) { try kept.adopt([chain[1], chain[2], chain[5]]) }
        // What held before the gap stays.
        #expect(try kept.bundle()?.number == 3)
        #expect(try kept.adopt(chain.suffix(9))?.number == 12)
        #expect(throws: InstallProblem.refused(.rollback)) { try kept.adopt([chain[10]]) }
    }

    @Test("the first bundle must be the one that the image names, where it names one")
    func pin() throws {
        let first = try office.bundle()
        let name = try SignedHead(.bundle, parsing: first).hash
        let kept = store(in: CrashingFolder())
        #expect(throws: InstallProblem.refused(.unknownIssuer)) {
            try kept.begin(first, pin: [UInt8](repeating: 0, count: 32))
        }
        #expect(try kept.begin(first, pin: name)?.number == 1)
    }

    @Test("a bundle that drops a key keeps its list running, on the lowest step, until another is installed")
    func withdrawn() throws {
        let folder = CrashingFolder()
        let first = try office.bundle()
        let second = try office.bundle(2, after: first) { $0.keys.remove(at: 3) }
        let trust = store(in: folder)
        _ = try trust.begin(first)
        func slots() throws -> ListSlots<CrashingFolder, TrustStateFile<CrashingFolder>> {
            ListSlots(
                in: folder, state: TrustStateFile(in: folder), for: ListAudience(try #require(try trust.bundle())),
                pepper: office.pepper)
        }
        try slots().install(ListInMemory(try office.list(5)))
        try trust.adopt([second])
        let booted = try #require(try slots().boot())
        #expect(booted.demotion == .withdrawn && booted.reader.header.version == 5)
        var list = InstalledList(booted)
        let now = TimeReading(lowerBound: CorpusOffice.now, trusted: CorpusOffice.now)
        let answer = list.lookUp(try CanonicalToken(.free, "D1"), time: now, cloudIsThere: true)
        #expect(answer.rung == .expired)
        guard case .listed = answer.answer else {
            Issue.record("a withdrawn key must never mean deny all")
            return
        }
        // A stolen key cannot install any more; the other one can, and all is as it was.
        #expect(throws: InstallProblem.refused(.unknownIssuer)) {
            try slots().install(ListInMemory(try office.list(6)))
        }
        try slots().install(ListInMemory(try office.list(6, by: [CorpusOffice.listKeys[1]])))
        #expect(try #require(try slots().boot()).demotion == nil)
    }

    @Test("a version driven to the end of its numbers is overcome by a new stream, and only by a bundle")
    func fastForward() throws {
        let folder = CrashingFolder()
        let trust = store(in: folder)
        let first = try office.bundle()
        _ = try trust.begin(first)
        func slots() throws -> ListSlots<CrashingFolder, TrustStateFile<CrashingFolder>> {
            ListSlots(
                in: folder, state: TrustStateFile(in: folder), for: ListAudience(try #require(try trust.bundle())),
                pepper: office.pepper)
        }
        try slots().install(ListInMemory(try office.list(.max)))
        let fresh = try office.list(1) { $0.listID = office.streamB }
        #expect(throws: InstallProblem.refused(.wrongList)) { try slots().install(ListInMemory(fresh)) }
        try trust.adopt([try office.bundle(2, after: first) { $0.streams = [BundleStream(listID: office.streamB)] }]
        )
        #expect(try #require(try slots().boot()).demotion == .withdrawn)
        try slots().install(ListInMemory(fresh))
        let booted = try #require(try slots().boot())
        #expect(booted.reader.header.version == 1 && booted.demotion == nil && booted.previous == nil)
    }

    @Test("a deny object refuses its tokens and nobody else, and is replaced by newer ones only")
    func deny() throws {
        let audience = ListAudience(try TrustBundle(first: try office.bundle()))
        let kept = store(in: CrashingFolder())
        let numbers = Array(stride(from: 0, to: 500, by: 3))
        let object = try kept.adopt(deny: try office.deny(4, numbers), for: audience, pepper: office.pepper)
        for number in 0..<500 {
            #expect(try object.denies(CanonicalToken(.free, "D\(number)")) == number.isMultiple(of: 3))
        }
        #expect(!object.denies(try CanonicalToken(.contract, "D3")))
        #expect(throws: InstallProblem.refused(.rollback)) {
            try kept.adopt(deny: try office.deny(3), for: audience, pepper: office.pepper)
        }
        #expect(try kept.deny(for: audience, pepper: office.pepper)?.sequence == 4)
        // The denials of a key go with the key.
        let later = ListAudience(
            try TrustBundle(
                first: try office.bundle { $0.keys[5] = try office.row(CorpusOffice.denyKeys[1], .deny) }))
        #expect(try kept.deny(for: later, pepper: office.pepper) == nil)
    }

    @Test("a damaged, lost or older bundle is named, and mended by the same again or by the way from the first on")
    func lostBundle() throws {
        let chain = try chain(4)
        for (kind, harm) in [
            (TrustLoss.Kind.bundleDamaged, { (folder: CrashingFolder) in folder.flip(TrustFiles.bundle, at: 20) }),
            (.bundleMissing, { $0.remove(TrustFiles.bundle) }),
            (.bundleNotTheNewest, { try? $0.replace(TrustFiles.bundle, with: chain[1]) }),
        ] {
            let folder = CrashingFolder()
            let kept = store(in: folder)
            _ = try kept.begin(chain[0])
            try kept.adopt(Array(chain[1...2]))
            let mark = try TrustBundle(first: chain[2]).mark
            harm(folder)
            let loss = TrustLoss(kind: kind, newest: 3, fingerprint: mark.headerHash)
            #expect(throws: InstallProblem.trustLost(loss)) { try kept.bundle() }
            #expect(loss.sentence.contains("send trust bundle 3"))
            // An older one does not take its place, nor does one of somebody's own roots, nor the one after.
            let forged = try office.bundle(3, after: chain[1]) { $0.softExpiry += 1 }
            #expect(throws: InstallProblem.self, "\(kind)") { try kept.adopt([forged]) }
            #expect(throws: InstallProblem.self, "\(kind)") { try kept.bundle() }
            let another = store(in: folder)
            #expect(throws: InstallProblem.self) { try another.begin(chain[0]) }
            #expect(try another.adopt([chain[1]]) == nil, "\(kind): on its way")
            #expect(
                throws: InstallProblem.trustLost(
                    TrustLoss(kind: .bundleNotTheNewest, newest: 3, fingerprint: mark.headerHash))
            ) {
                try another.bundle()
            }
            #expect(try another.adopt([chain[2]])?.number == 3)
            #expect(try kept.bundle()?.number == 3)
            harm(folder)
            #expect(try kept.adopt([chain[2]])?.number == 3, "\(kind): the same again")
            #expect(try kept.adopt([chain[3]])?.number == 4)
        }
    }

    @Test("a bundle that somebody wrote into the folder counts for nothing, whatever its number")
    func smuggled() throws {
        let chain = try chain(2)
        let folder = CrashingFolder()
        let kept = store(in: folder)
        _ = try kept.begin(chain[0])
        try folder.replace(TrustFiles.bundle, with: chain[1])
        #expect(throws: InstallProblem.self) { try kept.bundle() }
        // Without any bundle the first one never comes by delivery.
        #expect(throws: InstallProblem.refused(.bundleGap)) { try store(in: CrashingFolder()).adopt([chain[0]]) }
    }

    @Test("a deny object that is damaged, gone or older is named, and nothing older than its mark takes its place")
    func lostDenyObject() throws {
        let audience = ListAudience(try TrustBundle(first: try office.bundle()))
        for (kind, harm) in [
            (
                TrustLoss.Kind.denyDamaged,
                { (folder: CrashingFolder, _: [UInt8]) in folder.flip(TrustFiles.deny, at: 20) }
            ),
            (.denyMissing, { folder, _ in folder.remove(TrustFiles.deny) }),
            (.denyNotTheNewest, { folder, old in try? folder.replace(TrustFiles.deny, with: old) }),
        ] {
            let folder = CrashingFolder()
            let kept = store(in: folder)
            let old = try office.deny(4, [1])
            try kept.adopt(deny: old, for: audience, pepper: office.pepper)
            let newest = try office.deny(5, [1, 2])
            let object = try kept.adopt(deny: newest, for: audience, pepper: office.pepper)
            harm(folder, old)
            let loss = TrustLoss(kind: kind, newest: 5, fingerprint: object.headerHash)
            #expect(throws: InstallProblem.trustLost(loss)) {
                try kept.deny(for: audience, pepper: office.pepper)
            }
            #expect(throws: InstallProblem.refused(.rollback), "\(kind)") {
                try kept.adopt(deny: old, for: audience, pepper: office.pepper)
            }
            #expect(throws: InstallProblem.refused(.equivocation), "\(kind)") {
                try kept.adopt(deny: try office.deny(5, [7]), for: audience, pepper: office.pepper)
            }
            // The same object again mends it, and so does a newer one.
            try kept.adopt(deny: newest, for: audience, pepper: office.pepper)
            #expect(try kept.deny(for: audience, pepper: office.pepper)?.sequence == 5)
            // With its key the mark ends.
            harm(folder, old)
            let later = ListAudience(
                try TrustBundle(
                    first: try office.bundle { $0.keys[5] = try office.row(CorpusOffice.denyKeys[1], .deny) }))
            if kind != .denyDamaged { #expect(try kept.deny(for: later, pepper: office.pepper) == nil) }
        }
    }

    @Test("a power loss leaves the old bundle or the new one; without any one fsync it would not")
    func sweep() throws {
        let chain = try chain(2)
        func failures(forgetting forgotten: Int?) throws -> Int {
            var failures = 0
            for cut in 0...6 {
                for seed in 0..<UInt64(24) {
                    let folder = CrashingFolder()
                    let kept = TrustStore(in: folder, state: DurableMarks())
                    _ = try kept.begin(chain[0])
                    folder.forgotten = forgotten.map { $0 + folder.synchronisations }
                    folder.cut = folder.operations + cut
                    let isDone = (try? kept.adopt([chain[1]])) != nil
                    var dice = Dice(seed)
                    folder.crash(&dice)
                    let left = try? kept.bundle()?.number
                    if left == nil || (isDone && left != 2) { failures += 1 }
                }
            }
            return failures
        }
        #expect(try failures(forgetting: nil) == 0)
        for forgotten in 0..<2 { #expect(try failures(forgetting: forgotten) > 0, "fsync \(forgotten)") }
    }

    @Test("copies signed apart are combined; another object is not taken for a copy")
    func combine() throws {
        let first = try office.bundle()
        let by = try (0..<2).map { try office.bundle(2, after: first, by: [CorpusOffice.roots[$0]]) }
        var whole = try SignedFile(by[0])
        try whole.combine(try SignedFile(by[1]))
        try whole.combine(try SignedFile(by[1]))
        #expect(whole.signatureCount == 2)
        #expect(try TrustBundle(first: first).next(whole.bytes).number == 2)
        let other = try office.bundle(2, after: first) { $0.softExpiry += 1 }
        #expect(throws: ListRefusal.equivocation) { try whole.combine(try SignedFile(other)) }
        // A signature made elsewhere is attached only if it is good.
        var unsigned = try SignedFile(try office.bundle(2, after: first, by: []))
        let signature = try #require(KeyMaker.sign(unsigned.request, CorpusOffice.roots[0]))
        let open = try #require(KeyMaker.open(of: CorpusOffice.roots[0]))
        #expect(throws: ListRefusal.badSignature) { try unsigned.attach(signature.flipped(3), by: open) }
        try unsigned.attach(signature, by: open)
        #expect(unsigned.bytes == by[0])
    }
}

/// Marks that are durable at once: only the files can be lost.
private final class DurableMarks: TrustState {
    private var marks: [TrustMark: [UInt8]] = [:]
    func bytes(of mark: TrustMark) throws(FileProblem) -> [UInt8]? { marks[mark] }
    func commit(_ bytes: [UInt8], as mark: TrustMark) throws(FileProblem) { marks[mark] = bytes }
}
