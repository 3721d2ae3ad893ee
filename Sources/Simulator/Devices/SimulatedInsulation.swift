// The insulation monitor of a connector: its own test, then the smaller resistance to earth and the poles' voltages.

public import Devices
public import Post

/// An insulation monitor with a voltage sensor of its own.
public final class SimulatedInsulation: InsulationMonitor {
    /// How long its self-test takes. Engineering default; a monitor may take up to 10 s.
    static let testTakes: Interval = .seconds(3)
    static let fast: Interval = .seconds(1)
    static let slow: Interval = .seconds(10)
    static let linkTakes: Interval = .milliseconds(15)

    var isSilent = false
    var failsSelfTest = false
    /// Added to the time its self-test takes.
    var extraTest: Interval = .zero
    /// What it repeats, with a fresh instant each time.
    var frozen: InsulationSample?
    var offsetVolts = 0.0
    private var mode: InsulationCommand = .rest
    private var testEndsAt = Instant.zero
    private var selfTest: InsulationSample.SelfTest = .pending
    private var cadence: Cadence
    private var underway = CommandsUnderway<InsulationCommand>()
    private var dice: Randomness
    private let terminals: Terminals

    init(_ terminals: Terminals, seed: UInt64) {
        self.terminals = terminals
        dice = Randomness(seed: seed, component: "insulation", index: terminals.place.connector)
        cadence = Cadence(.sampleInsulation, index: terminals.place.connector, period: Self.slow)
    }

    func beginSampling() {
        cadence.begin(every: Self.slow, after: .milliseconds(dice.number(in: 50...1_000)), terminals.post)
    }

    /// Sends the command; it takes effect when it arrives.
    public func send(_ command: InsulationCommand, number: CommandNumber) throws(DeviceError) {
        underway.send(command, number)
        terminals.plan(.insulationCommand, generation: 0, after: Self.linkTakes)
    }

    func commandArrives() {
        guard let (command, number) = underway.arrive() else { return }
        if isSilent {
            terminals.post.deliver(.commandFinished(number, .timedOut), after: .seconds(2))
            return
        }
        obey(command)
        terminals.post.receive(.commandFinished(number, .done))
        cadence.begin(every: command == .rest ? Self.slow : Self.fast, after: .milliseconds(30), terminals.post)
    }

    /// Does what a command that has arrived says.
    public func obey(_ command: InsulationCommand) {
        mode = command
        guard command == .test else { return }
        selfTest = .pending
        testEndsAt = terminals.now + Self.testTakes + extraTest
    }

    /// What it says when it is asked now, and whether it tests itself; nil: it does not answer.
    public var answer: (sample: InsulationSample, isTesting: Bool)? {
        if isSilent { return nil }
        terminals.settle()
        endTest()
        return (measured(), mode == .test && selfTest == .pending)
    }

    private func endTest() {
        if mode == .test, selfTest == .pending, terminals.now >= testEndsAt {
            selfTest = failsSelfTest ? .failed : .passed
        }
    }

    func sample(generation: UInt32) {
        guard generation == cadence.generation else { return }
        terminals.settle()
        endTest()
        if !isSilent { terminals.post.receive(.insulation(terminals.id, measured())) }
        cadence.goOn(terminals.post)
    }

    private func measured() -> InsulationSample {
        if var repeated = frozen {
            repeated.measuredAt = terminals.now
            return repeated
        }
        let branch = terminals.branch
        return InsulationSample(
            measuredAt: terminals.now, ohms: Int32(min(branch.leastToEarthOhms, 1_000_000_000)),
            millivolts: thousandths(branch.contactVolts + offsetVolts), selfTest: selfTest,
            plusToEarthMillivolts: thousandths(branch.minusToEarthVolts + branch.contactVolts),
            minusToEarthMillivolts: thousandths(branch.minusToEarthVolts))
    }

    func freeze() {
        terminals.settle()
        frozen = measured()
    }
}
