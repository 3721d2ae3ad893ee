// How sessions, latches, boots and what a token may take are encoded.

extension BootFacts: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        bootNumber.encode(into: &sink)
        uncleanStarts.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> BootFacts {
        BootFacts(bootNumber: try reader.take(), uncleanStarts: try reader.take())
    }
}

extension KnownMeter: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        connector.encode(into: &sink)
        serial.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> KnownMeter {
        KnownMeter(connector: try reader.take(), serial: try reader.take())
    }
}

extension Latch: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        fault.encode(into: &sink)
        connector.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Latch {
        Latch(fault: try reader.take(), connector: try reader.take())
    }
}

extension Allowance: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        sessionWattHours.encode(into: &sink)
        powerWatts.encode(into: &sink)
        sessionsLeft.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Allowance {
        Allowance(
            sessionWattHours: try reader.take(), powerWatts: try reader.take(), sessionsLeft: try reader.take())
    }
}

extension SessionStart: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        session.encode(into: &sink)
        connector.encode(into: &sink)
        token.encode(into: &sink)
        group.encode(into: &sink)
        source.encode(into: &sink)
        freshness.encode(into: &sink)
        startedAt.encode(into: &sink)
        registerWattHours.encode(into: &sink)
        meterSerial.encode(into: &sink)
        allowance.encode(into: &sink)
        tariff.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> SessionStart {
        SessionStart(
            session: try reader.take(), connector: try reader.take(), token: try reader.take(),
            group: try reader.take(), source: try reader.take(), freshness: try reader.take(),
            startedAt: try reader.take(), registerWattHours: try reader.take(), meterSerial: try reader.take(),
            allowance: try reader.take(), tariff: try reader.take())
    }
}

extension SessionSample: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        session.encode(into: &sink)
        measuredAt.encode(into: &sink)
        registerWattHours.encode(into: &sink)
        energyWattHours.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> SessionSample {
        SessionSample(
            session: try reader.take(), measuredAt: try reader.take(), registerWattHours: try reader.take(),
            energyWattHours: try reader.take())
    }
}

extension SessionStop: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        session.encode(into: &sink)
        endedAt.encode(into: &sink)
        reason.encode(into: &sink)
        fault.encode(into: &sink)
        registerWattHours.encode(into: &sink)
        energyWattHours.encode(into: &sink)
        energyIsLastKnown.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> SessionStop {
        SessionStop(
            session: try reader.take(), endedAt: try reader.take(), reason: try reader.take(),
            fault: try reader.take(), registerWattHours: try reader.take(), energyWattHours: try reader.take(),
            energyIsLastKnown: try reader.take())
    }
}

extension RestoredSession: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        start.encode(into: &sink)
        lastRegisterWattHours.encode(into: &sink)
        lastEnergyWattHours.encode(into: &sink)
        hasMachineRestarted.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> RestoredSession {
        RestoredSession(
            start: try reader.take(), lastRegisterWattHours: try reader.take(),
            lastEnergyWattHours: try reader.take(), hasMachineRestarted: try reader.take())
    }
}

extension TokenLookUp: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        token.encode(into: &sink)
        verdict.encode(into: &sink)
        group.encode(into: &sink)
        freshness.encode(into: &sink)
        allowance.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> TokenLookUp {
        TokenLookUp(
            token: try reader.take(), verdict: try reader.take(), group: try reader.take(),
            freshness: try reader.take(), allowance: try reader.take())
    }
}

extension TokenLookUp.Verdict: Canonical {
    enum Code: UInt8 { case listed = 0, notListed = 1, noList = 2, refused = 3, limited = 4 }

    func encode(into sink: inout some CanonicalSink) {
        switch self {
        case .listed: sink.put(Code.listed)
        case .notListed: sink.put(Code.notListed)
        case .noList: sink.put(Code.noList)
        case .refused(let refusal): sink.put(Code.refused, refusal)
        case .limited(let refusal): sink.put(Code.limited, refusal)
        }
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Self {
        switch try reader.code(Code.self) {
        case .limited: .limited(try reader.take())
        case .listed: .listed
        case .notListed: .notListed
        case .noList: .noList
        case .refused: .refused(try reader.take())
        }
    }
}

extension CloudVerdict: Canonical {
    enum Code: UInt8 { case accepted = 0, refused = 1, failed = 2 }

    func encode(into sink: inout some CanonicalSink) {
        switch self {
        case .accepted(let wattHours): sink.put(Code.accepted, wattHours)
        case .refused: sink.put(Code.refused)
        case .failed: sink.put(Code.failed)
        }
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Self {
        switch try reader.code(Code.self) {
        case .accepted: .accepted(sessionWattHours: try reader.take())
        case .refused: .refused
        case .failed: .failed
        }
    }
}
