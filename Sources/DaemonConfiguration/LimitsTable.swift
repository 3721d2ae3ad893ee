// Every limit of the core that a file may set: one row each, from which reader, schema and reference all come.

import Post
import StrictYAML

/// One row: a key of `limits:`, the limit it sets, its unit and how far it may go.
///
/// Ranges are such that no value in them gives up a protection: a limit that a standard fixes may be made stricter
/// and not laxer, one of our own may move to either side as far as the field is known to go.
struct LimitRow: Sendable {
    let key: String
    let apply: @Sendable (RecordReader, inout SafetyLimits) -> Void

    private static let defaults = SafetyLimits()

    /// A current, voltage or the like of 32 bits.
    static func amount(
        _ key: String, _ path: any WritableKeyPath<SafetyLimits, Int32> & Sendable, _ measure: Measure,
        _ range: ClosedRange<Int64>, _ summary: String
    ) -> LimitRow {
        let standard = measure.written(Int64(defaults[keyPath: path]))
        return LimitRow(key: key) { keys, limits in
            limits[keyPath: path] = keys.optional(key, quantity(measure, range), default: standard, summary)
        }
    }

    /// A plain number of 32 bits; its unit is in the key.
    static func number(
        _ key: String, _ path: any WritableKeyPath<SafetyLimits, Int32> & Sendable, _ range: ClosedRange<Int32>,
        _ summary: String
    ) -> LimitRow {
        let standard = "\(defaults[keyPath: path])"
        return LimitRow(key: key) { keys, limits in
            limits[keyPath: path] = keys.optional(key, .integer(range), default: standard, summary)
        }
    }

    /// A temperature in whole degrees, or a difference of two.
    static func degrees(
        _ key: String, _ path: any WritableKeyPath<SafetyLimits, Int32> & Sendable, _ range: ClosedRange<Int32>,
        _ summary: String
    ) -> LimitRow {
        let standard = "\(defaults[keyPath: path] / 1_000)"
        return LimitRow(key: key) { keys, limits in
            limits[keyPath: path] = keys.optional(key, .integer(range), default: standard, summary) * 1_000
        }
    }

    /// A time, its range in milliseconds.
    static func time(
        _ key: String, _ path: any WritableKeyPath<SafetyLimits, Interval> & Sendable, _ range: ClosedRange<Int64>,
        _ summary: String
    ) -> LimitRow {
        let standard = Measure.duration.written(defaults[keyPath: path].microseconds)
        let micro = range.lowerBound * 1_000...range.upperBound * 1_000
        return LimitRow(key: key) { keys, limits in
            limits[keyPath: path] = Interval(
                microseconds: keys.optional(key, .duration(micro), default: standard, summary))
        }
    }

    static let lockTries = LimitRow(key: "lock_tries") { keys, limits in
        limits.lockTries = keys.optional(
            "lock_tries", .integer(1...10), default: "\(defaults.lockTries)",
            "How often the lock is tried.")
    }

    static let all: [LimitRow] = electrical + temperatures + ages + durations + steps + people + process
}

/// Reads `limits:`.
@Sendable func readLimits(_ keys: RecordReader) -> SafetyLimits {
    var limits = SafetyLimits()
    for row in LimitRow.all { row.apply(keys, &limits) }
    func order(_ key: String, _ isWrong: Bool, _ what: String, _ expected: String) {
        guard isWrong, !keys.isDescribing else { return }
        keys.refuse(key, what, expected: expected, remedy: "Change one of the two.")
    }
    order(
        "pin_hot_celsius", limits.pinHotMillidegrees <= limits.pinWarmMillidegrees,
        "contacts would stop before they are warm", "more than pin_warm_celsius")
    order(
        "cabinet_hot_celsius", limits.cabinetHotMillidegrees <= limits.cabinetWarmMillidegrees,
        "the cabinet would stop before it is warm", "more than cabinet_warm_celsius")
    order(
        "handle_hot_celsius", limits.handleHotMillidegrees <= limits.handleWarmMillidegrees,
        "the handle would stop before it is warm", "more than handle_warm_celsius")
    order(
        "cable_check_within", limits.cableCheckWithin < limits.insulationTestWithin,
        "the whole cable check would be shorter than its insulation test", "at least insulation_test_within")
    order(
        "memory_restart", limits.memoryRestartMebibytes <= limits.memoryWarningMebibytes,
        "the daemon would restart before anybody is told", "more than memory_warning")
    order(
        "refusal_shown_for", limits.refusalShownFor < limits.sameTapWithin,
        "a refusal would vanish while the same card is still ignored", "at least same_tap_within")
    return limits
}
