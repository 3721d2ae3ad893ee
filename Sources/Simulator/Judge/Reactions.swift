// How fast the world wants to see a path open once something is broken, and how fast it was.

public import Post

/// What a row of the table asks of a post whose contactors join a vehicle to the stage.
public struct ReactionLimit: Hashable, Sendable {
    /// What must be so, without a break, for the time to run.
    public enum Premise: Hashable, Sendable {
        /// The contactors join the contacts to the stage.
        case pathClosed
        /// The vehicle's own contactors are closed as well.
        case joined
        /// More than 1.5 kW reach the vehicle: half as much again as the core needs to see a register stand still.
        case powerFlows
        /// More than 2.5 A flow out of the vehicle: 2 A is the core's own limit, and a sensor's error.
        case flowsBack
        /// The contacts are too hot by their own warmth: what heats them may meet a cold that takes it away again.
        case contactsTooHot
        /// The outside of the handle is.
        case handleTooHot
    }

    /// Contacts may get this warm, 90 °C, and a handle's outside this, 60 °C: the core's own limits (engineering default;
    /// GB/T 18487.1-2015, 11.6.3). Half a kelvin for the sensors between them and the truth.
    static let contactsCelsius = 90.5
    static let handleCelsius = 60.5

    /// How long the premise may last while the cause is there.
    public let within: Interval
    /// What must be so meanwhile.
    public let premise: Premise
    /// What must not be broken beside it, since it would hide the cause or stand in the way.
    public let hiddenBy: [FaultUnit]

    /// From a line that changes to contactors that have opened: 50 ms to decide (engineering default) and 50 ms for the
    /// contactor (EVerest's bring-up manual).
    public static let opening: Interval = .milliseconds(100)
    /// From an error to a current that may be broken. 2.5 s: IEC 61851-23 CC.3.4.2 as quoted by EVerest.
    public static let errorLasts: Interval = .milliseconds(2_500)
    /// From a stop that was asked for to the same. 20 s: EVerest's wait for the vehicle.
    public static let askedLasts: Interval = .seconds(20)

    private init(after waits: [Interval], _ premise: Premise, hiddenBy: [FaultUnit]) {
        within = Interval(microseconds: waits.reduce(0) { $0 + $1.microseconds })
        self.premise = premise
        self.hiddenBy = hiddenBy
    }

    /// Class E by a near line: open at once.
    static let emergency = ReactionLimit(after: [opening], .pathClosed, hiddenBy: [])
    /// The same by what the safety controller measures: only a controller that is heard can tell it.
    static let emergencyByController = ReactionLimit(after: [opening], .pathClosed, hiddenBy: [.safetyController])

    /// Class E once it has been seen, which may take so long.
    static func emergency(seenWithin seen: Interval, _ premise: Premise = .pathClosed) -> ReactionLimit {
        ReactionLimit(after: [seen, opening], premise, hiddenBy: [])
    }

    /// An error that is seen within so long: current down and contactors open 2.5 s later.
    static func error(
        seenWithin seen: Interval, _ premise: Premise = .pathClosed, hiddenBy: [FaultUnit] = []
    ) -> ReactionLimit {
        ReactionLimit(after: [seen, errorLasts, opening], premise, hiddenBy: hiddenBy)
    }

    /// A stop as a driver asks for it, seen within so long: 20 s for the vehicle, as EVerest waits.
    static func graceful(seenWithin seen: Interval) -> ReactionLimit {
        ReactionLimit(after: [seen, askedLasts, opening], .pathClosed, hiddenBy: [.stage])
    }

    func holds(_ branch: Branch) -> Bool {
        guard branch.isPathClosed, !branch.isStuckClosed else { return false }
        return switch premise {
        case .pathClosed: true
        case .joined: branch.isBatteryJoined
        case .powerFlows: branch.contactVolts * branch.amperes > 1_500
        case .flowsBack: branch.amperes < -2.5
        case .contactsTooHot: branch.contactsCelsius > Self.contactsCelsius
        case .handleTooHot: branch.handleCelsius > Self.handleCelsius
        }
    }
}

/// How long a cause could last with the path closed.
public struct Reaction: Hashable, Sendable {
    /// What was broken.
    public var cause: FaultKind
    /// Since when it was broken and the path closed.
    public var at: Instant
    /// Where.
    public var place: Place
    /// How long it took until the path was open, or whatever the row asks for had come about.
    public var took: Interval
    /// How long it might have taken.
    public var within: Interval
}

/// A cause that is there, and since when the premise of its row has held.
struct ReactionWatch {
    let cause: FaultKind
    let limit: ReactionLimit
    var since: Instant?
    var isReported = false
}
