// The rows of the connector's table: every state of the machine, and what makes a difference within one.

@testable import Post

/// A state of a connector, as the table tells states apart. `Situations` plays each of them to a post.
enum Situation: String, CaseIterable {
    case recordsUntold = "starting, records untold"
    case linesUnheard = "starting, lines unheard"
    case sessionRestored = "starting, owes a session"
    case vacant = "vacant"
    case reserved = "vacant, reserved"
    case authorized = "vacant, card accepted"
    case outOfService = "vacant, out of service"
    case faulted = "vacant, pilot stuck at F"
    case plugged = "plugged"
    case stage = "preparing.stage"
    case lock = "preparing.lock"
    case vehicle = "preparing.vehicle"
    case outputDead = "preparing.outputDead"
    case contactors = "preparing.contactors"
    case testVoltage = "preparing.testVoltage"
    case insulation = "preparing.insulation"
    case testDown = "preparing.testDown"
    case preChargeRequest = "preparing.preChargeRequest"
    case startUnrecorded = "preparing.preChargeRequest, start unrecorded"
    case preCharge = "preparing.preCharge"
    case preChargeMatched = "preparing.preCharge, matched"
    case charging = "charging"
    case pausedByVehicle = "suspended.by vehicle"
    case pausedByPost = "suspended.by post"
    case rampDownAsked = "stopping.rampDown, asked"
    case rampDownError = "stopping.rampDown, error"
    case rampDownVehicleLeft = "stopping.rampDown, vehicle left"
    case rampDownUnrecorded = "stopping.rampDown, start refused"
    case opening = "stopping.opening, asked"
    case openingEmergency = "stopping.opening, emergency"
    case openingUnknown = "stopping.opening, nobody knows"
    case discharge = "stopping.discharge"
    case dischargeLate = "stopping.discharge, live too long"
    case dischargeWelded = "stopping.discharge, weld suspected"
    case release = "stopping.release"
    case releaseGivenUp = "stopping.release, lock stuck"
    case finished = "finished"
    case finishedUnrecorded = "finished, stop owed"

    /// The machine's state without what makes a difference within it.
    var state: String { String(rawValue.prefix { $0 != "," }) }

    /// The row's name in the table: short, since many stand in one line.
    var label: String {
        for prefix in ["preparing.", "stopping.", "suspended."] where rawValue.hasPrefix(prefix) {
            return String(rawValue.dropFirst(prefix.count))
        }
        return rawValue
    }

    /// The letter of that state in the overview.
    static func letter(ofState state: String) -> Character { letters[state] ?? "?" }

    static let letters: [String: Character] = [
        "starting": "S", "vacant": "v", "plugged": "p", "preparing.stage": "0", "preparing.lock": "1",
        "preparing.vehicle": "2", "preparing.outputDead": "3", "preparing.contactors": "4",
        "preparing.testVoltage": "5", "preparing.insulation": "6", "preparing.testDown": "7",
        "preparing.preChargeRequest": "8", "preparing.preCharge": "9", "charging": "C",
        "suspended.by vehicle": "V", "suspended.by post": "P", "stopping.rampDown": "R", "stopping.opening": "O",
        "stopping.discharge": "D", "stopping.release": "L", "finished": "F",
    ]

    /// Whether another connector charges beside this one: not where the whole post has just started.
    var hasNeighbour: Bool {
        switch self {
        case .recordsUntold, .linesUnheard, .sessionRestored: false
        default: true
        }
    }
}

extension PostConfiguration {
    /// The connector under test; one that shares its stage; and a neighbour that charges on a stage of its own.
    static func cells(_ holder: LockHolder) -> PostConfiguration {
        var configuration = PostConfiguration.twoConnectors
        var first = configuration.connectors[0]
        let second = first
        first.lockHolder = holder
        configuration.connectors = [first, second, configuration.connectors[1]]
        configuration.readers = [.wholePost, .wholePost]
        return configuration
    }
}

extension ConnectorID {
    static let tested = ConnectorID(0)
    static let sharing = ConnectorID(1)
    static let neighbour = ConnectorID(2)
    static let nowhere = ConnectorID(200)
}
extension TokenName {
    static let own = TokenName(high: 9, low: 1)
    static let neighbours = TokenName(high: 9, low: 2)
    static let stranger = TokenName(high: 9, low: 8)
}
