// A post on the bench: the supervisor alone, with a person in the place of the session machine.

/// What bring-up may do with a post: cut stages off, and close one contactor at a time for two seconds at most.
///
/// The readings go to the same supervisor that watches a live post, and it decides by the degree *bench*. Nothing here can
/// switch a stage on: there is no such call.
public struct BenchPost: Sendable {
    /// How long a contactor is held closed by hand, at most. 2 s: engineering default, ten times what one takes to close.
    public static let closedAtMost: Interval = .seconds(2)

    /// The contactor that is closed by hand.
    public private(set) var hold: BenchHold?
    private var supervisor: Supervisor

    /// A post of which nothing is known yet.
    public init(_ configuration: PostConfiguration) { supervisor = Supervisor(configuration: configuration) }

    /// Takes in a reading.
    ///
    /// - Returns: Why the contactor that is closed by hand must open in this call; nil: it may stay, or none is closed.
    public mutating func take(_ event: Event, at now: Instant) -> BenchRefusal? {
        supervisor.observe(event, at: now)
        return judgeHold()
    }

    /// Time has passed. Returns what `take` returns.
    public mutating func timePassed(at now: Instant) -> BenchRefusal? { take(.timePassed, at: now) }

    /// The shunt trip of a stage was driven. What was read of its voltage before counts no more.
    public mutating func cutOff(_ stage: StageID, at now: Instant) {
        supervisor.observe(.timePassed, at: now)
        supervisor.pass(.tripUpstream(stage))
        for index in supervisor.watched.indices where supervisor.watched[index].configuration.stage == stage {
            supervisor.watched[index].stage.forget()
            supervisor.watched[index].meter.forget()
        }
    }

    /// Why a contactor may not be closed now; nil: it may.
    public mutating func objection(toClosing contactor: Contactor, of id: ConnectorID, at now: Instant)
        -> BenchRefusal?
    {
        if hold != nil { return .anotherIsClosed }
        supervisor.observe(.timePassed, at: now)
        return supervisor.objection(toClosing: contactor, of: id, held: nil)
    }

    /// Asks whether a contactor may be closed. Once it is granted the contactor counts as closed.
    ///
    /// - Throws: Why not.
    public mutating func close(_ contactor: Contactor, of id: ConnectorID, at now: Instant) throws(BenchRefusal) {
        if let refusal = objection(toClosing: contactor, of: id, at: now) { throw refusal }
        hold = BenchHold(connector: id, contactor: contactor, since: now)
    }

    /// The contactor that was closed by hand was told to open.
    public mutating func opened() { hold = nil }

    /// When `timePassed` must be called at the latest.
    public var nextDeadline: Instant? { hold.map { $0.since + Self.closedAtMost } }

    private func judgeHold() -> BenchRefusal? {
        hold.flatMap { supervisor.objection(toClosing: $0.contactor, of: $0.connector, held: $0) }
    }
}
