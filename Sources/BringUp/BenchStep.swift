// What came of one step of the walk, for people and for programs.

/// One device, what was done with it, and what was found.
public struct BenchStep: Hashable, Sendable, Encodable {
    /// What came of it.
    public enum Verdict: String, Hashable, Sendable, Encodable {
        /// As it must be.
        case good
        /// Not as it must be.
        case wrong
        /// The supervisor, or the device, did not allow it.
        case refused
        /// Nobody wanted it done.
        case skipped
    }

    /// Which device: `K1 of connector 1`.
    public var device: String
    /// What came of it.
    public var verdict: Verdict
    /// What was found.
    public var found: String
    /// What to do; empty where nothing is.
    public var remedy = ""
    /// What was measured, in milliseconds, each under its name.
    public var milliseconds: [String: Double] = [:]
    /// The code of a refusal.
    public var code: String?

    /// A step with this result.
    public init(_ device: String, _ verdict: Verdict, _ found: String, do remedy: String = "") {
        (self.device, self.verdict, self.found, self.remedy) = (device, verdict, found, remedy)
    }

    static func skipped(_ device: String) -> BenchStep { BenchStep(device, .skipped, "left out") }
}
