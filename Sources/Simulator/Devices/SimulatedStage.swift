// A power stage behind its bus: commands take their way, samples come on their own.

public import Devices
public import Post

/// A power stage and the disconnect upstream of it.
public final class SimulatedStage: PowerStage, UpstreamDisconnect {
    /// From the command's sending to its effect. Engineering default: one exchange on a CAN bus with several modules.
    static let linkTakes: Interval = .milliseconds(8)
    static let fast: Interval = .milliseconds(100)
    static let slow: Interval = .seconds(10)
    /// How long it goes on sampling fast after it was told to be off.
    static let lingers: Interval = .seconds(10)

    let output: StageOutput
    let island: Island
    let index: Int
    /// The link says nothing and takes nothing.
    var isSilent = false
    /// The stage refuses every command but off.
    var refuses = false
    /// Added to every delay of the link.
    var extraDelay: Interval = .zero
    /// Added to the voltage it reports.
    var sensorOffsetVolts = 0.0
    /// What was sampled last, while the sensor is frozen.
    var frozen: StageSample?
    private var cadence: Cadence
    private var underway = CommandsUnderway<StageCommand>()
    private var offSince = Instant.zero
    private var dice: Randomness
    private let timeline: Timeline
    private unowned let post: SimulatedPost

    init(_ post: SimulatedPost, index: Int, island: Island, seed: UInt64) {
        self.post = post
        timeline = post.timeline
        self.index = index
        self.island = island
        output = island.stage
        cadence = Cadence(.sampleStage, index: index, period: Self.slow)
        dice = Randomness(seed: seed, component: "stage", index: index)
    }

    func beginSampling() {
        cadence.begin(every: Self.slow, after: .milliseconds(dice.number(in: 50...1_000)), post)
    }

    /// Sends the command; it takes effect when it arrives.
    public func send(_ command: StageCommand, number: CommandNumber) throws(DeviceError) {
        underway.send(command, number)
        let wayThere = Interval(microseconds: Self.linkTakes.microseconds + extraDelay.microseconds)
        post.plan(.stageCommand, index: UInt8(index), generation: 0, after: wayThere)
    }

    /// Whether it has been cut off from its supply.
    public var isTripped: Bool { output.isTripped }

    /// Cuts the stage off from its supply until service closes it again.
    public func trip() throws(DeviceError) {
        island.advance(to: timeline.now)
        output.isTripped = true
        island.disturb()
    }

    func commandArrives() {
        guard let (command, number) = underway.arrive() else { return }
        if isSilent {
            post.deliver(.commandFinished(number, .timedOut), after: .seconds(2))
            return
        }
        if refuses, command != .off {
            post.receive(.commandFinished(number, .refused))
            return
        }
        obey(command)
        post.receive(.commandFinished(number, .done))
        beginFast()
    }

    /// What it says when it is asked now, and how long that takes; nil: it does not answer.
    public var answer: (sample: StageSample, after: Interval)? {
        if isSilent { return nil }
        island.advance(to: timeline.now)
        return (measured(), extraDelay)
    }

    /// Takes a command that has arrived; false: it refuses.
    public func takes(_ command: StageCommand) -> Bool {
        if refuses, command != .off { return false }
        obey(command)
        return true
    }

    func obey(_ command: StageCommand) {
        island.advance(to: timeline.now)
        switch command {
        case .off:
            output.switchOff()
            offSince = timeline.now
        case .on(let millivolts, let milliamperes):
            output.switchOn(volts: Double(millivolts) / 1_000, amperes: Double(milliamperes) / 1_000)
        }
        island.disturb()
    }

    /// A command is answered by a sample at once; then comes one every 100 ms.
    private func beginFast() { cadence.begin(every: Self.fast, after: .milliseconds(2), post) }

    func sample(generation: UInt32) {
        guard generation == cadence.generation else { return }
        island.advance(to: timeline.now)
        if !isSilent { post.deliver(.stage(StageID(UInt8(index)), measured()), after: extraDelay) }
        let rests = !output.isOn && output.volts < 10 && timeline.now - offSince > Self.lingers
        if rests, cadence.period == Self.fast {
            cadence.begin(every: Self.slow, after: Self.slow, post)
        } else {
            cadence.goOn(post)
        }
    }

    private func measured() -> StageSample {
        if let frozen { return frozen }
        // Ripple and noise of its own sensor: a tenth of a volt, a twentieth of an ampere.
        let ripple = output.isFeeding ? Double(dice.number(in: -100...100)) / 1_000 : 0
        return StageSample(
            measuredAt: timeline.now, millivolts: thousandths(output.volts + ripple + sensorOffsetVolts),
            milliamperes: thousandths(output.amperes + ripple / 2),
            availableMilliamperes: thousandths(output.availableAmperes), isOn: output.isOn,
            hasFault: output.hasInternalFault || !output.hasGrid || output.isTripped,
            modulesOut: UInt8(clamping: output.modulesOut))
    }

    func freeze() { frozen = measured() }

    /// Moves the circuit to now and looks closely from here on: something is about to change.
    func settle() {
        island.advance(to: timeline.now)
        island.disturb()
    }
}
