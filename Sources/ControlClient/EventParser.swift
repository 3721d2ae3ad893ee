// Server-Sent Events, byte by byte, as the HTML standard describes their parsing.

/// Turns bytes into events.
struct EventParser {
    /// The largest event that is taken. Engineering default: 1 MiB.
    static let eventBytesAtMost = 1_024 * 1_024

    enum Outcome: Hashable {
        case nothing
        case event(ControlEvent)
        case tooLarge
    }

    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var event = ""
    private var id = ""
    private var lastWasReturn = false

    /// Takes the next byte.
    mutating func take(_ byte: UInt8) -> Outcome {
        let followsReturn = lastWasReturn
        lastWasReturn = byte == UInt8(ascii: "\r")
        switch byte {
        case UInt8(ascii: "\n") where followsReturn: return .nothing
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
            defer { line.removeAll(keepingCapacity: true) }
            return endOfLine()
        default:
            guard line.count + data.count < Self.eventBytesAtMost else { return .tooLarge }
            line.append(byte)
            return .nothing
        }
    }

    private mutating func endOfLine() -> Outcome {
        guard !line.isEmpty else { return endOfEvent() }
        let colon = line.firstIndex(of: UInt8(ascii: ":"))
        let name = String(decoding: line[..<(colon ?? line.endIndex)], as: UTF8.self)
        var value = colon.map { line[($0 + 1)...] } ?? []
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        switch name {
        case "data":
            if hasData { data.append(UInt8(ascii: "\n")) }
            data += value
            hasData = true
        case "event": event = String(decoding: value, as: UTF8.self)
        case "id" where !value.contains(0): id = String(decoding: value, as: UTF8.self)
        default: break  // A comment, or a field that this client has no use for.
        }
        return .nothing
    }

    private mutating func endOfEvent() -> Outcome {
        defer {
            data.removeAll(keepingCapacity: true)
            hasData = false
            event = ""
        }
        guard hasData else { return .nothing }
        return .event(
            ControlEvent(
                id: id, event: event.isEmpty ? "message" : event, data: String(decoding: data, as: UTF8.self)))
    }
}
