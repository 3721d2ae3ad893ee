// One call of the core: the instant, the actions it gives, and the numbers it hands out.

/// What the parts of the core share while one event is handled.
struct Turn {
    /// When the event happened.
    let now: Instant
    /// What is to be done, in order.
    var actions: Actions
    /// The number of the last command handed out.
    var lastCommand: UInt32

    /// A new number for a command.
    mutating func number() -> CommandNumber {
        lastCommand &+= 1
        return CommandNumber(lastCommand)
    }

    mutating func act(_ action: Action) { actions.append(action) }
    mutating func report(_ report: Report) { actions.append(.report(report)) }
    mutating func tell(_ connector: ConnectorID, _ notice: VehicleNotice) {
        actions.append(.tellVehicle(connector, number(), notice))
    }
    mutating func command(_ stage: StageID, _ command: StageCommand) {
        actions.append(.commandStage(stage, number(), command))
    }
    mutating func command(_ connector: ConnectorID, _ command: InsulationCommand) {
        actions.append(.commandInsulation(connector, number(), command))
    }
}

/// A condition that must last before it counts.
struct Condition: Hashable, Sendable {
    /// Since when it has held without a break, or nil.
    var since: Instant?

    /// Takes in whether it holds now; returns whether it has held for `interval`.
    @inline(__always)
    mutating func holds(_ isTrue: Bool, at now: Instant, for interval: Interval) -> Bool {
        guard isTrue else {
            since = nil
            return false
        }
        let begun = since ?? now
        since = begun
        return now - begun >= interval
    }
}

/// The earliest of the instants that were put in.
///
/// What lies at or before the last event has been looked at in that event and is left out, so that a condition that
/// has come true does not ask to be looked at for ever.
struct Earliest {
    let last: Instant
    /// The earliest so far, or nil.
    private(set) var instant: Instant?

    init(after last: Instant) { self.last = last }

    @inline(__always)
    mutating func include(_ candidate: Instant?) {
        guard let candidate, candidate > last else { return }
        if let present = instant, present <= candidate { return }
        instant = candidate
    }
    @inline(__always)
    mutating func include(_ condition: Condition, _ interval: Interval) {
        if let since = condition.since { include(since + interval) }
    }
}

extension Optional {
    /// Whether there is a value. Where values can be compared, `!= nil` copies this one and compares it whole.
    @inline(__always)
    var isThere: Bool {
        if case .some = self { true } else { false }
    }
}
