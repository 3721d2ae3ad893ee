// The registers that were read, and what they mean: whatever is not finite or out of range is refused before it
// becomes a whole number.

/// Why a value does not count.
public enum ValueProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The map has no such value, or its registers were not read.
    case notRead(Quantity)
    /// The device says that it has none.
    case notAvailable(Quantity)
    /// Not a number, or infinite.
    case notFinite(Quantity)
    /// Outside what the map calls plausible.
    case outOfRange(Quantity)
    /// The exponent's register holds what no exponent is.
    case badExponent(Quantity)
    /// A condition of the map does not hold: the register, and the word found.
    case conditionFails(address: UInt16, word: UInt16)
    /// The device is another one than the map's: the register, and the word found.
    case otherDevice(address: UInt16, word: UInt16)

    /// One sentence.
    public var description: String {
        switch self {
        case .notRead(let quantity): "\(quantity.rawValue) was not read"
        case .notAvailable(let quantity): "the device says that it has no \(quantity.rawValue)"
        case .notFinite(let quantity): "\(quantity.rawValue) is not a number"
        case .outOfRange(let quantity): "\(quantity.rawValue) is outside the plausible range"
        case .badExponent(let quantity): "the exponent of \(quantity.rawValue) is impossible"
        case .conditionFails(let address, let word): "register \(address) holds \(word): the values do not count"
        case .otherDevice(let address, let word): "register \(address) holds \(word): this is another device"
        }
    }
}

/// Registers that were read together.
public struct RegisterSnapshot: Sendable {
    private var parts: [(block: RegisterBlock, words: [UInt16])] = []

    /// Nothing read yet.
    public init() {}

    /// Adds what was read of a block.
    public mutating func add(_ words: [UInt16], of block: RegisterBlock) { parts.append((block, words)) }

    /// Forgets everything.
    public mutating func removeAll() { parts.removeAll(keepingCapacity: true) }

    /// The words of a block; nil if they were not all read.
    public func words(_ block: RegisterBlock) -> [UInt16]? {
        for part in parts where part.block.function == block.function {
            let offset = Int(block.address) - Int(part.block.address)
            guard offset >= 0, offset + block.count <= part.words.count else { continue }
            return Array(part.words[offset..<offset + block.count])
        }
        return nil
    }

    /// Whether a condition holds; nil if its register was not read.
    public func holds(_ condition: RegisterCondition) -> Bool? {
        words(condition.block).map { condition.holds(for: $0[0]) }
    }

    /// Throws if this is another device than the map's.
    public func checkIdentity(_ map: RegisterMap) throws(ValueProblem) {
        for expectation in map.expectations {
            guard let word = words(expectation.block)?.first else { continue }
            guard expectation.oneOf.contains(word) else {
                throw .otherDevice(address: expectation.block.address, word: word)
            }
        }
    }

    /// Throws if what was read does not count at all.
    public func checkConditions(_ map: RegisterMap) throws(ValueProblem) {
        for condition in map.conditions {
            guard let word = words(condition.block)?.first else { continue }
            guard condition.holds(for: word) else {
                throw .conditionFails(address: condition.address, word: word)
            }
        }
    }

    /// Whether the device reports a fault of its own; false where the map tells of none.
    public func faults(_ map: RegisterMap) -> Bool {
        !map.hasFault.isEmpty && map.hasFault.allSatisfy { holds($0) == true } || !faultNames(map).isEmpty
    }

    /// The names of the faults that the device reports, in the order of the map.
    public func faultNames(_ map: RegisterMap) -> [String] {
        map.faultBits.filter { fault in words(fault.block)?.first.map(fault.isSet) ?? false }.map(\.name)
    }

    /// A number made of the serial number; 0 where the map tells of none. Two devices differ in it with a chance of
    /// failure of 1 in 2^64.
    public func serial(_ map: RegisterMap) -> UInt64 {
        guard let number = map.serialNumber, let words = words(number.block) else { return 0 }
        // FNV-1a (Fowler, Noll, Vo): stable over builds, unlike Swift's own hash.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for word in words {
            for byte in [UInt8(word >> 8), UInt8(word & 0xFF)] {
                hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
            }
        }
        return hash
    }

    /// The serial number as people read it; nil where the map tells of none.
    public func serialText(_ map: RegisterMap) -> String? {
        guard let number = map.serialNumber, let words = words(number.block) else { return nil }
        guard number.isText else { return String(words.reduce(into: UInt64(0)) { $0 = $0 << 16 | UInt64($1) }) }
        let bytes = words.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        return String(decoding: bytes.filter { (0x21...0x7E).contains($0) }, as: UTF8.self)
    }

    /// A value in whole base units.
    public func value(_ quantity: Quantity, _ map: RegisterMap) throws(ValueProblem) -> Int64 {
        guard let place = map.value(quantity), let words = words(place.block) else { throw .notRead(quantity) }
        var power = 0
        if let exponent = place.exponent {
            let block = RegisterBlock(place.function, exponent.address, count: 1)
            guard let word = self.words(block)?.first else { throw .notRead(quantity) }
            power = Int(Int16(bitPattern: word)) + exponent.plus
        }
        return try place.decoded(words, power: power)
    }
}
