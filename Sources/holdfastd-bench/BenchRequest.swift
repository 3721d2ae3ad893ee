// The body of a bench verb, every field bounded before anything is done: what a bench is told wrong, it says so.

import Console
import Foundation
import Post
import Simulator
import StrictYAML

/// What a bench verb is told; each verb takes what it needs.
struct BenchRequest: Codable, Sendable {
    var connector: Int?
    var reader: Int?
    var token: String?
    var fault: String?
    var interlock: String?
    var state_of_charge_percent: Int?
    var stops_at_percent: Int?
    var profile: String?
    var by_force: Bool?
    var waits: Bool?
    /// Of the vehicle that plugs in: its usable energy, and the current that it takes throughout in place of a curve.
    var battery_watt_hours: Int64?
    var maximum_milliamperes: Int64?
    /// How the vehicle behaves, as it plugs in or from now on.
    var manners: String?
    /// What the vehicle does, or the current that it asks for from now on.
    var does: String?
    var asks_milliamperes: Int64?
    /// Set by the bench itself as it writes down what was done: the verb, and the seed of its world.
    var verb: String?
    var seed: UInt64?

    /// Longer than any card's number or contract. Engineering default.
    private static let tokenAtMost = 255

    /// Reads a body for a post; throws what field is wrong, its range, and the nearest word where it is a word.
    init(_ bytes: [UInt8], _ post: PostConfiguration) throws(ConsoleProblem) {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(bytes.isEmpty ? Array("{}".utf8) : bytes))
        } catch DecodingError.typeMismatch(_, let place) where !place.codingPath.isEmpty {
            throw Self.refusal(
                "\(Self.name(of: place)) is of another kind.", "Send an object, such as {\"connector\":1}.")
        } catch {
            throw ConsoleProblem(
                status: 400, code: "bad_request", message: "The body is not the JSON that a bench verb takes.",
                whatToDo: "Send an object, such as {\"connector\":1}.")
        }
        try Self.within(connector, count: post.connectors.count, "connector")
        try Self.within(reader, count: post.readers.count, "reader")
        try Self.within(state_of_charge_percent.map(Int64.init), "state_of_charge_percent", 0...100)
        try Self.within(stops_at_percent.map(Int64.init), "stops_at_percent", 0...100)
        // As scenario files bound them.
        try Self.within(battery_watt_hours, "battery_watt_hours", 1_000...1_000_000)
        try Self.within(maximum_milliamperes, "maximum_milliamperes", 1_000...800_000)
        try Self.within(asks_milliamperes, "asks_milliamperes", 0...800_000)
        if let token, token.isEmpty || token.utf8.count > Self.tokenAtMost {
            throw Self.refusal(
                "token has \(token.utf8.count) bytes; 1 to \(Self.tokenAtMost) are taken.",
                "Name a card, such as free:ALICE or 04A1B2C3D4E5F6.")
        }
        try Self.known(profile, VehicleProfile.all.map(\.name), "vehicle")
        try Self.known(manners, VehicleManners.words.map(\.word), "manners")
        try Self.known(does, VehicleWish.words.map(\.word), "deed of a vehicle")
        try Self.known(fault, FaultKind.all.map(\.name), "fault", hint: Self.modes(fault ?? ""))
        try Self.known(interlock, BenchButton.allCases.map(\.rawValue), "button")
    }

    /// What an earlier process left at a connector, in the words in which somebody would bring it about; empty where nothing is.
    static func left(_ memory: ConnectorMemory, connector: Int) -> [(verb: String, request: BenchRequest)] {
        var left: [(verb: String, request: BenchRequest)] = []
        if let profile = memory.profile {
            var request = BenchRequest(connector: connector + 1)
            request.profile = profile.name
            request.state_of_charge_percent = Int((memory.share * 100).rounded())
            request.stops_at_percent = memory.targetPerMille / 10
            (request.battery_watt_hours, request.maximum_milliamperes) = (
                memory.wattHours, memory.steadyMilliamperes
            )
            if memory.manners > 0, VehicleManners.words.indices.contains(memory.manners) {
                request.manners = VehicleManners.words[memory.manners].word
            }
            left.append(("plug", request))
            if let asked = memory.asksMilliamperes {
                var asks = BenchRequest(connector: connector + 1)
                asks.asks_milliamperes = asked
                left.append(("vehicle", asks))
            }
        }
        if memory.isPlusWelded || memory.isMinusWelded {
            left.append(("found_welded", BenchRequest(connector: connector + 1)))
        }
        return left
    }

    private init(connector: Int) { self.connector = connector }

    /// The connector, from 0.
    var place: Int { (connector ?? 1) - 1 }
    var spot: Place { Place(post: 0, connector: place) }
    /// The vehicle that is plugged in.
    var vehicle: VehicleProfile {
        var vehicle = (VehicleProfile.named(profile ?? "") ?? .sedan400)
            .with(wattHours: battery_watt_hours, steadyMilliamperes: maximum_milliamperes)
        vehicle.arrivesAtPerMille = (state_of_charge_percent ?? 35) * 10
        vehicle.targetPerMille = (stops_at_percent ?? 80) * 10
        if let named = namedManners { vehicle.manners = named }
        return vehicle
    }
    /// Everything that the vehicle is told: one thing, or the request is refused.
    var wishes: [VehicleWish] {
        let named = VehicleWish.words.first { $0.word == does }?.wish
        return [named, asks_milliamperes.map { .asks(milliamperes: $0) }, namedManners.map { .behaves($0) }]
            .compactMap(\.self)
    }
    private var namedManners: VehicleManners? { VehicleManners.words.first { $0.word == manners }?.manners }
    /// The fault.
    var kind: FaultKind? { FaultKind.all.first { $0.name == fault } }
    /// What is pressed.
    var button: BenchButton { BenchButton(rawValue: interlock ?? "") ?? .stop }

    private static func name(of place: DecodingError.Context) -> String {
        place.codingPath.map(\.stringValue).joined(separator: ".")
    }

    private static func within(_ number: Int?, count: Int, _ what: String) throws(ConsoleProblem) {
        guard let number, number < 1 || number > count else { return }
        let there =
            count == 0 ? "The post has none." : count == 1 ? "The post has one: 1." : "Take one from 1 to \(count)."
        throw refusal("There is no \(what) \(number).", there)
    }

    private static func within(
        _ number: Int64?, _ field: String, _ range: ClosedRange<Int64>
    ) throws(ConsoleProblem) {
        guard let number, !range.contains(number) else { return }
        throw refusal(
            "\(field) is \(number).", "Take a number from \(range.lowerBound) to \(range.upperBound).")
    }

    private static func known(
        _ word: String?, _ words: [String], _ what: String, hint: String? = nil
    ) throws(ConsoleProblem) {
        guard let word, !words.contains(word) else { return }
        let nearest = Nearest.word(to: word, among: words).map { "Did you mean \($0)?" }
        let there = what == "manners" ? "There are no manners called" : "There is no \(what) called"
        throw refusal(
            "\(there) \(word.prefix(60)).",
            nearest ?? hint ?? "There are: \(words.joined(separator: ", ")).")
    }

    /// What may be wrong with a unit of the world, or which units there are.
    private static func modes(_ fault: String) -> String {
        let unit = fault.lastIndex(of: ".").flatMap { FaultUnit(rawValue: String(fault[..<$0])) }
        if let unit {
            return "\(unit.rawValue) can be: \(FaultKind.modes(of: unit).map(\.rawValue).joined(separator: ", "))."
        }
        var units: [String] = []
        for kind in FaultKind.all where !units.contains(kind.unit.rawValue) { units.append(kind.unit.rawValue) }
        return "Write UNIT.MODE, such as meter.silent. Units are: \(units.joined(separator: ", "))."
    }

    /// What is wrong with a request, and what would be right.
    static func refusal(_ message: String, _ whatToDo: String) -> ConsoleProblem {
        ConsoleProblem(status: 422, code: "bad_value", message: message, whatToDo: whatToDo)
    }
}

/// What people press or open.
enum BenchButton: String, CaseIterable {
    case stop
    case emergencyStop = "emergency_stop"
    case door, tilt, earth, grid

    /// The world's fault that it is; nil for the stop button, which springs back.
    var fault: FaultKind? {
        switch self {
        case .stop: nil
        case .emergencyStop: FaultKind(.emergencyStop, .pressed)
        case .door: FaultKind(.door, .open)
        case .tilt: FaultKind(.enclosure, .tilted)
        case .earth: FaultKind(.earth, .lost)
        case .grid: FaultKind(.grid, .lost)
        }
    }
}
