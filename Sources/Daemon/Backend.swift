// What a program brings to the daemon: the devices of a post, or why it has none.

public import Console
public import Post
public import Runtime

/// The devices of a post and what may be done to them from outside: what a program brings to the daemon.
public struct Backend: Sendable {
    /// `simulated` or `hardware`.
    public var word: String
    /// The post's clock.
    public var clock: LoopClock
    /// Makes the plant, on the loop's thread. Without look-ups no card is read: nobody is served.
    public var plant: @Sendable (LiveControl, LookUpThread?) -> any LivePlant
    /// Routes of its own.
    public var routes: @Sendable (LiveControl, LookUpThread) -> [ExtraRoute]

    /// The files that the devices were read from besides the configuration: a copy of each is kept with the last good
    /// configuration.
    public var boardFiles = BoardFiles()

    /// What is wrong with the devices now, a sentence each; asked from any thread.
    public var troubles: @Sendable () -> [String] = { [] }

    /// How much longer each commit of the records takes: a bench's slow disk.
    public var commitsHeldFor: Interval = .zero

    /// A backend of these parts.
    public init(
        word: String, clock: LoopClock, plant: @escaping @Sendable (LiveControl, LookUpThread?) -> any LivePlant,
        routes: @escaping @Sendable (LiveControl, LookUpThread) -> [ExtraRoute]
    ) {
        self.word = word
        self.clock = clock
        self.plant = plant
        self.routes = routes
    }
}

/// Why a program has no devices for a configuration.
public struct BackendProblem: Error, Sendable {
    /// One sentence: what and what to do.
    public var sentence: String
    /// A problem in one sentence.
    public init(_ sentence: String) { self.sentence = sentence }
}
