// The attack corpus: every known attack on the list as a file, and beside each its nearest harmless neighbour.

import AllowList

/// One case: a file and what is in use when it arrives, or a few steps for attacks that are no files.
public struct CorpusCase: Hashable, Sendable {
    /// Its name, by which the expected verdict is found.
    public var name: String
    /// The file to verify; empty for steps.
    public var file = ""
    /// The trust bundle in force.
    public var bundle = "bundle-1.pab"
    /// The list, bundle or deny object in use; empty: none.
    public var installed = ""
    /// The scope of the post, in hexadecimal digits; empty: none.
    public var scope = ""
    /// The time by a clock that is vouched for, in seconds since 1970; nil: there is none.
    public var vouched: Int64?
    /// Steps, separated by semicolons.
    public var steps = ""

    /// The line of the manifest.
    public var line: String {
        if !steps.isEmpty { return "\(name) steps=\(steps)" }
        let parts = [
            ("file", file), ("bundle", bundle), ("installed", installed), ("scope", scope),
            ("vouched", vouched.map { "\($0)" } ?? ""),
        ]
        return ([name] + parts.filter { !$0.1.isEmpty }.map { "\($0.0)=\($0.1)" }).joined(separator: " ")
    }
}

/// Every case and every file.
public struct AttackCorpus: Sendable {
    /// The office that made it.
    public let office = CorpusOffice()
    /// The cases, in order.
    public internal(set) var cases: [CorpusCase] = []
    /// The files, in order of their names.
    public var files: [(name: String, bytes: [UInt8])] {
        contents.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
    var contents: [String: [UInt8]] = [:]

    /// Makes the corpus: the same bytes every time.
    public init() throws {
        try addContext()
        try addDamage()
        try addKeys()
        try addVersions()
        try addFormats()
        try addContents()
        try addGuards()
        try addDenies()
        try addBundles()
        try addDeltas()
        try addDates()
        addSteps()
    }

    /// A file by its name.
    public func file(_ name: String) -> [UInt8] { contents[name] ?? [] }

    /// What cases.txt says: a case a line.
    public var manifest: String {
        """
        # One case a line: its name, the file to verify, and what is in use when it arrives.
        # The operator, the pepper and the public list key stand in files of their own, in hexadecimal digits.

        """ + cases.map(\.line).joined(separator: "\n") + "\n"
    }

    /// A list case.
    mutating func list(
        _ name: String, _ bytes: [UInt8], bundle: String = "bundle-1.pab", installed: String = "list-5.pal",
        scope: String = ""
    ) {
        add(name, name + ".pal", bytes, bundle: bundle, installed: installed, scope: scope)
    }

    mutating func add(
        _ name: String, _ file: String, _ bytes: [UInt8], bundle: String = "bundle-1.pab", installed: String = "",
        scope: String = "", vouched: Int64? = nil
    ) {
        contents[file] = bytes
        cases.append(
            CorpusCase(
                name: name, file: file, bundle: bundle, installed: installed, scope: scope, vouched: vouched))
    }

    private mutating func addContext() throws {
        let open = KeyMaker.open(of: CorpusOffice.listKeys[0]) ?? []
        for (name, bytes) in [("operator", office.operatorID), ("pepper", office.pepper), ("list-keys", open)] {
            contents[name] = Array((hexadecimal(bytes) + "\n").utf8)
        }
        let first = try office.bundle()
        contents["bundle-1.pab"] = first
        contents["bundle-2.pab"] = try office.bundle(2, after: first)
        contents["list-4.pal"] = try office.list(4, 0..<99)
        contents["list-5.pal"] = try office.list(5)
        contents["list-6.pal"] = try office.list(6)
        contents["deny-3.pan"] = try office.deny(3)
    }

    /// Rows 1, 2 and 18 of the threat table: flipped bits, cuts, extra bytes.
    private mutating func addDamage() throws {
        let good = file("list-6.pal")
        let header = try ListHeader(parsing: good)
        list("list-good", good)
        list("list-first", file("list-5.pal"), installed: "")
        list("list-same-again", file("list-5.pal"))
        list("flip-magic", good.flipped(1))
        list("flip-version", good.flipped(55))
        list("flip-signature", good.flipped(540))
        list("flip-key-name", good.flipped(521))
        list("flip-signature-count", good.flipped(514))
        list("flip-behind-signatures", good.flipped(2_000))
        list("flip-policy", good.flipped(4_100))
        list("flip-behind-policy", good.flipped(4_096 + Int(header.policyLength) + 5))
        list("flip-directory", good.flipped(Int(header.directoryOffset) + 20))
        list("flip-behind-directory", good.flipped(Int(header.directoryOffset + header.directoryLength) + 3))
        list("flip-entry", good.flipped(Int(header.pagesOffset) + 40))
        list("flip-last-byte", good.flipped(good.count - 1))
        list("cut-to-nothing", [])
        list("cut-magic", Array(good[..<5]))
        list("cut-signatures", Array(good[..<4_000]))
        list("cut-pages", Array(good[..<(good.count - 1_024)]))
        list("cut-last-byte", Array(good.dropLast()))
        list("one-byte-more", good + [0])
        list("a-page-more", good + [UInt8](repeating: 0, count: 1_024))
        list("text-mode", good.flatMap { $0 == 0x0D ? [] : [$0] })
    }

    /// Rows 3 to 6, 11, 26 to 28: whose signature, in which role, over what.
    private mutating func addKeys() throws {
        let (one, two) = (CorpusOffice.listKeys[0], CorpusOffice.listKeys[1])
        list("signed-by-stranger", try office.list(6, by: [CorpusOffice.stranger]))
        list("signed-by-stranger-too", try office.list(6, by: [CorpusOffice.stranger, one]))
        list("signed-by-nobody", try office.list(6, by: []))
        list("signed-by-two", try office.list(6, by: [one, two]))
        list("signed-twice-by-one", try office.list(6, by: [one, one]))
        list("second-signature-fails", try office.list(6, by: [one, two]).flipped(520 + 72 + 20))
        list(
            "strange-signature-fails", try office.list(6, by: [one, CorpusOffice.stranger]).flipped(520 + 72 + 20))
        list(
            "sixteen-signatures",
            try office.list(6, by: [one] + [[UInt8]](repeating: CorpusOffice.stranger, count: 15)))
        list("signed-by-deny-key", try office.list(6, by: [CorpusOffice.denyKeys[0]]))
        list("signed-by-root", try office.list(6, by: [CorpusOffice.roots[0]]))
        list("signed-by-voucher-key", try office.list(6, by: [CorpusOffice.voucherKey]))
        list("signed-by-second-key", try office.list(6, by: [two]))
        list("signed-by-root-too", try office.list(6, by: [CorpusOffice.roots[0], one]))
        list("signed-by-deny-key-too", try office.list(6, by: [CorpusOffice.denyKeys[0], one]))
        // The signature is good, but over the bytes of another kind of object.
        var start = try SignedHead(.list, parsing: file("list-6.pal"))
        start.signatures[0].signature = KeyMaker.sign(SignedObject.deny.domain + start.head, one) ?? []
        list("signed-in-deny-domain", start.encoded + file("list-6.pal")[4_096...])
        // S + L instead of S: the same signature for a careless verifier (RFC 8032, 5.1.7).
        list("malleable-signature", Self.malleable(file("list-6.pal")))
        list("high-bit-in-key-name", try office.list(6).flipped(527))
        contents["bundle-dated.pab"] = try office.bundle {
            $0.keys[3].notBefore = CorpusOffice.now - 86_400
            $0.keys[3].notAfter = CorpusOffice.now + 86_400
        }
        list("issued-in-time", file("list-6.pal"), bundle: "bundle-dated.pab")
        list("issued-at-the-first-second", try office.list(6) { $0.issuedAt -= 86_400 }, bundle: "bundle-dated.pab")
        for (name, shift) in [("issued-too-late", Int64(86_400)), ("issued-too-early", -86_401)] {
            list(
                name,
                try office.list(6) {
                    $0.issuedAt += shift
                    $0.softExpiry += 2 * 86_400
                }, bundle: "bundle-dated.pab")
        }
        contents["bundle-scoped.pab"] = try office.bundle { $0.keys[3].scopeID = office.site }
        let scope = hexadecimal(office.site)
        list(
            "within-key-scope", try office.list(6) { $0.scopeID = office.site }, bundle: "bundle-scoped.pab",
            scope: scope)
        list("other-key-has-no-scope", try office.list(6, by: [two]), bundle: "bundle-scoped.pab", scope: scope)
        list("beyond-key-scope", file("list-6.pal"), bundle: "bundle-scoped.pab", scope: scope)
        contents["bundle-ceiling.pab"] = try office.bundle {
            $0.keys[3].ceiling = KeyCeiling(sessionWattHours: 100_000, watts: 400_000)
        }
        list("at-ceiling", file("list-6.pal"), bundle: "bundle-ceiling.pab")
        list(
            "other-key-has-no-ceiling", try office.list(6, by: [two]) { $0.profiles[0].maximumWatts += 1 },
            bundle: "bundle-ceiling.pab")
        list("above-ceiling", try office.list(6) { $0.profiles[0].maximumWatts += 1 }, bundle: "bundle-ceiling.pab")
    }

    /// The order L of the curve's group is added to S, little-endian.
    private static func malleable(_ file: [UInt8]) -> [UInt8] {
        let order = bytes(hexadecimal: "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010") ?? []
        var copy = file
        var carry = 0
        for (index, byte) in order.enumerated() {
            let sum = Int(copy[560 + index]) + Int(byte) + carry
            copy[560 + index] = UInt8(sum & 0xFF)
            carry = sum >> 8
        }
        return copy
    }
}
