// How the states of a session, a tap and the sets of faults are encoded.

extension Session.StartRecord: Canonical {}
extension PreparationStep: Canonical {}
extension StopStep: Canonical {}
extension Pause: Canonical {}
extension Urgency: Canonical {}
extension LimitingParty: Canonical {}

extension FaultSet: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        sink.word(UInt64(truncatingIfNeeded: bits))
        sink.word(UInt64(truncatingIfNeeded: bits >> 64))
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> FaultSet {
        let low = try reader.word()
        return FaultSet(bits: UInt128(try reader.word()) << 64 | UInt128(low))
    }
}

extension Condition: Canonical {
    func encode(into sink: inout some CanonicalSink) { since.encode(into: &sink) }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Condition {
        Condition(since: try reader.take())
    }
}

extension Grant: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        token.encode(into: &sink)
        group.encode(into: &sink)
        source.encode(into: &sink)
        freshness.encode(into: &sink)
        allowance.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Grant {
        Grant(
            token: try reader.take(), group: try reader.take(), source: try reader.take(),
            freshness: try reader.take(), allowance: try reader.take())
    }
}

extension Session: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        id.encode(into: &sink)
        grant.encode(into: &sink)
        startedAt.encode(into: &sink)
        startRegisterWattHours.encode(into: &sink)
        meterSerial.encode(into: &sink)
        startRecord.encode(into: &sink)
        startAskedAt.encode(into: &sink)
        lastRegisterWattHours.encode(into: &sink)
        lastRegisterAt.encode(into: &sink)
        energyWattHours.encode(into: &sink)
        meterFault.encode(into: &sink)
        sampleAskedAt.encode(into: &sink)
        sampleDurableAt.encode(into: &sink)
        isSampleInFlight.encode(into: &sink)
        voltageAtStartMillivolts.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Session {
        Session(
            id: try reader.take(), grant: try reader.take(), startedAt: try reader.take(),
            startRegisterWattHours: try reader.take(), meterSerial: try reader.take(),
            startRecord: try reader.take(), startAskedAt: try reader.take(),
            lastRegisterWattHours: try reader.take(), lastRegisterAt: try reader.take(),
            energyWattHours: try reader.take(), meterFault: try reader.take(), sampleAskedAt: try reader.take(),
            sampleDurableAt: try reader.take(), isSampleInFlight: try reader.take(),
            voltageAtStartMillivolts: try reader.take())
    }
}

extension Preparation: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        step.encode(into: &sink)
        since.encode(into: &sink)
        deadline.encode(into: &sink)
        tries.encode(into: &sink)
        cableCheckSince.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Preparation {
        Preparation(
            step: try reader.take(), since: try reader.take(), deadline: try reader.take(),
            tries: try reader.take(), cableCheckSince: try reader.take())
    }
}

extension Stop: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        step.encode(into: &sink)
        since.encode(into: &sink)
        deadline.encode(into: &sink)
        urgency.encode(into: &sink)
        reason.encode(into: &sink)
        fault.encode(into: &sink)
        tries.encode(into: &sink)
        openedAt.encode(into: &sink)
        bookedWattHours.encode(into: &sink)
        hadStage.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Stop {
        Stop(
            step: try reader.take(), since: try reader.take(), deadline: try reader.take(),
            urgency: try reader.take(), reason: try reader.take(), fault: try reader.take(),
            tries: try reader.take(), openedAt: try reader.take(), bookedWattHours: try reader.take(),
            hadStage: try reader.take())
    }
}

extension ConnectorState: Canonical {
    enum Code: UInt8 {
        case starting = 0, vacant = 1, plugged = 2, preparing = 3, charging = 4, suspended = 5, stopping = 6
        case finished = 7
    }

    func encode(into sink: inout some CanonicalSink) {
        switch self {
        case .starting: sink.put(Code.starting)
        case .vacant: sink.put(Code.vacant)
        case .plugged(let since): sink.put(Code.plugged, since)
        case .preparing(let session, let preparation): sink.put(Code.preparing, session, preparation)
        case .charging(let session): sink.put(Code.charging, session)
        case .suspended(let session, let pause, let since): sink.put(Code.suspended, session, pause, since)
        case .stopping(let session, let stop): sink.put(Code.stopping, session, stop)
        case .finished(let ended): sink.put(Code.finished, ended)
        }
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> ConnectorState {
        switch try reader.code(Code.self) {
        case .starting: .starting
        case .vacant: .vacant
        case .plugged: .plugged(try reader.take())
        case .preparing: .preparing(try reader.take(), try reader.take())
        case .charging: .charging(try reader.take())
        case .suspended: .suspended(try reader.take(), try reader.take(), try reader.take())
        case .stopping: .stopping(try reader.take(), try reader.take())
        case .finished: .finished(try reader.take())
        }
    }
}

extension EndedSession: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        id.encode(into: &sink)
        reason.encode(into: &sink)
        fault.encode(into: &sink)
        energyWattHours.encode(into: &sink)
        hasCharged.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> EndedSession {
        EndedSession(
            id: try reader.take(), reason: try reader.take(), fault: try reader.take(),
            energyWattHours: try reader.take(), hasCharged: try reader.take())
    }
}

extension Tap: Canonical {
    enum Code: UInt8 { case idle = 0, lookingUp = 1, askingCloud = 2, granted = 3 }

    func encode(into sink: inout some CanonicalSink) {
        switch self {
        case .idle: sink.put(Code.idle)
        case .lookingUp(let token, let deadline): sink.put(Code.lookingUp, token, deadline)
        case .askingCloud(let token, let number, let deadline, let fallback, let stranger):
            sink.put(Code.askingCloud, token, number, deadline, fallback)
            stranger.encode(into: &sink)
        case .granted(let grant, let deadline): sink.put(Code.granted, grant, deadline)
        }
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Tap {
        switch try reader.code(Code.self) {
        case .idle: .idle
        case .lookingUp: .lookingUp(try reader.take(), deadline: try reader.take())
        case .askingCloud:
            .askingCloud(
                try reader.take(), try reader.take(), deadline: try reader.take(), fallback: try reader.take(),
                stranger: try reader.take())
        case .granted: .granted(try reader.take(), deadline: try reader.take())
        }
    }
}
