// One device at a bus: its reads at their cadence, its commands in between.

public import Post
import RegisterMaps

/// How often a device is read.
public struct Cadence: Hashable, Sendable {
    /// While something happens at the connector.
    public var fast: Interval
    /// While nothing does.
    public var idle: Interval

    /// These cadences.
    public init(fast: Interval, idle: Interval) {
        self.fast = fast
        self.idle = idle
    }
}

/// What may overtake what on a bus.
enum BusRank: UInt8, Comparable {
    case off, command, fast, idle
    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// An exchange that a device wants, and from when on.
struct BusWish {
    var due: Instant
    var rank: BusRank
    var request: ModbusRequest
    /// From when on those who do not answer give way to it.
    var awaitedFrom = Instant.distantFuture
}

/// What becomes of what was read. Confined to the bus's thread.
protocol PointWork: AnyObject {
    /// Everything of a cycle was read; the first request of it was sent at `measuredAt`, so no value is older.
    /// - Returns: Why it does not count, or nil.
    func took(_ snapshot: RegisterSnapshot, _ map: RegisterMap, measuredAt: Instant) -> String?
    /// A command begins.
    func began(_ command: ScriptedCommand)
    /// A command has ended.
    func finished(_ number: CommandNumber, _ outcome: CommandOutcome)
}

/// One device at a bus. Confined to the bus's thread; the loop talks to it through its slot.
final class PolledDevice {
    /// Attempts at an exchange before it is given up: one and two again (fault 76), with `gap` in between.
    static let attemptsAtMost = 3
    static let gap: Interval = .milliseconds(100)
    /// How long a device that has missed one cycle, two, or more is left alone, so that it does not take the bus from the
    /// others. Engineering defaults.
    static let pauses: [Interval] = [.seconds(1), .seconds(2), .seconds(5)]
    /// How long after a command reads show what became of it: the time that a stop for an error may take (2.5 s).
    static let obeysWithin: Interval = .milliseconds(2_500)
    /// How long others who do not answer may hold up the reads of a live device. A quarter of what a stage's sample may be
    /// old: the rest is for the neighbour's first silence.
    static let readsWaitAtMost: Interval = .milliseconds(500)
    /// How long a command waits for a lost connection before it is answered.
    static let patience: Interval = .seconds(2)
    /// How often it is made sure that this is still the same device.
    static let identityEvery: Interval = .seconds(60)

    let unit: UInt8
    let map: RegisterMap
    let slot: DeviceSlot
    let work: any PointWork
    private let cadence: Cadence
    private let plan: ReadPlan
    private let identityPlan: ReadPlan
    private let answersWithin: Interval

    private var snapshot = RegisterSnapshot()
    private var identity = RegisterSnapshot()
    private var identityAt: Instant?
    private var isReadingIdentity = false
    private var step = 0
    private var measuredAt: Instant?
    private var lastPollAt: Instant?
    private var notBefore = Instant.zero
    private var attempts = 0
    private var missesInARow = 0
    private var previous: ModbusRequest?
    private var isFiller = false
    private var isCommanding = false
    private var unansweredInARow = 0
    private var commandEndedAt: Instant?
    /// Exchanges of commands without an answer in a row.
    private var unansweredCommands = 0

    var command: ScriptedCommand?
    var commandStep = 0
    /// Attempts at the step's exchange so far.
    var commandAttempts = 0
    /// How often it confirmed a write and did not hold it.
    var commandDoubts = 0
    var commandSince: Instant?
    /// The last "off" while nothing newer was told: sent again after a loss of the connection.
    var standingOff: ScriptedCommand?
    /// It has just been switched off, and nobody has read what became of it.
    var isOffUnread = false

    init(
        unit: UInt8, map: RegisterMap, quantities: [Quantity], cadence: Cadence, slot: DeviceSlot,
        work: any PointWork
    ) {
        self.unit = unit
        self.map = map
        self.slot = slot
        self.work = work
        self.cadence = cadence
        plan = ReadPlan(map, quantities)
        identityPlan = ReadPlan(identityOf: map)
        answersWithin = Interval(microseconds: map.answersWithinMicroseconds)
    }

    /// How long an answer to that request may take on a line of that speed.
    func answersWithin(_ request: ModbusRequest, baud: Int32, framing: ModbusFraming) -> Interval {
        guard framing == .rtu else { return answersWithin }
        let bytes = Int64(8 + request.answerLength + 2)
        return Interval(microseconds: answersWithin.microseconds + bytes * 11_000_000 / Int64(max(1, baud)))
    }

    /// What it wants next.
    func wish(at now: Instant) -> BusWish {
        takeCommand(at: now)
        if let request = commandRequest() {
            isCommanding = true
            // Whoever takes no command is told again and again; after the first attempts it takes its turn with the others.
            guard unansweredCommands < Self.attemptsAtMost else {
                return BusWish(due: now, rank: .fast, request: request)
            }
            return BusWish(
                due: now, rank: command?.isOff == true ? .off : .command, request: request, awaitedFrom: now)
        }
        isCommanding = false
        let shows = commandEndedAt.map { now - $0 < Self.obeysWithin } ?? false
        // A stage that was told to be off is waited for: what became of it is looked at as often as what flows.
        let isFast = slot.isFast || shows
        let pause = missesInARow == 0 ? nil : Self.pauses[min(missesInARow, Self.pauses.count) - 1]
        let every = pause ?? (isFast ? cadence.fast : cadence.idle)
        let isUnderway = step > 0 || attempts > 0 || isReadingIdentity
        let isAtOnce = isUnderway || isOffUnread && missesInARow == 0
        let due = isAtOnce ? notBefore : max(notBefore, lastPollAt.map { $0 + every } ?? .zero)
        var wish = BusWish(due: due, rank: isFast ? .fast : .idle, request: nextRead(at: now))
        if !isSilent, shows || isFast { wish.awaitedFrom = shows ? due : due + Self.readsWaitAtMost }
        return wish
    }

    /// Whether its last exchange, or several, came to nothing in its whole time: nobody waits for it.
    var isSilent: Bool { unansweredInARow > 0 }
    /// Whether the last of them was a byte now and then: then not even who has begun to talk is waited for.
    private(set) var trickles = false

    /// The wished request is on its way.
    func sent(_ request: ModbusRequest, at now: Instant) {
        previous = request
        guard !isCommanding else { return }
        if step == 0, !isReadingIdentity, !isFiller {
            measuredAt = now
            isOffUnread = false
            snapshot.removeAll()
        }
    }

    /// The answer is there and right.
    func took(_ words: [UInt16], of request: ModbusRequest, at now: Instant) {
        unansweredInARow = 0
        unansweredCommands = 0
        trickles = false
        if isCommanding {
            missesInARow = 0
            commandEndedAt = now
            return commandAdvances(words, at: now)
        }
        attempts = 0
        if isFiller {
            isFiller = false
            return
        }
        guard case .read(let block) = request.body else { return }
        if isReadingIdentity {
            identity.add(words, of: block)
        } else {
            snapshot.add(words, of: block)
        }
        step += 1
        notBefore = now
        let current = isReadingIdentity ? identityPlan : plan
        guard step >= current.blocks.count else { return }
        step = 0
        if isReadingIdentity {
            isReadingIdentity = false
            identityAt = now
        } else {
            complete(at: now)
        }
    }

    /// The exchange failed.
    func failed(_ failure: ModbusFailure, at now: Instant) {
        slot.note { $0.lastFailure = failure }
        let isUnanswered = failure == .silent || failure == .torn
        unansweredInARow = isUnanswered ? unansweredInARow + 1 : 0
        trickles = failure == .torn
        if isCommanding {
            unansweredCommands = isUnanswered ? unansweredCommands + 1 : 0
            return commandFails(failure, at: now)
        }
        isFiller = false
        attempts += 1
        // Whoever was silent last time gets one attempt: others wait for the bus.
        let most = missesInARow == 0 ? Self.attemptsAtMost : 1
        guard attempts < most, Self.isWorthAnother(failure) else { return miss(at: now, doubt: nil) }
        notBefore = now + Self.gap
    }

    /// The way to the device is lost; what was read before it counts no longer.
    func linkLost(at now: Instant) {
        (step, attempts) = (0, 0)
        identityAt = nil
        isReadingIdentity = false
        isFiller = false
        takeCommand(at: now)
        commandWaits(at: now)
    }

    /// Whether another attempt may help: an exception says no for good, except "busy" and "needs longer".
    static func isWorthAnother(_ failure: ModbusFailure) -> Bool {
        switch failure {
        case .exception(let code): code == 5 || code == 6 || code == 11
        case .badRequest: false
        default: true
        }
    }

    private func nextRead(at now: Instant) -> ModbusRequest {
        if step == 0, attempts == 0, !isReadingIdentity, !identityPlan.blocks.isEmpty {
            let isOld = identityAt.map { now - $0 >= Self.identityEvery } ?? true
            if isOld {
                isReadingIdentity = true
                notBefore = now
                identity.removeAll()
            }
        }
        let current = isReadingIdentity ? identityPlan : plan
        let index = min(step, current.blocks.count - 1)
        var before: RegisterBlock?
        if case .read(let block) = previous?.body { before = block }
        let (block, filler) = current.request(at: index, after: before)
        isFiller = filler
        return ModbusRequest(unit: unit, .read(block))
    }

    private func complete(at now: Instant) {
        lastPollAt = measuredAt
        var whole = snapshot
        for block in identityPlan.blocks {
            if let words = identity.words(block) { whole.add(words, of: block) }
        }
        do throws(ValueProblem) {
            try whole.checkIdentity(map)
        } catch {
            identityAt = nil
            return miss(at: now, doubt: error.description)
        }
        if let doubt = work.took(whole, map, measuredAt: measuredAt ?? now) { return miss(at: now, doubt: doubt) }
        missesInARow = 0
        let faults = whole.faultNames(map)
        slot.note {
            $0.samples += 1
            $0.faults = faults
            $0.missesInARow = 0
            $0.lastFailure = nil
            $0.lastDoubt = nil
        }
    }

    private func miss(at now: Instant, doubt: String?) {
        (step, attempts) = (0, 0)
        isReadingIdentity = false
        lastPollAt = now
        if doubt == nil { missesInARow += 1 }
        slot.note {
            $0.misses += 1
            $0.missesInARow += 1
            $0.lastDoubt = doubt
        }
    }
}

extension PointWork {
    func began(_ command: ScriptedCommand) {}
    func finished(_ number: CommandNumber, _ outcome: CommandOutcome) {}
}
