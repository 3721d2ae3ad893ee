// The number of every event, and how it is encoded.

extension Event: Canonical {
    /// The numbers of events. Never reused, never changed without a new `CanonicalCoding.version`.
    enum Code: UInt8 {
        case booted = 1, latchRestored = 2, sessionRestored = 3, restored = 4, meterRestored = 5
        case outOfServiceRestored = 6
        case interlocks = 10, lines = 11, linesLost = 12
        case stage = 20, meter = 21, insulation = 22, vehicle = 23, temperature = 24, commandFinished = 25
        case tokenPresented = 30, tokenLookedUp = 31, readerGarbage = 32, command = 33, reader = 34
        case startRecorded = 40, sampleRecorded = 41, stopRecorded = 42, latchRecorded = 43
        case meterRecorded = 44, availabilityRecorded = 45
        case cloudLink = 50, cloudAnswered = 51, tokenRevoked = 52, limit = 53, tokenDenied = 54
        case configured = 60, timePassed = 61, memory = 62, clockStepped = 63
    }

    func encode(into sink: inout some CanonicalSink) {
        switch self {
        case .booted(let facts): sink.put(Code.booted, facts)
        case .latchRestored(let latch): sink.put(Code.latchRestored, latch)
        case .sessionRestored(let session): sink.put(Code.sessionRestored, session)
        case .restored: sink.put(Code.restored)
        case .meterRestored(let meter): sink.put(Code.meterRestored, meter)
        case .outOfServiceRestored(let connector): sink.put(Code.outOfServiceRestored, connector)
        case .interlocks(let levels): sink.put(Code.interlocks, levels)
        case .lines(let connector, let lines): sink.put(Code.lines, connector, lines)
        case .linesLost(let connector): sink.put(Code.linesLost, connector)
        case .stage(let stage, let sample): sink.put(Code.stage, stage, sample)
        case .meter(let connector, let sample): sink.put(Code.meter, connector, sample)
        case .insulation(let connector, let sample): sink.put(Code.insulation, connector, sample)
        case .vehicle(let connector, let sample): sink.put(Code.vehicle, connector, sample)
        case .temperature(let connector, let sample): sink.put(Code.temperature, connector, sample)
        case .commandFinished(let number, let outcome): sink.put(Code.commandFinished, number, outcome)
        case .tokenPresented(let reader, let token): sink.put(Code.tokenPresented, reader, token)
        case .tokenLookedUp(let reader, let answer): sink.put(Code.tokenLookedUp, reader, answer)
        case .readerGarbage(let reader): sink.put(Code.readerGarbage, reader)
        case .reader(let reader, let isThere): sink.put(Code.reader, reader, isThere)
        case .command(let number, let command): sink.put(Code.command, number, command)
        case .startRecorded(let session, let outcome): sink.put(Code.startRecorded, session, outcome)
        case .sampleRecorded(let session, let outcome): sink.put(Code.sampleRecorded, session, outcome)
        case .stopRecorded(let session, let outcome): sink.put(Code.stopRecorded, session, outcome)
        case .latchRecorded(let latch, let isSet, let outcome): sink.put(Code.latchRecorded, latch, isSet, outcome)
        case .meterRecorded(let meter, let outcome): sink.put(Code.meterRecorded, meter, outcome)
        case .availabilityRecorded(let connector, let isIn, let outcome):
            sink.put(Code.availabilityRecorded, connector, isIn, outcome)
        case .cloudLink(let isUp): sink.put(Code.cloudLink, isUp)
        case .cloudAnswered(let number, let verdict): sink.put(Code.cloudAnswered, number, verdict)
        case .tokenRevoked(let token): sink.put(Code.tokenRevoked, token)
        case .tokenDenied(let token): sink.put(Code.tokenDenied, token)
        case .limit(let source, let watts): sink.put(Code.limit, source, watts)
        case .memory(let bytes): sink.put(Code.memory, bytes)
        case .clockStepped(let milliseconds): sink.put(Code.clockStepped, milliseconds)
        case .configured(let configuration): sink.put(Code.configured, configuration)
        case .timePassed: sink.put(Code.timePassed)
        }
    }

    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Event {
        switch try reader.code(Code.self) {
        case .booted: .booted(try reader.take())
        case .latchRestored: .latchRestored(try reader.take())
        case .sessionRestored: .sessionRestored(try reader.take())
        case .restored: .restored
        case .meterRestored: .meterRestored(try reader.take())
        case .outOfServiceRestored: .outOfServiceRestored(try reader.take())
        case .interlocks: .interlocks(try reader.take())
        case .lines: .lines(try reader.take(), try reader.take())
        case .linesLost: .linesLost(try reader.take())
        case .stage: .stage(try reader.take(), try reader.take())
        case .meter: .meter(try reader.take(), try reader.take())
        case .insulation: .insulation(try reader.take(), try reader.take())
        case .vehicle: .vehicle(try reader.take(), try reader.take())
        case .temperature: .temperature(try reader.take(), try reader.take())
        case .commandFinished: .commandFinished(try reader.take(), try reader.take())
        case .tokenPresented: .tokenPresented(try reader.take(), try reader.take())
        case .tokenLookedUp: .tokenLookedUp(try reader.take(), try reader.take())
        case .readerGarbage: .readerGarbage(try reader.take())
        case .reader: .reader(try reader.take(), isThere: try reader.take())
        case .command: .command(try reader.take(), try reader.take())
        case .startRecorded: .startRecorded(try reader.take(), try reader.take())
        case .sampleRecorded: .sampleRecorded(try reader.take(), try reader.take())
        case .stopRecorded: .stopRecorded(try reader.take(), try reader.take())
        case .latchRecorded:
            .latchRecorded(try reader.take(), isSet: try reader.take(), try reader.take())
        case .meterRecorded: .meterRecorded(try reader.take(), try reader.take())
        case .availabilityRecorded:
            .availabilityRecorded(try reader.take(), isInService: try reader.take(), try reader.take())
        case .cloudLink: .cloudLink(isUp: try reader.take())
        case .cloudAnswered: .cloudAnswered(try reader.take(), try reader.take())
        case .tokenRevoked: .tokenRevoked(try reader.take())
        case .tokenDenied: .tokenDenied(try reader.take())
        case .limit: .limit(try reader.take(), watts: try reader.take())
        case .memory: .memory(residentBytes: try reader.take())
        case .clockStepped: .clockStepped(byMilliseconds: try reader.take())
        case .configured: .configured(try reader.take())
        case .timePassed: .timePassed
        }
    }
}

extension OperatorCommand: Canonical {
    /// The numbers of operators' commands.
    enum Code: UInt8 { case start = 0, stop = 1, setAvailable = 2, clearFault = 3, reserve = 4 }

    func encode(into sink: inout some CanonicalSink) {
        switch self {
        case .start(let connector, let token): sink.put(Code.start, connector, token)
        case .stop(let connector, let reason): sink.put(Code.stop, connector, reason)
        case .setAvailable(let connector, let isAvailable): sink.put(Code.setAvailable, connector, isAvailable)
        case .clearFault(let fault, let connector): sink.put(Code.clearFault, fault, connector)
        case .reserve(let connector, let token, let until): sink.put(Code.reserve, connector, token, until)
        }
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> OperatorCommand {
        switch try reader.code(Code.self) {
        case .start: .start(try reader.take(), try reader.take())
        case .stop: .stop(try reader.take(), try reader.take())
        case .setAvailable: .setAvailable(try reader.take(), try reader.take())
        case .clearFault: .clearFault(try reader.take(), try reader.take())
        case .reserve: .reserve(try reader.take(), try reader.take(), until: try reader.take())
        }
    }
}
