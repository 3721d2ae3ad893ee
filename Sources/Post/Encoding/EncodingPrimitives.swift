// How numbers, names, lists and enumerations without fields are encoded.

extension Canonical where Self: RawRepresentable<UInt8> {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) { sink.number(UInt64(rawValue)) }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Self {
        try reader.code(Self.self)
    }
}

/// Folds a signed number so that small ones of either sign are small.
@inline(__always)
private func folded(_ value: some FixedWidthInteger & SignedInteger) -> UInt64 {
    let wide = Int64(truncatingIfNeeded: value)
    return UInt64(bitPattern: (wide << 1) ^ (wide >> 63))
}

extension Bool: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) { sink.number(self ? 1 : 0) }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Bool {
        let start = reader.offset
        switch try reader.number() {
        case 0: return false
        case 1: return true
        default: throw CanonicalError(.outOfRange, at: start)
        }
    }
}

extension UInt8: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) { sink.number(UInt64(self)) }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> UInt8 {
        try reader.fitting(UInt8.self)
    }
}

extension UInt32: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) { sink.number(UInt64(self)) }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> UInt32 {
        try reader.fitting(UInt32.self)
    }
}

/// In the vocabulary these are names made of random bits, so they are written whole.
extension UInt64: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) { sink.word(self) }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> UInt64 { try reader.word() }
}

extension Int16: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) { sink.number(folded(self)) }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Int16 {
        try reader.fittingSigned(Int16.self)
    }
}

extension Int32: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) { sink.number(folded(self)) }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Int32 {
        try reader.fittingSigned(Int32.self)
    }
}

extension Int64: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) { sink.number(folded(self)) }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Int64 {
        try reader.fittingSigned(Int64.self)
    }
}

extension Optional: Canonical where Wrapped: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) {
        switch self {
        case .none: sink.number(0)
        case .some(let value):
            sink.number(1)
            value.encode(into: &sink)
        }
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Wrapped? {
        let isThere: Bool = try reader.take()
        guard isThere else { return nil }
        return try Wrapped.decode(from: &reader)
    }
}

extension Array: Canonical where Element: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        sink.number(UInt64(count))
        for element in self { element.encode(into: &sink) }
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> [Element] {
        let start = reader.offset
        let count = try reader.number()
        guard count <= CanonicalCoding.listAtMost else { throw CanonicalError(.tooMany, at: start) }
        var elements: [Element] = []
        for _ in 0..<count { elements.append(try reader.take()) }
        return elements
    }
}

extension Instant: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) { microseconds.encode(into: &sink) }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Instant {
        Instant(microseconds: try reader.take())
    }
}

extension Interval: Canonical {
    func encode(into sink: inout some CanonicalSink) { microseconds.encode(into: &sink) }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Interval {
        Interval(microseconds: try reader.take())
    }
}

extension ConnectorID: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) { index.encode(into: &sink) }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> ConnectorID {
        ConnectorID(try reader.take())
    }
}

extension StageID: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) { index.encode(into: &sink) }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> StageID {
        StageID(try reader.take())
    }
}

extension ReaderID: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) { index.encode(into: &sink) }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> ReaderID {
        ReaderID(try reader.take())
    }
}

extension CommandNumber: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) { value.encode(into: &sink) }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> CommandNumber {
        CommandNumber(try reader.take())
    }
}

extension TokenName: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) {
        high.encode(into: &sink)
        low.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> TokenName {
        TokenName(high: try reader.take(), low: try reader.take())
    }
}

extension SessionID: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) {
        boot.encode(into: &sink)
        counter.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> SessionID {
        SessionID(boot: try reader.take(), counter: try reader.take())
    }
}

// Enumerations without fields: their raw values are their numbers.
extension Fault: Canonical {}
extension Refusal: Canonical {}
extension Rule: Canonical {}
extension PowerDegree: Canonical {}
extension InsulationCommand: Canonical {}
extension PilotOutput: Canonical {}
extension Indication: Canonical {}
extension Freshness: Canonical {}
extension AuthorizationSource: Canonical {}
extension LimitSource: Canonical {}
extension CommandOutcome: Canonical {}
extension LockHolder: Canonical {}
extension PilotState: Canonical {}
extension Proximity: Canonical {}
extension ContactSense: Canonical {}
extension InsulationSample.SelfTest: Canonical {}
extension VehiclePhase: Canonical {}
extension StopReason: Canonical {}
extension RecordOutcome: Canonical {}
extension ConnectorPhase: Canonical {}
