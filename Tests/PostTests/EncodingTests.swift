// The byte encoding: every value comes back, no bytes trap, no number ever moves; and the hash built on it.

import Testing

@testable import Post

@Suite("The canonical encoding")
struct EncodingTests {
    @Test("100,000 events and actions come back as they were written")
    func roundTrip() throws {
        var values = RandomVocabulary(seed: 20_251_020)
        var writer = CanonicalWriter()
        for _ in 0..<50_000 {
            let event = values.event()
            let action = values.action()
            let instant = values.instant()
            writer.removeAll()
            writer.append(event, at: instant)
            writer.append(action)
            var reader = CanonicalReader(writer.bytes)
            let read = try reader.readEvent()
            try #require(read.event == event && read.at == instant)
            try #require(try reader.readAction() == action)
            try #require(reader.isAtEnd)
        }
    }

    @Test("the generator knows every case, so the round trip proves every case")
    func everyCaseIsGenerated() {
        var values = RandomVocabulary(seed: 1)
        var events: [Bool] = .init(repeating: false, count: 256)
        var actions = events
        var reports = events
        for _ in 0..<20_000 {
            events[Int(firstByte { values.event().encode(into: &$0) })] = true
            actions[Int(firstByte { values.action().encode(into: &$0) })] = true
            reports[Int(firstByte { values.report().encode(into: &$0) })] = true
        }
        for code in UInt8.min...UInt8.max {
            #expect(events[Int(code)] == (Event.Code(rawValue: code) != nil), "event \(code)")
            #expect(actions[Int(code)] == (Action.Code(rawValue: code) != nil), "action \(code)")
            #expect(reports[Int(code)] == (Report.Code(rawValue: code) != nil), "report \(code)")
        }
    }

    @Test("bytes of any kind never trap, and what is read is what would have been written")
    func hostileBytes() {
        var values = RandomVocabulary(seed: 7)
        var writer = CanonicalWriter()
        var understood = 0
        for round in 0..<200_000 {
            var bytes: [UInt8] = []
            if round % 2 == 0 {
                bytes = (0..<Int.random(in: 0...48, using: &values.chance)).map { _ in values.byte() }
            } else {
                writer.removeAll()
                writer.append(values.event(), at: values.instant())
                bytes = writer.bytes
                for _ in 0...Int.random(in: 0...2, using: &values.chance) {
                    bytes[Int.random(in: 0..<bytes.count, using: &values.chance)] = values.byte()
                }
                if Bool.random(using: &values.chance) { bytes.removeLast() }
            }
            var reader = CanonicalReader(bytes)
            if let read = try? reader.readEvent() {
                understood += 1
                writer.removeAll()
                writer.append(read.event, at: read.at)
                #expect(writer.bytes == Array(bytes[..<reader.offset]))
            }
            var other = CanonicalReader(bytes, offset: round % 3 - 1)
            if round % 4 < 2 { _ = try? other.readAction() } else { _ = try? other.readConfiguration() }
        }
        #expect(understood > 10_000)
    }

    @Test(
        "what is wrong is said with its reason and its place",
        arguments: [
            ([], CanonicalError(.tooShort, at: 0)),
            ([0x80], CanonicalError(.tooShort, at: 1)),
            ([0, 99], CanonicalError(.unknownCase, at: 1)),
            ([0x80, 0x00, 4], CanonicalError(.notMinimal, at: 0)),
            ([0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02], CanonicalError(.outOfRange, at: 1)),
            ([0, 50, 2], CanonicalError(.outOfRange, at: 2)),
            ([0, 60, 65], CanonicalError(.tooMany, at: 2)),
            ([0, 32, 0x80, 0x02], CanonicalError(.outOfRange, at: 2)),
        ] as [([UInt8], CanonicalError)])
    func refusals(_ bytes: [UInt8], _ expected: CanonicalError) {
        var reader = CanonicalReader(bytes)
        #expect(throws: expected) { try reader.readEvent() }
        #expect(expected.description.hasSuffix("."))
    }

    @Test("a recording of another version is refused")
    func version() throws {
        var writer = CanonicalWriter()
        writer.appendVersion()
        var reader = CanonicalReader(writer.bytes)
        try reader.readVersion()
        #expect(reader.isAtEnd)
        var other = CanonicalReader([CanonicalCoding.version &+ 1])
        #expect(throws: CanonicalError(.otherVersion, at: 0)) { try other.readVersion() }
    }

    @Test("every limit is encoded, in the order in which it is declared")
    func everyLimit() throws {
        let count = Mirror(reflecting: SafetyLimits()).children.count
        var writer = CanonicalWriter()
        // 2n stands for the signed number n; the one limit that is a byte stands for itself.
        let byteField = Mirror(reflecting: SafetyLimits()).children.enumerated().first { $0.element.value is UInt8 }
        let bytePosition = try #require(byteField).offset
        for position in 0..<count { writer.number(UInt64(position == bytePosition ? position : 2 * position)) }
        var reader = CanonicalReader(writer.bytes)
        let limits: SafetyLimits = try reader.take()
        #expect(reader.isAtEnd, "a limit is not encoded")
        for (position, child) in Mirror(reflecting: limits).children.enumerated() {
            #expect(number(child.value) == Int64(position), "\(child.label ?? "?") is out of order")
        }
        writer.removeAll()
        limits.encode(into: &writer)
        var again = CanonicalReader(writer.bytes)
        #expect(try again.take() as SafetyLimits == limits)
    }

    @Test("no value of the core's configuration is left out")
    func everyPartOfTheConfiguration() {
        #expect(Mirror(reflecting: PostConfiguration.twoConnectors).children.count == 8)
        #expect(Mirror(reflecting: AuthorizationPolicy()).children.count == 4)
        #expect(Mirror(reflecting: PostConfiguration.twoConnectors.connectors[0]).children.count == 5)
        #expect(Mirror(reflecting: PostConfiguration.twoConnectors.stages[0]).children.count == 3)
    }

    @Test("a warm buffer keeps its room")
    func buffer() {
        var writer = CanonicalWriter(capacity: 512)
        let before = writer.bytes.capacity
        for _ in 0..<1_000 {
            writer.removeAll()
            writer.append(.configured(.twoConnectors), at: Instant(microseconds: .max))
        }
        #expect(writer.bytes.capacity == before)
    }

    private func firstByte(_ encode: (inout CanonicalWriter) -> Void) -> UInt8 {
        var writer = CanonicalWriter(capacity: 64)
        encode(&writer)
        return writer.bytes.first ?? 0
    }

    private func number(_ value: Any) -> Int64? {
        switch value {
        case let value as Int32: Int64(value)
        case let value as UInt8: Int64(value)
        case let value as Interval: value.microseconds
        default: nil
        }
    }
}

@Suite("The rolling hash")
struct RollingHashTests {
    /// The hash of a fixed course of events and actions.
    private func course(seed: UInt64, change: Int? = nil) -> UInt64 {
        var values = RandomVocabulary(seed: seed)
        var hash = RollingHash()
        for turn in 0..<1_000 {
            let at = Instant(microseconds: Int64(turn) + (turn == change ? 1 : 0))
            hash.absorb(values.event(), at: at)
            hash.absorb(values.action())
        }
        return hash.value
    }

    @Test("the same course gives the same number in every build and process")
    func pinned() {
        var hash = RollingHash()
        #expect(hash.value == 0x4E17_CF67_001B_3979)
        for example in EncodingExamples.events { hash.absorb(example.event, at: Instant(microseconds: 12_345)) }
        for example in EncodingExamples.actions { hash.absorb(example.action) }
        #expect(hash.value == 0xB8FF_8C20_3D0E_446E)
    }

    @Test("another course, one microsecond, another order: another number")
    func tellsApart() {
        let plain = course(seed: 3)
        #expect(plain == course(seed: 3))
        #expect(plain != course(seed: 4))
        #expect(plain != course(seed: 3, change: 500))
        var forwards = RollingHash()
        var backwards = RollingHash()
        forwards.absorb(.timePassed, at: .zero)
        forwards.absorb(.restored, at: .zero)
        backwards.absorb(.restored, at: .zero)
        backwards.absorb(.timePassed, at: .zero)
        #expect(forwards != backwards)
    }

    @Test("two million single events hash to two million numbers")
    func spreads() {
        var seen: [UInt64] = []
        for index in 0..<2_000_000 {
            var hash = RollingHash()
            hash.absorb(.timePassed, at: Instant(microseconds: Int64(index)))
            seen.append(hash.value)
        }
        seen.sort()
        #expect(!zip(seen, seen.dropFirst()).contains { $0 == $1 })
    }
}

@Suite("The numbers of the encoding, which never change")
struct EncodingNumbersTests {
    private func hex(_ encode: (inout CanonicalWriter) -> Void) -> String {
        var writer = CanonicalWriter(capacity: 512)
        encode(&writer)
        return writer.bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    @Test("golden bytes of every event", arguments: EncodingExamples.events)
    func events(_ example: EncodingExamples.EventExample) {
        #expect(hex { example.event.encode(into: &$0) } == example.bytes, "\(example.event)")
    }

    @Test("golden bytes of every action", arguments: EncodingExamples.actions)
    func actions(_ example: EncodingExamples.ActionExample) {
        #expect(hex { example.action.encode(into: &$0) } == example.bytes, "\(example.action)")
    }

    @Test("there is an example of every event and every action")
    func complete() {
        let events = EncodingExamples.events.map { $0.bytes.prefix(2) }
        let actions = EncodingExamples.actions.map { $0.bytes.prefix(2) }
        for code in UInt8.min...UInt8.max {
            let digits = (code < 16 ? "0" : "") + String(code, radix: 16)
            #expect(events.contains { $0 == digits } == (Event.Code(rawValue: code) != nil), "event \(code)")
            #expect(actions.contains { $0 == digits } == (Action.Code(rawValue: code) != nil), "action \(code)")
        }
    }

    private func names<Value: CaseIterable & RawRepresentable<UInt8>>(_ type: Value.Type) -> String {
        Value.allCases.map { "\($0.rawValue) \($0)" }.joined(separator: ", ")
    }

    @Test("the number of every name, in full")
    func enumerations() {
        #expect(names(Fault.self) == EncodingExamples.faults)
        #expect(names(Refusal.self) == EncodingExamples.refusals)
        #expect(names(StopReason.self) == EncodingExamples.stopReasons)
        #expect(names(ConnectorPhase.self) == EncodingExamples.connectorPhases)
        #expect(names(PowerDegree.self) == "0 test, 1 match, 2 charge")
        #expect(names(InsulationCommand.self) == "0 test, 1 monitor, 2 rest")
        #expect(names(PilotOutput.self) == "0 steady, 1 digital, 2 unavailable")
        #expect(names(Freshness.self) == "0 fresh, 1 stale, 2 expired, 3 timeUntrusted")
        #expect(names(AuthorizationSource.self) == "0 list, 1 cloud, 2 guestFloor, 3 operatorCommand")
        #expect(names(LimitSource.self) == "0 siteManager, 1 cloud, 2 operatorCommand")
        #expect(names(CommandOutcome.self) == "0 done, 1 refused, 2 timedOut")
        #expect(names(LockHolder.self) == "0 vehicle, 1 post")
        #expect(names(PilotState.self) == "0 a, 1 b, 2 c, 3 d, 4 e, 5 f, 6 invalid")
        #expect(names(Proximity.self) == "0 open, 1 seated, 2 invalid")
        #expect(names(ContactSense.self) == "0 open, 1 closed, 2 unknown")
        #expect(names(InsulationSample.SelfTest.self) == "0 pending, 1 passed, 2 failed")
        #expect(names(RecordOutcome.self) == "0 recorded, 1 alreadySpent, 2 failed")
        #expect(
            names(Indication.self)
                == "0 ready, 1 awaitingDriver, 2 preparing, 3 charging, 4 finished, 5 refused, 6 unavailable")
        #expect(
            names(VehiclePhase.self)
                == "0 silent, 1 parameters, 2 cableCheck, 3 preCharge, 4 charge, 5 pause, 6 stop, 7 ended")
        #expect(
            names(Rule.self)
                == "1 powerNeedsEverything, 2 emergencyAtOnce, 3 measuredAgrees, 4 releasedOnlyWhenDead, "
                + "5 recordedBeforeEnergy, 6 energyNeverDecreases, 7 decidedLocally, 8 oneSessionEach, "
                + "9 grantsWithinLimits, 10 safeAfterStart, 11 bounded")
    }
}
