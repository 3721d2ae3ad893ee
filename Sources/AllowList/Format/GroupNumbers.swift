// Groups: the office numbers a fleet by its name, the post names it by its stream, and neither changes from list to list.

internal import Crypto

/// How the issuing office numbers groups.
///
/// The number is made of the name alone, under the pepper: a fleet that joins or leaves changes nobody else's, so that a
/// driver may stop his colleague's session whichever list came in between, and a delta holds only what is new.
public struct GroupNumbers {
    private let key: SymmetricKey
    private var names: [UInt32: String] = [:]

    /// The numbers under a pepper (32 bytes).
    public init(pepper: [UInt8]) { key = SymmetricKey(data: pepper) }

    /// The number of a name, 1 to 4,294,967,295; 0 for no name. `A` to `Z` count as `a` to `z`, as in OCPI and OCPP.
    ///
    /// Throws `sameGroupNumber` where another name of this list has that number: once in some hundred lists of ten
    /// thousand fleets.
    public mutating func number(of name: String?) throws(IssueProblem) -> UInt32 {
        guard let name, !name.isEmpty else { return 0 }
        let folded = name.utf8.map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 }
        let number = Self.number(folded, key)
        let text = String(decoding: folded, as: UTF8.self)
        let known = names.updateValue(text, forKey: number)
        if let known, known != text { throw .sameGroupNumber(known, text) }
        return number
    }

    /// The first four bytes of the HMAC that are not all zero.
    private static func number(_ name: [UInt8], _ key: SymmetricKey) -> UInt32 {
        let code = Array(HMAC<SHA256>.authenticationCode(for: Array("PAL group v1".utf8) + [0] + name, using: key))
        var reader = ByteReader(code)
        for _ in 0..<code.count / 4 {
            let number = reader.u32()
            if number != 0 { return number }
        }
        return 1
    }
}

extension ListHeader {
    /// What the post puts before the number of a group: the first four bytes of the hash of operator and stream. A
    /// number means the same fleet in every list of a stream, and nothing in another one.
    public var groupSpace: UInt32 {
        var reader = ByteReader(Array(SHA256.hash(data: operatorID + listID)))
        return reader.u32()
    }
}
