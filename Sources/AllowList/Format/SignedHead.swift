// What every signed object shares: 512 signed bytes, a block of signatures, and a domain of its own.

internal import Crypto

/// The kinds of signed object. Each has its own magic and its own domain, so that no signature serves two kinds.
public enum SignedObject: String, CaseIterable, Sendable {
    /// The list of drivers.
    case list
    /// The keys that a post trusts.
    case bundle
    /// Revocations and proof of freshness.
    case deny

    /// Bytes that are signed.
    package static let headLength = 512
    /// Where the body begins: head and signatures fill 4,096 bytes.
    package static let bodyOffset = 4_096
    /// Signatures at most: as many as C2SP signed notes must support.
    package static let signaturesAtMost = 16

    /// Its first eight bytes: 0x89, three letters, CR LF SUB LF (shows transfers that damage binary files).
    package var magic: [UInt8] {
        let letter: UInt8 =
            switch self {
            case .list: 0x4C  // L
            case .bundle: 0x42  // B
            case .deny: 0x4E  // N
            }
        return [0x89, 0x50, 0x41, letter, 0x0D, 0x0A, 0x1A, 0x0A]
    }
    /// What precedes the head where it is signed.
    package var domain: [UInt8] { Array("PAL-\(rawValue)-v1\0".utf8) }
    /// What a file without that magic is refused as.
    package var notThis: ListRefusal {
        switch self {
        case .list: .notAList
        case .bundle: .notABundle
        case .deny: .notADenyObject
        }
    }
    /// The kind of object that a file says it is.
    public init?(of bytes: [UInt8]) {
        guard let kind = Self.allCases.first(where: { bytes.starts(with: $0.magic) }) else { return nil }
        self = kind
    }
}

/// One signature and the key that it names.
package struct HeadSignature: Hashable, Sendable {
    package var keyIdentifier: [UInt8]
    package var signature: [UInt8]

    package init(keyIdentifier: [UInt8], signature: [UInt8]) {
        self.keyIdentifier = keyIdentifier
        self.signature = signature
    }
}

/// The first 4,096 bytes of a signed object: the head that is signed, and the signatures.
package struct SignedHead: Sendable {
    package let kind: SignedObject
    package var head: [UInt8]
    package var signatures: [HeadSignature]

    /// A head that nobody has signed yet.
    package init(_ kind: SignedObject, _ head: [UInt8]) {
        self.kind = kind
        self.head = head
        signatures = []
    }

    /// Takes the first 4,096 bytes apart; no value of the head is read.
    package init(_ kind: SignedObject, parsing bytes: [UInt8]) throws(ListRefusal) {
        guard bytes.count >= 8 else { throw .truncated }
        guard bytes.starts(with: kind.magic) else { throw kind.notThis }
        guard bytes.count >= SignedObject.bodyOffset else { throw .truncated }
        var reader = ByteReader(bytes, at: SignedObject.headLength)
        let count = Int(reader.u16())
        guard reader.zeros(6), count <= SignedObject.signaturesAtMost else { throw .badHeader }
        self.kind = kind
        head = Array(bytes[..<SignedObject.headLength])
        signatures = []
        for _ in 0..<count {
            signatures.append(HeadSignature(keyIdentifier: reader.take(8), signature: reader.take(64)))
        }
        guard areZero(bytes, reader.position..<SignedObject.bodyOffset) else { throw .badHeader }
    }

    /// What a key signs.
    package var signedBytes: [UInt8] { kind.domain + head }
    /// SHA-256 of the head: the object's name.
    package var hash: [UInt8] { Array(SHA256.hash(data: head)) }

    /// The first 4,096 bytes.
    package var encoded: [UInt8] {
        var out = ByteWriter(capacity: SignedObject.bodyOffset)
        out.put(head)
        out.put(UInt16(signatures.count))
        out.zeros(6)
        for signature in signatures {
            out.put(signature.keyIdentifier)
            out.put(signature.signature)
        }
        out.pad(to: SignedObject.bodyOffset)
        return out.bytes
    }

    /// The keys, each once, whose signature is good. Unknown keys are ignored; a known one that fails refuses all.
    package func signers(among keys: [TrustedKey]) throws(ListRefusal) -> [TrustedKey] {
        guard !signatures.isEmpty else { throw .unsigned }
        var good: [TrustedKey] = []
        let signed = signedBytes
        for entry in signatures {
            guard let key = keys.first(where: { $0.identifier == entry.keyIdentifier }) else { continue }
            guard key.accepts(entry.signature, over: signed) else { throw .badSignature }
            if !good.contains(key) { good.append(key) }
        }
        return good
    }

    /// Adds a signature that was made elsewhere; it must be good. One that is there already is kept once.
    package mutating func attach(_ signature: [UInt8], by key: TrustedKey) throws(ListRefusal) {
        guard key.accepts(signature, over: signedBytes) else { throw .badSignature }
        let entry = HeadSignature(keyIdentifier: key.identifier, signature: signature)
        guard !signatures.contains(entry) else { return }
        guard signatures.count < SignedObject.signaturesAtMost else { throw .badHeader }
        signatures.append(entry)
    }
}

/// A signed object as a file of the issuing office: signed, countersigned and combined without being understood.
public struct SignedFile: Sendable {
    /// What it is.
    public let kind: SignedObject
    private var start: SignedHead
    private let body: [UInt8]

    /// The object in these bytes.
    public init(_ bytes: [UInt8]) throws(ListRefusal) {
        guard let kind = SignedObject(of: bytes) else { throw .notAList }
        self.kind = kind
        start = try SignedHead(kind, parsing: bytes)
        body = Array(bytes[SignedObject.bodyOffset...])
    }

    /// The name of a list: the hash of its 512 signed bytes.
    public static func name(of source: some ListBytes) throws(ListRefusal) -> [UInt8] {
        var bytes: [UInt8] = []
        guard source.read(SignedObject.bodyOffset, at: 0, into: &bytes) else { throw .truncated }
        return try SignedHead(.list, parsing: bytes).hash
    }

    /// The whole file.
    public var bytes: [UInt8] { start.encoded + body }
    /// What an air-gapped signer signs with Ed25519: the domain, then the 512 bytes.
    public var request: [UInt8] { start.signedBytes }
    /// SHA-256 of the 512 bytes, as hexadecimal digits: what two people compare over the telephone.
    public var fingerprint: String { hexadecimal(start.hash) }
    /// How many signatures it carries.
    public var signatureCount: Int { start.signatures.count }

    /// Signs with a secret key.
    public mutating func sign(_ secret: [UInt8]) throws(ListRefusal) {
        guard let open = KeyMaker.open(of: secret), let signature = KeyMaker.sign(start.signedBytes, secret) else {
            throw .badKey
        }
        try attach(signature, by: open)
    }
    /// Adds a signature that was made elsewhere. Throws `bad_signature` when it does not fit.
    public mutating func attach(_ signature: [UInt8], by open: [UInt8]) throws(ListRefusal) {
        try start.attach(signature, by: try TrustedKey(open))
    }
    /// Adds the signatures of another copy of the same object; `equivocation` when it is another object.
    public mutating func combine(_ other: SignedFile) throws(ListRefusal) {
        guard other.kind == kind, other.start.head == start.head, other.body == body else { throw .equivocation }
        for entry in other.start.signatures where !start.signatures.contains(entry) {
            guard start.signatures.count < SignedObject.signaturesAtMost else { throw .badHeader }
            start.signatures.append(entry)
        }
    }
}
