// The live loop on a simulated world: a session over real threads and a real file, and what each bound does.

import Foundation
import Ledger
import Post
import Runtime
import Simulator
import Testing

@Suite("The live loop", .timeLimit(.minutes(1)))
struct LiveLoopTests {
    @Test("plug, tap, charge, stop by the operator: recorded once, told to viewers, nothing dropped")
    func session() async throws {
        let bench = try LiveBench()
        _ = try #require(await bench.wait { $0.connectors.first?.phase == .available })
        _ = try await bench.control.onLoop { turn in
            (turn.plant as? WorldPlant)?.world.plug(sedan(at: 300), at: Place(post: 0, connector: 0))
        }
        _ = try #require(await bench.wait { $0.connectors[0].phase == .occupied })
        #expect(bench.lookUps.present("card", reader: ReaderID(0)) == .takenIn)
        let charging = try #require(await bench.wait { ($0.connectors[0].session?.energyWattHours ?? 0) > 100 })
        #expect(charging.connectors[0].phase == .charging)
        #expect(try await bench.control.send(.stop(ConnectorID(0), .local)) == nil)
        _ = try #require(await bench.wait { $0.connectors[0].phase == .finishing })
        let sessions = try await bench.records.ask { try $0.sessions(limit: 10) }
        #expect(sessions.count == 1)
        #expect(sessions.first?.stopReason == .local)
        let after = try #require(await bench.wait { $0.recordsOwed == 2 })
        #expect(after.figures.inbox.dropped == 0)
        let reports = bench.control.board.reports(after: 0)
        #expect(reports.isGap == false)
        #expect(reports.reports.map(\.number) == Array(1...UInt64(reports.reports.count)))
        #expect(reports.reports.contains { if case .sessionEnded = $0.report { true } else { false } })
        #expect(!reports.reports.contains { if case .defect = $0.report { true } else { false } })
        bench.stop()
        #expect(bench.control.board.snapshot.isRunning == false)
        await #expect(throws: LiveError.stopped) { try await bench.control.send(.stop(ConnectorID(0), .local)) }
        // The process said goodbye: the next boot is a clean one.
        let again = try Ledger(path: bench.folder.path + "/records.sqlite")
        let recovered = try again.begin(WallClock(utcMilliseconds: WallTime.machineUTCMilliseconds, quality: 2))
        #expect(recovered.boot.uncleanStarts == 0)
        #expect(recovered.openSessions.isEmpty)
    }

    @Test(
        "time never goes back for the core, however fast the world is, whoever is behind and whatever wakes it",
        arguments: [false, true])
    func timeRises(_ hasEdges: Bool) async throws {
        // Readable all the time: a line that storms.
        let storm = Pipe()
        storm.fileHandleForWriting.write(Data([1]))
        let edges = hasEdges ? [storm.fileHandleForReading.fileDescriptor] : []
        let bench = try LiveBench(speed: 100, plant: { _ in WorldPlant(edges: edges) })
        defer { withExtendedLifetime(storm) {} }
        _ = try await bench.control.onLoop { turn in
            (turn.plant as? WorldPlant)?.world.plug(sedan(at: 300), at: Place(post: 0, connector: 0))
        }
        _ = try #require(await bench.wait { $0.connectors.first?.phase == .occupied })
        _ = bench.lookUps.present("card", reader: ReaderID(0))
        _ = try #require(await bench.wait { ($0.connectors[0].session?.energyWattHours ?? 0) > 100 })
        bench.stop()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: bench.folder.path + "/flight"))
        let recording = try #require(FlightReader.read([UInt8](bytes)))
        var (events, last, falls) = (0, Instant(microseconds: .min), 0)
        _ = Replayer.play(recording) { _, _, now in
            events += 1
            if now < last { falls += 1 }
            last = now
        }
        #expect(events > 100)
        #expect(falls == 0)
    }

    @Test("told to stop while energy flows, it ends the session in the orderly way and records it")
    func stopsInOrder() async throws {
        let bench = try LiveBench()
        _ = try await bench.control.onLoop { turn in
            (turn.plant as? WorldPlant)?.world.plug(sedan(at: 300), at: Place(post: 0, connector: 0))
        }
        _ = try #require(await bench.wait { $0.connectors.first?.phase == .occupied })
        _ = bench.lookUps.present("card", reader: ReaderID(0))
        _ = try #require(await bench.wait { $0.connectors[0].phase == .charging })
        bench.stop()
        let again = try Ledger(path: bench.folder.path + "/records.sqlite")
        let sessions = try again.sessions(limit: 1)
        #expect(sessions.first?.stopReason == .reboot)
        let openings = bench.control.board.reports(after: 0, limit: 1_024).reports.filter {
            if case .openedUnderLoad = $0.report { true } else { false }
        }
        #expect(openings.isEmpty)
        // What was recorded live plays again on the desk.
        let bytes = try Data(contentsOf: URL(fileURLWithPath: bench.folder.path + "/flight"))
        let recording = try #require(FlightReader.read([UInt8](bytes)))
        #expect(Replayer.play(recording) == .same(events: recording.records.filter { $0.kind == .event }.count))
    }

    @Test("an unlisted card is refused with its reason")
    func refusal() async throws {
        let bench = try LiveBench()
        _ = try await bench.control.onLoop { turn in
            (turn.plant as? WorldPlant)?.world.plug(sedan(at: 300), at: Place(post: 0, connector: 0))
        }
        _ = try #require(await bench.wait { $0.connectors.first?.phase == .occupied })
        _ = bench.lookUps.present("unknown card", reader: ReaderID(0))
        let board = bench.control.board
        let isTold = await bench.wait { _ in
            board.reports(after: 0).reports.contains { $0.report == .refused(.unknownToken, ConnectorID(0)) }
        }
        #expect(isTold != nil)
        bench.stop()
    }
}
