// One power stage with every connector it can feed: the circuit that is solved together.

import Post

/// The circuit around one power stage.
///
/// Each part knows its own terminals only; the island joins terminals that closed contactors join, and solves what is
/// joined as one node: capacitance, conductance, batteries behind their resistance, and the stage's current. It moves
/// lazily, to the instant somebody looks, in steps of 1 ms around anything that changes and of up to 100 ms in steady
/// charge. A dead island takes no steps at all.
final class Island {
    static let shortestStep: Int64 = 1_000
    static let longestStep: Int64 = 100_000

    let stage: StageOutput
    /// Every connector's branch, whether its path is closed or not.
    var branches: [Branch]
    private(set) var time = Instant.zero
    private(set) var books = EnergyBooks()
    /// Heat of the stage since the cabinet's thermometer was last looked at, in joules.
    var stageHeatJoules = 0.0
    /// How many steps were taken: the cost of the physics.
    private(set) var steps: UInt64 = 0
    private var stepMicroseconds = Island.shortestStep
    private var isDead = true
    /// Who looks at every step.
    var witness: Judge?
    /// The post and connectors by which the witness knows the branches.
    let places: [Place]

    init(stage: StageOutput, branches: [Branch], places: [Place]) {
        self.stage = stage
        self.branches = branches
        self.places = places
    }

    /// Something has changed or is about to: look closely again.
    func disturb() {
        stepMicroseconds = Self.shortestStep
        isDead = false
    }

    /// Moves the circuit to this instant.
    func advance(to instant: Instant) {
        while time < instant {
            if isDead {
                time = instant
                return
            }
            let left = instant.microseconds - time.microseconds
            let step = min(stepMicroseconds, left)
            time = Instant(microseconds: time.microseconds + step)
            take(seconds: Double(step) / 1_000_000)
        }
    }

    /// The path of a branch has closed: the charges of both sides become one, and the difference becomes heat.
    func join(_ position: Int) {
        disturb()
        let branch = branches[position]
        var farads = stage.farads
        for other in branches.indices where other != position && branches[other].isPathClosed {
            farads += branches[other].farads
        }
        let volts = (farads * stage.volts + branch.farads * branch.volts) / (farads + branch.farads)
        let difference = stage.volts - branch.volts
        let heat = farads * branch.farads / (farads + branch.farads) * difference * difference / 2
        books.lossJoules += heat
        books.storedJoules -= heat
        stage.volts = volts
        branches[position].volts = volts
        for other in branches.indices where branches[other].isPathClosed { branches[other].volts = volts }
        meetBattery(of: position)
    }

    /// A battery has come to capacitors: it moves them to its own voltage. Through a tenth of an ohm 160 microfarads take 80
    /// microseconds for that, which no step resolves: one of a millisecond would spread the pulse over its whole length, and
    /// contactors that open at its end would seem to break a current that is long over.
    func meetBattery(of position: Int) {
        guard let open = branches[position].joinedBattery?.openVolts else { return }
        disturb()
        let isPathClosed = branches[position].isPathClosed
        let joined = isPathClosed ? branches.indices.filter { branches[$0].isPathClosed } : [position]
        // Two batteries have no voltage in common.
        guard joined.count(where: { branches[$0].isBatteryJoined }) == 1 else { return }
        let farads = joined.reduce(isPathClosed ? stage.farads : 0) { $0 + branches[$1].farads }
        let before = branches[position].volts
        let coulombs = farads * (before - open)
        branches[position].battery?.take(coulombs: coulombs)
        books.batteryJoules += open * coulombs
        books.lossJoules += farads * (before - open) * (before - open) / 2
        books.storedJoules += farads * (open * open - before * before) / 2
        branches[position].contactJoules += max(0, coulombs * (before + open) / 2)
        for other in joined { branches[other].volts = open }
        if isPathClosed { stage.volts = open }
    }

    private func take(seconds: Double) {
        steps &+= 1
        let aim = stage.aim(seconds: seconds)
        let voltsBefore = stage.volts
        let amperesBefore = stage.amperes
        var node = Node(farads: stage.farads, siemens: stage.siemens, volts: stage.volts)
        for index in branches.indices where branches[index].isPathClosed { node.add(branches[index]) }
        let current = node.current(toHold: aim.volts, atMost: aim.amperes, seconds: seconds)
        stage.amperes = stage.volts > 10 && stage.backfeedAmperes > 0 ? -drawn(from: node, seconds) : current
        node.move(current: stage.amperes, seconds: seconds)
        bookStage(node, seconds)
        books.lossJoules += stage.siemens * node.middleVolts * node.middleVolts * seconds
        books.book(stage.farads, from: stage.volts, to: node.volts, node)
        stage.volts = node.volts
        var isAlive = stage.isFeeding || node.volts > 0.5 || node.volts < -0.5
        var change = abs(node.volts - voltsBefore) + abs(stage.amperes - amperesBefore)
        for index in branches.indices {
            if branches[index].isPathClosed {
                branches[index].take(node, seconds, &books)
            } else {
                var own = Node(farads: 0, siemens: 0, volts: branches[index].volts)
                own.add(branches[index])
                own.move(current: 0, seconds: seconds)
                change += abs(own.volts - branches[index].volts)
                branches[index].take(own, seconds, &books)
                isAlive = isAlive || own.volts > 0.5
            }
            isAlive = isAlive || branches[index].isBatteryJoined
        }
        if let witness { for index in branches.indices { witness.look(at: branches[index], places[index], time) } }
        adapt(change)
        if !isAlive { die() }
    }

    /// What a failed output diode draws: all that it can of a battery, and no more than there is of what capacitors hold.
    private func drawn(from node: Node, _ seconds: Double) -> Double {
        guard !branches.contains(where: { $0.isPathClosed && $0.isBatteryJoined }) else {
            return stage.backfeedAmperes
        }
        return min(stage.backfeedAmperes, node.farads * stage.volts / seconds)
    }

    private func bookStage(_ node: Node, _ seconds: Double) {
        let out = node.middleVolts * stage.amperes * seconds
        if out >= 0 {
            books.gridJoules += out / stage.efficiency
            let heat = out / stage.efficiency - out
            books.lossJoules += heat
            stageHeatJoules += heat
        } else {
            // Energy that flows back into a broken stage ends as heat in it.
            books.lossJoules -= out
        }
    }

    /// Small changes let the step grow, large ones make it shrink.
    private func adapt(_ change: Double) {
        if change > 1 {
            stepMicroseconds = max(Self.shortestStep, stepMicroseconds / 2)
        } else if change < 0.25 {
            stepMicroseconds = min(Self.longestStep, stepMicroseconds + stepMicroseconds / 4)
        }
    }

    /// Nothing is left that could move: the last half volt becomes heat.
    private func die() {
        isDead = true
        var rest = stage.farads * stage.volts * stage.volts / 2
        for index in branches.indices {
            rest += branches[index].farads * branches[index].volts * branches[index].volts / 2
            branches[index].volts = 0
            branches[index].amperes = 0
            branches[index].contactorAmperes = 0
        }
        books.lossJoules += rest
        books.storedJoules -= rest
        stage.volts = 0
        stage.amperes = 0
    }
}
