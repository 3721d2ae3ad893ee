// The memory of a simulated post's process: level, or rising while it leaks.

import Post

/// What is resident of the process. A new process begins anew, and leaks as long as the cause is there.
struct SimulatedMemory {
    /// What a well process has. Engineering default: 48 MiB, a post with a large list.
    static let usualBytes: Int64 = 48 << 20
    /// What one that leaks keeps more each second. Engineering default: 1 MiB.
    static let leakedBytesEachSecond: Int64 = 1 << 20
    /// How often whoever reads it tells the process. 10 s, as the daemon's own thread does.
    static let readEvery: Interval = .seconds(10)

    private(set) var isLeaking = false
    private var keptBytes: Int64 = 0
    private var since = Instant.zero

    /// Whether it leaks, or has kept something.
    var hasLeaked: Bool { isLeaking || keptBytes > 0 }

    /// What is resident now.
    func residentBytes(at now: Instant) -> Int64 {
        let leaked = isLeaking ? (now - since).microseconds / 1_000 * Self.leakedBytesEachSecond / 1_000 : 0
        return Self.usualBytes + keptBytes + leaked
    }

    /// Begins or ends the leak; what has leaked stays. Returns whether that changed anything.
    mutating func leak(_ leaks: Bool, at now: Instant) -> Bool {
        guard leaks != isLeaking else { return false }
        keptBytes = residentBytes(at: now) - Self.usualBytes
        (isLeaking, since) = (leaks, now)
        return true
    }

    /// Another process.
    mutating func beginAnew(at now: Instant) { (keptBytes, since) = (0, now) }
}

extension SimulatedPost {
    /// Whether its process has leaked memory since it started, so that the world tells how much is resident.
    public var hasLeaked: Bool { memory.hasLeaked }

    /// The process begins to leak, or stops. Returns whether that changed anything.
    func leak(_ leaks: Bool) -> Bool {
        guard memory.leak(leaks, at: world.now) else { return false }
        // What has leaked by now is told at once; from then on as often as it is read.
        readMemory(generation: life)
        return true
    }

    /// Whoever reads the memory tells the process, which learns of a level once.
    func readMemory(generation: UInt32) {
        guard generation == life else { return }
        receive(.memory(residentBytes: memory.residentBytes(at: world.now)))
        if memory.isLeaking { plan(.readMemory, index: 0, generation: life, after: SimulatedMemory.readEvery) }
    }
}
