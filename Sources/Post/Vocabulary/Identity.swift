// The names by which the core speaks of things: small integers, never text.

/// A connector of this post, counted from 0. The bound on connectors is `PostConfiguration.connectorsAtMost`.
public struct ConnectorID: Hashable, Comparable, Sendable {
    /// The position of the connector in the configuration, from 0.
    public var index: UInt8
    /// The connector at that position.
    public init(_ index: UInt8) { self.index = index }
    /// Whether `left` stands before `right` in the configuration.
    public static func < (left: ConnectorID, right: ConnectorID) -> Bool { left.index < right.index }
}

/// A power stage (a group of rectifier modules with one output) of this post, counted from 0.
public struct StageID: Hashable, Sendable {
    /// The position of the stage in the configuration, from 0.
    public var index: UInt8
    /// The stage at that position.
    public init(_ index: UInt8) { self.index = index }
}

/// A card reader of this post, counted from 0.
public struct ReaderID: Hashable, Sendable {
    /// The position of the reader in the configuration, from 0.
    public var index: UInt8
    /// The reader at that position.
    public init(_ index: UInt8) { self.index = index }
}

/// A token's name inside this post: a keyed pseudonym that outlives lists, salts and operators.
///
/// It is all that events, counters, recordings and logs ever hold of a driver's card.
public struct TokenName: Hashable, Sendable {
    /// The first eight bytes, big-endian.
    public var high: UInt64
    /// The last eight bytes, big-endian.
    public var low: UInt64
    /// The name made of these sixteen bytes.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

/// A session's name: the post's boot number and a counter within that boot, both durable, so no clock step repeats one.
public struct SessionID: Hashable, Sendable {
    /// How often this post had started when the session began.
    public var boot: UInt32
    /// The session's number within that boot, from 1.
    public var counter: UInt32
    /// The session with that boot and counter.
    public init(boot: UInt32, counter: UInt32) {
        self.boot = boot
        self.counter = counter
    }
}

/// The number under which a far device was told to do something; its outcome comes back with it.
public struct CommandNumber: Hashable, Sendable {
    /// Counts up from 1 within a boot and wraps.
    public var value: UInt32
    /// The command with that number.
    public init(_ value: UInt32) { self.value = value }
}
