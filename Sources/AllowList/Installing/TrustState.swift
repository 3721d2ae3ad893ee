// What a post never goes back behind: a mark each for the newest list, trust bundle and deny object.

internal import Crypto

/// The marks of a post, each under a name of its own.
public enum TrustMark: String, CaseIterable, Sendable {
    /// The newest list that was ever put in place.
    case list = "allow_list_mark"
    /// The newest trust bundle that was ever adopted.
    case bundle = "trust_bundle_mark"
    /// The newest deny object that was ever adopted.
    case deny = "deny_mark"
    /// The list that was found damaged and has not been replaced since; zeros where there is none.
    case condemned = "condemned_list"

    /// Its bytes.
    var length: Int {
        switch self {
        case .list: 16 + 8 + 32
        case .bundle: 8 + 32
        case .deny: 32 + 8 + 32
        case .condemned: 32
        }
    }
}

/// The newest list that was ever put in place.
public struct HighWater: Hashable, Sendable {
    /// The stream of versions, 16 bytes. A post follows one stream.
    public var listID: [UInt8]
    /// Its version.
    public var version: UInt64
    /// SHA-256 of its 512 signed bytes: entries, limits and dates alike.
    public var headerHash: [UInt8]

    /// A mark at a version.
    public init(listID: [UInt8], version: UInt64, headerHash: [UInt8]) {
        self.listID = listID
        self.version = version
        self.headerHash = headerHash
    }
}

/// The newest trust bundle that was ever adopted. A stored bundle counts only if it is this very one.
public struct BundleMark: Hashable, Sendable {
    /// Its number.
    public var number: UInt64
    /// SHA-256 of its 512 signed bytes.
    public var headerHash: [UInt8]

    /// A mark at a number.
    public init(number: UInt64, headerHash: [UInt8]) {
        self.number = number
        self.headerHash = headerHash
    }
}

/// The newest deny object that was ever adopted.
public struct DenyMark: Hashable, Sendable {
    /// The 32 bytes of the key that signed it: with the key its mark ends too.
    public var signer: [UInt8]
    /// Its sequence.
    public var sequence: UInt64
    /// SHA-256 of its 512 signed bytes.
    public var headerHash: [UInt8]

    /// A mark at a sequence.
    public init(signer: [UInt8], sequence: UInt64, headerHash: [UInt8]) {
        self.signer = signer
        self.sequence = sequence
        self.headerHash = headerHash
    }
}

/// Where the marks are kept. They must not be lost with what they mark: whoever can delete both can go back.
public protocol TrustState: AnyObject {
    /// The bytes of a mark; nil before the first. Throws when there is one that cannot be read.
    func bytes(of mark: TrustMark) throws(FileProblem) -> [UInt8]?
    /// Keeps a mark in place of the one before, in one transaction; durable when it returns.
    func commit(_ bytes: [UInt8], as mark: TrustMark) throws(FileProblem)
}

extension TrustState {
    /// The list's mark; nil before the first installation.
    public func highWater() throws(FileProblem) -> HighWater? {
        guard var reader = try reader(.list) else { return nil }
        return HighWater(listID: reader.take(16), version: reader.u64(), headerHash: reader.take(32))
    }
    /// Keeps the list's mark.
    public func commit(_ mark: HighWater) throws(FileProblem) {
        try commit(mark.listID + Self.bytes(mark.version) + mark.headerHash, as: .list)
    }

    /// The bundle's mark; nil before the first bundle.
    public func bundleMark() throws(FileProblem) -> BundleMark? {
        guard var reader = try reader(.bundle) else { return nil }
        return BundleMark(number: reader.u64(), headerHash: reader.take(32))
    }
    /// Keeps the bundle's mark.
    public func commit(_ mark: BundleMark) throws(FileProblem) {
        try commit(Self.bytes(mark.number) + mark.headerHash, as: .bundle)
    }

    /// The deny object's mark; nil before the first object.
    public func denyMark() throws(FileProblem) -> DenyMark? {
        guard var reader = try reader(.deny) else { return nil }
        return DenyMark(signer: reader.take(32), sequence: reader.u64(), headerHash: reader.take(32))
    }
    /// Keeps the deny object's mark.
    public func commit(_ mark: DenyMark) throws(FileProblem) {
        try commit(mark.signer + Self.bytes(mark.sequence) + mark.headerHash, as: .deny)
    }

    /// The name of the list that was found damaged; nil where there is none.
    public func condemned() throws(FileProblem) -> [UInt8]? {
        guard var reader = try reader(.condemned) else { return nil }
        let name = reader.take(32)
        return areZero(name, 0..<32) ? nil : name
    }
    /// Keeps it, or that there is none any more.
    public func commit(condemned name: [UInt8]?) throws(FileProblem) {
        try commit(name ?? [UInt8](repeating: 0, count: 32), as: .condemned)
    }

    /// A mark of another length is damaged, never "no mark".
    private func reader(_ mark: TrustMark) throws(FileProblem) -> ByteReader? {
        guard let bytes = try bytes(of: mark) else { return nil }
        guard bytes.count == mark.length else { throw FileProblem(step: "read", name: mark.rawValue, number: 0) }
        return ByteReader(bytes)
    }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        var out = ByteWriter(capacity: 8)
        out.put(number)
        return out.bytes
    }
}

/// The marks in files beside the list: for issuing offices, benches and posts without a database.
public final class TrustStateFile<Folder: FileLayer>: TrustState {
    private static var magic: [UInt8] { Array("PALmark1".utf8) }
    private let folder: Folder

    /// The marks kept in a folder.
    public init(in folder: Folder) { self.folder = folder }

    /// The name of a mark's file.
    public static func name(of mark: TrustMark) -> String {
        switch mark {
        case .list: "allow-list.mark"
        case .bundle: "trust-bundle.mark"
        case .deny: "deny.mark"
        case .condemned: "condemned.mark"
        }
    }

    /// Reads a mark; one that cannot be read or whose checksum is wrong is a problem, never "no mark".
    public func bytes(of mark: TrustMark) throws(FileProblem) -> [UInt8]? {
        let (name, end) = (Self.name(of: mark), 8 + mark.length)
        guard let bytes = try folder.contents(name, atMost: end + 32) else { return nil }
        guard bytes.count == end + 32, Array(SHA256.hash(data: bytes[..<end])) == Array(bytes[end...]),
            Array(bytes[..<8]) == Self.magic
        else { throw FileProblem(step: "read", name: name, number: 0) }
        return Array(bytes[8..<end])
    }

    /// Writes the mark beside the old one, makes it durable, renames it over the old one, makes that durable.
    public func commit(_ bytes: [UInt8], as mark: TrustMark) throws(FileProblem) {
        let whole = Self.magic + bytes
        try folder.replace(Self.name(of: mark), with: whole + Array(SHA256.hash(data: whole)))
    }
}
