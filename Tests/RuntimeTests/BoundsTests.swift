// What happens at each bound of the live driver: samples overwrite, commands are refused, outcomes have a place.

import Devices
import Dispatch
import Ledger
import Post
import Runtime
import Simulator
import Synchronization
import Testing

/// Records that never answer: a disk that hangs.
private final class SilentRecords: LiveRecords {
    let asked = Mutex<[RecordRequest]>([])
    func submit(_ request: RecordRequest) { asked.withLock { $0.append(request) } }
    func acknowledged(_ number: Int64) {}
}

/// A world whose far devices never answer a command, and whose samples come two seconds late.
private final class SluggishPlant: LivePlant {
    let inner = WorldPlant()
    var devices: PostDevices { inner.devices }
    var cloud: any CloudPort { inner.cloud }
    private var late: [(event: Event, at: Instant)] = []
    private var deliver: ((Event, Instant) -> Void)?
    var nextEvent: Instant? { [inner.nextEvent, late.first?.at].compactMap(\.self).min() }
    func advance(to instant: Instant) {
        inner.advance(to: instant)
        while let first = late.first, first.at <= instant {
            late.removeFirst()
            deliver?(first.event, first.at)
        }
    }
    func connect(deliver: @escaping (Event, Instant) -> Void, linesChanged: @escaping (Instant) -> Void) {
        self.deliver = deliver
        inner.connect(
            deliver: { [unowned self] event, now in
                if case .commandFinished = event { return }
                late.append((event, now + .seconds(2)))
            }, linesChanged: linesChanged)
    }
}

/// A list behind a disk that takes its time.
private final class SlowList: Runtime.ListReader {
    let gate: Gate
    init(_ gate: Gate) { self.gate = gate }
    func lookUp(_ token: String, name: TokenName) -> LookUpAnswer {
        gate.wait()
        return ShortList().lookUp(token, name: name)
    }
}

/// Holds one thread until it is opened.
private final class Gate: Sendable {
    private let opened = DispatchSemaphore(value: 0)
    private let arrivals = AsyncStream.makeStream(of: Void.self)
    func open() { opened.signal() }
    func wait() {
        arrivals.continuation.yield()
        opened.wait()
    }
    /// Returns when somebody stands before the gate.
    func reached() async {
        var arrivals = arrivals.stream.makeAsyncIterator()
        await arrivals.next()
    }
}

/// Counts from several tasks.
private final class Tally: Sendable {
    private let held = Mutex(0)
    func add() -> Int {
        held.withLock { count in
            count += 1
            return count
        }
    }
    var count: Int { held.withLock { $0 } }
}

@Suite("Bounds of the live driver", .timeLimit(.minutes(1)))
struct BoundsTests {
    private func meter(_ wattHours: Int64) -> Event {
        .meter(
            ConnectorID(0),
            MeterSample(measuredAt: .zero, millivolts: 0, milliamperes: 0, energyWattHours: wattHours, serial: 1))
    }

    @Test("ten thousand samples of one point are one, the newest; outcomes all arrive")
    func samplesOverwrite() async throws {
        let bench = try LiveBench(speed: 1)
        // The loop is busy for a moment, so that all of it has to wait.
        let gate = Gate()
        async let held: Void = bench.control.onLoop { _ in gate.wait() }
        await gate.reached()
        for number in 0..<10_000 { bench.control.inbox.post(meter(Int64(number))) }
        for number in 0..<100 { bench.control.inbox.post(.commandFinished(CommandNumber(UInt32(number)), .done)) }
        gate.open()
        try await held
        let snapshot = try #require(await bench.wait { $0.figures.inbox.overwritten >= 9_000 })
        #expect(snapshot.figures.inbox.dropped == 0)
        bench.stop()
    }

    @Test("the sixty-fifth command that waits is refused at once, and those before it are answered")
    func commandsAreRefused() async throws {
        let bench = try LiveBench(speed: 1)
        let gate = Gate()
        async let held: Void = bench.control.onLoop { _ in gate.wait() }
        await gate.reached()
        let refusals = Tally()
        let answered = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    do {
                        _ = try await bench.control.send(.stop(ConnectorID(0), .local))
                        return true
                    } catch {
                        if error as? LiveError == .busy, refusals.add() == 36 { gate.open() }
                        return false
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        try await held
        #expect(refusals.count == 36)
        #expect(answered == 64)
        bench.stop()
    }

    @Test(
        "a second tap while the first is looked up is refused at once; a silent list is told"
    )
    func secondTap() async throws {
        let bench = try LiveBench(speed: 1)
        let gate = Gate()
        bench.lookUps.install { SlowList(gate) }
        #expect(bench.lookUps.present("card", reader: ReaderID(0)) == .takenIn)
        #expect(bench.lookUps.present("other", reader: ReaderID(0)) == .busy)
        let reports = bench.control.board
        let isTold = await bench.wait { _ in
            reports.reports(after: 0).reports.contains { $0.report == .refused(.lookUpTooLate, nil) }
        }
        #expect(isTold != nil)
        gate.open()
        bench.stop()
    }

    @Test("a disk that never answers keeps power off, and the loop goes on")
    func hangingDisk() async throws {
        let control = try LiveControl()
        let records = SilentRecords()
        let lookUps = try LookUpThread(inbox: control.inbox, naming: plainName)
        lookUps.install { ShortList() }
        let loop = try LiveLoop(
            options: LiveOptions(
                configuration: .twoConnectors, clock: LoopClock(speed: 60),
                restored: Restored(boot: BootFacts(bootNumber: 1, uncleanStarts: 0))),
            control: control, records: records, plant: { _ in WorldPlant() })
        _ = try await control.onLoop { turn in
            (turn.plant as? WorldPlant)?.world.plug(sedan(at: 300), at: Place(post: 0, connector: 0))
        }
        for await _ in try #require(control.board.changes()) {
            if control.board.snapshot.connectors.first?.phase == .occupied { break }
        }
        _ = lookUps.present("card", reader: ReaderID(0))
        for await _ in try #require(control.board.changes()) {
            let status = control.board.snapshot.connectors[0]
            #expect(status.powerAllowed ?? .test <= .test, "energy without a durable start")
            if status.refusal == .recordsFailing || status.phase == .faulted { break }
        }
        #expect(records.asked.withLock { $0.contains { if case .start = $0 { true } else { false } } })
        loop.stop(within: .seconds(5))
        lookUps.stop()
    }

    @Test("far devices that answer two seconds late, or never, do not lengthen a step of the loop")
    func sluggishDevices() async throws {
        let bench = try LiveBench(speed: 1, plant: { _ in SluggishPlant() })
        _ = try await bench.control.onLoop { turn in
            (turn.plant as? SluggishPlant)?.inner.world.plug(sedan(at: 300), at: Place(post: 0, connector: 0))
        }
        // Two seconds of the wall with a card on the reader and a stage that says nothing.
        _ = try #require(await bench.wait { $0.connectors.first?.phase == .occupied })
        _ = bench.lookUps.present("card", reader: ReaderID(0))
        let snapshot = try #require(await bench.wait { $0.at > .zero + .seconds(4) })
        // An eighth of what a device takes: a busy machine is let be, a step that waits for any device is not.
        #expect(snapshot.figures.longestStepMicroseconds < 250_000, "a step waited for a device")
        #expect(snapshot.figures.turns > 10)
        print("longest step with sluggish devices: \(snapshot.figures.longestStepMicroseconds) us")
        bench.stop(within: .zero)
    }

    @Test("more reports than one publication carries are dropped and counted; the loop never waits for a reader")
    func reportsAreDropped() async throws {
        let bench = try LiveBench(speed: 1)
        _ = try #require(await bench.wait { $0.isRunning })
        // A viewer that takes nothing, all the while.
        let idle = try #require(bench.control.board.changes())
        let taps = 3_000
        try await bench.control.onLoop { turn in
            for number in 0..<taps {
                let name = TokenName(high: 9, low: UInt64(number))
                turn.step(.tokenPresented(ReaderID(0), name))
                turn.step(.tokenLookedUp(ReaderID(0), unknown(name)))
            }
        }
        let snapshot = try #require(await bench.wait { $0.figures.reportsDropped > 0 })
        #expect(snapshot.figures.reportsDropped >= UInt64(taps - LiveBoard.reportsAtMost))
        // One more publication, so that the ring no longer reaches back to the beginning.
        let before = snapshot.newestReport
        try await bench.control.onLoop { turn in
            let name = TokenName(high: 9, low: UInt64(taps))
            turn.step(.tokenPresented(ReaderID(0), name))
            turn.step(.tokenLookedUp(ReaderID(0), unknown(name)))
        }
        _ = try #require(await bench.wait { $0.newestReport > before })
        // Who stood at the beginning has lost some, is told so, and gets the newest that are left, without a gap.
        let (lines, isGap) = bench.control.board.reports(after: 0, limit: 10_000)
        #expect(isGap && lines.count == LiveBoard.reportsAtMost)
        #expect(lines.last?.number == bench.control.board.snapshot.newestReport)
        #expect(zip(lines, lines.dropFirst()).allSatisfy { $0.number + 1 == $1.number })
        #expect(snapshot.isRunning)
        withExtendedLifetime(idle) {}
        bench.stop()
    }

    @Test("the thirty-third viewer is refused, and one that goes makes room")
    func viewers() throws {
        let board = LiveBoard()
        var viewers = try (0..<LiveBoard.viewersAtMost).map { _ in try #require(board.changes()) }
        #expect(board.changes() == nil)
        viewers.removeLast()
        #expect(board.changes() != nil)
    }

    @Test("every refusal is counted under its own number, of which some are free")
    func refusalsAreCounted() async throws {
        let last = try #require(Refusal.allCases.max { $0.rawValue < $1.rawValue })
        let number = Int(last.rawValue)
        let bench = try LiveBench(speed: 1)
        bench.lookUps.install { RefusingList(refusal: last) }
        _ = try #require(await bench.wait { $0.isRunning })
        #expect(bench.lookUps.present("card", reader: ReaderID(0)) == .takenIn)
        let snapshot = try #require(await bench.wait { $0.figures.taps == 1 })
        #expect(snapshot.figures.refused.indices.contains(number) && snapshot.figures.refused[number] == 1)
        bench.stop(within: .zero)
    }

    @Test("a fault's beginning is told while it lasts, its own before the whole post's")
    func faultTimes() {
        let (left, right) = (ConnectorID(0), ConnectorID(1))
        var faults: [PresentFault] = []
        func report(_ report: Report, _ utc: Int64) {
            faults.take(report, utcMilliseconds: utc)
        }
        report(.faultRaised(.weldedPlus, left), 10)
        report(.faultRaised(.weldedPlus, left), 11)
        report(.faultRaised(.emergencyStop, nil), 12)
        #expect(faults.since(.weldedPlus, at: left) == 10)
        #expect(faults.since(.weldedPlus, at: right) == nil)
        #expect(faults.since(.emergencyStop, at: right) == 12)
        report(.faultCleared(.weldedPlus, left), 13)
        #expect(faults.since(.weldedPlus, at: left) == nil)
        report(.faultRaised(.weldedPlus, left), 14)
        #expect(faults.since(.weldedPlus, at: left) == 14)
    }

    @Test("a tap is decided, and its time told, while the disk holds every commit for a second")
    func tapsPassTheDisk() async throws {
        let bench = try LiveBench(speed: 1, holding: .seconds(1))
        _ = try #require(await bench.wait { $0.isRunning })
        bench.records.submit(.latch(Latch(fault: .weldedPlus, connector: ConnectorID(1)), isSet: true))
        #expect(bench.lookUps.present("unknown card", reader: ReaderID(0)) == .takenIn)
        let snapshot = try #require(await bench.wait { $0.figures.taps == 1 })
        #expect(snapshot.figures.lastTapNanoseconds > 0)
        #expect(snapshot.figures.longestTapNanoseconds < 900_000_000, "the tap waited for the disk")
        bench.stop(within: .zero)
    }
}

/// No list knows the token, and strangers get nothing.
private func unknown(_ name: TokenName) -> TokenLookUp {
    TokenLookUp(token: name, verdict: .notListed, group: 0, freshness: .fresh, allowance: .none)
}
