// One simulated post: every device of its configuration, and the process that may or may not be attached to them.

public import Devices
public import Post

/// The post's process as the world knows it: closures that a driver gives when it attaches, and that die with it.
public final class PostProcess {
    /// A far device, a person or a network has something to say, now.
    public let onEvent: (Event, Instant) -> Void
    /// A near line has changed: read the lines.
    public let onLinesChanged: (Instant) -> Void
    /// A card was shown to a reader: its raw bytes.
    public let onToken: (ReaderID, [UInt8], Instant) -> Void

    /// A process with these ears.
    public init(
        onEvent: @escaping (Event, Instant) -> Void, onLinesChanged: @escaping (Instant) -> Void,
        onToken: @escaping (ReaderID, [UInt8], Instant) -> Void
    ) {
        self.onEvent = onEvent
        self.onLinesChanged = onLinesChanged
        self.onToken = onToken
    }
}

/// A post of the site: its hardware goes on when its process does not.
public final class SimulatedPost {
    /// A stage that hears nothing of its post switches itself off after this. 15 s: EVerest's manual says 10 to 20 s.
    static let stageGivesUpAfter: Interval = .seconds(15)

    /// Which post of the site it is, from 0.
    public let number: Int
    /// What it is made of.
    public let configuration: PostConfiguration
    unowned let world: World
    /// The world's time.
    let timeline: Timeline
    /// Its connectors, in the order of the configuration.
    public private(set) var connectors: [SimulatedConnector] = []
    /// Its power stages.
    public private(set) var stages: [SimulatedStage] = []
    /// Interlocks, cooling, cabinet, watchdog.
    public private(set) lazy var enclosure = SimulatedEnclosure(self, ambientCelsius: world.ambientCelsius)
    /// Its card readers.
    public private(set) var readers: [SimulatedReader] = []
    /// Its disk.
    public private(set) lazy var disk = SimulatedDisk(self)
    /// Its wall clock.
    public var clock = SimulatedWallClock()
    /// Its way to the cloud.
    public private(set) lazy var cloudLink = SimulatedCloudLink(self)
    /// Whoever sends it limits.
    public private(set) lazy var siteManager = SimulatedSiteManager(self)

    /// Its safety controller, as it is heard.
    var controller = SimulatedSafetyController()
    /// The memory of its process.
    var memory = SimulatedMemory()
    private var process: PostProcess?
    /// Counts the lives of the process: what was meant for an earlier one is dropped.
    private(set) var life: UInt32 = 0
    private var areLinesTouched = false

    init(_ world: World, number: Int, configuration: PostConfiguration, seed: UInt64) {
        self.world = world
        timeline = world.timeline
        self.number = number
        self.configuration = configuration
        build(seed)
    }

    private func build(_ seed: UInt64) {
        world.judge.meet(post: number, limitWatts: configuration.siteLimitWatts)
        // The border has checked that every connector names a stage that is there.
        let feeders = configuration.connectors.map { min(Int($0.stage.index), configuration.stages.count - 1) }
        var islands: [Island] = []
        for (index, stage) in configuration.stages.enumerated() {
            let output = StageOutput(
                maximumVolts: Double(stage.maximumMillivolts) / 1_000,
                maximumAmperes: Double(stage.maximumMilliamperes) / 1_000, ratedWatts: Double(stage.ratedWatts),
                modules: max(1, Int(stage.ratedWatts / 30_000)))
            let fed = feeders.indices.filter { feeders[$0] == index }
            let island = Island(
                stage: output, branches: fed.map { _ in Branch() },
                places: fed.map { Place(post: number, connector: $0) })
            island.witness = world.judge
            islands.append(island)
            stages.append(SimulatedStage(self, index: index, island: island, seed: seed))
        }
        for (index, connector) in configuration.connectors.enumerated() {
            world.judge.meet(Place(post: number, connector: index))
            let terminals = Terminals(
                place: Place(post: number, connector: index), island: islands[feeders[index]],
                position: feeders[..<index].count { $0 == feeders[index] }, timeline: timeline, post: self)
            connectors.append(
                SimulatedConnector(
                    terminals, hasLock: connector.lockHolder == .post, seed: seed,
                    ambientCelsius: world.ambientCelsius))
        }
        readers = configuration.readers.map { _ in SimulatedReader() }
    }

    func beginSampling() {
        for stage in stages { stage.beginSampling() }
        for connector in connectors { connector.beginSampling() }
    }

    /// Every device, for the runtime.
    public var devices: PostDevices {
        PostDevices(
            connectors: connectors.map(\.devices), stages: stages.map { StageDevices(stage: $0, upstream: $0) },
            interlocks: enclosure, cooling: enclosure, watchdog: enclosure, readers: readers)
    }

    // The process

    /// Whether a process is attached.
    public var isAlive: Bool { process != nil }

    /// A process has started and listens. What was on its way to an earlier one is lost.
    public func attach(_ process: PostProcess) {
        life &+= 1
        self.process = process
        for index in readers.indices where readers[index].isGone { tellOfReader(index) }
        hearControllerAnew()
        memory.beginAnew(at: world.now)
        if memory.isLeaking { plan(.readMemory, index: 0, generation: life, after: SimulatedMemory.readEvery) }
    }

    /// The process ends in the orderly way: nobody is served, and nothing excuses what its outputs do as they fall.
    public func end() {
        leave()
    }

    /// The process dies at once: its outputs fall to their safe pull, what was on its way to it is lost, and the world goes on.
    ///
    /// The permit is withdrawn, the pilot offers nothing, the discharge opens, the cooling runs, locks stay as they are. The
    /// stages go on as they were last told until they notice, fifteen seconds later, that nobody speaks to them.
    public func crash() {
        for connector in connectors { world.judge.excuse(connector.place, until: world.now + Judge.emergencyLasts) }
        leave()
    }

    private func leave() {
        life &+= 1
        process = nil
        disk.forget()
        for connector in connectors {
            connector.contactors.setPermit(false)
            connector.pilot.set(.steady)
            connector.discharge.set(false)
        }
        enclosure.processDied()
        plan(.watchdog, index: 1, generation: life, after: Self.stageGivesUpAfter)
    }

    func stagesGiveUp(generation: UInt32) {
        guard generation == life, process == nil else { return }
        for stage in stages { stage.obey(.off) }
    }

    // What devices need

    /// Hands an event to the process, if there is one.
    func receive(_ event: Event) { process?.onEvent(event, timeline.now) }

    /// Hands it over later, to the same life of the process only.
    func deliver(_ event: Event, after delay: Interval) {
        guard delay > .zero else {
            receive(event)
            return
        }
        world.deliver(event, to: self, after: delay)
    }

    /// A near line has changed. The process is told once, as soon as what is happening has happened.
    func touchLines() {
        guard !areLinesTouched else { return }
        areLinesTouched = true
        plan(.linesChanged, index: 0, generation: 0, after: .zero)
    }

    func linesChanged() {
        areLinesTouched = false
        process?.onLinesChanged(timeline.now)
    }

    func tokenShown(_ token: [UInt8], at reader: ReaderID) { process?.onToken(reader, token, timeline.now) }

    func plan(_ kind: Occurrence.Kind, index: UInt8, generation: UInt32, after delay: Interval) {
        timeline.plan(
            Occurrence(kind: kind, post: UInt16(number), index: index, generation: generation),
            at: timeline.now + delay)
    }
}

/// A card reader of a simulated post: taps come from people.
public final class SimulatedReader: CardReader {
    /// How often it said yes.
    public private(set) var accepted = 0
    /// How often it said no.
    public private(set) var refused = 0
    var isGone = false
    /// Lights the answer.
    public func answer(isAccepted: Bool) throws(DeviceError) {
        if isGone { throw .gone }
        if isAccepted { accepted += 1 } else { refused += 1 }
    }
}
