// An office whose keys are known to everybody: what the attack corpus and the fuzzer are made with.

import AllowList

/// Fixed keys, a fixed operator, fixed dates: the same bytes on every machine. Trust none of it.
public struct CorpusOffice: Sendable {
    /// A secret key that is no secret.
    public static func secret(_ number: UInt8) -> [UInt8] { [UInt8](repeating: number, count: 32) }
    /// Three roots, and three that take their place.
    public static let roots = (1...6).map { secret(UInt8($0)) }
    /// Two list keys.
    public static let listKeys = [secret(11), secret(12)]
    /// Two deny keys.
    public static let denyKeys = [secret(21), secret(22)]
    /// A voucher key, and a key that nobody knows.
    public static let voucherKey = secret(31), stranger = secret(41)
    /// When everything is issued: 2025-10-09.
    public static let now: Int64 = 1_760_000_000
    /// Never in a file.
    public let pepper = [UInt8](repeating: 0x50, count: 32)
    /// The operator.
    public let operatorID = [UInt8](repeating: 0x0A, count: 16)
    /// The stream of lists, and the one that takes its place.
    public let streamA = [UInt8](repeating: 0xA1, count: 16), streamB = [UInt8](repeating: 0xB2, count: 16)
    /// A site.
    public let site = [UInt8](repeating: 0x51, count: 32)

    /// The office.
    public init() {}

    /// A key as a bundle lists it.
    func row(
        _ secret: [UInt8], _ role: KeyRole, _ change: (inout BundleKey) -> Void = { _ in }
    ) throws -> BundleKey {
        var row = BundleKey(try TrustedKey(KeyMaker.open(of: secret) ?? []), role)
        if role == .deny { row.notAfter = Self.now + 400 * 86_400 }
        change(&row)
        return row
    }

    /// The keys of the first bundle.
    func rows() throws -> [BundleKey] {
        try Self.roots.prefix(3).map { try row($0, .root) } + Self.listKeys.map { try row($0, .list) }
            + [try row(Self.denyKeys[0], .deny), try row(Self.voucherKey, .voucher)]
    }

    /// A bundle, signed.
    func bundle(
        _ number: UInt64 = 1, after previous: [UInt8]? = nil, by signers: [[UInt8]] = Array(roots.prefix(2)),
        _ change: (inout TrustBundle) throws -> Void = { _ in }
    ) throws -> [UInt8] {
        let hash =
            try previous.map { try SignedHead(.bundle, parsing: $0).hash } ?? [UInt8](repeating: 0, count: 32)
        var bundle = TrustBundle(
            operatorID: operatorID, number: number, issuedAt: Self.now, softExpiry: Self.now + 365 * 86_400,
            threshold: 2, previousHash: hash, keys: try rows())
        try change(&bundle)
        return try signed(bundle.unsigned(), by: signers)
    }

    /// An order for a list.
    func order(_ version: UInt64) -> ListOrder {
        ListOrder(
            operatorID: operatorID, listID: streamA, version: version, issuedAt: Self.now,
            salt: [UInt8](repeating: 0x5A, count: 32), pepper: pepper, pageSize: 1_024)
    }

    /// Drivers by number.
    func drivers(_ numbers: some Sequence<Int>) throws -> [ListEntry] {
        try numbers.map { ListEntry(token: try CanonicalToken(.free, "D\($0)"), group: UInt32($0 % 3)) }
    }

    /// A list, signed.
    func list(
        _ version: UInt64, _ numbers: Range<Int> = 0..<100, by signers: [[UInt8]] = [listKeys[0]],
        _ change: (inout ListOrder) throws -> Void = { _ in }
    ) throws -> [UInt8] {
        var order = order(version)
        try change(&order)
        return try signed(try order.unsigned(try drivers(numbers)), by: signers)
    }

    /// A list of any records in any order, signed: what no honest issuer makes.
    func forged(
        _ version: UInt64, by signers: [[UInt8]] = [listKeys[0]], _ change: (inout ListOrder) -> Void = { _ in },
        _ alter: (inout [ListRecord]) -> Void = { _ in }
    ) throws -> [UInt8] {
        var order = order(version)
        change(&order)
        let maker = TagMaker(
            pepper: pepper, salt: order.salt, operatorID: order.operatorID, listID: order.listID)
        var records = try drivers(0..<100).map { entry in
            ListRecord(tag: maker.code(entry.token), notBefore: 0, notAfter: 0, profile: 0, group: entry.group)
        }.sorted { $0.tag < $1.tag }
        alter(&records)
        return try signed(order.assembled(records), by: signers)
    }

    /// A deny object, signed.
    func deny(
        _ sequence: UInt64, _ numbers: [Int] = [7], by signers: [[UInt8]] = [denyKeys[0]],
        _ change: (inout DenyOrder) -> Void = { _ in }
    ) throws -> [UInt8] {
        var order = DenyOrder(
            operatorID: operatorID, listID: streamA, sequence: sequence, issuedAt: Self.now + 3_600, listVersion: 6,
            listHash: try SignedHead(.list, parsing: try list(6)).hash, salt: [UInt8](repeating: 0x5D, count: 32),
            tokens: try drivers(numbers).map(\.token))
        change(&order)
        return try signed(try order.unsigned(pepper: pepper), by: signers)
    }

    /// An object with its signatures taken off and new ones put on; the head may be changed in between.
    func signed(
        _ bytes: [UInt8], by signers: [[UInt8]], _ change: (inout [UInt8]) -> Void = { _ in }
    ) throws -> [UInt8] {
        guard let kind = SignedObject(of: bytes) else { throw ListRefusal.notAList }
        var head = Array(bytes[..<SignedObject.headLength])
        change(&head)
        var start = SignedHead(kind, head)
        for secret in signers {
            start.signatures.append(
                HeadSignature(
                    keyIdentifier: try TrustedKey(KeyMaker.open(of: secret) ?? []).identifier,
                    signature: KeyMaker.sign(start.signedBytes, secret) ?? []))
        }
        return start.encoded + bytes[SignedObject.bodyOffset...]
    }
}

extension [UInt8] {
    /// The bytes with one bit turned.
    func flipped(_ position: Int) -> [UInt8] {
        var copy = self
        if indices.contains(position) { copy[position] ^= 0x20 }
        return copy
    }
    /// Writes a number into fixed bytes.
    mutating func put<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
        Swift.withUnsafeBytes(of: value.bigEndian) { replaceSubrange(offset..<offset + $0.count, with: $0) }
    }
}
