// The post's end of the link, without a port and without a clock: bytes in, bytes out, and when the other side is gone.

public import Post

/// What the post knows of its controller, and what it tells it.
public struct SafetyLinkEnd: Sendable {
    /// How often a frame goes out, changed or not. Source: hardware/SafetyLink.md.
    public static let frameEvery: Interval = .milliseconds(100)
    /// Without a new frame for this long the controller counts as gone. Source: hardware/SafetyLink.md.
    public static let silentAfter: Interval = .milliseconds(500)

    /// A controller that was gone counts again once its frames have come for this long. Engineering default.
    public static let backAfter: Interval = .seconds(2)
    /// ... with no gap longer than this between two of them: a link at the edge of its 500 ms stays lost, instead of
    /// coming and going. Engineering default: a frame and a half may be missing.
    public static let steadyGap: Interval = .milliseconds(250)

    private var reader = SafetyFrameReader()
    private var heard: ControllerFrame?
    private var heardAt = Instant.zero
    /// Since when a controller that was gone is heard without a gap; nil: it does not have to prove itself.
    private var returnsSince: Instant?
    private var lastNumber: UInt8?
    private var number: UInt8 = 0
    private var sendAt = Instant.zero
    private var orders: [PilotOutput]
    /// Connectors of the newest frame, where they are not as many as the post has.
    public private(set) var connectorsElsewhere: Int?

    /// An end that has heard nothing; every pilot is steady until somebody orders another word.
    public init(connectors: Int) {
        orders = Array(repeating: .steady, count: min(connectors, PostConfiguration.connectorsAtMost))
    }

    /// Bytes that belonged to no frame: a line that is disturbed, or a wrong speed.
    public var bytesSkipped: Int { reader.skipped }

    /// What a pilot is to say from the next frame on, which is due at once if that is another word than before.
    public mutating func order(_ output: PilotOutput, connector: Int) {
        guard orders.indices.contains(connector), orders[connector] != output else { return }
        orders[connector] = output
        sendAt = .zero
    }

    /// Takes in what has come over the line.
    public mutating func take(_ bytes: some Sequence<UInt8>, at now: Instant) {
        var frames: [ControllerFrame] = []
        reader.take(bytes) { frame in
            // A frame of our own kind is an echo.
            if case .controller(let frame) = frame { frames.append(frame) }
        }
        for frame in frames {
            guard frame.number != lastNumber else { continue }
            lastNumber = frame.number
            guard frame.connectors.count == orders.count else {
                connectorsElsewhere = frame.connectors.count
                continue
            }
            connectorsElsewhere = nil
            proves(at: now)
            heard = frame
            heardAt = now
        }
    }

    /// A new frame has come: was the controller gone, and for how long has it been back?
    private mutating func proves(at now: Instant) {
        let gap = now - heardAt
        if heard != nil, gap >= Self.silentAfter { returnsSince = now }
        guard let since = returnsSince else { return }
        if gap > Self.steadyGap {
            returnsSince = now
        } else if now - since >= Self.backAfter {
            returnsSince = nil
        }
    }

    /// Whether the controller, which was gone, is heard again and does not count yet.
    public func isReturning(at now: Instant) -> Bool {
        heard != nil && returnsSince != nil && now - heardAt < Self.silentAfter
    }

    /// What the controller says; nil once it has been silent for too long: then nothing that it said counts, nor what it
    /// says before it has come back for good.
    public func controller(at now: Instant) -> ControllerFrame? {
        guard let heard, returnsSince == nil, now - heardAt < Self.silentAfter else { return nil }
        return heard
    }

    /// Whatever was said before counts no more: the line was lost.
    public mutating func forget() {
        if heard != nil { returnsSince = heardAt }
        heard = nil
        reader = SafetyFrameReader()
    }

    /// The frame that is due; nil: not yet.
    public mutating func frame(at now: Instant) -> [UInt8]? {
        guard now >= sendAt else { return nil }
        sendAt = now + Self.frameEvery
        number &+= 1
        return SafetyFrame.post(PostFrame(number: number, pilots: orders)).bytes
    }

    /// When to be asked again: for the next frame, or because the controller would be gone then.
    public func wakeAt(after now: Instant) -> Instant {
        guard controller(at: now) != nil else { return sendAt }
        return min(sendAt, heardAt + Self.silentAfter)
    }
}
