// A time as people write it into files and options: a day or an instant of ISO 8601, or seconds since 1970.

import Glibc

/// Why a text is no time.
public enum WrittenTimeProblem: String, Error, CaseIterable, Sendable {
    case notATime = "not_a_time", noSuchTime = "no_such_time", noZone = "no_zone", outOfRange = "out_of_range"

    /// One sentence: what and what to do.
    public var sentence: String {
        switch self {
        case .notATime:
            "A day (2026-12-31), an instant (2026-12-31T18:00:00Z) or a whole number of seconds since 1970 is expected."
        case .noSuchTime: "No calendar has that day, or no day that hour."
        case .noZone: "It does not say where: end it with Z for UTC, as in 2026-12-31T18:00:00Z."
        case .outOfRange: "A time from 1970 to 9999 is expected."
        }
    }
}

/// A time that was read. No setting of the machine takes part: the same text is the same time everywhere.
public struct WrittenTime: Hashable, Sendable {
    /// How it was written.
    public enum Form: Hashable, Sendable { case seconds, day, instant }
    /// The last second of the year 9999.
    public static let latest: Int64 = 253_402_300_799

    /// How it was written.
    public let form: Form
    /// When it begins, in seconds since 1970. A day begins at 00:00 UTC.
    public let begin: Int64
    /// When it is over, in seconds since 1970. A day is over at midnight UTC, 24 hours later; an instant when it begins.
    public var end: Int64 { form == .day ? begin + 86_400 : begin }

    /// Reads a time. Fractions of a second are dropped; an offset such as `+02:00` is as good as `Z`.
    public init(_ text: some StringProtocol) throws(WrittenTimeProblem) {
        let bytes = Array(text.utf8)
        if !bytes.isEmpty, bytes.allSatisfy(Self.isDigit) {
            guard let seconds = Int64(text), seconds <= Self.latest else { throw .outOfRange }
            (form, begin) = (.seconds, seconds)
            return
        }
        var scan = Scan(bytes: bytes)
        guard let year = scan.number(4), scan.take("-"), let month = scan.number(2), scan.take("-"),
            let day = scan.number(2)
        else { throw .notATime }
        guard let midnight = Self.midnight(year, month, day) else { throw .noSuchTime }
        guard !scan.isAtEnd else {
            guard (0...Self.latest).contains(midnight) else { throw .outOfRange }
            (form, begin) = (.day, midnight)
            return
        }
        let instant = midnight + (try scan.timeOfDay())
        guard (0...Self.latest).contains(instant) else { throw .outOfRange }
        (form, begin) = (.instant, instant)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Midnight UTC of a day, in seconds since 1970; nil where no calendar has it: the C library would take another for it.
    private static func midnight(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64? {
        var time = tm()
        (time.tm_year, time.tm_mon, time.tm_mday) = (Int32(year - 1_900), Int32(month - 1), Int32(day))
        let midnight = timegm(&time)
        return Int64(time.tm_mon) == month - 1 && Int64(time.tm_mday) == day ? Int64(midnight) : nil
    }

    /// Reads digits and signs one after the other.
    private struct Scan {
        let bytes: [UInt8]
        var place = 0
        var isAtEnd: Bool { place == bytes.count }

        mutating func number(_ digits: Int) -> Int64? {
            guard place + digits <= bytes.count, bytes[place..<place + digits].allSatisfy(isDigit) else {
                return nil
            }
            defer { place += digits }
            return bytes[place..<place + digits].reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }

        mutating func take(_ sign: Unicode.Scalar) -> Bool {
            guard place < bytes.count, bytes[place] == UInt8(ascii: sign) else { return false }
            place += 1
            return true
        }

        /// `Thh:mm[:ss[.fff]]` and the zone, in seconds from midnight UTC.
        mutating func timeOfDay() throws(WrittenTimeProblem) -> Int64 {
            guard take("T") || take("t"), let hour = number(2), take(":"), let minute = number(2) else {
                throw .notATime
            }
            var second: Int64 = 0
            if take(":") {
                guard let seconds = number(2) else { throw .notATime }
                second = seconds
                if take(".") {
                    guard number(1) != nil else { throw .notATime }
                    while number(1) != nil {}
                }
            }
            guard hour < 24, minute < 60, second < 60 else { throw .noSuchTime }
            return hour * 3_600 + minute * 60 + second - (try offset())
        }

        private mutating func offset() throws(WrittenTimeProblem) -> Int64 {
            guard !isAtEnd else { throw .noZone }
            if take("Z") || take("z") {
                guard isAtEnd else { throw .notATime }
                return 0
            }
            let sign: Int64 = take("+") ? 1 : take("-") ? -1 : 0
            guard sign != 0, let hours = number(2), take(":"), let minutes = number(2), isAtEnd else {
                throw .notATime
            }
            guard hours < 24, minutes < 60 else { throw .noSuchTime }
            return sign * (hours * 3_600 + minutes * 60)
        }
    }
}
