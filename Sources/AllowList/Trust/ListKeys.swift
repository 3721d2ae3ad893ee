// Keys: who may sign, how a driver's token is hidden, and the post's own name for it.

internal import Crypto

/// A key that may sign lists, as a post trusts it.
public struct TrustedKey: Hashable, Sendable {
    /// The 32 bytes of the Ed25519 public key.
    public let bytes: [UInt8]

    /// A public key. The points of small order, under which anybody can forge, are refused.
    public init(_ bytes: [UInt8]) throws(ListRefusal) {
        guard bytes.count == 32 else { throw .badKey }
        guard !Self.isWeak(bytes) else { throw .weakKey }
        self.bytes = bytes
        identifier = Array(SHA256.hash(data: bytes).prefix(8))
    }

    /// The first eight bytes of the key's SHA-256: how a signature names it.
    public let identifier: [UInt8]

    /// Whether a signature over some bytes is this key's.
    package func accepts(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return false }
        return key.isValidSignature(signature, for: message)
    }

    /// The y coordinates of the eight points of small order, in every encoding that decoders accept (the sign bit is
    /// ignored here). Source: RFC 7748 and 8032 arithmetic; list of encodings as published with libsodium's checks.
    private static let weak = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ].compactMap(AllowList.bytes(hexadecimal:))

    private static func isWeak(_ bytes: [UInt8]) -> Bool {
        var plain = bytes
        plain[31] &= 0x7F
        return weak.contains(plain)
    }
}

/// Hides tokens in a list: HMAC-SHA-256 under a key derived from a pepper that is not in the file.
public struct TagMaker: Sendable {
    /// Keyed once; each tag begins with a copy.
    private let keyed: TapCode

    /// The tags of one list: other salts, operators and lists give other tags for the same driver.
    public init(pepper: [UInt8], salt: [UInt8], operatorID: [UInt8], listID: [UInt8]) {
        self.init("PAL tag v1", pepper, salt, operatorID, listID)
    }

    /// The tags of one deny object, which are none of any list.
    init(denying pepper: [UInt8], salt: [UInt8], operatorID: [UInt8], listID: [UInt8]) {
        self.init("PAL deny v1", pepper, salt, operatorID, listID)
    }

    private init(_ purpose: String, _ pepper: [UInt8], _ salt: [UInt8], _ operatorID: [UInt8], _ listID: [UInt8]) {
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: pepper), salt: salt,
            info: Array(purpose.utf8) + operatorID + listID, outputByteCount: 32)
        keyed = TapCode(key: key.withUnsafeBytes { Array($0) })
    }

    /// The 16 bytes that stand for a token.
    public func tag(_ token: CanonicalToken) -> [UInt8] { code(token).bytes }

    /// The same as two numbers.
    package func code(_ token: CanonicalToken) -> Tag { keyed.code(token.hashedBytes).tag }
}

/// The post's own name for a token: the same through every list, salt and operator.
public struct TokenNaming: Sendable {
    private let key: SymmetricKey

    /// Names under a key that was made on the post (32 bytes).
    public init(key: [UInt8]) { self.key = SymmetricKey(data: key) }

    /// The two halves of a token's name.
    public func name(_ token: CanonicalToken) -> (high: UInt64, low: UInt64) {
        let code = Array(HMAC<SHA256>.authenticationCode(for: token.hashedBytes, using: key))
        var reader = ByteReader(code)
        return (reader.u64(), reader.u64())
    }
}

/// A new secret key for lists, or 32 random bytes for peppers and post keys.
public enum KeyMaker {
    /// A new Ed25519 key: private and public, 32 bytes each.
    public static func signingKey() -> (secret: [UInt8], open: [UInt8]) {
        let key = Curve25519.Signing.PrivateKey()
        return (Array(key.rawRepresentation), Array(key.publicKey.rawRepresentation))
    }
    /// 32 bytes from the system's generator.
    public static func randomBytes() -> [UInt8] { SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) } }
    /// The signature of a secret key over some bytes; nil if it is no key.
    public static func sign(_ bytes: [UInt8], _ secret: [UInt8]) -> [UInt8]? {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: secret) else { return nil }
        return (try? key.signature(for: bytes)).map { Array($0) }
    }
    /// The public half of a secret key.
    public static func open(of secret: [UInt8]) -> [UInt8]? {
        (try? Curve25519.Signing.PrivateKey(rawRepresentation: secret)).map {
            Array($0.publicKey.rawRepresentation)
        }
    }
}

/// Bytes as lower-case hexadecimal digits.
public func hexadecimal(_ bytes: [UInt8]) -> String {
    var text = ""
    for byte in bytes { text += (byte < 16 ? "0" : "") + String(byte, radix: 16) }
    return text
}

/// The bytes of hexadecimal digits, or nil.
public func bytes(hexadecimal text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var result: [UInt8] = []
    for position in stride(from: 0, to: digits.count, by: 2) {
        guard let byte = UInt8(String(decoding: digits[position..<position + 2], as: UTF8.self), radix: 16) else {
            return nil
        }
        result.append(byte)
    }
    return result
}
