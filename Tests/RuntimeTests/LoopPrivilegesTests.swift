// What the loop asks of the kernel before its first turn.

import Glibc
import Synchronization
import Testing
import Threads

@testable import Runtime

/// Uses so much of the calling thread's stack: a kilobyte a call, and what the compiler adds.
@inline(never)
private func descend(_ kilobytes: Int) -> UInt64 {
    guard kilobytes > 0 else { return 0 }
    return withUnsafeTemporaryAllocation(byteCount: 1_000, alignment: 8) { buffer in
        buffer.storeBytes(of: UInt64(kilobytes), as: UInt64.self)
        return descend(kilobytes - 1) &+ buffer.load(as: UInt64.self)
    }
}

@Suite("The loop's privileges")
struct LoopPrivilegesTests {
    /// Page faults of a new thread that goes some 100 kilobytes down its stack.
    private func faults(prepared: Bool) throws -> Int {
        let count = Mutex(0)
        let thread = try MachineThread("stack") {
            if prepared { LoopPrivileges.haveStack() }
            // RUSAGE_THREAD, an enumeration that Swift does not import.
            let ofThread = __rusage_who_t(1)
            var (before, after) = (rusage(), rusage())
            getrusage(ofThread, &before)
            _ = descend(60)
            getrusage(ofThread, &after)
            count.withLock { $0 = after.ru_minflt - before.ru_minflt }
        }
        thread.join()
        return count.withLock { $0 }
    }

    @Test("its stack is in memory before it is used: going down costs no page fault")
    func stack() throws {
        #expect(try faults(prepared: false) >= 15)
        #expect(try faults(prepared: true) <= 3)
    }
}
