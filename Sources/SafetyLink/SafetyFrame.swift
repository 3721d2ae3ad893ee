// The frames between the post and its safety controller: values, bytes and checksum. hardware/SafetyLink.md is the page.

public import Post

/// What the controller measures at one connector.
public struct ControllerReading: Hashable, Sendable {
    /// The pilot's state, already filtered.
    public var pilot: PilotState
    /// The proximity contact.
    public var proximity: Proximity

    /// A reading of both.
    public init(pilot: PilotState, proximity: Proximity) {
        self.pilot = pilot
        self.proximity = proximity
    }
}

/// What the controller says of itself and of each connector.
public struct ControllerFrame: Hashable, Sendable {
    /// Counts up with each frame: one that does not move is no sign of life.
    public var number: UInt8
    /// Its own emergency-stop circuit is closed.
    public var isEmergencyStopClosed: Bool
    /// Its own interlock circuit is closed.
    public var areInterlocksClosed: Bool
    /// One entry a connector, 1...8.
    public var connectors: [ControllerReading]

    /// A frame with these values.
    public init(
        number: UInt8, isEmergencyStopClosed: Bool, areInterlocksClosed: Bool, connectors: [ControllerReading]
    ) {
        self.number = number
        self.isEmergencyStopClosed = isEmergencyStopClosed
        self.areInterlocksClosed = areInterlocksClosed
        self.connectors = connectors
    }
}

/// What the post says to the controller.
public struct PostFrame: Hashable, Sendable {
    /// Counts up with each frame.
    public var number: UInt8
    /// What each pilot is to say, 1...8.
    public var pilots: [PilotOutput]

    /// A frame with these values.
    public init(number: UInt8, pilots: [PilotOutput]) {
        self.number = number
        self.pilots = pilots
    }
}

/// A frame of either side.
public enum SafetyFrame: Hashable, Sendable {
    /// From the controller.
    case controller(ControllerFrame)
    /// From the post.
    case post(PostFrame)

    static let preamble: [UInt8] = [0xA5, 0x5A]
    /// Preamble, kind, length of the body; then the body and two bytes of checksum.
    static let headLength = 4
    /// Number, word, and two bytes for each of eight connectors.
    static let bodyAtMost = 18
    static let controllerKind: UInt8 = 0x21
    static let postKind: UInt8 = 0x11
    private static let emergencyStopBit: UInt8 = 1
    private static let interlocksBit: UInt8 = 2

    /// The frame as it goes over the line; more than eight connectors are cut off.
    public var bytes: [UInt8] {
        let kind: UInt8
        var body: [UInt8]
        switch self {
        case .controller(let frame):
            kind = Self.controllerKind
            let word =
                (frame.isEmergencyStopClosed ? Self.emergencyStopBit : 0)
                | (frame.areInterlocksClosed ? Self.interlocksBit : 0)
            body = [frame.number, word]
            for reading in frame.connectors.prefix(PostConfiguration.connectorsAtMost) {
                body += [reading.pilot.rawValue, reading.proximity.rawValue]
            }
        case .post(let frame):
            kind = Self.postKind
            body = [frame.number] + frame.pilots.prefix(PostConfiguration.connectorsAtMost).map(\.rawValue)
        }
        let checked = [kind, UInt8(body.count)] + body
        let sum = checksum(checked)
        return Self.preamble + checked + [UInt8(sum >> 8), UInt8(sum & 0xFF)]
    }

    /// Reads kind and body, whose checksum was right; nil if they say anything that the page does not know.
    init?(kind: UInt8, body: [UInt8]) {
        guard let number = body.first else { return nil }
        switch kind {
        case Self.controllerKind:
            guard body.count >= 4, body.count % 2 == 0, body[1] & ~(Self.emergencyStopBit | Self.interlocksBit) == 0
            else { return nil }
            var readings: [ControllerReading] = []
            for place in stride(from: 2, to: body.count, by: 2) {
                guard let pilot = PilotState(rawValue: body[place]),
                    let proximity = Proximity(rawValue: body[place + 1])
                else { return nil }
                readings.append(ControllerReading(pilot: pilot, proximity: proximity))
            }
            self = .controller(
                ControllerFrame(
                    number: number, isEmergencyStopClosed: body[1] & Self.emergencyStopBit != 0,
                    areInterlocksClosed: body[1] & Self.interlocksBit != 0, connectors: readings))
        case Self.postKind:
            let pilots = body.dropFirst().compactMap { PilotOutput(rawValue: $0) }
            let isWhole = pilots.count == body.count - 1
            guard isWhole, (1...PostConfiguration.connectorsAtMost).contains(pilots.count) else { return nil }
            self = .post(PostFrame(number: number, pilots: pilots))
        default: return nil
        }
    }
}

/// CRC-16/IBM-3740 (polynomial 0x1021, first value 0xFFFF); of "123456789" it is 0x29B1.
func checksum(_ bytes: some Sequence<UInt8>) -> UInt16 {
    var sum: UInt16 = 0xFFFF
    for byte in bytes {
        sum ^= UInt16(byte) << 8
        for _ in 0..<8 { sum = sum & 0x8000 == 0 ? sum << 1 : sum << 1 ^ 0x1021 }
    }
    return sum
}

/// Finds frames in a stream of bytes; what is none is skipped and counted.
public struct SafetyFrameReader: Sendable {
    private var pending: [UInt8] = []
    /// Bytes that belonged to no frame.
    public private(set) var skipped = 0

    /// A reader that has seen nothing.
    public init() {}

    /// Takes bytes in and hands every frame that is whole to `found`.
    public mutating func take(_ bytes: some Sequence<UInt8>, _ found: (SafetyFrame) -> Void) {
        pending += bytes
        var place = 0
        while place < pending.count {
            switch look(at: place) {
            case .tooShort:
                pending.removeFirst(place)
                return
            case .noise:
                // The bytes after it may hold the beginning of a frame.
                place += 1
                skipped += 1
            case .frame(let frame, let length):
                found(frame)
                place += length
            }
        }
        pending = []
    }

    private enum Look { case noise, tooShort, frame(SafetyFrame, length: Int) }

    private func look(at place: Int) -> Look {
        let left = pending[place...]
        guard left.prefix(2).elementsEqual(SafetyFrame.preamble.prefix(left.count)) else { return .noise }
        guard left.count >= SafetyFrame.headLength else { return .tooShort }
        let bodyLength = Int(pending[place + 3])
        guard bodyLength <= SafetyFrame.bodyAtMost else { return .noise }
        let length = SafetyFrame.headLength + bodyLength + 2
        guard left.count >= length else { return .tooShort }
        let end = place + length - 2
        let sum = UInt16(pending[end]) << 8 | UInt16(pending[end + 1])
        guard checksum(pending[(place + 2)..<end]) == sum,
            let frame = SafetyFrame(
                kind: pending[place + 2], body: Array(pending[(place + SafetyFrame.headLength)..<end]))
        else { return .noise }
        return .frame(frame, length: length)
    }
}
