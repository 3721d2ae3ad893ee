// The border between the world's physics and the integers that devices speak.

import Post

/// Thousandths of a unit as a device reports them: rounded to the nearest, and never out of range.
func thousandths(_ value: Double) -> Int32 {
    let scaled = value * 1_000
    guard scaled > -2_000_000_000 else { return -2_000_000_000 }
    guard scaled < 2_000_000_000 else { return 2_000_000_000 }
    return Int32(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
}

/// How often a device that speaks on its own does so. A change of pace overtakes what was planned.
struct Cadence {
    let kind: Occurrence.Kind
    let index: UInt8
    private(set) var generation: UInt32 = 0
    private(set) var period: Interval

    init(_ kind: Occurrence.Kind, index: Int, period: Interval) {
        self.kind = kind
        self.index = UInt8(truncatingIfNeeded: index)
        self.period = period
    }

    /// Plans the next turn after `delay`, and forgets the one that was planned.
    mutating func begin(every period: Interval, after delay: Interval, _ post: SimulatedPost) {
        self.period = period
        generation &+= 1
        plan(after: delay, post)
    }

    /// Plans the next turn at the usual distance.
    func goOn(_ post: SimulatedPost) { plan(after: period, post) }

    private func plan(after delay: Interval, _ post: SimulatedPost) {
        post.plan(kind, index: index, generation: generation, after: delay)
    }
}

/// Commands on their way to a far device, oldest first.
struct CommandsUnderway<Command> {
    private var waiting: [(command: Command, number: CommandNumber)] = []
    mutating func send(_ command: Command, _ number: CommandNumber) { waiting.append((command, number)) }
    mutating func arrive() -> (command: Command, number: CommandNumber)? {
        waiting.isEmpty ? nil : waiting.removeFirst()
    }
}
