// What can go wrong with a device, in kinds that the runtime can act on.

public import Post

/// Why a device call failed. No device call waits: an error here is known at once.
public enum DeviceError: Error, Hashable, Sendable {
    /// The device or its chip is not there (unplugged, never found).
    case gone
    /// Somebody else holds it.
    case busy
    /// It cannot take the command now: its one place for a command is taken.
    case full
    /// It does not do that.
    case unsupported
    /// The kernel or the library said no; its error number.
    case system(Int32)
}

/// Where far devices and people put what they have to say: samples, outcomes, taps.
///
/// Each sender has its own place, so that a full inbox is never a question: the newest sample replaces the one before
/// it, and the place for an outcome is taken when the command is sent.
public protocol Inbox: Sendable {
    /// Hands in what happened. Never waits, may be called from any thread. Samples carry their own instant of
    /// measurement; the loop stamps the event with the instant at which it takes it out.
    func post(_ event: Event)
}
