// The format of a board profile, and what is judged when all of it is known.

import Post
public import StrictYAML

/// The format of a board profile.
public let boardProfileDocument = DocumentKind<BoardProfile>(
    title: "Holdfast board profile",
    summary:
        "Which line, bus and device of one machine is what on the post. Lines are named as the device tree names "
        + "them; every input of a closed circuit is active while all is well.",
    schemaIdentifier: "https://holdfast.example/schema/board.schema.json"
) { keys in
    let name = keys.required("name", .text(1...80), "What the board is called.")
    let parts = ProfileParts(
        watchdog: keys.required(
            "watchdog", .record(PlacedWatchdog.read), "The hardware watchdog, fed by the control loop itself."),
        interlocks: keys.required("interlocks", .record(PlacedInterlocks.read), "The post's interlocks."),
        connectors: keys.required(
            "connectors", .list(1...8, of: .record(PlacedConnector.read)),
            "The connectors, in the order of the daemon's configuration."),
        stages: keys.required(
            "stages", .list(1...8, of: .record(PlacedStage.read)), "The power stages, in that order."),
        cooling: keys.optional("cooling", .output, "What runs the fans; left out: they run by themselves."),
        buses: keys.optional("buses", .list(0...8, of: .record(PlacedBus.read)), default: "[]", "The buses."),
        safetyLink: keys.required(
            "safety_link", .record(PlacedSafetyLink.read), "The link to the safety controller."),
        readers: keys.optional(
            "readers", .list(0...8, of: .record(PlacedReader.read)), default: "[]", "The card readers."))
    let machineWatchdog = keys.optional(
        "machine_watchdog", .record(MachineWatchdogWiring.read),
        "The machine's own watchdog, fed by the control loop; left out: the system's affair (RuntimeWatchdogSec=).")
    let simulated = keys.optional(
        "simulated", .list(0...6, of: .words(SimulatedDevice.meanings)), default: "[]",
        "What the bench daemon simulates beside the real devices; a post's daemon refuses a profile that names any."
    )
    let speakModbus = keys.optional(
        "simulated_modbus", .boolean, default: "false",
        "Whether simulated meters, insulation monitors and stages are read and commanded over Modbus (TCP on loopback), as "
            + "real ones are. Their maps are looked for where the others' are.")
    if speakModbus, Set(simulated).isDisjoint(with: [.meters, .insulation, .stages]) {
        keys.refuse(
            "simulated_modbus", "nothing that is simulated hangs on a bus",
            expected: "meters, insulation or stages under simulated",
            remedy: "Name one of them there, or leave simulated_modbus out.")
    }
    parts.judge(keys)
    return BoardProfile(
        name: name, watchdog: parts.watchdog.wiring, interlocks: parts.interlocks.wiring,
        connectors: parts.connectors.map(\.wiring), stages: parts.stages.map(\.wiring),
        cooling: parts.cooling?.wiring, buses: parts.buses.map(\.wiring), safetyLink: parts.safetyLink.wiring,
        readers: parts.readers.map(\.wiring), simulated: simulated, machineWatchdog: machineWatchdog,
        simulatedSpeakModbus: speakModbus)
}

extension SimulatedDevice {
    fileprivate static let meanings = allCases.map { WordMeaning($0.rawValue, $0, $0.summary) }

    private var summary: String {
        switch self {
        case .vehicle: "The vehicle, its battery and its link."
        case .stages: "The power stages; their shunt trips stay lines."
        case .insulation: "The insulation monitors."
        case .meters: "The energy meters."
        case .thermometers: "The thermometers."
        case .pilots: "Pilot and proximity; no safety controller is spoken to."
        }
    }
}

extension BoardProfile {
    /// Reads a file; throws every mistake at once, each with its line and column.
    public static func read(path: String) throws(Problems) -> BoardProfile {
        try boardProfileDocument.read(path: path)
    }

    /// What the operator should know although the profile is right.
    public var warnings: [String] {
        guard case .none(let reason) = watchdog else { return [] }
        return [
            "The board has no hardware watchdog (\(reason)): a program that hangs leaves the contactors as they are."
        ]
    }
}
