// What is wrong on the way to the cloud at a moment, and what a parameter of it is: values of the network's table.

import Post

/// What a parameter of a network fault is counted in.
public enum NetworkUnit: Sendable {
    /// Microseconds.
    case duration
    /// Of the messages.
    case percent
    /// Bits a second, as netem counts a rate.
    case bitsPerSecond
    /// Thousands of bytes a second, as Toxiproxy counts a bandwidth.
    case kilobytesPerSecond
    /// Bytes.
    case bytes
    /// Messages: the simulated line carries each as one packet.
    case messages
}

/// One parameter of a network fault.
public struct NetworkParameter: Sendable {
    /// The word of the tool that it comes from.
    public let word: String
    /// What it is counted in.
    public let unit: NetworkUnit
    /// What it may be.
    public let range: ClosedRange<Int64>
    /// What storms draw.
    public let drawn: ClosedRange<Int64>
    /// What it is where it is left out; nil where it may not be.
    public let standard: Int64?
    /// What it says: a sentence.
    public let help: String

    init(
        _ word: String, _ unit: NetworkUnit, _ range: ClosedRange<Int64>, draws drawn: ClosedRange<Int64>,
        standard: Int64? = nil, _ help: String
    ) {
        (self.word, self.unit, self.range, self.drawn) = (word, unit, range, drawn)
        (self.standard, self.help) = (standard, help)
    }
}

/// One thing that is wrong, with its parameters in the order of its row.
public struct NetworkImpairment: Hashable, Sendable {
    /// Its word.
    public let mode: FaultMode
    /// Its parameters.
    public let values: [Int64]

    /// That, with these values.
    public init(_ mode: FaultMode, _ values: [Int64]) {
        self.mode = mode
        self.values = values
    }

    /// Its row; every impairment has one, since only words of the table can be read, drawn or injected.
    public var row: NetworkTable.Row? { NetworkTable.row(mode) }
}

/// Everything that is wrong on the way to the cloud, each word once.
public struct NetworkState: Hashable, Sendable {
    /// What is wrong, in the order of the table.
    public private(set) var impairments: [NetworkImpairment] = []

    /// All is well.
    public static let up = NetworkState([])
    /// Connections are closed, and new ones are refused.
    public static let down = NetworkState([NetworkImpairment(.down, [])])

    /// These are wrong; of two with one word the later one counts.
    public init(_ impairments: [NetworkImpairment]) { for it in impairments { add(it) } }

    /// The parameters of that word; nil where it is not wrong.
    public subscript(_ mode: FaultMode) -> [Int64]? { impairments.first { $0.mode == mode }?.values }

    mutating func add(_ impairment: NetworkImpairment) {
        remove(impairment.mode)
        let order = NetworkTable.rows.map(\.mode)
        let place = order.firstIndex(of: impairment.mode) ?? order.count
        let at = impairments.firstIndex { (order.firstIndex(of: $0.mode) ?? order.count) > place }
        impairments.insert(impairment, at: at ?? impairments.count)
    }

    mutating func remove(_ mode: FaultMode) { impairments.removeAll { $0.mode == mode } }

    /// The same without what is wrong with that unit.
    func without(_ unit: FaultUnit) -> [NetworkImpairment] { impairments.filter { $0.row?.unit != unit } }
}
