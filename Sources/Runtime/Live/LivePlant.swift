// What stands behind the devices of a live post: real hardware, or a simulated world paced to the wall.

public import Devices
public import Post

/// A backend of the live loop. Made and used on the loop's thread alone; nothing in it may wait.
public protocol LivePlant: AnyObject {
    /// The devices of the post.
    var devices: PostDevices { get }
    /// The way to the cloud, as far as the core has something to say to it.
    var cloud: any CloudPort { get }
    /// Who carries records to the cloud; nil where nobody does yet.
    var carrier: (any RecordCarrier)? { get }
    /// Descriptors that become readable when a line has an edge. The loop waits for them.
    var edgeDescriptors: [Int32] { get }
    /// When something happens next in a simulated world; nil for real hardware, whose events come by the inbox.
    var nextEvent: Instant? { get }

    /// Where events of this thread go from now on, and whom to tell when a line may have changed.
    func connect(deliver: @escaping (Event, Instant) -> Void, linesChanged: @escaping (Instant) -> Void)
    /// Lets everything happen up to an instant, that instant included. Real hardware has nothing to do here.
    func advance(to instant: Instant)
    /// Whether the post hears an event that came from outside of this thread. A simulated world may have its own word in its place.
    func hears(_ event: Event) -> Bool
    /// Reads away what made an edge descriptor readable; the loop reads the lines itself afterwards.
    func takeEdges()
}

extension LivePlant {
    /// Nobody carries records.
    public var carrier: (any RecordCarrier)? { nil }
    /// No descriptor.
    public var edgeDescriptors: [Int32] { [] }
    /// Nothing happens by itself.
    public var nextEvent: Instant? { nil }
    /// Nothing to advance.
    public func advance(to instant: Instant) {}
    /// Everything is heard.
    public func hears(_ event: Event) -> Bool { true }
    /// No edges.
    public func takeEdges() {}
}

/// Carries records to the cloud. A far device: it takes a number and returns at once.
public protocol RecordCarrier: AnyObject {
    /// Delivers the record with that number of the outbox; `LiveControl.acknowledged` or `LoopTurn.acknowledged`
    /// answers.
    func carry(_ number: Int64)
}
