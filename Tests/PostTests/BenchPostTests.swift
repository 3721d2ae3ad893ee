// Bring-up: who may close a contactor by hand, on what readings, and what opens it again.

import Testing

@testable import Post

private let left = ConnectorID(0)
private let right = ConnectorID(1)

/// A post of two connectors on the bench, on which everything is as it must be, at 10 s.
private struct Bench {
    var post = BenchPost(.twoConnectors)
    var now = Instant.zero + .seconds(10)
    var levels = InterlockLevels.allGood
    var lines = [ConnectorLines](repeating: .atRest, count: 2)
    var stage = StageSample(
        measuredAt: .zero, millivolts: 1_000, milliamperes: 0, availableMilliamperes: 0, isOn: false,
        hasFault: false,
        modulesOut: 0)
    var meter = MeterSample(measuredAt: .zero, millivolts: 2_000, milliamperes: 0, energyWattHours: 0, serial: 1)
    var isCutOff = true

    /// Hands in every reading as of now; returns why the held contactor must open.
    mutating func read() -> BenchRefusal? {
        (stage.measuredAt, meter.measuredAt) = (now, now)
        var refusal = post.take(.interlocks(levels), at: now)
        for (index, lines) in lines.enumerated() {
            refusal = post.take(.lines(ConnectorID(UInt8(index)), lines), at: now) ?? refusal
        }
        refusal = post.take(.stage(StageID(0), stage), at: now) ?? refusal
        return post.take(.meter(left, meter), at: now) ?? refusal
    }

    mutating func close(_ contactor: Contactor = .plus, of id: ConnectorID = left) -> BenchRefusal? {
        if isCutOff { post.cutOff(StageID(0), at: now) }
        _ = read()
        do {
            try post.close(contactor, of: id, at: now)
            return nil
        } catch {
            return error
        }
    }
}

extension ConnectorLines {
    fileprivate static let atRest = ConnectorLines(
        pilot: .a, proximity: .open, lock: .open, contactorPlus: .open, contactorMinus: .open, stopPressed: false)
}

/// A way in which the bench is not as it must be, and what is said to that.
private struct Spoiler: CustomTestStringConvertible {
    let expected: BenchRefusal
    let spoil: @Sendable (inout Bench) -> Void
    var testDescription: String { expected.code }

    init(_ expected: BenchRefusal, _ spoil: @escaping @Sendable (inout Bench) -> Void) {
        (self.expected, self.spoil) = (expected, spoil)
    }

    /// What a reading can say against it: refuses to close, and opens what is closed.
    static let readings = [
        Spoiler(.emergencyStopPressed) { $0.levels.emergencyStopPressed = true },
        Spoiler(.tiltOrWater) { $0.levels.tiltOrWater = true },
        Spoiler(.protectiveEarthLost) { $0.levels.protectiveEarthGood = false },
        Spoiler(.vehicleConnected) { $0.lines[0].proximity = .seated },
        Spoiler(.vehicleConnected) { $0.lines[0].proximity = .invalid },
        Spoiler(.vehicleConnected) { $0.lines[1].pilot = .b },
        Spoiler(.contactorNotOpen) { $0.lines[0].contactorMinus = .closed },
        Spoiler(.contactorNotOpen) { $0.lines[0].contactorMinus = .unknown },
        Spoiler(.contactorNotOpen) { $0.lines[1].contactorPlus = .closed },
        Spoiler(.stageLive) { $0.stage.millivolts = 60_000 },
        Spoiler(.stageLive) { $0.stage.millivolts = -60_000 },
        Spoiler(.contactsLive) { $0.meter.millivolts = 60_000 },
        Spoiler(.contactsLive) { $0.meter.millivolts = .min },
        Spoiler(.currentFlows) { $0.meter.milliamperes = 2_001 },
        Spoiler(.currentFlows) { $0.stage.milliamperes = .min },
    ]
}

@Suite("The bench")
struct BenchPostTests {
    @Test("with the stage cut off and both sides dead a contactor may be closed, either one, a door open or not")
    func granted() {
        for contactor in Contactor.allCases {
            var bench = Bench()
            bench.levels.doorOpen = true
            bench.levels.gridPresent = false
            #expect(bench.close(contactor) == nil)
            #expect(bench.post.hold == BenchHold(connector: left, contactor: contactor, since: bench.now))
        }
    }

    @Test("whatever reads otherwise refuses it", arguments: Spoiler.readings)
    fileprivate func refused(_ spoiler: Spoiler) {
        var bench = Bench()
        spoiler.spoil(&bench)
        #expect(bench.close() == spoiler.expected)
        #expect(bench.post.hold == nil)
    }

    @Test("whatever comes to read otherwise opens it in the same call", arguments: Spoiler.readings)
    fileprivate func opens(_ spoiler: Spoiler) {
        var bench = Bench()
        #expect(bench.close() == nil)
        bench.now = bench.now + .milliseconds(300)
        bench.lines[0].contactorPlus = .closed
        #expect(bench.read() == nil)
        spoiler.spoil(&bench)
        #expect(bench.read() == spoiler.expected)
    }

    @Test("a contactor that reads closed though nobody drives it is not closed on top")
    func welded() {
        var bench = Bench()
        bench.lines[0].contactorPlus = .closed
        #expect(bench.close(.plus) == .contactorNotOpen)
        #expect(bench.close(.minus) == .contactorNotOpen)
    }

    @Test("a stage that was not cut off refuses it, and what was read before the cut does not count")
    func notCutOff() {
        var bench = Bench()
        bench.isCutOff = false
        #expect(bench.close() == .stageNotCutOff)
        bench.post.cutOff(StageID(0), at: bench.now)
        #expect(throws: BenchRefusal.stageVoltageUnknown) { try bench.post.close(.plus, of: left, at: bench.now) }
        #expect(bench.close(of: right) == .stageNotCutOff)
    }

    @Test("nothing read, or too long ago, means no")
    func unknown() {
        var empty = BenchPost(.twoConnectors)
        empty.cutOff(StageID(0), at: .zero)
        #expect(throws: BenchRefusal.interlocksUnknown) { try empty.close(.plus, of: left, at: .zero) }
        _ = empty.take(.interlocks(.allGood), at: .zero)
        #expect(throws: BenchRefusal.linesUnknown) { try empty.close(.plus, of: left, at: .zero) }
        #expect(throws: BenchRefusal.noSuchConnector) { try empty.close(.plus, of: ConnectorID(2), at: .zero) }

        var bench = Bench()
        bench.post.cutOff(StageID(0), at: bench.now)
        _ = bench.read()
        // 2 s for lines and stage, 3 s for the meter, and a microsecond.
        let late = bench.now + .milliseconds(2_001)
        #expect(throws: BenchRefusal.interlocksUnknown) { try bench.post.close(.plus, of: left, at: late) }
        bench.now = bench.now + .milliseconds(3_001)
        bench.meter.measuredAt = bench.now
        _ = bench.post.take(.interlocks(.allGood), at: bench.now)
        for index in 0..<2 { _ = bench.post.take(.lines(ConnectorID(UInt8(index)), .atRest), at: bench.now) }
        #expect(throws: BenchRefusal.stageVoltageUnknown) { try bench.post.close(.plus, of: left, at: bench.now) }
        bench.stage.measuredAt = bench.now
        _ = bench.post.take(.stage(StageID(0), bench.stage), at: bench.now)
        #expect(throws: BenchRefusal.contactVoltageUnknown) { try bench.post.close(.plus, of: left, at: bench.now) }
    }

    @Test("lines that are lost open it")
    func linesLost() {
        var bench = Bench()
        #expect(bench.close() == nil)
        #expect(bench.post.take(.linesLost(nil), at: bench.now) == .interlocksUnknown)
        _ = bench.read()
        #expect(bench.post.take(.linesLost(left), at: bench.now) == .linesUnknown)
    }

    @Test("one at a time: no second contactor, of this connector or another")
    func oneAtATime() {
        var bench = Bench()
        #expect(bench.close() == nil)
        #expect(throws: BenchRefusal.anotherIsClosed) { try bench.post.close(.minus, of: left, at: bench.now) }
        #expect(throws: BenchRefusal.anotherIsClosed) { try bench.post.close(.plus, of: left, at: bench.now) }
        #expect(throws: BenchRefusal.anotherIsClosed) { try bench.post.close(.plus, of: right, at: bench.now) }
        bench.post.opened()
        bench.lines[0].contactorPlus = .closed
        #expect(bench.close(.minus) == .contactorNotOpen)
        bench.lines[0].contactorPlus = .open
        #expect(bench.close(.minus) == nil)
    }

    @Test("after two seconds it opens, whatever is read")
    func timeIsUp() throws {
        var bench = Bench()
        #expect(bench.close() == nil)
        let deadline = try #require(bench.post.nextDeadline)
        #expect(deadline == bench.now + .seconds(2))
        #expect(bench.post.timePassed(at: deadline - Interval(microseconds: 1)) == nil)
        #expect(bench.post.timePassed(at: deadline) == .timeIsUp)
        bench.post.opened()
        #expect(bench.post.timePassed(at: deadline) == nil && bench.post.nextDeadline == nil)
    }

    @Test("extreme instants and values trap nowhere")
    func extremes() {
        var bench = Bench()
        #expect(bench.close() == nil)
        for instant in [Instant(microseconds: .min), .zero, .distantFuture] {
            bench.now = instant
            _ = bench.read()
            _ = bench.post.timePassed(at: instant)
        }
        #expect(bench.post.hold != nil)
    }
}
