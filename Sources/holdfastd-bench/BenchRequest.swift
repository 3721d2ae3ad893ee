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
        try Self.within(state_of_charge_percent, "state_of_charge_percent")
        try Self.within(stops_at_percent, "stops_at_percent")
        if let token, token.isEmpty || token.utf8.count > Self.tokenAtMost {
            throw Self.refusal(
                "token has \(token.utf8.count) bytes; 1 to \(Self.tokenAtMost) are taken.",
                "Name a card, such as free:ALICE or 04A1B2C3D4E5F6.")
        }
        try Self.known(profile, VehicleProfile.all.map(\.name), "vehicle")
        try Self.known(fault, FaultKind.all.map(\.name), "fault", hint: Self.modes(fault ?? ""))
        try Self.known(interlock, BenchButton.allCases.map(\.rawValue), "button")
    }

    /// What an earlier process left at a connector, in the words in which somebody would bring it about; empty where nothing is.
    static func left(_ memory: ConnectorMemory, connector: Int) -> [(verb: String, request: BenchRequest)] {
        var left: [(verb: String, request: BenchRequest)] = []
        if let number = memory.vehicle, VehicleProfile.all.indices.contains(number) {
            var request = BenchRequest(connector: connector + 1)
            request.profile = VehicleProfile.all[number].name
            request.state_of_charge_percent = Int((memory.share * 100).rounded())
            request.stops_at_percent = memory.targetPerMille / 10
            left.append(("plug", request))
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
    var vehicle: VehicleProfile { VehicleProfile.named(profile ?? "") ?? .sedan400 }
    /// The fault.
    var kind: FaultKind? { FaultKind.all.first { $0.name == fault } }
    /// What is pressed.
    var button: BenchButton { BenchButton(rawValue: interlock ?? "") ?? .stop }

    /// Why a fault of these units would change nothing, and what would; nil where another one is named, or none.
    func aims(at real: Set<FaultUnit>) -> String? {
        guard let kind, real.contains(kind.unit) else { return nil }
        return switch kind.unit {
        case .disk:
            "A bench keeps real records on this machine's disk, which no \(kind.name) of the world reaches: play it in a scenario, or start the bench with HOLDFAST_BENCH_COMMIT_MS."
        case .clock:
            "A bench lives by this machine's clock, which no \(kind.name) of the world reaches: play it in a scenario."
        case .process:
            "This process is real, and no \(kind.name) of the world reaches its memory: play it in a scenario."
        case .network, .cloud:
            "A bench has no cloud, so \(kind.name) would change nothing: play it in a scenario."
        default:
            "\(kind.unit.rawValue) is real here (the board's profile does not list it under simulated): break the device itself."
        }
    }

    private static func name(of place: DecodingError.Context) -> String {
        place.codingPath.map(\.stringValue).joined(separator: ".")
    }

    private static func within(_ number: Int?, count: Int, _ what: String) throws(ConsoleProblem) {
        guard let number, number < 1 || number > count else { return }
        let there =
            count == 0 ? "The post has none." : count == 1 ? "The post has one: 1." : "Take one from 1 to \(count)."
        throw refusal("There is no \(what) \(number).", there)
    }

    private static func within(_ percent: Int?, _ field: String) throws(ConsoleProblem) {
        guard let percent, !(0...100).contains(percent) else { return }
        throw refusal("\(field) is \(percent).", "Take a number from 0 to 100.")
    }

    private static func known(
        _ word: String?, _ words: [String], _ what: String, hint: String? = nil
    ) throws(ConsoleProblem) {
        guard let word, !words.contains(word) else { return }
        let nearest = Nearest.word(to: word, among: words).map { "Did you mean \($0)?" }
        throw refusal(
            "There is no \(what) called \(word.prefix(60)).",
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
