// Rule 1 on the bench: the degree *bench*, in which a person closes one contactor by hand on a dead path.
//
// It is no `PowerDegree`: the session machine has no action that could ask for it, and whoever has it can ask for nothing
// else. The stage is cut off from its supply, so it does not matter that a door is open: hands are in the cabinet.

/// One of the two contactors of a connector.
public enum Contactor: UInt8, CaseIterable, Sendable {
    /// The positive one (K1).
    case plus
    /// The negative one (K2).
    case minus
}

/// Why a contactor may not be closed by hand, or must open again. A closed table; the raw value is its stable number.
public enum BenchRefusal: UInt8, CaseIterable, Error, Sendable {
    /// There is no such connector.
    case noSuchConnector = 0
    /// A contactor is closed by hand already: one at a time.
    case anotherIsClosed = 1
    /// The interlocks cannot be read, or not any more.
    case interlocksUnknown = 2
    /// The emergency stop is pressed.
    case emergencyStopPressed = 3
    /// The post is tilted, or water is in it.
    case tiltOrWater = 4
    /// The protective earth is not good.
    case protectiveEarthLost = 5
    /// A connector's lines cannot be read.
    case linesUnknown = 6
    /// A plug is in, or something that looks like one.
    case vehicleConnected = 7
    /// A contactor that nobody drives does not read open.
    case contactorNotOpen = 8
    /// The stage has not been cut off from its supply.
    case stageNotCutOff = 9
    /// The voltage on the stage's side cannot be read.
    case stageVoltageUnknown = 10
    /// The stage's side is live.
    case stageLive = 11
    /// The voltage at the connector's contacts cannot be read.
    case contactVoltageUnknown = 12
    /// The connector's contacts are live.
    case contactsLive = 13
    /// Current flows.
    case currentFlows = 14
    /// The two seconds are over.
    case timeIsUp = 15
}

extension BenchRefusal {
    /// The stable code, in snake case.
    public var code: String { snakeCase("\(self)") }

    /// Whether it is for want of a reading, which may come, and not for what a reading says.
    public var isOfMissingReading: Bool {
        switch self {
        case .interlocksUnknown, .linesUnknown, .stageVoltageUnknown, .contactVoltageUnknown: true
        default: false
        }
    }
}

/// A contactor that is closed by hand.
public struct BenchHold: Hashable, Sendable {
    /// Whose.
    public var connector: ConnectorID
    /// Which.
    public var contactor: Contactor
    /// When it was told to close.
    public var since: Instant
}

extension Supervisor {
    /// Why this contactor may not be closed now, or, where it is the one that is `held`, why it must open; nil: it may.
    func objection(toClosing contactor: Contactor, of id: ConnectorID, held: BenchHold?) -> BenchRefusal? {
        guard let index = position(of: id) else { return .noSuchConnector }
        if let held {
            guard held.connector == id, held.contactor == contactor else { return .anotherIsClosed }
            if now - held.since >= BenchPost.closedAtMost { return .timeIsUp }
        }
        guard let levels = interlocks.young(at: now, within: limits.linesMaximumAge), !levels.isControllerSilent
        else {
            return .interlocksUnknown
        }
        if levels.emergencyStopPressed { return .emergencyStopPressed }
        if levels.tiltOrWater { return .tiltOrWater }
        if !levels.protectiveEarthGood { return .protectiveEarthLost }
        for other in watched.indices {
            let isHeldHere = held != nil && other == index
            if let refusal = objectionAtRest(other, except: isHeldHere ? contactor : nil) { return refusal }
        }
        return objectionToVoltage(index)
    }

    /// No plug is in, and every contactor but the one that is held reads open: a second would make a path.
    private func objectionAtRest(_ index: Int, except held: Contactor?) -> BenchRefusal? {
        guard let lines = watched[index].youngLines(now) else { return .linesUnknown }
        // A vehicle could put its battery's voltage on the contacts.
        guard lines.proximity == .open, lines.pilot == .a else { return .vehicleConnected }
        let isPlusOpen = held == .plus || lines.contactorPlus == .open
        let isMinusOpen = held == .minus || lines.contactorMinus == .open
        return isPlusOpen && isMinusOpen ? nil : .contactorNotOpen
    }

    /// The stage is cut off, and both sides have been read dead since.
    private func objectionToVoltage(_ index: Int) -> BenchRefusal? {
        guard watched[index].isCutOff else { return .stageNotCutOff }
        guard let stage = watched[index].youngStage(now) else { return .stageVoltageUnknown }
        guard stage.millivolts.magnitude < limits.touchSafeMillivolts.magnitude else { return .stageLive }
        guard let meter = watched[index].youngMeter(now) else { return .contactVoltageUnknown }
        guard meter.millivolts.magnitude < limits.touchSafeMillivolts.magnitude else { return .contactsLive }
        let current = max(meter.milliamperes.magnitude, stage.milliamperes.magnitude)
        return current <= limits.leakageMilliamperes.magnitude ? nil : .currentFlows
    }
}
