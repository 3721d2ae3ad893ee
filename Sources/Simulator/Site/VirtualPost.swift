// A post in virtual time: hardware from the world, the shipped runtime on it, records on a simulated disk.

public import Devices
public import Post
public import Runtime

/// What a simulated disk does with requests.
public struct DiskState: Hashable, Sendable {
    /// How long a request takes.
    public var delay: Interval = .milliseconds(4)
    /// Refuses everything (full, read-only, input/output error).
    public var refuses = false
    /// Answers nothing at all.
    public var hangs = false

    /// Quick and willing.
    public init() {}
}

/// The records of a post and its signed list, whatever they are made of.
public protocol PostMemory: AnyObject {
    /// A new boot: what the records know.
    func boot() -> Restored
    /// A clean stop of the process.
    func stoppedCleanly()
    /// Performs a request, durably.
    func perform(_ request: RecordRequest) -> RecordOutcome
    /// The number of the newest record in the outbox, and of the newest that was acknowledged.
    var outbox: (newest: Int64, acknowledged: Int64) { get }
    /// The cloud has acknowledged a record.
    func acknowledged(_ number: Int64)
    /// The name of a raw token.
    func name(_ token: String) -> TokenName
    /// What the list says of it now.
    func lookUp(_ token: String, name: TokenName) -> TokenLookUp
}

/// One post of a virtual site. Its process may die at any event and be started again; its hardware and disk go on.
public final class VirtualPost: RecordPort, CloudPort {
    /// The hardware.
    public let hardware: SimulatedPost
    /// The runtime, or nil while the process is dead.
    public private(set) var runtime: PostRuntime?
    /// The disk's manners.
    public var disk = DiskState()
    /// How long a look-up takes, or nil if it never answers.
    public var lookUpDelay: Interval? = .milliseconds(3)
    /// What is durable.
    public let memory: any PostMemory
    /// Who watches.
    public weak var observer: (any StepObserver)?
    /// The pump of the outbox.
    public private(set) var outbox = Outbox(acknowledged: 0, newest: 0)
    private let cloud: SimulatedCloud
    private unowned let world: World
    /// Counts the lives of the process: what an earlier life asked for is answered to nobody.
    private var life = 0
    private var dice: Randomness

    init(hardware: SimulatedPost, memory: any PostMemory, cloud: SimulatedCloud, world: World) {
        self.hardware = hardware
        self.memory = memory
        self.cloud = cloud
        self.world = world
        dice = Randomness(seed: world.seed, component: "post \(hardware.number)")
    }

    /// The process starts.
    public func start() {
        life += 1
        let runtime = PostRuntime(
            configuration: hardware.configuration, devices: hardware.devices, records: self, cloud: self)
        runtime.observer = observer
        self.runtime = runtime
        hardware.deliver = { [weak self] event, now in self?.receive(event, at: now) }
        hardware.linesChanged = { [weak self] now in self?.runtime?.pollLines(at: now) }
        let owed = memory.outbox
        outbox = Outbox(acknowledged: owed.acknowledged, newest: owed.newest)
        runtime.start(memory.boot(), at: world.now)
        linkChanged()
    }

    /// The process dies: SIGKILL, or the power is cut.
    public func die() {
        life += 1
        runtime = nil
        hardware.outputsFall(at: world.now)
    }

    /// When the post wants to be driven next.
    public var nextDeadline: Instant? {
        guard let runtime else { return nil }
        var next = runtime.nextDeadline
        if let pump = outbox.nextDeadline { next = next.map { min($0, pump) } ?? pump }
        return next
    }

    /// Time has passed for the post.
    public func timePassed() {
        runtime?.timePassed(at: world.now)
        if let deadline = outbox.nextDeadline, deadline <= world.now {
            send(outbox.timePassed(at: world.now, chance: dice.next()))
        }
    }

    /// A driver shows a card.
    public func tap(_ token: String, reader: Int = 0) {
        guard let runtime else { return }
        let name = memory.name(token)
        let id = ReaderID(UInt8(reader))
        runtime.step(.tokenPresented(id, name), at: world.now)
        guard let lookUpDelay, !hardware.hangsLookUps else { return }
        // The list is read now and the answer takes its time, as a thread of its own would have it.
        world.planDelivery(
            .tokenLookedUp(id, memory.lookUp(token, name: name)), to: hardware.number, after: lookUpDelay)
    }

    /// The way to the cloud has changed.
    public func linkChanged() {
        let isUp = cloud.network.isUp
        runtime?.step(.cloudLink(isUp: isUp), at: world.now)
        guard runtime != nil else { return }
        send(outbox.link(isUp: isUp, at: world.now))
    }

    private func receive(_ event: Event, at now: Instant) {
        runtime?.step(event, at: now)
    }

    // Records: the disk answers after its delay, or to nobody if the process has died meanwhile

    /// Takes a request of the core.
    public func submit(_ request: RecordRequest) {
        guard !disk.hangs else { return }
        let outcome: RecordOutcome = disk.refuses ? .failed : memory.perform(request)
        let event: Event?
        switch request {
        case .start(let start): event = .startRecorded(start.session, outcome)
        case .sample(let sample): event = .sampleRecorded(sample.session, outcome)
        case .stop(let stop): event = .stopRecorded(stop.session, outcome)
        case .latch: event = nil
        }
        if let event { world.planDelivery(event, to: hardware.number, after: disk.delay) }
        send(outbox.recorded(memory.outbox.newest, at: world.now))
    }

    // The cloud

    /// Carries a question of the core.
    public func ask(_ token: TokenName, connector: ConnectorID?, number: CommandNumber) throws(DeviceError) {
        guard let (verdict, after) = cloud.answer(to: token) else { return }
        world.planDelivery(.cloudAnswered(number, verdict), to: hardware.number, after: after)
    }

    private func send(_ number: Int64?) {
        guard let number, let back = cloud.deliver(post: hardware.number, number: number, at: world.now) else {
            return
        }
        let sender = life
        world.planCall(after: back) { [weak self] in
            guard let self, self.life == sender else { return }
            self.memory.acknowledged(number)
            self.send(self.outbox.acknowledge(number, at: self.world.now))
        }
    }
}
