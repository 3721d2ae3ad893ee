// How much memory of the process is resident, as the kernel tells it.

import Devices
import Post
import Testing

@testable import Runtime

@Suite("Resident memory")
struct ResidentMemoryTests {
    @Test("the second number of statm is pages; what is none is nothing")
    func statm() {
        func bytes(_ text: String) -> Int64? { ResidentMemory.bytes(statm: text, pageSize: 4_096) }
        let resident: Int64 = 1_897 * 4_096
        #expect(bytes("23111 1897 1433 12 0 1021 0\n") == resident)
        for bad in ["", "5", "5 ", "5 x 3", "5 -1 3", "5 9223372036854775807 3"] {
            #expect(bytes(bad) == nil, "\(bad)")
        }
    }

    @Test("what this process takes is seen, and told to the loop at once")
    func told() throws {
        let before = try #require(ResidentMemory.bytes)
        let taken = [UInt8](repeating: 7, count: 64 << 20)
        let after = try #require(ResidentMemory.bytes)
        #expect(after - before > 60 << 20)
        #expect(taken[taken.count / 2] == 7)
        let inbox = try #require(LiveInbox())
        let memory = try #require(ResidentMemory(inbox: inbox))
        // Its end lets it finish what waits: the first look.
        memory.stop()
        var batch = InboxBatch()
        inbox.take(into: &batch)
        guard case .memory(let bytes) = try #require(batch.events.first) else {
            Issue.record("\(batch.events)")
            return
        }
        #expect(batch.events.count == 1 && bytes > 60 << 20)
    }
}

/// A world that has a word of its own for what the machine says of memory.
private final class ForgedMemory: LivePlant {
    let inner = WorldPlant()
    var devices: PostDevices { inner.devices }
    var cloud: any CloudPort { inner.cloud }
    var nextEvent: Instant? { inner.nextEvent }
    func advance(to instant: Instant) { inner.advance(to: instant) }
    func connect(deliver: @escaping (Event, Instant) -> Void, linesChanged: @escaping (Instant) -> Void) {
        inner.connect(deliver: deliver, linesChanged: linesChanged)
    }
    func hears(_ event: Event) -> Bool {
        if case .memory = event { false } else { true }
    }
}

@Suite("Whose memory a post believes", .timeLimit(.minutes(1)))
struct MemoryOfWorldTests {
    @Test("a plant may have another word for it than the machine; without one the machine is heard")
    func heard() async throws {
        let plain = try LiveBench(speed: 1)
        plain.control.inbox.post(.memory(residentBytes: 300 << 20))
        #expect(await plain.wait { $0.residentBytes == 300 << 20 } != nil)
        plain.stop()
        let forged = try LiveBench(speed: 1) { _ in ForgedMemory() }
        forged.control.inbox.post(.memory(residentBytes: 300 << 20))
        // Behind it in the inbox, so that it was taken by now.
        forged.control.inbox.post(.cloudLink(isUp: true))
        let snapshot = try #require(await forged.wait(\.isCloudReachable))
        #expect(snapshot.residentBytes == nil)
        forged.stop()
    }
}
