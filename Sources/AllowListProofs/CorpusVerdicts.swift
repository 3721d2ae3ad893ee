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
            _ = try present.map { try TrustBundle(first: $0).next(bytes) } ?? TrustBundle(first: bytes)
            return
        }
        let scopes = AllowList.bytes(hexadecimal: item.scope).map { $0.isEmpty ? [] : [$0] } ?? []
        let audience = ListAudience(try TrustBundle(first: file(item.bundle)), scopeIDs: scopes)
        if item.file.hasSuffix(".pan") {
            let deny = try present.flatMap { try DenyObject(present: $0, for: audience, pepper: office.pepper) }
            _ = try DenyObject(bytes, for: audience, pepper: office.pepper, after: deny?.mark)
        } else if item.file.hasSuffix(".pad"), let present {
            let base = try ListReader(ListInMemory(present), for: audience, pepper: office.pepper)
            try check(DeltaTarget(try ListDelta(bytes), on: base), audience, present)
        } else {
            try check(ListInMemory(bytes), audience, present)
        }
    }

    private func check<Source: ListBytes>(_ source: Source, _ audience: ListAudience, _ present: [UInt8]?) throws {
        var reader = try ListReader(source, for: audience, pepper: office.pepper)
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
    private var current: [UInt8]
    private var previous: [UInt8]?
    private var deny: DenyObject?
    private var floor = TimeFloor([CorpusOffice.now], monotonic: 0)
    private var monotonic: Int64 = 0
    private var clock: (time: Int64?, quality: ClockQuality) = (CorpusOffice.now, .unauthenticated)
    private var cloudIsThere = false
    private var isScrubbed = false
    private var reader = ReaderGuard(GuessingLimits())

    init(_ corpus: AttackCorpus) throws {
        self.corpus = corpus
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
        case "newer": try adopt(try corpus.office.deny(4, []) { $0.listVersion = 7 })
        case "deny":
            let age = Int64(words[0]) ?? 0
            let numbers = words.dropFirst().compactMap { Int($0.dropFirst()) }
            try adopt(try corpus.office.deny(4, numbers) { $0.issuedAt = CorpusOffice.now + age })
        case "guess": for _ in 0..<(Int(words[0]) ?? 0) { _ = reader.missed(at: monotonic) }
        case "reader": return reader.secondsToWait(at: monotonic) > 0 ? "paused" : "open"
        default: return try tap(words[0])
        }
        return nil
    }

    private mutating func set(_ words: [String]) {
        let quality: ClockQuality =
            words.last == "authenticated" ? .authenticated : words.last == "none" ? .none : .unauthenticated
        let time = Int64(words[0]).map { words[0].hasPrefix("+") ? CorpusOffice.now + $0 : $0 }
        clock = (time, quality)
    }

    private var audience: ListAudience {
        get throws { ListAudience(try TrustBundle(first: corpus.file("bundle-1.pab"))) }
    }

    private mutating func adopt(_ bytes: [UInt8]) throws {
        let object = try DenyObject(bytes, for: try audience, pepper: corpus.office.pepper)
        floor.raise(to: object.issuedAt, monotonic: monotonic)
        // Time has passed until it arrived; the clock has seen that too.
        if let time = clock.time, time < object.issuedAt, time >= CorpusOffice.now { clock.time = object.issuedAt }
        deny = object
    }

    private func opened(_ bytes: [UInt8]) throws -> ListReader<ListInMemory> {
        try ListReader(ListInMemory(bytes), for: try audience, pepper: corpus.office.pepper)
    }

    private mutating func rot(_ token: String) throws {
        let list = try opened(current)
        let page = list.page(of: try CanonicalToken(.free, token)) ?? 0
        current = current.flipped(Int(list.header.pagesOffset) + page * Int(list.header.pageSize) + 3)
    }

    private mutating func tap(_ token: String) throws -> String {
        var list = InstalledList(
            BootedList(
                reader: try opened(current), slot: .a, demotion: nil, previous: try previous.map(opened)),
            deny: deny)
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
