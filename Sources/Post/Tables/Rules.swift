// The eleven rules that hold after every event, by name.

/// A rule that is always true. The supervisor checks it after every event, in release builds too.
public enum Rule: UInt8, CaseIterable, Sendable {
    /// 1. Power has three degrees, none implying the next, each with its own caps of voltage, current and time. Each
    /// needs: authorized, vehicle connected and asking for that degree, connector held, interlocks closed, protective
    /// earth good, no latched fault. *Match* and *charge* also need the insulation test passed in this session, *charge*
    /// a good insulation reading still. A contactor closes only on little voltage across it, measured on both sides; a
    /// discharge path only with the stage off and the contactors read open. Unknown, stale and future-stamped mean no.
    case powerNeedsEverything = 1
    /// 2. A class-E event withdraws power, orders the stage off and tells the vehicle by the pilot in the same call.
    /// Every other stop brings the current below the safe opening limit first, within the budget of its cause; what
    /// outlasts its budget becomes class E.
    case emergencyAtOnce
    /// 3. What is measured agrees with what was commanded, within a limit of size and time: read-back, current with the
    /// contactors open, current flowing backwards, voltage or current above what was granted, a stage that ignores
    /// "off", two sensors of one quantity. Disagreement is a fault; a latch is cleared only by hand, and survives.
    case measuredAgrees
    /// 4. A connector is released (unlocked, or the vehicle told that the session has ended) only with its contactors
    /// commanded open and its contacts read below 60 V by a young reading made since; with a weld suspected only by two
    /// of them, and with the stage cut off from its supply.
    case releasedOnlyWhenDead
    /// 5. No energy reaches a vehicle before the session's start record is durable; each session has one start and one
    /// stop, and its energy is told once.
    case recordedBeforeEnergy
    /// 6. Session energy never decreases and is the difference of two readings of one meter. Where the meter fails, goes
    /// back or is changed, it stays at the last trusted reading and the record says so.
    case energyNeverDecreases
    /// 7. A tap is decided from local data alone, in the call that brings the look-up's answer: a session rests on an
    /// answer that came, and no token that the list knows waits for the cloud.
    case decidedLocally
    /// 8. One token never holds two sessions, one connector never holds two.
    case oneSessionEach
    /// 9. What is granted (per connector the larger of its setpoint and its measured power) stays within the site's
    /// limit, those that others set, and the vehicle's, the cable's and the stage's own; a silent source counts as its
    /// fail-safe value. No two connectors are ever joined to one stage: a path counts as joined from the command to
    /// close until it is read open, and for good while a weld on it is suspected.
    case grantsWithinLimits
    /// 10. After any start outputs go safe before anything else: power withdrawn, stage off, lock held, cooling on.
    /// Limits change, and the post starts itself anew, only while every connector is idle; latches and open sessions are as
    /// they were.
    case safeAfterStart
    /// 11. Queues, memory and actions per event are bounded; beyond the bound everything goes safe.
    case bounded

    /// Every rule; made once, since the compiler's own list is made anew at each use.
    static let all = allCases
}

/// A set of rules in one machine word.
struct RuleSet: Sendable {
    private var bits: UInt16 = 0
    mutating func insert(_ rule: Rule) { bits |= 1 << UInt16(rule.rawValue) }
    func contains(_ rule: Rule) -> Bool { bits & (1 << UInt16(rule.rawValue)) != 0 }
    var isEmpty: Bool { bits == 0 }
}

extension RuleSet: Canonical {
    func encode(into sink: inout some CanonicalSink) { sink.number(UInt64(bits)) }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> RuleSet {
        var rules = RuleSet()
        rules.bits = try reader.fitting(UInt16.self)
        return rules
    }
}
