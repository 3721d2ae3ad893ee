// What the bench's verbs do to the world, and why they cannot: each objection says what to do instead.

import Post
import Simulator

/// Why a deed is not done now, and what can be done about it.
struct Objection: Hashable, Sendable {
    var why: String
    var whatToDo: String

    init(_ why: String, _ whatToDo: String) { (self.why, self.whatToDo) = (why, whatToDo) }
}

/// What each verb does to the world. On the loop's thread.
enum BenchDeeds {
    static func plug(_ request: BenchRequest, _ world: World) -> Objection? {
        if world.plug(request.vehicle, at: request.spot) { return nil }
        return Objection(
            "A vehicle is plugged in at connector \(request.place + 1) already.",
            "Draw its plug first: holdfast sim unplug \(request.place + 1)")
    }

    static func unplug(_ request: BenchRequest, _ world: World) -> Objection? {
        let connector = request.place + 1
        if world.vehicle(at: request.spot) == nil {
            return Objection(
                "No plug is in at connector \(connector).", "Plug one in: holdfast sim plug \(connector)")
        }
        if request.by_force == true ? world.tearOut(at: request.spot) : world.unplug(at: request.spot) {
            return nil
        }
        return Objection(
            "The plug is held.",
            "End the session first (show the card again, or holdfast stop \(connector)), or use --by-force.")
    }

    static func vehicle(_ request: BenchRequest, _ world: World) -> Objection? {
        guard let wish = request.wishes.first, request.wishes.count == 1 else {
            let words = VehicleWish.words.map(\.word).joined(separator: ", ")
            return Objection(
                "A vehicle is told exactly one thing.", "Name one of \(words), or a current, or manners.")
        }
        guard let refusal = world.tell(wish, at: request.spot) else { return nil }
        let why = refusal.why.prefix(1).uppercased() + refusal.why.dropFirst() + "."
        return Objection(why, next(after: refusal, connector: request.place + 1))
    }

    private static func next(after refusal: VehicleRefusal, connector: Int) -> String {
        switch refusal {
        case .noConnector: "Name a connector that is there."
        case .noVehicle: "Plug one in: holdfast sim plug \(connector)"
        case .isNotCharging(let step):
            step.rawValue < Vehicle.Step.charging.rawValue
                ? "Let it charge first: holdfast sim tap TOKEN, then look at holdfast status."
                : "Draw the plug and begin anew: holdfast sim unplug \(connector)"
        case .pausesAlready: "It goes on with: holdfast sim vehicle goes_on --connector \(connector)"
        case .isNotPausing: "It pauses with: holdfast sim vehicle pauses --connector \(connector)"
        case .hasNothingToStop: "Draw the plug: holdfast sim unplug \(connector)"
        case .asksAtMost: "Ask for less, or plug another vehicle in (holdfast sim plug --help)."
        case .asksAsUsualAlready: "See what it asks for: holdfast sim look"
        case .isBroken(let kind): "Heal it first: holdfast sim heal \(kind.name) --connector \(connector)"
        case .behavesSoAlready: "See how it is: holdfast sim look"
        }
    }

    /// Why a card is read by nobody; nil where the reader is there.
    static func readerIsGone(_ request: BenchRequest, _ world: World) -> Objection? {
        let reader = request.reader ?? 1
        let isGone = world.injectionsPresent.contains {
            $0.kind == FaultKind(.reader, .gone) && $0.instance == reader - 1
        }
        guard isGone else { return nil }
        return Objection(
            "Reader \(reader) is gone (reader.gone was injected), so it reads no card.",
            "Heal it: holdfast sim heal reader.gone --connector \(reader)")
    }

    static func press(_ request: BenchRequest, _ world: World) -> Objection? {
        let button = request.button
        guard let kind = button.fault else {
            return world.pressStop(at: request.spot)
                ? nil : Objection("There is no stop button there.", "Name a connector that is there.")
        }
        if world.inject(kind)?.changedWorld == true { return nil }
        return Objection(
            "\(button.rawValue) is like that already.", "Release it: holdfast sim release \(button.rawValue)")
    }

    static func release(_ request: BenchRequest, _ world: World) -> Objection? {
        let button = request.button
        guard let kind = button.fault else {
            return Objection("The stop button springs back by itself.", "Nothing is left to release.")
        }
        if heal(kind, 0, world) { return nil }
        return Objection("\(button.rawValue) is good already.", "Press it: holdfast sim press \(button.rawValue)")
    }

    static func inject(_ request: BenchRequest, _ world: World) -> Objection? {
        guard let kind = request.kind else {
            return Objection("No fault is named.", "List what there is: holdfast sim faults")
        }
        let connector = request.place + 1
        if kind.unit == .vehicle, kind.mode != .welded, world.vehicle(at: request.spot) == nil {
            return Objection(
                "No vehicle is plugged in at connector \(connector), so there is none to break.",
                "Plug one in first: holdfast sim plug \(connector)")
        }
        guard let injection = world.inject(kind, instance: instance(kind, request, world)) else {
            if kind.unit == .lock {
                return Objection(
                    "The vehicle locks the plug at this post, so the post has no lock that could fail.",
                    "Play it in a scenario with site: {lock: post}, or see holdfast sim faults for others.")
            }
            return Objection("There is no such place for \(kind.name).", "Name another --connector.")
        }
        if injection.changedWorld { return nil }
        let isThere = world.injectionsPresent.contains { $0.kind == kind && $0.instance == injection.instance }
        return isThere
            ? Objection("\(kind.name) is there already.", "Take it away: holdfast sim heal \(kind.name)")
            : Objection(
                "\(kind.name) would change nothing in the world now: \(kind.row.help), and there is nothing to break.",
                "Look at the world: holdfast sim look")
    }

    static func heal(_ request: BenchRequest, _ world: World) -> Objection? {
        guard let kind = request.kind else {
            return Objection("No fault is named.", "See what is there: holdfast sim injected")
        }
        let instance = instance(kind, request, world)
        let wasThere = world.injectionsPresent.contains { $0.kind == kind && $0.instance == instance }
        if heal(kind, instance, world) { return nil }
        if !wasThere, let other = world.injectionsPresent.last(where: { $0.kind == kind }),
            let connector = world.posts[0].configuration.connectors.indices.first(where: {
                self.instance(kind, at: $0, world) == other.instance
            })
        {
            return Objection(
                "\(kind.name) is not at connector \(request.place + 1).",
                "It is elsewhere: holdfast sim heal \(kind.name) --connector \(connector + 1)")
        }
        let seeAlso = "See what is there: holdfast sim injected"
        return wasThere
            ? Objection("\(kind.name) has happened and is over: nothing takes it back.", seeAlso)
            : Objection("\(kind.name) is not there to be healed.", seeAlso)
    }

    private static func instance(_ kind: FaultKind, _ request: BenchRequest, _ world: World) -> Int {
        instance(kind, at: request.place, world)
    }

    private static func instance(_ kind: FaultKind, at connector: Int, _ world: World) -> Int {
        switch kind.row.scope {
        case .connector, .reader: connector
        case .stage: Int(world.posts[0].configuration.connectors[connector].stage.index)
        case .post, .site: 0
        }
    }

    private static func heal(_ kind: FaultKind, _ instance: Int, _ world: World) -> Bool {
        let open = world.injectionsPresent.last { $0.kind == kind && $0.instance == instance }
        return open.map { world.heal($0.number) } ?? false
    }

    /// Why a deed aimed at one of these units would change nothing, and what would; nil where it is aimed at another, or none.
    static func aims(_ request: BenchRequest, _ verb: String, at real: Set<FaultUnit>) -> Objection? {
        if verb == "vehicle", real.contains(.vehicle) {
            return Objection(
                "The vehicle is real here (the board's profile does not list it under simulated).",
                "Do it at the vehicle itself.")
        }
        guard let kind = request.kind, real.contains(kind.unit) else { return nil }
        let scenario = "Play it in a scenario: holdfast scenario new story.yaml"
        return switch kind.unit {
        case .disk:
            Objection(
                "A bench keeps real records on this machine's disk, which no \(kind.name) of the world reaches.",
                scenario + ", or start the bench with HOLDFAST_BENCH_COMMIT_MS.")
        case .clock:
            Objection(
                "A bench lives by this machine's clock, which no \(kind.name) of the world reaches.", scenario)
        case .process:
            Objection("This process is real, and no \(kind.name) of the world reaches its memory.", scenario)
        case .network, .cloud:
            Objection("A bench has no cloud, so \(kind.name) would change nothing.", scenario)
        default:
            Objection(
                "\(kind.unit.rawValue) is real here (the board's profile does not list it under simulated).",
                "Break the device itself.")
        }
    }
}

extension World {
    /// The vehicle that is plugged in there, or nil.
    func vehicle(at place: Place) -> Vehicle? { posts[place.post].connectors[place.connector].vehicle }
}
