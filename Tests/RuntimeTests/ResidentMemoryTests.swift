// How much memory of the process is resident, as the kernel tells it.

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
