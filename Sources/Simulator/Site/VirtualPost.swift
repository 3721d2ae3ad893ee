// A post in virtual time: hardware from the world, the shipped runtime on it, records behind a simulated disk.

public import Post
public import Runtime

/// The records of a post and its signed list, whatever they are made of.
public protocol PostMemory: AnyObject {
    /// A new boot, on a machine whose kernel calls its own start so: what the records know.
    func boot(kernel: String) -> Restored
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
    /// What the list says of it now, before the post's counters are joined.
    func lookUp(_ token: String, name: TokenName) -> LookUpAnswer
    /// What tokens took lately and what is at risk, for a process that starts now.
    func risk(at now: Instant) -> RiskDesk
}

extension PostMemory {
    /// Nothing is remembered.
    public func risk(at now: Instant) -> RiskDesk { RiskDesk() }
}

/// One post of a virtual site. Its process may die at any event and be started again; its hardware and disk go on.
public final class VirtualPost: RecordPort {
    /// The hardware.
    public let hardware: SimulatedPost
    /// The runtime, or nil while the process is dead.
    public private(set) var runtime: PostRuntime?
    /// What is durable.
    public let memory: any PostMemory
    /// Who watches; outlives the post that is watched.
    public unowned var observer: (any StepObserver)?
    #if HOLDFAST_SEAMS
        /// Rows of the fault table that are switched off in every process of this post. Not in release builds.
        public var disarmed = FaultSet()
        /// A defect put into every process of this post, to see a storm find it. Not in release builds.
        public var seeded: SeededDefect?
        private var lives = 0
    #endif
    /// The pump of the outbox.
    public private(set) var outbox = Outbox(acknowledged: 0, newest: 0)
    /// What tokens took lately and what is at risk.
    public private(set) var risk = RiskDesk()
    /// Everything that the processes before this one were told and did.
    private var earlierLives = RollingHash()
    /// How often the machine has started, the start that follows a cut included.
    private var machineStarts = 1
    /// When a process that has ended by itself is started again: 1 s that systemd waits (`RestartSec` of the unit) and 1 s to
    /// come up, an engineering default.
    static let startsAgainAfter: Interval = .seconds(2)
    private var startsAt: Instant?
    /// Who writes down what the next life is told, where the process is started again by itself.
    public var nextRecorder: (() -> (any StepRecorder)?)?
    /// Told when the process has ended by itself.
    public var whenRestarted: (() -> Void)?
    private unowned let world: World
    private let makeLink: FarLinkMaker?
    /// The way to far devices in this life; nil: they are called.
    private var link: (any FarLink)?
    private var dice: Randomness

    init(hardware: SimulatedPost, memory: any PostMemory, world: World, makeLink: FarLinkMaker?) {
        self.makeLink = makeLink
        self.hardware = hardware
        self.memory = memory
        self.world = world
        dice = Randomness(seed: world.seed, component: "outbox", index: hardware.number)
        hardware.disk.keeper = { [unowned self] in keep($0) }
        hardware.disk.keeperUnheard = { [unowned self] in _ = self.memory.perform($0) }
    }

    /// The process starts; `recorder`, if there is one, writes down what it is told. One that lives dies first: a post has one
    /// process, and the disk's queue is that one's.
    public func start(recorder: (any StepRecorder)? = nil) {
        if runtime != nil { die() }
        startsAt = nil
        #if HOLDFAST_SEAMS
            var configuration = hardware.configuration
            seeded?.spoil(&configuration.limits)
        #else
            let configuration = hardware.configuration
        #endif
        let link = makeLink?(hardware)
        self.link = link
        let runtime = PostRuntime(
            configuration: configuration, devices: link?.devices ?? hardware.devices, records: self,
            cloud: hardware.cloudLink)
        runtime.observer = observer
        #if HOLDFAST_SEAMS
            runtime.disarm(disarmed)
            runtime.seed(seeded)
        #endif
        runtime.recorder = recorder
        self.runtime = runtime
        hardware.attach(
            PostProcess(
                onEvent: { [unowned self] event, now in hear(event, at: now) },
                onLinesChanged: { [unowned self] now in linesChanged(at: now) },
                onToken: { [unowned self] reader, token, now in present(token, to: reader, at: now) }))
        let owed = memory.outbox
        outbox = Outbox(acknowledged: owed.acknowledged, newest: owed.newest)
        #if HOLDFAST_SEAMS
            lives += 1
            outbox.isReordered = seeded == .outboxReordered
            outbox.hasNoTimer = seeded == .timerLostAfterRestart && lives > 1
        #endif
        let restored = memory.boot(kernel: "start \(machineStarts)")
        risk = memory.risk(at: world.now)
        runtime.start(restored, at: world.now)
        hardware.cloudLink.connect()
        noteDeadline()
    }

    /// The process dies by SIGKILL, or `withMachine`, because its supply is cut.
    public func die(withMachine: Bool = false) {
        if withMachine { machineStarts += 1 }
        endLife()
        hardware.crash()
        noteDeadline()
    }

    private func endLife() {
        if let runtime { earlierLives.absorb(part: runtime.hash.value) }
        (runtime, link, startsAt) = (nil, nil, nil)
    }

    /// The process ends because the core has asked for it, and whoever looks after it starts it again.
    private func restart() {
        endLife()
        hardware.end()
        memory.stoppedCleanly()
        startsAt = world.now + Self.startsAgainAfter
        whenRestarted?()
        noteDeadline()
    }

    /// Lets go of the process and its buses.
    func end() {
        runtime = nil
        link = nil
    }

    /// The hash of everything that this post was told and did, in all its lives.
    public var hash: UInt64 {
        var hash = earlierLives
        hash.absorb(part: runtime?.hash.value ?? 0)
        return hash.value
    }

    /// When the post wants to be driven next; the distant future if it does not.
    public private(set) var nextDeadline = Instant.distantFuture

    /// Kept after each thing that happens to this post: the site asks every post between any two happenings.
    func noteDeadline() {
        guard let runtime else {
            nextDeadline = startsAt ?? .distantFuture
            return
        }
        if runtime.wantsRestart {
            nextDeadline = world.now
            return
        }
        nextDeadline = min(runtime.nextDeadline ?? .distantFuture, outbox.nextDeadline ?? .distantFuture)
        if let link { nextDeadline = min(nextDeadline, link.nextEvent) }
    }

    private func linesChanged(at now: Instant) {
        runtime?.pollLines(at: now)
        noteDeadline()
    }

    /// Time has passed for the post.
    public func timePassed() {
        guard let runtime else {
            if let startsAt, startsAt <= world.now { start(recorder: nextRecorder?()) }
            return
        }
        if runtime.wantsRestart { return restart() }
        let now = world.now
        if let link, link.nextEvent <= now { link.advance(to: now) { receive($0, at: now) } }
        runtime.timePassed(at: now)
        if let deadline = outbox.nextDeadline, deadline <= world.now {
            send(outbox.timePassed(at: world.now, chance: dice.next()))
        }
        noteDeadline()
    }

    /// A driver shows a card. Returns false if nobody is there to read it.
    @discardableResult
    public func tap(_ token: String, reader: Int = 0) -> Bool {
        world.tap(Array(token.utf8), reader: ReaderID(UInt8(clamping: reader)), post: hardware.number)
    }

    private func present(_ bytes: [UInt8], to reader: ReaderID, at now: Instant) {
        let token = String(decoding: bytes, as: UTF8.self)
        let name = memory.name(token)
        runtime?.step(.tokenPresented(reader, name), at: now)
        noteDeadline()
        // The list is read when the disk answers, as a thread of its own would have it.
        hardware.disk.read { [unowned self] in
            decide(memory.lookUp(token, name: name), at: reader)
        } orElse: { [unowned self] in
            decide(LookUpAnswer(token: name, verdict: .refused(.lookUpDamaged)), at: reader)
        }
    }

    private func decide(_ answer: LookUpAnswer, at reader: ReaderID) {
        guard let runtime else { return }
        let lookUp = risk.join(
            answer, at: reader, cloudIsThere: runtime.isCloudReachable, isOpen: runtime.hasOpenTap, now: world.now)
        receive(.tokenLookedUp(reader, lookUp), at: world.now)
    }

    /// What the world tells, but for what comes by the link to far devices.
    private func hear(_ event: Event, at now: Instant) {
        if let link, link.carries(event) { return }
        receive(event, at: now)
    }

    private func receive(_ event: Event, at now: Instant) {
        guard let runtime else { return }
        risk.observe(event)
        runtime.step(event, at: now)
        if case .cloudLink(let isUp) = event { send(outbox.link(isUp: isUp, at: now)) }
        noteDeadline()
    }

    /// Takes a request of the core: the disk answers after its delay, or to nobody if the process has died meanwhile.
    public func submit(_ request: RecordRequest) {
        if let action = request.action { risk.observe(action, at: world.now) }
        hardware.disk.write(request)
    }

    /// The disk has come to a request: it becomes durable, and what the cloud is owed is known.
    private func keep(_ request: RecordRequest) -> RecordOutcome {
        let outcome = memory.perform(request)
        send(outbox.recorded(memory.outbox.newest, at: world.now))
        noteDeadline()
        return outcome
    }

    private func send(_ number: Int64?) {
        guard let number, number > 0 else { return }
        hardware.cloudLink.deliver(record: UInt64(number)) { [unowned self] in
            memory.acknowledged(number)
            if memory.outbox.newest == memory.outbox.acknowledged { risk.cloudHeard() }
            send(outbox.acknowledge(number, at: world.now))
            noteDeadline()
        }
    }
}

extension RecordRequest {
    /// The action that asked for it, if what tokens take is part of it.
    var action: Action? {
        switch self {
        case .start(let start): .recordStart(start)
        case .sample(let sample): .recordSample(sample)
        case .stop(let stop): .recordStop(stop)
        case .latch, .meter, .availability: nil
        }
    }
}
