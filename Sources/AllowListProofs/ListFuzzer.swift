// The fuzzer: seeded, structure-aware mutations of every object, half of them signed again to get past the signature.

import AllowList

/// Feeds mutated objects to every parser and checks what must hold whatever they hold.
public struct ListFuzzer {
    private struct Seed {
        var name: String
        var bytes: [UInt8]
        /// Offsets where values stand that steer the parser.
        var edges: [Int]
    }
    private let office = CorpusOffice()
    private let audience: ListAudience
    private let bundle: TrustBundle
    private let base: [UInt8]
    private var seeds: [Seed] = []
    /// How often each verdict was given.
    public private(set) var verdicts: [String: Int] = [:]

    /// Makes the objects that mutations start from.
    public init() throws {
        let first = try office.bundle()
        bundle = try TrustBundle(first: first)
        audience = ListAudience(bundle, scopeIDs: [office.site])
        base = try office.list(5, 0..<70)
        let target = try office.list(6, 3..<80)
        let opened = { [audience, office] (bytes: [UInt8]) in
            try ListReader(ListInMemory(bytes), for: audience, pepper: office.pepper)
        }
        let header = try ListHeader(parsing: target)
        let (directory, pages) = (Int(header.directoryOffset), Int(header.pagesOffset))
        let heads = [
            8, 10, 12, 48, 56, 64, 88, 92, 160, 164, 168, 176, 180, 184, 256, 260, 264, 296, 312, 512, 514, 520,
        ]
        seeds = [
            Seed(
                name: "list", bytes: target,
                edges: heads + [
                    4_096, 4_098, 4_124, 4_160, 4_162, 4_176, directory, directory + 16, pages, pages + 26,
                ]),
            Seed(
                name: "bundle", bytes: try office.bundle(2, after: first),
                edges: [8, 32, 40, 48, 56, 60, 64, 68, 72, 104, 112, 144, 512, 520, 4_096, 4_128, 4_168, 4_250]),
            Seed(
                name: "deny", bytes: try office.deny(4, [1, 2, 3]),
                edges: [8, 48, 56, 64, 136, 140, 144, 176, 184, 512, 520, 4_096, 4_112]),
            Seed(
                name: "delta", bytes: try ListDelta.make(from: try opened(base), to: try opened(target)),
                edges: [8, 12, 16, 48, 52, 56, 64, 120, 232, 240, 320, 576, 64 + directory, 64 + directory + 48]),
        ]
    }

    /// Runs the case of a seed. Returns what must not be, or nil.
    public mutating func run(seed: UInt64) -> String? {
        var random = SeededRandom(seed)
        let start = seeds[random.below(seeds.count)]
        var bytes = start.bytes
        for _ in 0...random.below(4) { mutate(&bytes, start.edges, &random) }
        // Now and then the hashes in it are made right as well, so that the contents are reached.
        if random.once(in: 2) { resign(&bytes, start.name, hashesToo: random.once(in: 2)) }
        return verdict(on: start.name, bytes, &random)
    }

    /// Judges whatever somebody else has made: as it is, signed again, and with its hashes made right as well.
    public mutating func run(object: [UInt8]) -> String? {
        let name = DeliveredKind(object).rawValue
        var (signed, whole) = (object, object)
        resign(&signed, name, hashesToo: false)
        resign(&whole, name, hashesToo: true)
        for bytes in [object, signed, whole] {
            var random = SeededRandom(UInt64(bytes.count))
            if let finding = verdict(on: name, bytes, &random) { return finding }
        }
        return nil
    }

    private mutating func verdict(on name: String, _ bytes: [UInt8], _ random: inout SeededRandom) -> String? {
        do {
            let finding = try judge(name, bytes, &random)
            verdicts["\(name) good", default: 0] += 1
            return finding
        } catch let refusal as ListRefusal {
            verdicts["\(name) \(refusal.rawValue)", default: 0] += 1
            return nil
        } catch {
            return "\(name): another error than a refusal: \(error)"
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ edges: [Int], _ random: inout SeededRandom) {
        let extremes: [UInt64] = [
            0, 1, 2, 15, 16, 17, 0x7F, 0x80, 0xFF, 0x7FFF_FFFF, 0xFFFF_FFFF, 1 << 62, 1 << 63, .max,
        ]
        let place =
            random.once(in: 3) || bytes.isEmpty ? random.below(bytes.count) : edges[random.below(edges.count)]
        switch random.below(8) {
        case 0: if bytes.indices.contains(place) { bytes[place] ^= 1 << UInt8(random.below(8)) }
        case 1, 2:
            let width = [1, 2, 4, 8][random.below(4)]
            let value = random.once(in: 2) ? extremes[random.below(extremes.count)] : random.next()
            for index in 0..<width where bytes.indices.contains(place + index) {
                bytes[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * (width - 1 - index)))
            }
        case 3: bytes.removeLast(random.below(bytes.count + 1))
        case 4: bytes += (0..<random.below(40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        case 5:
            // A piece moves elsewhere: entries change places, tables overlap.
            let length = [16, 32, 48, 64, 128, 512, 1_024][random.below(7)]
            let from = random.below(max(1, bytes.count - length))
            guard from + length <= bytes.count, place + length <= bytes.count else { return }
            bytes.replaceSubrange(place..<place + length, with: Array(bytes[from..<from + length]))
        case 6: if bytes.indices.contains(place) { bytes[place] &+= 1 }
        default: if bytes.indices.contains(place) { bytes[place] &-= 1 }
        }
    }

    /// Signs the head again.
    private func resign(_ bytes: inout [UInt8], _ name: String, hashesToo: Bool) {
        let offset = name == "delta" ? 64 : 0
        guard bytes.count >= offset + 4_096 else { return }
        var inner = Array(bytes[offset...])
        if hashesToo { rehash(&inner, name) }
        let signers =
            name == "bundle"
            ? Array(CorpusOffice.roots.prefix(2))
            : name == "deny" ? [CorpusOffice.denyKeys[0]] : [CorpusOffice.listKeys[0]]
        guard let signed = try? office.signed(inner, by: signers) else { return }
        bytes = bytes[..<offset] + signed
    }

    private func rehash(_ bytes: inout [UInt8], _ name: String) {
        switch name {
        case "bundle": bytes.replaceSubrange(72..<104, with: SHA.hash(Array(bytes[4_096...])))
        case "deny": bytes.replaceSubrange(144..<176, with: SHA.hash(Array(bytes[4_096...])))
        default:
            guard let header = try? ListHeader(parsing: bytes), UInt64(bytes.count) >= header.pagesOffset else {
                return
            }
            bytes.replaceSubrange(224..<256, with: SHA.hash(Array(bytes[4_096..<4_096 + Int(header.policyLength)])))
            guard name == "list", UInt64(bytes.count) >= header.fileLength else { return }
            let (directory, pages) = (Int(header.directoryOffset), Int(header.pagesOffset))
            for number in 0..<Int(header.pageCount) {
                let page = Array(bytes[(pages + number * Int(header.pageSize))...].prefix(Int(header.pageSize)))
                bytes.replaceSubrange(
                    (directory + number * 48)..<(directory + number * 48 + 48), with: page[..<16] + SHA.hash(page))
            }
            let table = Array(bytes[directory..<directory + Int(header.directoryLength)])
            bytes.replaceSubrange(192..<224, with: SHA.hash(table))
        }
    }

    /// Opens an object as a post does. What is accepted must be exactly what was signed, and answer without a trap.
    private func judge(_ name: String, _ bytes: [UInt8], _ random: inout SeededRandom) throws -> String? {
        switch name {
        case "bundle":
            let next = try bundle.next(bytes)
            // The bundle in force, sent again, is no work.
            guard next.number == bundle.number + 1 || next.headerHash == bundle.headerHash else {
                return "bundle \(next.number) follows \(bundle.number)"
            }
            guard Int(next.threshold) <= next.keys(.root).count else { return "a threshold above the roots" }
        case "deny":
            let deny = try DenyObject(bytes, for: audience, pepper: office.pepper)
            guard deny.count * 16 + 4_096 == bytes.count else { return "a deny object of another length" }
            _ = deny.denies(try CanonicalToken(.free, "D1"))
        case "delta":
            let reader = try ListReader(ListInMemory(base), for: audience, pepper: office.pepper)
            return try walk(try DeltaTarget(try ListDelta(bytes), on: reader), &random)
        default:
            return try walk(ListInMemory(bytes), &random)
        }
        return nil
    }

    private func walk<Source: ListBytes>(_ source: Source, _ random: inout SeededRandom) throws -> String? {
        var reader = try ListReader(source, for: audience, pepper: office.pepper)
        guard source.count == reader.header.fileLength else { return "a list of another length" }
        try reader.verifyEveryPage()
        var last: Tag?
        var count: UInt64 = 0
        var stream = RecordStream(reader)
        while let record = try stream.next() {
            if let last, record.tag <= last { return "entries out of order after verification" }
            last = record.tag
            count += 1
        }
        guard count == reader.header.recordCount else {
            return "\(count) entries instead of \(reader.header.recordCount)"
        }
        let times: [Int64] = [.min, 0, CorpusOffice.now, .max]
        for time in times {
            let token = try CanonicalToken(.free, "D\(random.below(90))")
            if case .refused(let refusal) = reader.lookUp(token, lowerBound: time, trusted: time) {
                return "\(refusal.rawValue) at a tap after verification"
            }
            _ = LadderRung(
                reader.header, hash: reader.headerHash, time: TimeReading(lowerBound: time, trusted: nil))
        }
        return nil
    }
}
