// Which registers are read together, and with which two lengths.

/// The requests that read the values of a map: registers that follow each other come in one request.
///
/// On a serial line an answer carries nothing that says to which request it belongs. So that one which comes a request
/// late is never taken for the next one, two requests in a row to one device differ in length or function: each block
/// has, where the device allows, a form that is one step longer; where it does not, a short read whose answer is thrown
/// away goes in between.
public struct ReadPlan: Sendable {
    /// The blocks in the order in which they are read.
    public let blocks: [RegisterBlock]
    private let longer: [RegisterBlock?]
    private let fillers: [RegisterBlock]

    /// Whether two requests in a row can always be told apart.
    public var canAlternate: Bool {
        blocks.indices.allSatisfy { longer[$0] != nil || filler(unlike: blocks[$0], blocks[$0]) != nil }
    }

    /// The plan that reads these quantities, as far as the map has them, and whatever they depend on.
    public init(_ map: RegisterMap, _ quantities: [Quantity]) {
        let values = map.values.filter { quantities.contains($0.quantity) }
        var pieces = values.map(\.block)
        pieces += values.compactMap { value in
            value.exponent.map { RegisterBlock(value.function, $0.address, count: 1) }
        }
        pieces += (map.conditions + map.testRuns + map.hasFault).map(\.block) + map.faultBits.map(\.block)
        if map.kind == .powerStage, let output = map.controls.outputBlock { pieces.append(output) }
        self.init(map, pieces)
    }

    /// The plan that reads what a device is known by: what the map expects, and the serial number.
    public init(identityOf map: RegisterMap) {
        var pieces = map.expectations.map(\.block)
        if let serial = map.serialNumber?.block { pieces.append(serial) }
        self.init(map, pieces)
    }

    private init(_ map: RegisterMap, _ pieces: [RegisterBlock]) {
        var merged: [RegisterBlock] = []
        let sorted = pieces.sorted { ($0.function.rawValue, $0.address) < ($1.function.rawValue, $1.address) }
        for piece in sorted {
            guard let last = merged.last, let joint = Self.join(last, piece, map) else {
                merged.append(piece)
                continue
            }
            merged[merged.count - 1] = joint
        }
        blocks = merged
        longer = merged.map { Self.longer($0, map) }
        fillers =
            (map.values.map(\.block) + map.expectations.map(\.block) + merged
            + [map.serialNumber?.block].compactMap(\.self))
            .sorted { $0.count < $1.count }
    }

    /// What to send so that the block at `index` is read, after `previous`.
    ///
    /// - Returns: A block that covers it, or one that does not and is thrown away (`isFiller`).
    public func request(at index: Int, after previous: RegisterBlock?) -> (block: RegisterBlock, isFiller: Bool) {
        let block = blocks[index]
        guard let previous, !Self.differ(block, previous) else { return (block, false) }
        if let other = longer[index] { return (other, false) }
        return (filler(unlike: previous, block) ?? block, filler(unlike: previous, block) != nil)
    }

    private func filler(unlike one: RegisterBlock, _ other: RegisterBlock) -> RegisterBlock? {
        fillers.first { Self.differ($0, one) && Self.differ($0, other) }
    }

    /// Whether an answer to one of them cannot be taken for an answer to the other.
    static func differ(_ left: RegisterBlock, _ right: RegisterBlock) -> Bool {
        left.function != right.function || left.count != right.count
    }

    private static func join(_ left: RegisterBlock, _ right: RegisterBlock, _ map: RegisterMap) -> RegisterBlock? {
        guard left.function == right.function else { return nil }
        let end = max(left.addresses.upperBound, right.addresses.upperBound)
        let joint = RegisterBlock(left.function, left.address, count: end - Int(left.address) + 1)
        guard joint.count <= map.registersAtMost else { return nil }
        let isAdjacent = Int(right.address) <= left.addresses.upperBound + 1
        return isAdjacent || isReadable(joint, map) ? joint : nil
    }

    private static func longer(_ block: RegisterBlock, _ map: RegisterMap) -> RegisterBlock? {
        guard block.count + map.step <= map.registersAtMost else { return nil }
        let after = RegisterBlock(block.function, block.address, count: block.count + map.step)
        if isReadable(after, map) { return after }
        guard let start = UInt16(exactly: Int(block.address) - map.step) else { return nil }
        let before = RegisterBlock(block.function, start, count: block.count + map.step)
        return isReadable(before, map) ? before : nil
    }

    private static func isReadable(_ block: RegisterBlock, _ map: RegisterMap) -> Bool {
        map.readable.contains {
            $0.function == block.function && $0.addresses.lowerBound <= block.addresses.lowerBound
                && $0.addresses.upperBound >= block.addresses.upperBound
        }
    }
}
