// The two ways in which readers send a card: as characters over a serial port, or as keys of a keyboard.

public import Post

/// Makes cards of a reader's bytes.
public protocol CardDecoder: Sendable {
    /// Takes bytes in, in whatever pieces they come, and hands out what is whole.
    mutating func take(_ bytes: some Sequence<UInt8>, at now: Instant) -> [CardReading]
}

/// Hexadecimal digits of the UID, ended by CR, LF or both, or between STX and ETX.
public struct SerialCardDecoder: CardDecoder {
    private static let start: UInt8 = 0x02
    private static let ends: [UInt8] = [0x03, 0x0A, 0x0D]
    private var text = CardText()

    /// A decoder that has seen nothing.
    public init() {}

    /// Takes bytes in.
    public mutating func take(_ bytes: some Sequence<UInt8>, at now: Instant) -> [CardReading] {
        var readings: [CardReading] = []
        for byte in bytes {
            if byte == Self.start {
                // What came before it was torn off.
                if text.end(at: now) != nil { readings.append(.garbage) }
            } else if Self.ends.contains(byte) {
                if let reading = text.end(at: now) { readings.append(reading) }
            } else {
                text.take(byte > 0x20 && byte < 0x7F ? Character(UnicodeScalar(byte)) : nil, at: now)
            }
        }
        return readings
    }
}

/// The keys of a keyboard: hexadecimal digits and Enter, as `struct input_event` of linux/input.h.
public struct KeyboardCardDecoder: CardDecoder {
    /// Two machine words of time, then type, code and value.
    static let eventLength = 2 * MemoryLayout<Int>.size + 8
    private static let synchronization: UInt16 = 0
    private static let dropped: UInt16 = 3
    private static let key: UInt16 = 1
    private static let pressed: Int32 = 1
    private static let enters: [UInt16] = [28, 96]
    /// Shift is held down for capital letters: they are the same digits.
    private static let shifts: [UInt16] = [42, 54]
    /// Codes of linux/input-event-codes.h: the row of digits, the letters A to F, the number pad.
    private static let characters: [UInt16: Character] = [
        11: "0", 2: "1", 3: "2", 4: "3", 5: "4", 6: "5", 7: "6", 8: "7", 9: "8", 10: "9",
        30: "A", 48: "B", 46: "C", 32: "D", 18: "E", 33: "F",
        82: "0", 79: "1", 80: "2", 81: "3", 75: "4", 76: "5", 77: "6", 71: "7", 72: "8", 73: "9",
    ]
    private var pending: [UInt8] = []
    private var text = CardText()

    /// A decoder that has seen nothing.
    public init() {}

    /// Takes bytes in. The kernel hands out whole events; a pipe need not.
    public mutating func take(_ bytes: some Sequence<UInt8>, at now: Instant) -> [CardReading] {
        pending += bytes
        var readings: [CardReading] = []
        var place = 0
        while pending.count - place >= Self.eventLength {
            let tail = place + Self.eventLength - 8
            let kind = word(at: tail)
            let code = word(at: tail + 2)
            let value = Int32(bitPattern: UInt32(word(at: tail + 4)) | UInt32(word(at: tail + 6)) << 16)
            place += Self.eventLength
            if kind == Self.synchronization, code == Self.dropped {
                // The kernel had to leave keys out: what is here is a torn piece.
                if text.end(at: now) != nil { readings.append(.garbage) }
            } else if kind == Self.key, value == Self.pressed, !Self.shifts.contains(code) {
                if Self.enters.contains(code) {
                    if let reading = text.end(at: now) { readings.append(reading) }
                } else {
                    text.take(Self.characters[code], at: now)
                }
            }
        }
        pending.removeFirst(place)
        return readings
    }

    /// In the machine's own byte order, which every machine that this runs on has as little-endian.
    private func word(at place: Int) -> UInt16 { UInt16(pending[place]) | UInt16(pending[place + 1]) << 8 }
}
