// Two contactor poles with a coil each, delay, bounce and weld, and mirror contacts on wires of their own.

public import Devices
public import Post

/// The contactors of one connector. One permissive drives both poles; each pole has its own bad days.
public final class SimulatedContactors: PowerPermissive {
    /// Operate and release time and how long mirror contacts bounce: a 500 A direct-current contactor. Engineering defaults.
    static let operates: Interval = .milliseconds(20)
    static let releases: Interval = .milliseconds(12)
    static let bounceEvery: Interval = .milliseconds(1)

    struct Pole {
        var isClosed = false
        var isWelded = false
        var isStuckOpen = false
        /// It was told to open and has stayed closed since, and its mirror contact shows it.
        var hasOutlivedPermit = false
        /// The coil's supply is cut while it is driven: the pole falls open.
        var isCoilCut = false
        /// It has fallen open while it was driven, and has been driven ever since.
        var hasFallen = false
        /// The mirror contact reads this whatever the pole does.
        var mirrorStuck: ContactSense?
        /// The mirror contact bounces this many times at every operation.
        var bounces: Int64 = 3
        var isFlipped = false
        var bouncesLeft: Int64 = 0
        var generation: UInt32 = 0

        var mirror: ContactSense {
            if let mirrorStuck { return mirrorStuck }
            return isClosed != isFlipped ? .closed : .open
        }
    }

    var poles = [Pole(), Pole()]
    /// The line from the post: the permit is driven.
    private(set) var isPermitted = false
    /// The hardware watchdog's gate: false opens whatever the permit says.
    private(set) var isGateClosed = true
    var isGone = false
    private unowned let connector: SimulatedConnector
    private var dice: Randomness

    init(_ connector: SimulatedConnector, seed: UInt64) {
        self.connector = connector
        dice = Randomness(seed: seed, component: "contactors", index: connector.index)
    }

    /// Drives both coils, whatever the degree.
    public func allow(_ degree: PowerDegree) throws(DeviceError) {
        if isGone { throw .gone }
        setPermit(true)
    }

    /// Releases both coils.
    public func withdraw() throws(DeviceError) {
        if isGone { throw .gone }
        setPermit(false)
    }

    /// The mirror contacts.
    public func readBack() throws(DeviceError) -> (plus: ContactSense, minus: ContactSense) {
        if isGone { throw .gone }
        return (poles[0].mirror, poles[1].mirror)
    }

    func setPermit(_ isOn: Bool) {
        guard isPermitted != isOn else { return }
        isPermitted = isOn
        drivePoles()
    }

    func setGate(_ isClosed: Bool) {
        guard isGateClosed != isClosed else { return }
        isGateClosed = isClosed
        drivePoles()
    }

    private func noteWhetherStuck() {
        connector.branch.isStuckClosed = poles.allSatisfy { $0.isWelded && $0.isClosed }
    }

    /// Sends both poles to where their coils and their bad days want them.
    func drivePoles() {
        noteWhetherStuck()
        for pole in poles.indices {
            poles[pole].generation &+= 1
            let isTold = isPermitted && isGateClosed
            if !isTold, poles[pole].isWelded, poles[pole].isClosed { poles[pole].hasOutlivedPermit = true }
            if !isTold { poles[pole].hasFallen = false }
            guard wants(pole) != poles[pole].isClosed else { continue }
            let usual = wants(pole) ? Self.operates : Self.releases
            let spread = Interval(microseconds: dice.number(in: -2_000...2_000))
            connector.post.plan(
                .contactorPole, index: UInt8(connector.index * 2 + pole), generation: poles[pole].generation,
                after: Interval(microseconds: usual.microseconds + spread.microseconds))
        }
    }

    private func wants(_ pole: Int) -> Bool {
        let it = poles[pole]
        if it.isWelded { return it.isClosed || isPermitted }
        return isPermitted && isGateClosed && (!it.isStuckOpen || it.isClosed) && !it.isCoilCut
    }

    /// A pole arrives where its coil wants it.
    func poleArrives(_ pole: Int, generation: UInt32) {
        guard poles[pole].generation == generation, wants(pole) != poles[pole].isClosed else { return }
        connector.settle()
        connector.island.disturb()
        let wasClosed = connector.branch.isPathClosed
        poles[pole].isClosed.toggle()
        if !poles[pole].isClosed {
            poles[pole].hasOutlivedPermit = false
            poles[pole].hasFallen = isPermitted && isGateClosed
        }
        if wasClosed {
            connector.world.judge.pathOpens(connector.branch, connector.place, at: connector.world.now)
        } else if poles[0].isClosed, poles[1].isClosed {
            connector.pathWillClose(isTold: !poles.contains { $0.hasFallen })
            // A mirror contact that lies hides a weld from every post.
            if poles.contains(where: { $0.hasOutlivedPermit && $0.mirrorStuck == nil }) {
                connector.world.judge.closesOntoWeld(connector.place, at: connector.world.now)
            }
        }
        connector.branch.isPlusClosed = poles[0].isClosed
        connector.branch.isMinusClosed = poles[1].isClosed
        noteWhetherStuck()
        if connector.branch.isPathClosed { connector.island.join(connector.terminals.position) }
        poles[pole].bouncesLeft = poles[pole].bounces
        planBounce(pole)
        connector.post.touchLines()
    }

    private func planBounce(_ pole: Int) {
        guard poles[pole].bouncesLeft > 0 else { return }
        connector.post.plan(
            .mirrorBounce, index: UInt8(connector.index * 2 + pole), generation: poles[pole].generation,
            after: Self.bounceEvery)
    }

    /// A mirror contact bounces: it ends where the pole is.
    func mirrorBounces(_ pole: Int) {
        poles[pole].bouncesLeft -= 1
        poles[pole].isFlipped = poles[pole].bouncesLeft > 0 && !poles[pole].isFlipped
        planBounce(pole)
        connector.post.touchLines()
    }
}
