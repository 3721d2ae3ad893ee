// A driver's token in the one form that issuer and post agree on; what is no token is refused by name.

/// What kind of thing a token is. The kind is part of what is hashed, so that card 1234 is not PIN 1234.
public enum TokenKind: UInt8, CaseIterable, Sendable, Codable {
    /// The unique identifier of an ISO 14443 card: 4, 7 or 10 bytes.
    case card = 1
    /// A vehicle's communication controller address: 6 or 8 bytes.
    case vehicle = 2
    /// A contract identifier (eMAID).
    case contract = 3
    /// A number typed at the post.
    case pin = 4
    /// Any other OCPP idToken.
    case free = 5
}

/// Why a text is no token.
public enum TokenProblem: String, Error, CaseIterable, Sendable {
    case empty, tooLong = "too_long", notHexadecimal = "not_hexadecimal", wrongLength = "wrong_length"
    case allZero = "all_zero", notPrintable = "not_printable", notDigits = "not_digits"
    case unknownKind = "unknown_kind"

    /// One sentence: what and what to do.
    public var sentence: String {
        switch self {
        case .empty: "The token is empty."
        case .tooLong: "The token is longer than 36 characters."
        case .notHexadecimal: "A card or vehicle address is written in hexadecimal digits without separators."
        case .wrongLength: "A card has 8, 14 or 20 hexadecimal digits, a vehicle 12 or 16, a PIN 4 to 8 digits."
        case .allZero: "A token of zeros only is what a broken reader sends."
        case .notPrintable: "A token holds printable ASCII characters only, and no spaces."
        case .notDigits: "A PIN holds digits only."
        case .unknownKind:
            "What stands before the first colon is no kind of token: card, vehicle, contract, pin and free are; a free token with a colon of its own is written free:TEXT."
        }
    }
}

/// A token in canonical form: a kind and at most 36 bytes of upper-case ASCII.
public struct CanonicalToken: Hashable, Sendable, CustomStringConvertible {
    /// What it is.
    public let kind: TokenKind
    /// What is hashed: kind, length, bytes. Made once, so that a look-up allocates nothing for it.
    let hashedBytes: [UInt8]
    /// Its canonical bytes: upper-case ASCII, never trimmed, never normalised.
    public var bytes: [UInt8] { Array(hashedBytes.dropFirst(2)) }

    /// Brings a text into canonical form: letters are folded to upper case, everything else must already be right.
    public init(_ kind: TokenKind, _ text: String) throws(TokenProblem) {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            guard byte > 0x20, byte < 0x7F else { throw .notPrintable }
            bytes.append(byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte)
        }
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= 36 else { throw .tooLong }
        switch kind {
        case .card, .vehicle:
            guard bytes.allSatisfy(Self.isHexadecimal) else { throw .notHexadecimal }
            let lengths = kind == .card ? [8, 14, 20] : [12, 16]
            guard lengths.contains(bytes.count) else { throw .wrongLength }
            guard bytes.contains(where: { $0 != 0x30 }) else { throw .allZero }
        case .pin:
            guard bytes.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { throw .notDigits }
            guard (4...8).contains(bytes.count) else { throw .wrongLength }
        case .contract, .free: break
        }
        self.kind = kind
        hashedBytes = [kind.rawValue, UInt8(bytes.count)] + bytes
    }

    /// A token as a reader or a form gives it, `kind:text`; without a colon it is a card if it can be one, else free.
    ///
    /// A word before the first colon that names no kind is a mistake, never a part of the token: `iso14443:04A1B2C3`
    /// would else be a free token that no card ever answers to, and nobody would hear of it. A free token that has a colon
    /// of its own, as an OCPP idToken may, is written `free:TEXT`.
    public init(parsing text: String) throws(TokenProblem) {
        if let colon = text.firstIndex(of: ":") {
            guard let kind = TokenKind(name: String(text[..<colon])) else { throw .unknownKind }
            try self.init(kind, String(text[text.index(after: colon)...]))
            return
        }
        do {
            self = try CanonicalToken(.card, text)
        } catch .allZero {
            throw .allZero
        } catch {
            try self.init(.free, text)
        }
    }

    /// The token as `kind:text`.
    public var description: String { "\(kind.name):\(String(decoding: bytes, as: UTF8.self))" }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46)
    }
}

extension TokenKind {
    /// The kind's word in CSV files and on the command line.
    public var name: String {
        switch self {
        case .card: "card"
        case .vehicle: "vehicle"
        case .contract: "contract"
        case .pin: "pin"
        case .free: "free"
        }
    }
    /// Words for a kind in OCPP 1.6 and 2.0.1 (types of idToken), in OCPI (types of token) and in daily use, in lower case.
    public static let otherNames: [String: TokenKind] = [
        "iso14443": .card, "rfid": .card, "uid": .card, "nfc": .card, "mifare": .card, "tag": .card,
        "evccid": .vehicle, "mac": .vehicle, "macaddress": .vehicle, "autocharge": .vehicle, "emaid": .contract,
        "evcoid": .contract, "keycode": .pin, "idtoken": .free, "idtag": .free, "iso15693": .free,
        "central": .free, "local": .free, "ocpp": .free, "app_user": .free, "ad_hoc_user": .free, "other": .free,
    ]
    /// The kind that is meant by one of those words.
    public init?(otherName: String) {
        guard let kind = Self.otherNames[otherName.lowercased()] else { return nil }
        self = kind
    }
    /// The kind of that word.
    public init?(name: String) {
        guard let kind = TokenKind.allCases.first(where: { $0.name == name.lowercased() }) else { return nil }
        self = kind
    }
}
