// One hash of many storms: what two builds, two machines or two shardings of one campaign are held against.

/// The hashes of many storms as one number: equal where each storm was, in whatever order and shards they were played.
public struct StormsHash: Codable, Hashable, Sendable, CustomStringConvertible {
    private var sum: UInt64 = 0

    /// The hash of no storm.
    public init() {}

    /// Takes in the hash of a storm that was played.
    mutating func add(_ hash: UInt64) { sum &+= hash }

    /// Takes in those of another shard.
    mutating func add(_ other: StormsHash) { sum &+= other.sum }

    /// Hexadecimal, as reports write hashes: numbers of JSON lose what is beyond 53 bits.
    public var description: String { String(sum, radix: 16) }

    /// Reads what `encode(to:)` wrote.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let sum = UInt64(text, radix: 16) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\(text) is no hash: it takes 1 to 16 hexadecimal digits")
        }
        self.sum = sum
    }

    /// Writes the number as a text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
