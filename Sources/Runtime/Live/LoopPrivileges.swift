// What makes a loop punctual on a busy machine, where the system permits it: priority and memory that stays.

import Glibc

/// What the loop asks of the kernel. What is refused is told, and the loop runs without it.
public struct LoopPrivileges: Hashable, Sendable {
    /// Priority under SCHED_FIFO, 1...99, or nil to stay an ordinary thread.
    public var realtimePriority: Int32?
    /// Whether the process's memory is kept from being paged out.
    public var locksMemory: Bool

    /// Asks for nothing unless told to.
    public init(realtimePriority: Int32? = nil, locksMemory: Bool = false) {
        self.realtimePriority = realtimePriority
        self.locksMemory = locksMemory
    }

    /// MCL_ONFAULT of Linux 4.4: without it every thread's whole stack becomes resident (8.5 MB became 81 MB).
    private static let lockOnFault: Int32 = 4

    /// Asks for them on the calling thread; returns a sentence for each that was refused.
    func take() -> [String] {
        var refused: [String] = []
        if let realtimePriority {
            var parameters = sched_param()
            parameters.sched_priority = min(max(1, realtimePriority), 99)
            let code = pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters)
            if code != 0 {
                refused.append(
                    "The control loop has no real-time priority (error \(code)): "
                        + "give the service CAP_SYS_NICE or LimitRTPRIO."
                )
            }
        }
        if locksMemory {
            if let sentence = Self.lockMemory() { refused.append(sentence) }
            Self.haveStack()
        }
        return refused
    }

    /// What the loop's deepest step takes of its stack, by far. Engineering default.
    static let stackBytes = 256 << 10
    /// MADV_POPULATE_WRITE of Linux 5.14, which glibc 2.36 does not name.
    private static let populate: Int32 = 23

    /// Has the calling thread's stack in memory before it is used: with MCL_ONFAULT a page stays only once it was touched,
    /// and the first touch would fall into the first emergency. An older kernel does without.
    static func haveStack() {
        var here: UInt8 = 0
        withUnsafeMutablePointer(to: &here) { pointer in
            // The stack grows downwards, from about here. Of what is no stack the kernel only says so.
            let page = UInt(bitPattern: pointer) & ~4_095
            madvise(UnsafeMutableRawPointer(bitPattern: page - UInt(stackBytes)), stackBytes, populate)
        }
    }

    private static func lockMemory() -> String? {
        // Under a finite limit a later allocation would fail for good: worse than a page fault.
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(__RLIMIT_MEMLOCK.rawValue), &limit) == 0, limit.rlim_cur == rlim_t.max
        else { return "The daemon's memory may be paged out: give the service LimitMEMLOCK=infinity." }
        guard mlockall(MCL_CURRENT | MCL_FUTURE | lockOnFault) == 0 else {
            return "The daemon's memory may be paged out (error \(errno)): give the service CAP_IPC_LOCK."
        }
        return nil
    }
}
