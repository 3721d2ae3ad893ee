// What this build says of a case of the corpus: the same checks as a post makes, in the same order.

import AllowList

extension AttackCorpus {
    /// The verdict on a case: `good`, or the name of the refusal; for steps, what the last one said.
    public func verdict(_ item: CorpusCase) throws -> String {
        guard item.steps.isEmpty else {
            var runner = try StepRunner(self)
            return try runner.run(item.steps)
        }
        do {
            try verify(item)
            return "good"
        } catch let refusal as ListRefusal { return refusal.rawValue }
    }

    private func verify(_ item: CorpusCase) throws {
        let bytes = file(item.file)
        let present = item.installed.isEmpty ? nil : file(item.installed)
        if item.file.hasSuffix(".pab") {
            _ =
                try present.map { try TrustBundle(first: $0).next(bytes, vouched: item.vouched) }
                ?? TrustBundle(first: bytes)
            return
        }
        let scopes = AllowList.bytes(hexadecimal: item.scope).map { $0.isEmpty ? [] : [$0] } ?? []
        let audience = ListAudience(try TrustBundle(first: file(item.bundle)), scopeIDs: scopes)
        if item.file.hasSuffix(".pan") {
            let deny = try present.flatMap { try DenyObject(present: $0, for: audience, pepper: office.pepper) }
            _ = try DenyObject(
                bytes, for: audience, pepper: office.pepper, after: deny?.mark, vouched: item.vouched)
        } else if item.file.hasSuffix(".pad"), let present {
            let base = try ListReader(ListInMemory(present), for: audience, pepper: office.pepper)
            try check(DeltaTarget(try ListDelta(bytes), on: base), audience, present, item.vouched)
        } else {
            try check(ListInMemory(bytes), audience, present, item.vouched)
        }
    }

    private func check<Source: ListBytes>(
        _ source: Source, _ audience: ListAudience, _ present: [UInt8]?, _ vouched: Int64?
    ) throws {
        var reader = try ListReader(source, for: audience, pepper: office.pepper)
        try TimeFloor.refuse(issuedAt: reader.header.issuedAt, aheadOf: vouched)
        // What is in use was verified when it was installed; its key or stream may be gone since.
        let old = try present.map {
            try ListReader(
                ListInMemory($0), for: audience, pepper: office.pepper,
                installedAs: try SignedHead(.list, parsing: $0).hash)
        }
        try audience.admits(reader, after: old?.mark)
        try reader.verifyEveryPage()
        if let old { try audience.guardAgainst(reader, in: old) }
    }
}

/// Plays the steps of a case on a post that has list 6, and list 5 (with one driver more) before it.
struct StepRunner {
    private let corpus: AttackCorpus
    private var bundle: [UInt8]
    private var current: [UInt8]
    private var previous: [UInt8]?
    private var deny: DenyObject?
    private var floor = TimeFloor([CorpusOffice.now], monotonic: 0)
    private var monotonic: Int64 = 0
    private var clock: (time: Int64?, quality: ClockQuality) = (CorpusOffice.now, .unauthenticated)
    private var cloudIsThere = false
    private var isScrubbed = false
    private var guesses = ReaderGuard(GuessingLimits())

    init(_ corpus: AttackCorpus) throws {
        self.corpus = corpus
        bundle = corpus.file("bundle-1.pab")
        current = corpus.file("list-6.pal")
        previous = try corpus.office.list(5, 0..<101)
    }

    mutating func run(_ steps: String) throws -> String {
        var said = ""
        for step in steps.split(separator: ";") {
            let words = step.split(separator: " ").map { String($0) }
            said = try perform(words[0], Array(words.dropFirst())) ?? said
        }
        return said
    }

    private mutating func perform(_ verb: String, _ words: [String]) throws -> String? {
        switch verb {
        case "clock": set(words)
        case "elapse": monotonic += Int64(words[0]) ?? 0
        case "cloud": cloudIsThere = true
        case "alone": previous = nil
        case "scrub": isScrubbed = true
        case "rot": try rot(words[0])
        case "newer": return try adopt(try corpus.office.deny(4, []) { $0.listVersion = 7 })
        case "deny":
            let age = Int64(words[0]) ?? 0
            let numbers = words.dropFirst().compactMap { Int($0.dropFirst()) }
            return try adopt(try corpus.office.deny(4, numbers) { $0.issuedAt = CorpusOffice.now + age })
        case "list": return try install(CorpusOffice.listKeys[0], Int64(words[0]) ?? 0)
        case "second": return try install(CorpusOffice.listKeys[1], Int64(words[0]) ?? 0)
        case "bundle": try follow(without: words[0] == "list" ? 3 : 5)
        case "guess": for _ in 0..<(Int(words[0]) ?? 0) { _ = guesses.missed(at: monotonic) }
        case "reader": return guesses.secondsToWait(at: monotonic) > 0 ? "paused" : "open"
        default: return try tap(words[0])
        }
        return nil
    }

    private mutating func set(_ words: [String]) {
        let quality: ClockQuality =
            words.last == "authenticated" ? .authenticated : words.last == "none" ? .none : .unauthenticated
        let time = Int64(words[0]).map { words[0].hasPrefix("+") ? CorpusOffice.now + $0 : $0 }
        clock = (time, quality)
        _ = floor.read(clock: time, quality, monotonic: monotonic)
    }

    private var audience: ListAudience { get throws { ListAudience(try TrustBundle(first: bundle)) } }

    /// Returns the name of the refusal, if it was refused.
    private mutating func adopt(_ bytes: [UInt8]) throws -> String? {
        let object: DenyObject
        do {
            object = try DenyObject(
                bytes, for: try audience, pepper: corpus.office.pepper, vouched: floor.judge(monotonic: monotonic))
        } catch let refusal as ListRefusal { return refusal.rawValue }
        floor.raise(to: object.issuedAt, by: .key(.deny, object.signer.bytes), monotonic: monotonic)
        // Time has passed until it arrived; the clock has seen that too.
        if let time = clock.time, time < object.issuedAt, time >= CorpusOffice.now { clock.time = object.issuedAt }
        deny = object
        return nil
    }

    /// The next list, signed by a key and dated so far ahead. Returns the name of the refusal, if it was refused.
    private mutating func install(_ key: [UInt8], _ ahead: Int64) throws -> String? {
        let present = try opened(current)
        let bytes = try corpus.office.list(present.header.version + 1, by: [key]) {
            $0.issuedAt += ahead
            $0.softExpiry += ahead
            $0.hardExpiry += ahead
        }
        do {
            let reader = try ListReader(ListInMemory(bytes), for: try audience, pepper: corpus.office.pepper)
            try TimeFloor.refuse(issuedAt: reader.header.issuedAt, aheadOf: floor.judge(monotonic: monotonic))
            try audience.judge(reader.header, hash: reader.headerHash, after: present.mark)
            for signer in reader.signers {
                floor.raise(to: reader.header.issuedAt, by: .key(.list, signer.bytes), monotonic: monotonic)
            }
        } catch let refusal as ListRefusal { return refusal.rawValue }
        (previous, current) = (current, bytes)
        return nil
    }

    /// The next bundle, which withdraws the key of a row; issued when everything is.
    private mutating func follow(without row: Int) throws {
        bundle = try corpus.office.bundle(2, after: bundle) { $0.keys.remove(at: row) }
        let audience = try audience
        floor.keep(monotonic: monotonic) { audience.vouches(for: $0, signedAt: $1, isNewBundle: true) }
        if let present = deny, !audience.canDeny(present.mark) { deny = nil }
    }

    /// A list that was installed is opened although its key has been withdrawn since.
    private func opened(_ bytes: [UInt8]) throws -> ListReader<ListInMemory> {
        let (list, audience) = (ListInMemory(bytes), try audience)
        do { return try ListReader(list, for: audience, pepper: corpus.office.pepper) } catch {
            return try ListReader(
                list, for: audience, pepper: corpus.office.pepper,
                installedAs: try SignedHead(.list, parsing: bytes).hash)
        }
    }

    private mutating func rot(_ token: String) throws {
        let list = try opened(current)
        let page = list.page(of: try CanonicalToken(.free, token)) ?? 0
        current = current.flipped(Int(list.header.pagesOffset) + page * Int(list.header.pageSize) + 3)
    }

    private mutating func tap(_ token: String) throws -> String {
        let reader = try opened(current)
        var list = InstalledList(
            BootedList(
                reader: reader, slot: .a, demotion: reader.signers.isEmpty ? .withdrawn : nil,
                previous: try previous.map(opened)), deny: deny)
        if isScrubbed { list.scrub(pages: Int(list.header.pageCount) + 1) }
        let time = floor.read(clock: clock.time, clock.quality, monotonic: monotonic)
        let found = list.lookUp(try CanonicalToken(.free, token), time: time, cloudIsThere: cloudIsThere)
        let word =
            switch found.answer {
            case .listed: "listed"
            case .expired: "expired"
            case .notYetValid: "not_yet_valid"
            case .notListed: "not_listed"
            case .refused(let refusal): refusal.rawValue
            }
        return "\(found.isDenied ? "denied" : word)@\(found.rung.name)"
    }
}
