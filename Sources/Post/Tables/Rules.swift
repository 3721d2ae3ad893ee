// The eleven rules that hold after every event, by name.

/// A rule that is always true. The supervisor checks it after every event, in release builds too.
public enum Rule: UInt8, CaseIterable, Sendable {
    /// 1. Power of a degree only with everything that degree needs, by readings young enough to trust.
    case powerNeedsEverything = 1
    /// 2. A class-E event withdraws power in the same call; every other stop has a budget.
    case emergencyAtOnce
    /// 3. What is measured agrees with what was commanded; disagreement is a fault.
    case measuredAgrees
    /// 4. A connector is released only with its contacts read below 60 V.
    case releasedOnlyWhenDead
    /// 5. No energy before the start record is durable; one start and one stop a session.
    case recordedBeforeEnergy
    /// 6. Session energy never decreases and is the difference of two readings of one meter.
    case energyNeverDecreases
    /// 7. A tap is decided in the call that brings the look-up's answer.
    case decidedLocally
    /// 8. One token never holds two sessions, one connector never holds two.
    case oneSessionEach
    /// 9. What is granted stays within every limit; no two connectors share a stage's output.
    case grantsWithinLimits
    /// 10. Outputs are safe after a start; limits change only when idle.
    case safeAfterStart
    /// 11. Queues, memory and actions per event are bounded.
    case bounded
}
