// What the records promise: each session one start and one stop, energy that never falls, an outbox in order.

import GRDB
import Post
import Testing

@testable import Ledger

@Suite("Records of sessions")
struct RecordTests {
    @Test("a start comes back from a file as it went in, the largest numbers included")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        do {
            let ledger = try Ledger(path: folder.records)
            #expect(try ledger.record(start(1), noon) == .recorded)
            #expect(try ledger.record(sample(1, 500)) == .recorded)
        }
        let recovered = try Ledger(path: folder.records).begin(noon)
        #expect(
            recovered.openSessions == [
                RestoredSession(start: start(1), lastRegisterWattHours: 1_500, lastEnergyWattHours: 500)
            ])
    }

    @Test("every commit on a file is synchronised before it returns")
    func synchronises() throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(path: folder.records)
        let found = try ledger.database.read {
            (
                try Int.fetchOne($0, sql: "PRAGMA synchronous"), try String.fetchOne($0, sql: "PRAGMA journal_mode")
            )
        }
        // 2 is FULL. In write-ahead mode NORMAL would leave a commit to the next checkpoint.
        #expect(found.0 == 2)
        #expect(found.1 == "wal")
    }

    @Test("a second start of one session is refused and owes the cloud nothing more")
    func oneStart() throws {
        let ledger = try Ledger()
        #expect(try ledger.record(start(1), noon) == .recorded)
        #expect(try ledger.record(start(1, token: 8), noon) == .alreadySpent)
        #expect(try ledger.outbox().newest == 1)
        #expect(try ledger.sessions(limit: 9).map(\.start) == [start(1)])
    }

    @Test("the same stop twice changes nothing: reason, energy, time and outbox are those of the first")
    func oneStop() throws {
        let ledger = try Ledger()
        _ = try ledger.record(start(1), noon)
        #expect(try ledger.record(stop(1, 900), clock(10)) == .recorded)
        #expect(try ledger.record(stop(1, 2_000, .emergencyStop), clock(20)) == .recorded)
        let session = try #require(try ledger.sessions(limit: 1).first)
        #expect(session.energyWattHours == 900)
        #expect(session.stopReason == .local)
        #expect(session.stoppedUTCMilliseconds == clock(10).utcMilliseconds)
        #expect(try ledger.outbox().newest == 2)
    }

    @Test("energy and register never fall, and a sample after the stop is nobody's")
    func energyNeverFalls() throws {
        let ledger = try Ledger()
        _ = try ledger.record(start(1), noon)
        _ = try ledger.record(sample(1, 700))
        _ = try ledger.record(sample(1, 300))
        _ = try ledger.record(stop(1, 500), noon)
        _ = try ledger.record(sample(1, 9_000))
        let session = try #require(try ledger.sessions(limit: 1).first)
        #expect(session.energyWattHours == 700)
        #expect(session.lastRegisterWattHours == 1_700)
    }

    @Test("the outbox holds starts and stops in the order in which they became durable, each once")
    func outboxOrder() throws {
        let ledger = try Ledger()
        _ = try ledger.record(start(1), noon)
        _ = try ledger.record(start(2, connector: 1), noon)
        _ = try ledger.record(stop(2, 10), noon)
        _ = try ledger.record(stop(1, 20), noon)
        let owed = try (1...4).map { try #require(try ledger.owed($0)) }
        #expect(owed.map(\.kind) == [.start, .start, .stop, .stop])
        #expect(owed.map(\.session.start.session.counter) == [1, 2, 2, 1])
        #expect(try ledger.owed(5) == nil)
        #expect(try ledger.outbox() == (newest: 4, acknowledged: 0))
        try ledger.acknowledge(upTo: 3)
        #expect(try ledger.outbox() == (newest: 4, acknowledged: 3))
        // An acknowledgement that comes late takes nothing back.
        try ledger.acknowledge(upTo: 1)
        #expect(try ledger.outbox() == (newest: 4, acknowledged: 3))
        try ledger.acknowledge(upTo: 4)
        _ = try ledger.record(start(3), noon)
        #expect(try ledger.outbox() == (newest: 5, acknowledged: 4))
    }

    @Test("which meter counts at a connector comes back, the newest alone")
    func meters() throws {
        let ledger = try Ledger()
        let (first, second) = (ConnectorID(0), ConnectorID(1))
        for (connector, serial) in [(second, 7), (first, UInt64.max), (second, 8)] as [(ConnectorID, UInt64)] {
            try ledger.record(KnownMeter(connector: connector, serial: serial))
        }
        #expect(
            try ledger.begin(noon).meters == [
                KnownMeter(connector: first, serial: .max), KnownMeter(connector: second, serial: 8),
            ])
    }

    @Test("connectors out of service come back until they are put back in, whoever dies meanwhile")
    func outOfService() throws {
        let (folder, after) = (try TemporaryFolder(), try TemporaryFolder())
        let ledger = try Ledger(path: folder.records)
        let (first, last) = (ConnectorID(0), ConnectorID(.max))
        for connector in [last, first, last] { try ledger.record(connector, isInService: false) }
        #expect(try ledger.begin(noon).outOfService == [first, last])
        try ledger.record(last, isInService: true)
        try ledger.record(ConnectorID(3), isInService: true)
        try folder.leave(to: after)
        let other = try Ledger(path: after.records)
        #expect(other.quarantined == nil)
        #expect(try other.begin(noon).outOfService == [first])
        try other.record(first, isInService: true)
        #expect(try other.begin(noon).outOfService.isEmpty)
    }

    @Test("latches come back until they are forgotten; the post's own is one of its own")
    func latches() throws {
        let ledger = try Ledger()
        let latches = [
            Latch(fault: .weldedPlus, connector: ConnectorID(0)),
            Latch(fault: .weldedPlus, connector: ConnectorID(1)),
            Latch(fault: .weldedPlus, connector: nil),
        ]
        for latch in latches + latches { try ledger.record(latch, isSet: true) }
        #expect(Set(try ledger.begin(noon).latches) == Set(latches))
        try ledger.record(latches[1], isSet: false)
        #expect(Set(try ledger.begin(noon).latches) == Set([latches[0], latches[2]]))
    }

    @Test("what tokens took: the window's sessions, and older ones while the cloud has not heard of their end")
    func recentUse() throws {
        let ledger = try Ledger()
        for counter in UInt32(1)...3 {
            _ = try ledger.record(start(counter, token: UInt64(counter)), clock(Int64(counter)))
            _ = try ledger.record(stop(counter, Int64(counter) * 100), clock(10))
        }
        try ledger.acknowledge(upTo: 4)
        func at(_ seconds: Int64) -> Int64 { clock(seconds + Ledger.counterWindowSeconds).utcMilliseconds / 1_000 }
        let use = try ledger.recentUse(at: at(2), limit: 100)
        #expect(use.map(\.session.counter) == [3])
        #expect(use.map(\.wattHours) == [300])
        let all = try ledger.recentUse(at: at(0), limit: 100)
        #expect(all.map(\.isSettled) == [true, true, false])
        #expect(try ledger.recentUse(at: at(99), limit: 100).map(\.session.counter) == [3])
    }

    @Test(
        "a session counts from the earliest that it can have begun, whatever the clock showed; a date taken back counts anew"
    )
    func usedByTheFloor() throws {
        let ledger = try Ledger()
        let floor: Int64 = 1_000_000
        _ = try ledger.record(start(1), clock(90_000), floor: floor)
        #expect(try ledger.recentUse(at: floor + 60, limit: 9).map(\.startedFloorSeconds) == [floor])
        // It began by a date of a key that has been withdrawn since: it counts from the first start after that, once.
        #expect(try ledger.recentUse(at: floor - 700, limit: 9).map(\.startedFloorSeconds) == [floor - 700])
        #expect(try ledger.recentUse(at: floor - 100, limit: 9).map(\.startedFloorSeconds) == [floor - 700])
    }

    @Test("a secret is made once, and it is not the neighbour's")
    func secrets() throws {
        let folder = try TemporaryFolder()
        let first = try Ledger(path: folder.records).secret("post key")
        let again = try Ledger(path: folder.records)
        #expect(first.count == 32)
        #expect(try again.secret("post key") == first)
        #expect(try again.secret("another") != first)
    }
}
