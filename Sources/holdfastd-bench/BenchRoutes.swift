// What a bench engineer does to the simulated post by hand: plug, tap, press, break and mend.

import Console
import Foundation
import Post
import Runtime
import Simulator

/// The body of every bench verb; each verb takes what it needs.
struct BenchRequest: Decodable, Sendable {
    var connector: Int?
    var reader: Int?
    var token: String?
    var fault: String?
    var interlock: String?
    var state_of_charge_percent: Int?
    var stops_at_percent: Int?
    var manners: String?
    var by_force: Bool?

    var place: Int { max(0, (connector ?? 1) - 1) }
}

/// The bench's verbs.
func benchRoutes(_ control: LiveControl, _ lookUps: LookUpThread) -> [ExtraRoute] {
    func route(
        _ verb: String, _ body: @escaping @Sendable (BenchRequest, World) -> String?
    ) -> ExtraRoute {
        ExtraRoute(path: "sim/\(verb)") { bytes throws(ConsoleProblem) in
            let request = try parsed(bytes)
            let problem: String?
            do {
                problem = try await control.onLoop { turn in
                    guard let plant = turn.plant as? BenchPlant else { return "This post is not simulated." }
                    guard request.place < plant.world.posts[0].configuration.connectors.count else {
                        return "There is no such connector."
                    }
                    return body(request, plant.world)
                }
            } catch {
                throw ConsoleProblem(status: 503, code: "busy", message: "\(error)", whatToDo: "Try again in a moment.")
            }
            if let problem {
                throw ConsoleProblem(
                    status: 409, code: "not_possible", message: problem, whatToDo: "Look at `holdfast status`.")
            }
            return "{\"done\":true}"
        }
    }
    let tap = ExtraRoute(path: "sim/tap") { bytes throws(ConsoleProblem) in
        let request = try parsed(bytes)
        guard let token = request.token else {
            throw ConsoleProblem(
                status: 400, code: "bad_request", message: "There is no token.", whatToDo: "Name one.")
        }
        switch lookUps.present(token, reader: ReaderID(UInt8(clamping: (request.reader ?? 1) - 1))) {
        case .takenIn: return "{\"done\":true}"
        case .busy:
            throw ConsoleProblem(
                status: 409, code: "reader_busy", message: "The reader still looks up an earlier card.",
                whatToDo: "Try again in a second.")
        }
    }
    return [
        tap,
        route("plug") { request, world in
            let manners = request.manners.flatMap { Manners(rawValue: $0) }
            if request.manners != nil, manners == nil { return "No vehicle behaves like that." }
            guard !world.physical(post: 0, connector: request.place).isPlugged else { return "A plug is in already." }
            world.plug(
                Battery(stateOfCharge: Double(request.state_of_charge_percent ?? 35) / 100), manners: manners ?? .polite,
                stopsAt: Double(request.stops_at_percent ?? 80) / 100, post: 0, connector: request.place)
            return nil
        },
        route("unplug") { request, world in
            world.unplug(post: 0, connector: request.place, byForce: request.by_force ?? false)
                ? nil : "The plug is held, or none is in."
        },
        route("press") { request, world in press(request, world, isAlarm: true) },
        route("release") { request, world in press(request, world, isAlarm: false) },
        route("inject") { request, world in
            guard let kind = FaultKind(rawValue: request.fault ?? "") else { return unknownFault(request.fault) }
            return world.inject(kind, post: 0, connector: request.place) ? nil : "That changes nothing in the world now."
        },
        route("heal") { request, world in
            guard let kind = FaultKind(rawValue: request.fault ?? "") else { return unknownFault(request.fault) }
            return world.heal(kind, post: 0, connector: request.place) ? nil : "That fault is not there."
        },
    ]
}

private func unknownFault(_ name: String?) -> String {
    "The world knows no fault \(name ?? ""). It knows: " + FaultKind.allCases.map(\.name).joined(separator: ", ") + "."
}

private func press(_ request: BenchRequest, _ world: World, isAlarm: Bool) -> String? {
    switch request.interlock ?? "stop" {
    case "stop": world.stopButton(isAlarm, post: 0, connector: request.place)
    case "emergency_stop": world.interlocks(post: 0) { $0.emergencyStopPressed = isAlarm }
    case "door": world.interlocks(post: 0) { $0.doorOpen = isAlarm }
    case "tilt": world.interlocks(post: 0) { $0.tiltOrWater = isAlarm }
    case "earth": world.interlocks(post: 0) { $0.protectiveEarthGood = !isAlarm }
    case "grid": world.interlocks(post: 0) { $0.gridPresent = !isAlarm }
    default: return "There is no such button: stop, emergency_stop, door, tilt, earth or grid."
    }
    return nil
}

private func parsed(_ bytes: [UInt8]) throws(ConsoleProblem) -> BenchRequest {
    do { return try JSONDecoder().decode(BenchRequest.self, from: Data(bytes.isEmpty ? Array("{}".utf8) : bytes)) } catch {
        throw ConsoleProblem(
            status: 400, code: "bad_request", message: "The body is not the JSON that a bench verb takes.",
            whatToDo: "Send an object, such as {\"connector\":1}.")
    }
}
