// The vehicle under somebody's hand: what it can be told to do, and why it cannot do that now.

import Post

/// What a vehicle is told to do on the way, by the engineer at a bench or by a story.
public enum VehicleWish: Hashable, Sendable {
    /// It asks for this current in place of what its battery takes: in milliamperes, from 0 to the most it ever asks for. A
    /// limit of the post holds all the same.
    case asks(milliamperes: Int64)
    /// It asks for what its battery takes again.
    case asksAsUsual
    /// It pauses, and stays in its pause until it is told to go on.
    case pauses
    /// It goes on after a pause.
    case goesOn
    /// It ends the charging by itself.
    case stops
    /// It drives off and tears the plug out.
    case drivesOff
    /// It changes its manners. Faults that it was given stay.
    case behaves(VehicleManners)

    /// Those that need no figure, by the words of scenarios and benches, each with what it does.
    public static let words: [(word: String, wish: VehicleWish, summary: String)] = [
        ("pauses", .pauses, "Pauses until it is told to go on."),
        ("goes_on", .goesOn, "Goes on after a pause."),
        ("stops", .stops, "Ends the charging by itself."),
        ("asks_as_usual", .asksAsUsual, "Asks for what its battery takes again."),
        ("drives_off", .drivesOff, "Drives off and tears the plug out, whoever holds it."),
    ]
}

/// Why a vehicle does not do what it is told.
public enum VehicleRefusal: Hashable, Sendable {
    /// There is no such connector.
    case noConnector
    /// No vehicle is plugged in there.
    case noVehicle
    /// It is not charging, so it has nothing to pause.
    case isNotCharging(Vehicle.Step)
    /// It pauses already, by itself or because it was told to.
    case pausesAlready
    /// It is in no pause.
    case isNotPausing
    /// It has not begun, or is ending already: there is nothing to stop.
    case hasNothingToStop(Vehicle.Step)
    /// It would ask for more than it ever does: in milliamperes.
    case asksAtMost(milliamperes: Int64)
    /// It asks for what its battery takes, as it is.
    case asksAsUsualAlready
    /// A fault that it was given decides this.
    case isBroken(FaultKind)
    /// It behaves like that already.
    case behavesSoAlready

    /// Why, in one clause without a full stop.
    public var why: String {
        switch self {
        case .noConnector: "there is no such connector"
        case .noVehicle: "no vehicle is plugged in"
        case .isNotCharging(let step): "the vehicle does not charge now (\(step.name)), so it has nothing to pause"
        case .pausesAlready: "the vehicle pauses already"
        case .isNotPausing: "the vehicle does not pause"
        case .hasNothingToStop(let step): "the vehicle has nothing to end (\(step.name))"
        case .asksAtMost(let milliamperes):
            "the vehicle never asks for more than \(milliamperes / 1_000) A"
        case .asksAsUsualAlready: "the vehicle asks as usual already"
        case .isBroken(let kind): "\(kind.name) was injected there and decides how the vehicle behaves"
        case .behavesSoAlready: "the vehicle behaves like that already"
        }
    }
}

extension Vehicle.Step {
    /// Where a vehicle is in its sequence, in words.
    public var name: String {
        switch self {
        case .asleep: "asleep"
        case .settingUp: "setting up"
        case .cableCheck: "cable check"
        case .preCharge: "pre-charge"
        case .closing: "closing its contactors"
        case .charging: "charging"
        case .pausing: "pausing"
        case .rampingDown: "coming to an end"
        case .stopping: "stopping"
        case .opened: "contactors opened"
        case .ended: "ended"
        case .gone: "silent after the end"
        }
    }
}

extension World {
    /// Tells the vehicle at a connector what to do, now. Returns why it does not, or nil where it does.
    public func tell(_ wish: VehicleWish, at place: Place) -> VehicleRefusal? {
        guard posts.indices.contains(place.post), posts[place.post].connectors.indices.contains(place.connector)
        else { return .noConnector }
        guard let vehicle = posts[place.post].connectors[place.connector].vehicle else { return .noVehicle }
        switch wish {
        case .drivesOff:
            tearOut(at: place)
            return nil
        case .behaves(let manners):
            if let broken = brokenManners(at: place) { return .isBroken(broken) }
            return vehicle.behave(manners) ? nil : .behavesSoAlready
        case .asks(let milliamperes): return vehicle.ask(milliamperes: milliamperes)
        case .asksAsUsual: return vehicle.ask(milliamperes: nil)
        case .pauses: return vehicle.pauseByHand()
        case .goesOn: return vehicle.goOnByHand()
        case .stops: return vehicle.stopByHand()
        }
    }

    /// A fault that is there and sets what manners would set as well.
    private func brokenManners(at place: Place) -> FaultKind? {
        let modes: [FaultMode] = [.neverReady, .ignoresStop, .wrongPreCharge, .neverCloses]
        return injectionsPresent.last {
            $0.post == place.post && $0.instance == place.connector && $0.kind.unit == .vehicle
                && modes.contains($0.kind.mode)
        }?.kind
    }
}

extension Vehicle {
    func ask(milliamperes: Int64?) -> VehicleRefusal? {
        if milliamperes == nil, toldToAskMilliamperes == nil { return .asksAsUsualAlready }
        let most = Int64(profile.maximumAmperes * 1_000)
        if let milliamperes, !(0...most).contains(milliamperes) { return .asksAtMost(milliamperes: most) }
        toldToAskMilliamperes = milliamperes
        return nil
    }

    func pauseByHand() -> VehicleRefusal? {
        switch step {
        case .charging:
            isPausedByHand = true
            demandAmperes = 0
            go(.pausing)
            return nil
        // A pause by its manners lasts on.
        case .pausing where !isPausedByHand:
            isPausedByHand = true
            return nil
        case .pausing: return .pausesAlready
        default: return .isNotCharging(step)
        }
    }

    func goOnByHand() -> VehicleRefusal? {
        guard step == .pausing else { return .isNotPausing }
        isPausedByHand = false
        go(.charging)
        return nil
    }

    func stopByHand() -> VehicleRefusal? {
        switch step {
        case .charging, .pausing: go(.rampingDown)
        case .cableCheck, .preCharge, .closing: go(.stopping)
        case .asleep, .settingUp, .rampingDown, .stopping, .opened, .ended, .gone: return .hasNothingToStop(step)
        }
        return nil
    }

    /// Takes on manners; what faults have set besides stays. Returns whether that is a change.
    func behave(_ next: VehicleManners) -> Bool {
        guard next != usualManners else { return false }
        usualManners = next
        manners.isNeverReady = next.isNeverReady
        manners.ignoresStop = next.ignoresStop
        manners.preChargeOffsetVolts = next.preChargeOffsetVolts
        manners.neverCloses = next.neverCloses
        manners.pausesAfterSeconds = next.pausesAfterSeconds
        manners.pauseSeconds = next.pauseSeconds
        manners.preChargeAfterSeconds = next.preChargeAfterSeconds
        manners.hidesStateOfCharge = next.hidesStateOfCharge
        hasPaused = false
        return true
    }
}
