// The high-water mark: the newest list ever installed, so that no older one is taken back.

internal import Crypto

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

/// Where the high-water mark is kept. It must not be lost with the list: whoever can delete both can go back.
public protocol TrustState: AnyObject {
    /// The mark; nil before the first installation. Throws when there is one that cannot be read.
    func highWater() throws(FileProblem) -> HighWater?
    /// Keeps a mark; durable when it returns.
    func commit(_ mark: HighWater) throws(FileProblem)
}

/// The high-water mark in a file beside the list: for issuing offices, benches and posts without a database.
public final class TrustStateFile<Folder: FileLayer>: TrustState {
    /// The file's name.
    public static var name: String { "allow-list.mark" }
    private static var length: Int { 8 + 16 + 8 + 32 + 32 }
    private static var magic: [UInt8] { Array("PALmark1".utf8) }
    private let folder: Folder

    /// The mark kept in a folder.
    public init(in folder: Folder) { self.folder = folder }

    /// Reads the mark; one that cannot be read or whose checksum is wrong is a problem, never "no mark".
    public func highWater() throws(FileProblem) -> HighWater? {
        guard let bytes = try folder.contents(Self.name, atMost: Self.length) else { return nil }
        guard bytes.count == Self.length, Array(SHA256.hash(data: bytes[..<64])) == Array(bytes[64...]),
            Array(bytes[..<8]) == Self.magic
        else { throw FileProblem(step: "read", name: Self.name, number: 0) }
        var reader = ByteReader(bytes, at: 8)
        return HighWater(listID: reader.take(16), version: reader.u64(), headerHash: reader.take(32))
    }

    /// Writes the mark beside the old one, makes it durable, renames it over the old one, makes that durable.
    public func commit(_ mark: HighWater) throws(FileProblem) {
        var out = ByteWriter(capacity: Self.length)
        out.put(Self.magic)
        out.put(mark.listID)
        out.put(mark.version)
        out.put(mark.headerHash)
        out.put(Array(SHA256.hash(data: out.bytes)))
        try folder.replace(Self.name, with: out.bytes)
    }
}
