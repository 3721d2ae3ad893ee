// Registers that follow each other and are read in one request.

/// The kinds of register; the raw value is the function code that reads them.
public enum RegisterFunction: UInt8, CaseIterable, Sendable {
    /// Coils, one bit each: function 1, written 0xxxx in manuals. Read as a word of 0 or 1.
    case coil = 1
    /// Holding registers: function 3, written 4xxxx in manuals.
    case holding = 3
    /// Input registers: function 4, written 3xxxx in manuals.
    case input = 4

    /// The number that manuals of the old convention print for the register at address 0.
    public var referenceBase: Int {
        switch self {
        case .coil: 1
        case .holding: 40_001
        case .input: 30_001
        }
    }
}

/// Registers that follow each other and are read in one request.
public struct RegisterBlock: Hashable, Sendable {
    /// The most registers that one request may ask for: the protocol's own bound.
    public static let countAtMost = 125

    /// Which kind of register.
    public var function: RegisterFunction
    /// The first one's address on the wire, from 0.
    public var address: UInt16
    /// How many.
    public var count: Int

    /// That many registers from that address on.
    public init(_ function: RegisterFunction, _ address: UInt16, count: Int) {
        self.function = function
        self.address = address
        self.count = count
    }

    /// The addresses, the last one included.
    public var addresses: ClosedRange<Int> { Int(address)...Int(address) + max(1, count) - 1 }
}
