// What a bench engineer does to the simulated post by hand: plug, tap, press, break and mend.

import Console
import Foundation
import Post
import Runtime
import Simulator

extension BenchRequest {
    /// What was done, for the flight recording: the same words as in the request. Cards are never in it.
    func note(_ verb: String, _ seed: UInt64) -> String? {
        var note = self
        (note.verb, note.seed, note.token) = (verb, seed, nil)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return (try? encoder.encode(note)).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// The bench's verbs.
func benchRoutes(_ control: LiveControl, _ lookUps: LookUpThread, _ post: PostConfiguration) -> [ExtraRoute] {
    let routes = BenchRoutes(control: control, lookUps: lookUps, post: post)
    return [routes.tap, routes.look, routes.injected] + routes.deeds
}

/// One bench's way into its world: every deed is done on the loop's thread and written into the flight recording.
private struct BenchRoutes {
    let control: LiveControl
    let lookUps: LookUpThread
    let post: PostConfiguration

    /// What people and faults do to the world.
    var deeds: [ExtraRoute] {
        [
            deed("plug", plug), deed("unplug", unplug),
            deed("press") { request, world in press(request, world, isAlarm: true) },
            deed("release") { request, world in press(request, world, isAlarm: false) },
            deed("inject", inject), deed("heal", heal),
        ]
    }

    /// A card is shown. Who waits is told how long the core took to decide.
    var tap: ExtraRoute {
        ExtraRoute(path: "sim/tap") { bytes throws(ConsoleProblem) in
            let request = try BenchRequest(bytes, post)
            guard let token = request.token else {
                throw BenchRequest.refusal("There is no token.", "Name one, such as free:ALICE or 04A1B2C3D4E5F6.")
            }
            guard !post.readers.isEmpty else {
                throw BenchRequest.refusal(
                    "This post has no reader.", "List one under readers in the configuration.")
            }
            let decided = request.waits == true ? Decision(control.board) : nil
            switch lookUps.present(token, reader: ReaderID(UInt8(clamping: (request.reader ?? 1) - 1))) {
            case .takenIn: return await decided?.json ?? "{\"done\":true}"
            case .busy:
                throw ConsoleProblem(
                    status: 409, code: "reader_busy", message: "The reader still looks up an earlier card.",
                    whatToDo: "Try again in a second.")
            }
        }
    }

    /// What is so at the contacts.
    var look: ExtraRoute {
        ExtraRoute(path: "sim/look") { bytes throws(ConsoleProblem) in
            _ = try BenchRequest(bytes, post)
            do {
                return try await control.onLoop { ($0.plant as? any WorldPlant).map { truth($0.world) } ?? "{}" }
            } catch {
                throw busy(error)
            }
        }
    }

    /// What was broken and is not whole again.
    var injected: ExtraRoute {
        ExtraRoute(path: "sim/injected") { bytes throws(ConsoleProblem) in
            _ = try BenchRequest(bytes, post)
            do {
                return try await control.onLoop { turn in
                    json((turn.plant as? any WorldPlant).map { InjectedFault.present(in: $0.world) } ?? [])
                }
            } catch {
                throw busy(error)
            }
        }
    }

    private func deed(
        _ verb: String, _ body: @escaping @Sendable (BenchRequest, World) -> String?
    ) -> ExtraRoute {
        ExtraRoute(path: "sim/\(verb)") { bytes throws(ConsoleProblem) in
            let request = try BenchRequest(bytes, post)
            let problem: String?
            do {
                problem = try await control.onLoop { turn in
                    guard let plant = turn.plant as? any WorldPlant else { return "This post is not simulated." }
                    let problem = request.aims(at: plant.realUnits) ?? body(request, plant.world)
                    if problem == nil, let note = request.note(verb, plant.world.seed) { turn.note(note) }
                    return problem
                }
            } catch {
                throw busy(error)
            }
            if let problem {
                throw ConsoleProblem(
                    status: 409, code: "not_possible", message: problem, whatToDo: "Look at `holdfast status`.")
            }
            return "{\"done\":true}"
        }
    }
}

/// A fault that the world was given and that is there still.
private struct InjectedFault: Encodable {
    var fault: String
    /// Counted from 1; left out for one of the post or the site.
    var connector: Int?
    var effect: String
    var seconds: Double

    static func present(in world: World) -> [InjectedFault] {
        world.injections.filter { $0.healedAt == nil && $0.changedWorld }.map { injection in
            let isOfConnector = injection.kind.row.scope == .connector
            return InjectedFault(
                fault: injection.kind.name, connector: isOfConnector ? injection.instance + 1 : nil,
                effect: "\(injection.kind.row.help)",
                seconds: Double((world.now - injection.at).microseconds / 1_000) / 1_000)
        }
    }
}

private func busy(_ error: any Error) -> ConsoleProblem {
    ConsoleProblem(status: 503, code: "busy", message: "\(error)", whatToDo: "Try again in a moment.")
}

@Sendable private func plug(_ request: BenchRequest, _ world: World) -> String? {
    var vehicle = request.vehicle
    vehicle.arrivesAtPerMille = (request.state_of_charge_percent ?? 35) * 10
    vehicle.targetPerMille = (request.stops_at_percent ?? 80) * 10
    return world.plug(vehicle, at: request.spot) ? nil : "A plug is in already."
}

@Sendable private func unplug(_ request: BenchRequest, _ world: World) -> String? {
    if world.memory(of: request.spot).vehicle == nil { return "No plug is in." }
    let isOut = request.by_force == true ? world.tearOut(at: request.spot) : world.unplug(at: request.spot)
    return isOut
        ? nil
        : "The plug is held: end the session first (show the card again, or holdfast stop), or use --by-force."
}

@Sendable private func inject(_ request: BenchRequest, _ world: World) -> String? {
    guard let kind = request.kind else { return "No fault is named." }
    guard let injection = world.inject(kind, instance: instance(kind, request, world)) else {
        return "There is no such place for it."
    }
    return injection.changedWorld ? nil : "That changes nothing in the world now."
}

@Sendable private func heal(_ request: BenchRequest, _ world: World) -> String? {
    guard let kind = request.kind else { return "No fault is named." }
    return heal(kind, instance(kind, request, world), world) ? nil : "That fault is not there."
}

/// What is so at the contacts, whatever any device says of it: for a meter outside that is to show it.
private func truth(_ world: World) -> String {
    let connectors = world.posts[0].connectors.map { connector in
        "{\"contact_volts\":\(connector.contactVolts),\"contact_amperes\":\(connector.contactAmperes),"
            + "\"flowed_watt_hours\":\(connector.flowedWattHours)}"
    }
    return "{\"connectors\":[\(connectors.joined(separator: ","))]}"
}

/// Waits for the core's decision on the next tap.
private struct Decision {
    private let board: LiveBoard
    private let tapsBefore: UInt64
    private let changes: AsyncStream<Void>?

    /// To be made before the card is shown.
    init(_ board: LiveBoard) {
        self.board = board
        changes = board.changes()
        tapsBefore = board.snapshot.figures.taps
    }

    /// How long the decision took, in nanoseconds from the card's arrival; nil if the post stops before.
    var json: String? {
        get async {
            guard let changes else { return nil }
            for await _ in changes {
                let figures = board.snapshot.figures
                if figures.taps > tapsBefore {
                    return "{\"done\":true,\"decided_after_nanoseconds\":\(figures.lastTapNanoseconds)}"
                }
            }
            return nil
        }
    }
}

private func instance(_ kind: FaultKind, _ request: BenchRequest, _ world: World) -> Int {
    switch kind.row.scope {
    case .connector, .reader: request.place
    case .stage: Int(world.posts[0].configuration.connectors[request.place].stage.index)
    case .post, .site: 0
    }
}

private func heal(_ kind: FaultKind, _ instance: Int, _ world: World) -> Bool {
    let open = world.injections.last { $0.kind == kind && $0.instance == instance && $0.healedAt == nil }
    return open.map { world.heal($0.number) } ?? false
}

private func press(_ request: BenchRequest, _ world: World, isAlarm: Bool) -> String? {
    let button = request.button
    guard let kind = button.fault else {
        return world.pressStop(at: request.spot) ? nil : "There is no stop button there."
    }
    if isAlarm { return world.inject(kind)?.changedWorld == true ? nil : "It is like that already." }
    return heal(kind, 0, world) ? nil : "It is like that already."
}
