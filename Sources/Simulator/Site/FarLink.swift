// What may stand between a post's process and its far devices in virtual time: a bus with bytes on it instead of a call.

public import Devices
public import Post

/// One life's way to far devices. The process that dies takes it along; the next one makes another.
public protocol FarLink: AnyObject {
    /// The devices as the process finds them.
    var devices: PostDevices { get }
    /// When it wants to go on although nothing happens; at once (`.zero`) where it was asked for something.
    var nextEvent: Instant { get }
    /// Whether the process hears this from the link, and not from the world itself.
    func carries(_ event: Event) -> Bool
    /// Goes on as far as it can without waiting; what the devices say is handed over in its order.
    func advance(to now: Instant, deliver: (Event) -> Void)
}

/// Makes the link of a life; nil: the process calls the world's devices.
public typealias FarLinkMaker = @Sendable (SimulatedPost) -> (any FarLink)?
