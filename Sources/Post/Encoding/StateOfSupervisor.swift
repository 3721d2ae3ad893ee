// Which fields of the supervisor are written down, and in which order.

extension Supervisor: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        try visitor.parts(&watched)
        try visitor.field(&strays)
        try interlocks.visit(&visitor)
        try outside.visit(&visitor)
        try answers.visit(&visitor)
        try visitor.field(&isBooted)
        try visitor.field(&isRestored)
        try visitor.field(&isTooEarly)
        try visitor.field(&now)
        try call.visit(&visitor)
    }
}

extension Watched: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        try lines.visit(&visitor)
        try stage.visit(&visitor)
        try meter.visit(&visitor)
        try insulation.visit(&visitor)
        try vehicle.visit(&visitor)
        try visitor.field(&allowed)
        try visitor.field(&openedAt)
        try visitor.field(&setpoint)
        try visitor.field(&offSince)
        try visitor.field(&wokenAt)
        try visitor.field(&isJoined)
        try visitor.field(&isDischarging)
        try visitor.field(&pilot)
        try visitor.field(&isReleased)
        try visitor.field(&isStopping)
        try visitor.field(&testVoltageAt)
        try visitor.field(&isInsulationTested)
        try visitor.field(&raised)
        try visitor.field(&latched)
        try visitor.field(&isWeldSuspected)
        try visitor.field(&isCutOff)
        try visitor.field(&book)
        try visitor.field(&standing)
        for index in since.indices { try visitor.field(&since[index]) }
    }
}

extension WatchSet: Canonical {
    func encode(into sink: inout some CanonicalSink) { bits.encode(into: &sink) }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> WatchSet {
        WatchSet(bits: try reader.take())
    }
}

extension Answers.Answer: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        token.encode(into: &sink)
        verdict.encode(into: &sink)
        at.encode(into: &sink)
        lookedUpAt.encode(into: &sink)
        question.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Self {
        Self(
            token: try reader.take(), verdict: try reader.take(), at: try reader.take(),
            lookedUpAt: try reader.take(), question: try reader.take())
    }
}

extension Answers.Verdict: Canonical {
    enum Code: UInt8 { case listed = 0, refused = 1, unknown = 2, acceptedByCloud = 3 }

    func encode(into sink: inout some CanonicalSink) {
        switch self {
        case .listed(let wattHours): sink.put(Code.listed, wattHours)
        case .refused: sink.put(Code.refused)
        case .unknown: sink.put(Code.unknown)
        case .acceptedByCloud(let wattHours): sink.put(Code.acceptedByCloud, wattHours)
        }
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Self {
        switch try reader.code(Code.self) {
        case .listed: .listed(wattHours: try reader.take())
        case .refused: .refused
        case .unknown: .unknown
        case .acceptedByCloud: .acceptedByCloud(wattHours: try reader.take())
        }
    }
}
