// Tells a wrong reading from a meter that has really changed.

public import Post

/// Keeps single wrong readings of a meter away from the post, and lets a meter that has really changed through.
///
/// A wrong reading stands alone; a meter that was changed, reset or rolled over says the same again and again. So a
/// reading that cannot follow from the last good one is withheld until three in a row agree with each other; then it is
/// believed and handed on as it is, and the post's own rules (went back, swapped, frozen) judge it. What is withheld is
/// counted; a meter of which everything is withheld is silent to the post, which has a row for that.
public struct MeterPlausibility: Sendable {
    /// Why a reading was withheld.
    public enum Doubt: Hashable, Sendable {
        /// The energy register fell.
        case wentBack
        /// The energy rose by more than the rated power allows.
        case jumped
        /// Another serial number.
        case swapped
    }

    /// What to do with a reading.
    public enum Verdict: Hashable, Sendable {
        /// Hand it on, with this energy (a register that has rolled over goes on rising).
        case good(energyWattHours: Int64)
        /// Keep it back.
        case withheld(Doubt)
    }

    /// Readings in a row that have to agree before a change is believed. Engineering default.
    public static let agreeing = 3

    private struct Seen: Sendable {
        var at: Instant
        var energyWattHours: Int64
        var serial: UInt64
    }

    private let ratedWatts: Int64
    private let rollsOverAt: Int64?
    private var good: Seen?
    private var doubtful: Seen?
    private var doubtfulCount = 0
    private var rolledOver: Int64 = 0
    /// Readings withheld so far.
    public private(set) var withheld: UInt64 = 0

    /// The checks for a meter of that map.
    public init(_ map: RegisterMap) {
        ratedWatts = map.ratedWatts
        rollsOverAt = map.rollsOverAtWattHours
    }

    /// Judges a reading.
    public mutating func judge(energyWattHours: Int64, serial: UInt64, at instant: Instant) -> Verdict {
        let seen = Seen(at: instant, energyWattHours: energyWattHours, serial: serial)
        guard let last = good else { return accept(seen) }
        guard let doubt = doubt(seen, after: last) else { return accept(seen) }
        if let before = doubtful, self.doubt(seen, after: before) == nil {
            doubtfulCount += 1
        } else {
            doubtfulCount = 1
        }
        doubtful = seen
        guard doubtfulCount < Self.agreeing else {
            if isRollOver(seen, last), let rollsOverAt { rolledOver += rollsOverAt } else { rolledOver = 0 }
            return accept(seen)
        }
        withheld += 1
        return .withheld(doubt)
    }

    private mutating func accept(_ seen: Seen) -> Verdict {
        good = seen
        doubtful = nil
        doubtfulCount = 0
        return .good(energyWattHours: seen.energyWattHours + rolledOver)
    }

    private func doubt(_ seen: Seen, after last: Seen) -> Doubt? {
        guard seen.serial == last.serial else { return .swapped }
        guard seen.energyWattHours >= last.energyWattHours else { return .wentBack }
        return seen.energyWattHours - last.energyWattHours > most(from: last, to: seen) ? .jumped : nil
    }

    /// What can have flowed in between: 1.2 times the rated power (fault 81), and 1 kWh for coarse registers.
    private func most(from last: Seen, to seen: Seen) -> Int64 {
        let seconds = max(0, (seen.at - last.at).microseconds / 1_000_000) + 1
        let (product, overflow) = ratedWatts.multipliedReportingOverflow(by: seconds)
        return overflow ? .max : product / 3_000 + 1_000
    }

    private func isRollOver(_ seen: Seen, _ last: Seen) -> Bool {
        guard let rollsOverAt, seen.serial == last.serial, seen.energyWattHours < last.energyWattHours else {
            return false
        }
        return rollsOverAt - last.energyWattHours + seen.energyWattHours <= most(from: last, to: seen)
    }
}
