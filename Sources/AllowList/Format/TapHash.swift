// SHA-256 and HMAC-SHA-256 for the path of a tap, where nothing may be allocated.
//
// `SHA256` of swift-crypto keeps its state in an object: each hash makes one, each copy of a keyed HMAC two, and no call
// sets one back. The functions beneath it (BoringSSL, as swift-crypto carries it) work on a plain value. They are no
// product of that package: a version of it without them does not compile here, and `SHA256` would take their place.

internal import CCryptoBoringSSL

/// The 32 bytes of a SHA-256 as four big-endian numbers: a value without a buffer.
struct TapHash: Equatable, Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// The 32 bytes at an offset, which the caller has checked to lie 32 bytes before the end.
    init(_ bytes: [UInt8], at offset: Int) {
        words = bytes.withUnsafeBytes { raw in
            func word(_ number: Int) -> UInt64 {
                UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: offset + 8 * number, as: UInt64.self))
            }
            return (word(0), word(1), word(2), word(3))
        }
    }

    /// The hash of some bytes.
    init(of bytes: [UInt8]) {
        var context = SHA256_CTX()
        CCryptoBoringSSL_SHA256_Init(&context)
        bytes.withUnsafeBytes { _ = CCryptoBoringSSL_SHA256_Update(&context, $0.baseAddress, $0.count) }
        self.init(finishing: &context)
    }

    fileprivate init(finishing context: inout SHA256_CTX) {
        var bytes: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &bytes) { raw in
            let start = raw.baseAddress?.assumingMemoryBound(to: UInt8.self)
            CCryptoBoringSSL_SHA256_Final(start, &context)
        }
        words = (
            UInt64(bigEndian: bytes.0), UInt64(bigEndian: bytes.1), UInt64(bigEndian: bytes.2),
            UInt64(bigEndian: bytes.3)
        )
    }

    /// Its first 16 bytes: what a list keeps of a token.
    var tag: Tag { Tag(high: words.0, low: words.1) }

    fileprivate func feed(_ context: inout SHA256_CTX) {
        var bytes = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
        withUnsafeBytes(of: &bytes) { _ = CCryptoBoringSSL_SHA256_Update(&context, $0.baseAddress, $0.count) }
    }

    static func == (left: TapHash, right: TapHash) -> Bool { left.words == right.words }
}

/// HMAC-SHA-256 (RFC 2104) under one key of 32 bytes: keyed once, each code begins with copies of two values.
struct TapCode: Sendable {
    private let inner: SHA256_CTX
    private let outer: SHA256_CTX

    init(key: [UInt8]) {
        precondition(key.count <= 64, "a longer key would have to be hashed first")
        inner = Self.keyed(key, 0x36)
        outer = Self.keyed(key, 0x5C)
    }

    /// The code of some bytes.
    func code(_ bytes: [UInt8]) -> TapHash {
        var context = inner
        bytes.withUnsafeBytes { _ = CCryptoBoringSSL_SHA256_Update(&context, $0.baseAddress, $0.count) }
        let hash = TapHash(finishing: &context)
        context = outer
        hash.feed(&context)
        return TapHash(finishing: &context)
    }

    private static func keyed(_ key: [UInt8], _ pad: UInt8) -> SHA256_CTX {
        var context = SHA256_CTX()
        CCryptoBoringSSL_SHA256_Init(&context)
        let block = (key + [UInt8](repeating: 0, count: 64 - key.count)).map { $0 ^ pad }
        block.withUnsafeBytes { _ = CCryptoBoringSSL_SHA256_Update(&context, $0.baseAddress, $0.count) }
        return context
    }
}
