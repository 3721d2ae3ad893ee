// A connector's status as three sentences: which state, why, what next.

public import Post

/// A connector's status for people.
public struct StatusSentence: Hashable, Sendable {
    /// Which state.
    public var state: String
    /// Why: the fault, the refusal, what is awaited and how long, or who limits the power.
    public var why: String
    /// What the driver does next.
    public var next: String

    /// The three sentences as one line.
    public var line: String { "\(state) \(why) \(next)" }
}

extension Sentences {
    /// What is said about a connector at the instant `now` of the post's own clock.
    public func sentence(for status: ConnectorStatus, now: Instant) -> StatusSentence {
        let state = stateSentence(status)
        if let fault = status.faultThatExplains {
            let sentences = self.fault(fault, isOver: status.faultsOver.contains(fault))
            return StatusSentence(state: state, why: sentences.whatHappened, next: sentences.driverAction)
        }
        if let refusal = status.refusal {
            // Said over power as well: whoever has shown a card stands before the screen.
            let advice = status.isStoppedByCard ? refusal.advice : refusal.advice.withoutCard
            return StatusSentence(state: state, why: self.refusal(refusal).whatHappened, next: words.advice(advice))
        }
        // A session that nobody's card has begun is ended by no card.
        let byCard = status.isStoppedByCard && status.session?.source != .operatorCommand
        let usual = status.waiting.advice ?? status.phase.advice
        let next = words.advice(byCard ? usual : usual.withoutCard)
        if let pause = pauseReason(status, now) { return StatusSentence(state: state, why: pause, next: next) }
        if status.phase == .finishing, let ended = status.ended {
            return StatusSentence(state: state, why: self.ended(ended.reason, fault: ended.fault), next: next)
        }
        let awaited = status.waiting == .nothing ? status.phase.usualWait : status.waiting
        guard awaited == .nothing, let calm = status.phase.calm else {
            let why = waiting(awaited, for: status.waitsFor, left: status.waitsUntil.map { $0 - now })
            // A stop says first what it is for.
            let cause = status.phase == .stopping ? status.ended : nil
            let whole = cause.map { "\(self.ended($0.reason, fault: $0.fault)) \(why)" } ?? why
            return StatusSentence(state: state, why: whole, next: next)
        }
        let isLimited = status.phase == .charging && status.limitedBy != .none
        let why = isLimited ? words.limiting(status.limitedBy) : words.reason(calm)
        return StatusSentence(state: state, why: why, next: next)
    }

    /// Who pauses a session, and when the pause ends it; nil where none is paused.
    private func pauseReason(_ status: ConnectorStatus, _ now: Instant) -> String? {
        guard status.phase == .suspendedByPost || status.phase == .suspendedByVehicle else { return nil }
        let isByPost = status.phase == .suspendedByPost && ![.none, .vehicle].contains(status.limitedBy)
        let why =
            isByPost ? words.limiting(status.limitedBy) : words.waiting(status.phase.usualWait) + "."
        guard let left = status.waitsUntil.map({ $0 - now }), left > .zero else { return why }
        return "\(why) \(words.pauseEnds(left: SpokenTime(left)))"
    }

    private func stateSentence(_ status: ConnectorStatus) -> String {
        if status.phase == .finishing, let ended = status.ended, !ended.hasCharged { return words.nothingCharged }
        guard status.phase == .charging, let millivolts = status.millivolts,
            let milliamperes = status.milliamperes, millivolts > 0, milliamperes > 0
        else { return words.state(status.phase) }
        // Two products of 32 bits fit in 64.
        let hundredWatts = (Int64(millivolts) * Int64(milliamperes) / 100_000_000)
        guard hundredWatts > 0 else { return words.state(status.phase) }
        // Tenths say something up to 10 kW only.
        let whole = "\((hundredWatts + 5) / 10)"
        let tenths = "\(hundredWatts / 10)\(words.decimalSign)\(hundredWatts % 10)"
        return words.charging(kilowatts: hundredWatts < 100 ? tenths : whole)
    }
}

extension ConnectorStatus {
    /// The fault that is the answer to "why": the gravest that keeps the connector from serving or ended the session.
    var faultThatExplains: Fault? {
        let explains: (FaultRow) -> Bool
        switch phase {
        case .faulted, .unavailable: explains = { $0.whileIdle <= .block }
        case .stopping, .finishing: explains = { $0.whileEnergised <= .graceful }
        // Where a card would be asked for, nobody is told to hold one to a reader that is gone.
        case .available, .reserved, .occupied: return faults.contains(.cardReaderLost) ? .cardReaderLost : nil
        default: return nil
        }
        var gravest: Fault?
        faults.forEach { fault in
            guard explains(fault.row) else { return }
            if let known = gravest, known.row.whileEnergised <= fault.row.whileEnergised { return }
            gravest = fault
        }
        return gravest
    }
}

extension ConnectorPhase {
    /// Why, where nothing is awaited; nil for a state that always waits for something.
    var calm: Calm? {
        switch self {
        case .unavailable: .outOfService
        case .available: .nobodyThere
        case .charging: .energyFlows
        default: nil
        }
    }

    /// What a state waits for that does not say so itself.
    var usualWait: Waiting {
        switch self {
        case .unavailable, .available, .charging: .nothing
        case .reserved, .occupied: .card
        case .authorized: .plug
        case .preparing: .vehicle
        case .suspendedByVehicle: .vehicleDemand
        case .suspendedByPost: .powerShare
        case .stopping: .rampDown
        case .finishing: .unplug
        case .faulted: .faultCause
        }
    }
}

extension Waiting {
    /// What the driver does while this is awaited, where the state alone would give the wrong hint.
    var advice: DriverAdvice? {
        switch self {
        case .lookUp, .cloud, .records, .meterAfterRestart: .justWait
        case .outputDead, .faultCause: .justWait
        case .unplug: .unplug
        default: nil
        }
    }
}
