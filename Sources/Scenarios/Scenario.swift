// A scenario as a value: the site, the list, the story, and what must come of it.

import AllowList
import Post
public import Simulator
import StrictYAML

/// A fault scenario, read from a file and checked whole.
public struct Scenario: Sendable {
    /// What it shows, in one line.
    public var title: String
    /// Start of every draw of chance.
    public var seed: UInt64
    var site: SiteSetting
    var drivers: DriverSetting
    var vehicles: [TableEntry<VehicleSetting>]
    var arrivals: ArrivalSetting?
    var timeline: [Step]
    var never: [Located<Check>]
    var atEnd: [Located<Check>]
    /// The ways in which the same story is played; empty: once, as it stands.
    var compare: [Variant]
    /// How long the story goes on after its last step, in microseconds.
    var lastsAnother: Int64
    /// Whether steps that cannot be done are left out: a storm does not know what it has brought about.
    var skipsImpossible: Bool
    /// After the story: how long it may take, in microseconds, until everything is well again; nil: nobody asks.
    var calmWithin: Int64?
    /// Rows of the catalogue that the story is about.
    var rows: [Int] = []
    /// How each process reaches meters, insulation monitors and power stages.
    public var devices: DeviceForm = .called
    /// What stands between each process and its far devices; nil: they are called.
    public var farLink: FarLinkMaker?
    /// What the story must come to: a canary shows that the judges still look. Nil: it must pass.
    var mustBe: Verdict?
}

/// How a process reaches its far devices. The raw value is the word of scenario files.
public enum DeviceForm: String, Sendable {
    /// By calls.
    case called
    /// Frame by frame, by the post's own driver.
    case bytes
}

/// The posts of the site.
struct SiteSetting: Sendable {
    var posts: Int
    var connectors: Int
    var lock: LockHolder
    var sharesStage: Bool
    var limitWatts: Int64
    var failSafeWatts: Int64
    var guestFloorWattHours: Int64
    var limits = SafetyLimits()

    /// The configuration of each post of the site.
    var configuration: PostConfiguration {
        var configuration = PostConfiguration.twoConnectors
        configuration.connectors = (0..<connectors).map { index in
            ConnectorConfiguration(
                stage: StageID(sharesStage ? 0 : UInt8(index)), lockHolder: lock, maximumMillivolts: 920_000,
                maximumMilliamperes: 400_000)
        }
        configuration.stages = (0..<(sharesStage ? 1 : connectors)).map { _ in
            StageConfiguration(ratedWatts: 150_000, maximumMillivolts: 920_000, maximumMilliamperes: 400_000)
        }
        configuration.siteLimitWatts = limitWatts
        configuration.failSafeLimitWatts = failSafeWatts
        configuration.limits = limits
        configuration.authorization.guestFloorWattHours = guestFloorWattHours
        return configuration
    }
}

/// Who is on the list.
struct DriverSetting: Sendable {
    var listed: [String]
    var expired: [String]
    var known: [String]
    var hasList: Bool
    /// Those of the listed who belong to one group: each may stop what another has started.
    var group: [String] = []
    /// Those of the listed who belong to a group beside that one.
    var otherGroup: [String] = []
    /// How old the list is when the story begins, in seconds.
    var listAge: Int64 = 3_600
    /// Whether a fresh list has the limits that lists usually have, too.
    var hasUsualLimits = false
    /// Energy that a post may give without the cloud's knowledge while the list is fresh.
    var atRiskWattHours: UInt32?
    /// Sessions of strangers on one post within 24 hours.
    var guestsPerDay: UInt16 = 1_000

    /// The name of the group that a driver belongs to.
    func groupName(of driver: String) -> String? {
        group.contains(driver) ? "fleet" : otherGroup.contains(driver) ? "another fleet" : nil
    }
}

/// A vehicle of the story.
struct VehicleSetting: Sendable {
    var profile: VehicleProfile
    var capacityWattHours: Int64?
    var maximumMilliamperes: Int64?
    var stateOfChargePercent: Int
    var stopsAtPercent: Int
    var manners: VehicleManners

    /// The vehicle that comes.
    var vehicle: VehicleProfile {
        var vehicle = profile.with(wattHours: capacityWattHours, steadyMilliamperes: maximumMilliamperes)
        vehicle.manners = manners
        vehicle.arrivesAtPerMille = stateOfChargePercent * 10
        vehicle.targetPerMille = stopsAtPercent * 10
        return vehicle
    }
}

/// One step of the story: when, and what.
struct Step: Sendable {
    /// Microseconds after the step before (for an expectation: after it was met).
    var after: Int64
    /// Microseconds since the beginning; nil: only `after` counts.
    var at: Int64?
    var deed: Deed
    var position: SourcePosition
    /// The milestone from which `after` counts; nil: the step before.
    var since: String?
    /// Where the instant stands in the file.
    var timePosition = SourcePosition.wholeFile
    /// Where the milestone from which it counts stands in the file.
    var sincePosition = SourcePosition.wholeFile
}

/// What happens in a step.
enum Deed: Sendable {
    case plug(vehicle: String, Where)
    case unplug(Where, byForce: Bool)
    case leave(Where)
    case tap(token: String, reader: Int, post: Int)
    case interlock(Interlock, isAlarm: Bool, post: Int)
    case stopButton(Where)
    case order(VehicleWish, Where)
    case network(NetworkState)
    case cloud(NetworkState)
    case disk(SimulatedDisk.State, post: Int)
    case kill(post: Int)
    case cutPower(post: Int)
    case start(post: Int)
    case stopByHand(Where)
    case inService(Bool, Where)
    case clear(Fault, Where)
    case reserve(token: String, lasts: Int64, Where)
    case revoke(token: String)
    case newList(NewList)
    case deny([String])
    case damageList(token: String, post: Int)
    case limit(watts: Int64?, post: Int)
    case inject(FaultSetting)
    case heal(FaultSetting)
    case milestone(String)
    case expect(Expectation)
    case nothing
}

/// A connector of a post, both from 0.
struct Where: Hashable, Sendable {
    var post: Int
    var connector: Int
}

/// The interlocks by name.
enum Interlock: Sendable { case emergencyStop, door, tilt, earth, grid }

/// A fault of the world: its unit, its mode, where, and for how long.
struct FaultSetting: Sendable {
    var kind: FaultKind
    var place: Where
    /// Microseconds; nil means until healed.
    var lasts: Int64?
    /// Whether the calm after the story leaves it.
    var isPermanent = false
}

/// Something that must come true within a time.
struct Expectation: Sendable {
    var check: Check
    /// Microseconds.
    var within: Int64
}

/// A statement about the world, true or not at any moment. Every part that is there must hold.
struct Check: Sendable {
    var place: Where
    /// Whether a connector was named: then what the records hold is meant of it alone, else of the whole post.
    var namesConnector = false
    var state: ConnectorPhase?
    var waiting: Waiting?
    var fault: Fault?
    var noFault: Fault?
    /// How the fault named beside it was seen to be met; without one: what followed the last deed.
    var faultClass: FaultClass?
    /// Part of what the driver reads, and of what the operator is told to do about the faults and refusals present.
    var driverTold: String?
    var operatorTold: String?
    var refusal: Refusal?
    var limitedBy: LimitingParty?
    var rung: LadderRung?
    /// Why the last list that was sent was refused.
    var listRefusal: ListRefusal?
    var allowanceWattHours: Int64?
    var atRiskWattHours: Int64?
    var power: PowerWord?
    var isPlugHeld: Bool?
    var isPathClosed: Bool?
    var amperesAbove: Int64?
    var amperesBelow: Int64?
    var voltsBelow: Int64?
    var voltsAbove: Int64?
    var energyAboveWattHours: Int64?
    var sessions: Int?
    var openSessions: Int?
    var owed: Int64?
    /// How many records came to the cloud again although it had them.
    var deliveredAgainAtLeast: Int?
    var reason: StopReason?
    var isToldEqualToFlowed: Bool?
    /// Something that was reported since the last deed; at the end: ever.
    var event: ReportWord?
}

/// What a post reports, by name: the events that a story can wait for.
enum ReportWord: String, CaseIterable, Sendable {
    case sessionAuthorized = "session_authorized"
    case energyFlows = "energy_flows"
    case sessionEnded = "session_ended"
    case openedUnderLoad = "opened_under_load"
    case faultRaised = "fault_raised"
    case faultCleared = "fault_cleared"
    case refused
    case restarts

    var help: String {
        switch self {
        case .sessionAuthorized: "Somebody was let in."
        case .energyFlows: "Energy has begun to flow."
        case .sessionEnded: "A session is over; its stop is being written down."
        case .openedUnderLoad: "Contactors were opened under load."
        case .faultRaised: "A fault has come."
        case .faultCleared: "A fault has gone."
        case .refused: "Somebody was refused."
        case .restarts: "The post starts itself anew."
        }
    }
}

/// The degree of power allowed, as scenarios name it.
enum PowerWord: Sendable { case none, test, match, charge }
