// What a recording tells of an incident, in the words of scenarios: what people did, what was reached, what went wrong.

import Foundation
import Post
import Runtime
import Simulator
import StrictYAML

/// One thing of an incident, at its time since the life began, in microseconds.
struct IncidentItem {
    enum Kind {
        /// Somebody or something did this.
        case deed(Deed)
        /// A connector reached a state.
        case reached(ConnectorPhase)
        /// The post raised a fault.
        case raised(Fault)
        /// The fault went away.
        case cleared(Fault)
    }
    var at: Int64
    var connector: Int
    var kind: Kind
    /// Whether it is more than a post coming up by itself.
    var isOfPeople: Bool {
        switch kind {
        case .deed(.network), .deed(.cloud), .reached, .cleared: false
        case .deed, .raised: true
        }
    }
}

/// An incident as a recording tells it.
struct Incident {
    var seed: UInt64 = 1
    var site: SiteSetting
    var drivers = DriverSetting(listed: [], expired: [], known: [], hasList: true)
    var vehicles: [TableEntry<VehicleSetting>] = []
    var items: [IncidentItem] = []
    /// Whether a bench wrote down what was done to its world: then nothing need be guessed.
    var hasDeeds = false
    /// Why the newest session ended.
    var stopReason: StopReason?
    /// What the recording holds and a scenario cannot say.
    var notCarriedOver: [String] = []

    /// The faults that the post raised.
    var faults: FaultSet {
        var faults = FaultSet()
        for item in items { if case .raised(let fault) = item.kind { faults.insert(fault) } }
        return faults
    }
}

/// What a bench writes down of one of its verbs.
struct BenchDeed: Decodable {
    var verb: String
    var seed: UInt64?
    var connector: Int?
    var fault: String?
    var interlock: String?
    var state_of_charge_percent: Int?
    var stops_at_percent: Int?
    var profile: String?
    var by_force: Bool?
    var battery_watt_hours: Int64?
    var maximum_milliamperes: Int64?
    var manners: String?
    var does: String?
    var asks_milliamperes: Int64?

    /// What the vehicle was told to do; nil where this program knows no such thing.
    var wish: VehicleWish? {
        if let asks_milliamperes { return .asks(milliamperes: asks_milliamperes) }
        if manners != nil { return namedManners.map { .behaves($0) } }
        return VehicleWish.words.first { $0.word == does }?.wish
    }
    var namedManners: VehicleManners? { VehicleManners.words.first { $0.word == manners }?.manners }

    var place: Where { Where(post: 0, connector: max(0, (connector ?? 1) - 1)) }
}

/// Reads a life of a recording as an incident.
struct IncidentReader {
    private let life: FlightLife
    private(set) var incident: Incident
    private var newestSession: SessionID?
    private var names: [TokenName: String] = [:]
    private var lines: [Int: ConnectorLines] = [:]
    private var levels = InterlockLevels.allGood
    private var limit: Int64?
    private var isLinkUp: Bool?
    private var plugs: [Int: (vehicle: Int, sample: VehicleSample?)] = [:]

    init(_ life: FlightLife) {
        self.life = life
        incident = Incident(site: SiteSetting(life.configuration))
        incident.hasDeeds = life.records.contains { $0.kind == .deed }
        incident.notCarriedOver = life.configuration.notCarriedOver
    }

    /// The incident, told up to the end of the life or the first difference.
    static func read(_ life: FlightLife) -> Incident {
        var reader = IncidentReader(life)
        for record in life.records where record.kind == .deed { reader.take(record) }
        var player = LifePlayer(life)
        while let step = player.next() {
            reader.take(step.event, reader.time(step.at))
            for case .report(let report) in step.actions.list { reader.take(report, reader.time(step.at)) }
        }
        reader.finish()
        return reader.incident
    }

    private func time(_ at: Instant) -> Int64 { max(0, (at - life.began).microseconds) }

    private mutating func add(_ deed: Deed, _ at: Int64, _ connector: Int = 0) {
        incident.items.append(IncidentItem(at: at, connector: connector, kind: .deed(deed)))
    }

    // What a bench wrote down

    private mutating func take(_ record: FlightRecord) {
        guard let deed = try? JSONDecoder().decode(BenchDeed.self, from: Data(record.bytes)) else { return }
        let (at, connector) = (time(record.at), deed.place.connector)
        incident.seed = deed.seed ?? incident.seed
        switch deed.verb {
        case "plug":
            let profile = VehicleProfile.named(deed.profile ?? "") ?? .sedan400
            let name = addVehicle(profile, deed.state_of_charge_percent ?? 35, deed.stops_at_percent ?? 80)
            incident.vehicles[incident.vehicles.count - 1].value.take(deed)
            add(.plug(vehicle: name, deed.place), at, connector)
        case "vehicle":
            guard let wish = deed.wish else {
                return incident.note("what the vehicle at connector \(connector + 1) was told to do")
            }
            add(.order(wish, deed.place), at, connector)
        case "unplug": add(.unplug(deed.place, byForce: deed.by_force ?? false), at, connector)
        case "press", "release":
            let isAlarm = deed.verb == "press"
            if let interlock = Interlock(word: deed.interlock ?? "") {
                add(.interlock(interlock, isAlarm: isAlarm, post: 0), at, connector)
            } else if isAlarm {
                add(.stopButton(deed.place), at, connector)
            }
        case "inject", "heal":
            guard let kind = FaultKind.all.first(where: { $0.name == deed.fault }) else { return }
            let setting = FaultSetting(kind: kind, place: deed.place, lasts: nil)
            add(deed.verb == "inject" ? .inject(setting) : .heal(setting), at, connector)
        case "found_welded":
            incident.note("a contactor of connector \(connector + 1) that was welded in an earlier life")
        default: incident.notCarriedOver.append("the bench's verb \(deed.verb)")
        }
    }

    private mutating func addVehicle(_ profile: VehicleProfile, _ arrives: Int, _ stops: Int) -> String {
        let name = "car-\(incident.vehicles.count + 1)"
        incident.vehicles.append(
            TableEntry(
                key: name,
                value: VehicleSetting(
                    profile: profile, capacityWattHours: nil, maximumMilliamperes: nil,
                    stateOfChargePercent: arrives, stopsAtPercent: max(1, stops), manners: VehicleManners()),
                position: .wholeFile))
        return name
    }

    // What the events say

    private mutating func take(_ event: Event, _ at: Int64) {
        switch event {
        case .tokenPresented(let reader, let token):
            add(.tap(token: name(token), reader: Int(reader.index), post: 0), at)
        case .tokenLookedUp(_, let answer): take(answer)
        case .cloudAnswered(_, .accepted):
            // Whom the cloud vouches for, the list did not know.
            if let last = names.values.max(by: { $0.count < $1.count }), !incident.drivers.listed.contains(last) {
                incident.drivers.known.append(last)
            }
        case .tokenRevoked(let token): add(.revoke(token: name(token)), at)
        case .tokenDenied(let token): add(.deny([name(token)]), at)
        case .command(_, let command): take(command, at)
        case .limit(.siteManager, let watts):
            guard watts != limit else { return }
            limit = watts
            add(.limit(watts: watts, post: 0), at)
        case .limit: incident.note("limits of the cloud and of the operator's hand")
        case .cloudLink(let isUp):
            guard isUp != isLinkUp else { return }
            isLinkUp = isUp
            add(.network(isUp ? .up : .down), at)
        case .sessionRestored: incident.note("the session that was open when this life began")
        case .meterRestored: break
        // The operator of an earlier life closed it: a story begins with that.
        case .outOfServiceRestored(let id):
            add(.inService(false, Where(post: 0, connector: Int(id.index))), at, Int(id.index))
        case .latchRestored(let latch): incident.note("the latch \(latch.fault.code) of an earlier life")
        case .configured: incident.note("a configuration that was read during the life")
        default: if !incident.hasDeeds { infer(event, at) }
        }
    }

    private mutating func name(_ token: TokenName) -> String {
        if let name = names[token] { return name }
        let name = "driver-\(names.count + 1)"
        names[token] = name
        return name
    }

    private mutating func take(_ answer: TokenLookUp) {
        let driver = name(answer.token)
        switch answer.verdict {
        case .listed: incident.drivers.note(listed: driver)
        case .notListed: break
        case .noList: incident.drivers.hasList = false
        case .refused(.expiredToken): incident.drivers.note(expired: driver)
        case .refused(let refusal), .limited(let refusal):
            incident.note("a card that the look-up refused: \(refusal.code)")
        }
    }

    private mutating func take(_ command: OperatorCommand, _ at: Int64) {
        func place(_ id: ConnectorID?) -> Where { Where(post: 0, connector: Int(id?.index ?? 0)) }
        switch command {
        case .stop(let id, _): add(.stopByHand(place(id)), at, Int(id.index))
        case .setAvailable(let id, let isIn): add(.inService(isIn, place(id)), at, Int(id.index))
        case .clearFault(let fault, let id): add(.clear(fault, place(id)), at, Int(id?.index ?? 0))
        case .start: incident.note("a session that the operator began by hand")
        case .reserve: incident.note("a reservation")
        }
    }

    // What can be seen of people and vehicles where nobody wrote it down

    private mutating func infer(_ event: Event, _ at: Int64) {
        switch event {
        case .interlocks(let next):
            let before = levels
            levels = next
            let alarms: [(Interlock, Bool, Bool)] = [
                (.emergencyStop, before.emergencyStopPressed, next.emergencyStopPressed),
                (.door, before.doorOpen, next.doorOpen), (.tilt, before.tiltOrWater, next.tiltOrWater),
                (.earth, !before.protectiveEarthGood, !next.protectiveEarthGood),
                (.grid, !before.gridPresent, !next.gridPresent),
            ]
            for (interlock, was, isAlarm) in alarms where was != isAlarm {
                add(.interlock(interlock, isAlarm: isAlarm, post: 0), at)
            }
            let faults: [(FaultKind?, Bool, Bool)] = [
                (
                    FaultKind(.residualCurrentDevice, .tripped), before.residualCurrentTripped,
                    next.residualCurrentTripped
                ),
                (
                    FaultKind(.residualCurrentDevice, .selfTestFails), before.residualCurrentUntested,
                    next.residualCurrentUntested
                ),
                (FaultKind(.grid, .phaseLost), before.phaseMissing, next.phaseMissing),
                (FaultKind(.cooling, .leaks), before.coolantLow, next.coolantLow),
            ]
            for (kind, was, isBroken) in faults where was != isBroken {
                guard let kind else { continue }
                let setting = FaultSetting(kind: kind, place: Where(post: 0, connector: 0))
                add(isBroken ? .inject(setting) : .heal(setting), at)
            }
        case .lines(let id, let next):
            let index = Int(id.index)
            let before = lines[index]
            lines[index] = next
            if next.stopPressed, before?.stopPressed == false {
                add(.stopButton(Where(post: 0, connector: index)), at, index)
            }
            let (was, isIn) = (before?.proximity == .seated, next.proximity == .seated)
            if isIn, !was, next.proximity != before?.proximity, plugs[index] == nil {
                let name = addVehicle(.sedan400, 35, 100)
                plugs[index] = (incident.vehicles.count - 1, nil)
                add(.plug(vehicle: name, Where(post: 0, connector: index)), at, index)
            } else if next.proximity == .open, next.pilot == .a, plugs[index] != nil {
                plugs[index] = nil
                add(.unplug(Where(post: 0, connector: index), byForce: false), at, index)
            }
        case .vehicle(let id, let sample): take(sample, Int(id.index))
        default: break
        }
    }

    /// The vehicle's own words say what it is and how full.
    private mutating func take(_ sample: VehicleSample, _ index: Int) {
        guard let plug = plugs[index], sample.phase != .silent else { return }
        let percent = Int(sample.stateOfChargePerMille) / 10
        if plug.sample == nil, sample.maximumMillivolts > 0 {
            let millivolts = Double(sample.maximumMillivolts)
            let nearest = VehicleProfile.all.min {
                abs($0.maximumVolts * 1_000 - millivolts) < abs($1.maximumVolts * 1_000 - millivolts)
            }
            incident.vehicles[plug.vehicle].value.profile = nearest ?? .sedan400
            if percent > 0 { incident.vehicles[plug.vehicle].value.stateOfChargePercent = percent }
        }
        plugs[index]?.sample = sample
    }

    // What the post reported

    private mutating func take(_ report: Report, _ at: Int64) {
        let connector = Int(report.connector?.index ?? 0)
        let kind: IncidentItem.Kind
        switch report {
        case .stateChanged(_, _, let to): kind = .reached(to)
        case .faultRaised(.memoryHigh, _) where !incident.hasDeeds,
            .faultRaised(.memoryExhausted, _) where !incident.hasDeeds:
            return incident.note("memory that ran short")
        case .faultRaised(.clockStepped, _) where !incident.hasDeeds,
            .faultCleared(.clockStepped, _) where !incident.hasDeeds:
            return incident.note("a wall clock that was set")
        case .faultRaised(let fault, _): kind = .raised(fault)
        case .faultCleared(let fault, _): kind = .cleared(fault)
        case .sessionAuthorized(let session, _, _):
            // What is asked of the newest session at the end is not what ended one before it.
            (newestSession, incident.stopReason) = (session, nil)
            return
        case .sessionEnded(let session, _, let reason, _):
            if newestSession == nil || newestSession == session { incident.stopReason = reason }
            if reason == .stoppedByEV, let plug = plugs[connector], let sample = plug.sample {
                let percent = Int(sample.stateOfChargePerMille) / 10
                incident.vehicles[plug.vehicle].value.stopsAtPercent = max(1, percent)
            }
            return
        default: return
        }
        incident.items.append(IncidentItem(at: at, connector: connector, kind: kind))
    }

    private mutating func finish() {
        // At one instant the cause comes before what it brought about.
        func rank(_ item: IncidentItem) -> Int { if case .deed = item.kind { 0 } else { 1 } }
        incident.items = incident.items.enumerated().sorted {
            ($0.element.at, rank($0.element), $0.offset) < ($1.element.at, rank($1.element), $1.offset)
        }.map(\.element)
        // A bench has no cloud, and its daemon says so only if it ever had one.
        if isLinkUp == nil {
            incident.items.insert(IncidentItem(at: 0, connector: 0, kind: .deed(.network(.down))), at: 0)
        }
    }
}

extension Incident {
    fileprivate mutating func note(_ what: String) {
        if !notCarriedOver.contains(what) { notCarriedOver.append(what) }
    }
}

extension VehicleSetting {
    /// What a bench said of it besides its profile.
    fileprivate mutating func take(_ deed: BenchDeed) {
        capacityWattHours = deed.battery_watt_hours
        maximumMilliamperes = deed.maximum_milliamperes
        manners = deed.namedManners ?? VehicleManners()
    }
}

extension DriverSetting {
    fileprivate mutating func note(listed driver: String) { if !listed.contains(driver) { listed.append(driver) } }
    fileprivate mutating func note(expired driver: String) {
        if !expired.contains(driver) { expired.append(driver) }
    }
}

extension Interlock {
    fileprivate init?(word: String) {
        switch word {
        case "emergency_stop": self = .emergencyStop
        case "door": self = .door
        case "tilt": self = .tilt
        case "earth": self = .earth
        case "grid": self = .grid
        default: return nil
        }
    }
}

extension SiteSetting {
    /// The site of a post, as near as scenarios can say it.
    fileprivate init(_ post: PostConfiguration) {
        self.init(
            posts: 1, connectors: post.connectors.count, lock: post.connectors.first?.lockHolder ?? .vehicle,
            sharesStage: post.connectors.count > 1 && Set(post.connectors.map(\.stage)).count == 1,
            limitWatts: min(max(1_000, post.siteLimitWatts), 2_000_000),
            failSafeWatts: min(max(0, post.failSafeLimitWatts), 2_000_000),
            guestFloorWattHours: min(max(0, post.authorization.guestFloorWattHours), 100_000))
    }
}

extension PostConfiguration {
    /// What of this post a scenario cannot say.
    fileprivate var notCarriedOver: [String] {
        var parts: [String] = []
        let usual = PostConfiguration.twoConnectors
        if Set(connectors.map(\.lockHolder)).count > 1 { parts.append("locks that differ between connectors") }
        if stages.contains(where: { $0.ratedWatts != usual.stages[0].ratedWatts }) {
            parts.append("stages of another power than 150 kW")
        }
        var limits = self.limits
        // A bench that lives faster gives the disk as long by the wall as ever.
        for wait in [\SafetyLimits.lookUpWithin, \.startRecordWithin, \.samplesDurableWithin] {
            limits[keyPath: wait] = usual.limits[keyPath: wait]
        }
        if limits != usual.limits { parts.append("limits and timeouts that differ from the usual ones") }
        return parts
    }
}
