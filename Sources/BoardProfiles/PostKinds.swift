// How the parts that a post has once are written in a profile.

import Post
import StrictYAML

/// The interlocks and their places.
struct PlacedInterlocks: Sendable {
    var emergencyStop: PlacedInput
    var door: PlacedInput
    var tiltOrWater: PlacedInput?
    var protectiveEarth: PlacedInput
    var grid: PlacedInput?
    var residualCurrent: PlacedInput?
    var residualCurrentTest: PlacedInput?
    var phases: PlacedInput?
    var coolant: PlacedInput?

    var wiring: InterlockWiring {
        InterlockWiring(
            emergencyStop: emergencyStop.wiring, door: door.wiring, tiltOrWater: tiltOrWater?.wiring,
            protectiveEarth: protectiveEarth.wiring, grid: grid?.wiring, residualCurrent: residualCurrent?.wiring,
            residualCurrentTest: residualCurrentTest?.wiring, phases: phases?.wiring, coolant: coolant?.wiring)
    }
    var inputs: [PlacedInput] {
        [emergencyStop, door, protectiveEarth]
            + [tiltOrWater, grid, residualCurrent, residualCurrentTest, phases, coolant].compactMap(\.self)
    }

    @Sendable static func read(_ keys: RecordReader) -> PlacedInterlocks {
        PlacedInterlocks(
            emergencyStop: keys.required("emergency_stop", .closedCircuit, "The emergency stop's circuit."),
            door: keys.required("door", .closedCircuit, "The doors' circuit."),
            tiltOrWater: keys.optional("tilt_or_water", .closedCircuit, "Tilt and water sensors; left out: none."),
            protectiveEarth: keys.required(
                "protective_earth", .closedCircuit, "The protective-earth monitor's contact."),
            grid: keys.optional(
                "grid", .closedCircuit,
                "The supply monitor's contact, open at too little voltage; left out: the stage's word counts."),
            residualCurrent: keys.optional(
                "residual_current", .closedCircuit,
                "The residual-current device's auxiliary contact, open once it has tripped; left out: the stage's word counts."
            ),
            residualCurrentTest: keys.optional(
                "residual_current_test", .closedCircuit,
                "The contact by which the residual-current device says that it passed its own test; left out: it has none."
            ),
            phases: keys.optional(
                "phases", .closedCircuit,
                "The phase monitor's contact, open while a phase is missing; left out: the stage's word counts."),
            coolant: keys.optional(
                "coolant", .closedCircuit,
                "The contact of the coolant's pressure or level switch, open while there is too little; left out: a leak shows by contacts that heat up."
            ))
    }
}

/// The watchdog and the place of its line.
struct PlacedWatchdog: Sendable {
    var line: PlacedLine?
    var wiring: WatchdogWiring

    @Sendable static func read(_ keys: RecordReader) -> PlacedWatchdog {
        keys.variant(
            "kind", "What opens the contactors when the program hangs.",
            [
                Variant("line", "A gate in hardware that wants a line to toggle.") { keys in
                    let line = keys.required("line", .output, "The line that is toggled.")
                    let every = keys.optional(
                        "toggle_every", Kind<Interval>.interval(1_000...500_000), default: "50ms",
                        "Shortest time between two edges.")
                    // The loop sleeps a quarter of a second at most.
                    let opens = keys.required(
                        "gate_opens_after", Kind<Interval>.interval(300_000...2_000_000),
                        "How long after the last edge the gate opens the contactors.")
                    if every.microseconds * 2 > opens.microseconds {
                        keys.refuse(
                            "toggle_every", "a single missed edge opens the gate",
                            expected: "at most half of gate_opens_after",
                            remedy: "Toggle more often, or fit a slower gate.")
                    }
                    return PlacedWatchdog(
                        line: line, wiring: .line(line.wiring, toggleEvery: every, gateOpensAfter: opens))
                },
                Variant("none", "No gate; somebody says why the post is safe without it.") { keys in
                    PlacedWatchdog(
                        line: nil,
                        wiring: .none(
                            reason: keys.required(
                                "reason", .text(20...200), "Why the post is safe when the program hangs.")))
                },
            ])
    }
}

extension MachineWatchdogWiring {
    @Sendable static func read(_ keys: RecordReader) -> MachineWatchdogWiring {
        MachineWatchdogWiring(
            device: keys.required(
                "device", .text(6...100, .absolutePath), "Its device file, such as /dev/watchdog0."),
            // A daemon that was ended is there again, and its records are open, within this time.
            resetsAfter: keys.optional(
                "resets_after", .interval(10_000_000...300_000_000), default: "60s",
                "How long after the loop's last turn the machine is reset."))
    }
}

private let speeds: Kind<Int> = .words(
    [9_600, 19_200, 38_400, 57_600, 115_200].map { WordMeaning("\($0)-baud", $0, "\($0) bits a second.") })

/// Meters leave some factories with speeds that nothing else on a post has.
private let busSpeeds: Kind<Int> = .words(
    [1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400].map {
        WordMeaning("\($0)-baud", $0, "\($0) bits a second.")
    })

/// A bus and its places.
struct PlacedBus: Sendable {
    var name: Located<String>
    var kind: BusWiring.Kind
    var device: Located<String>?
    var wiring: BusWiring { BusWiring(name: name.value, kind: kind) }

    @Sendable static func read(_ keys: RecordReader) -> PlacedBus {
        let name = keys.required("name", Kind<String>.text(1...31, .name).located, "What this profile calls it.")
        let (kind, device) = keys.variant(
            "kind", "What it is.",
            [
                Variant("serial", "RS-485.", readSerial),
                Variant("tcp", "Modbus TCP.") { keys -> (BusWiring.Kind, Located<String>?) in
                    let address = keys.required(
                        "address",
                        .parsed(
                            expected: "an address in numbers", example: "192.168.7.10", standIn: "", numericAddress),
                        "Its address in numbers: looking up a name has no time limit.")
                    let port: UInt16 = keys.optional("port", .integer(1...65_535), default: "502", "Its port.")
                    return (.tcp(address: address, port: port), nil)
                },
            ])
        return PlacedBus(name: name, kind: kind, device: device)
    }

    @Sendable private static func readSerial(_ keys: RecordReader) -> (BusWiring.Kind, Located<String>?) {
        let device = keys.required(
            "device", Kind<String>.text(6...100, .absolutePath).located, "The serial device.")
        return (
            .serial(
                SerialBus(
                    device: device.value,
                    baud: keys.optional("speed", busSpeeds, default: "9600-baud", "Its speed."),
                    parity: keys.optional(
                        "parity",
                        .words([
                            WordMeaning("even", BusWiring.Parity.even, "Even, as the Modbus standard has it."),
                            WordMeaning("odd", .odd, "Odd."), WordMeaning("none", .none, "None."),
                        ]), default: "even", "Parity."),
                    stopBits: keys.optional(
                        "stop_bits", .integer(1...2), default: "1",
                        "Stop bits. The Modbus standard wants 2 without parity; most devices are set to 1."),
                    direction: keys.required(
                        "direction",
                        .words([
                            WordMeaning("kernel", BusWiring.DirectionControl.kernel, "The kernel's RS-485 mode."),
                            WordMeaning("hardware", .hardware, "The transceiver or adapter by itself."),
                        ]), "Who turns the transceiver round."),
                    echoes: keys.optional(
                        "echoes", .boolean, default: "false",
                        "Whether the adapter hands back everything that is sent; it is read away then."))), device
        )
    }

    /// Four numbers with points between.
    @Sendable private static func numericAddress(_ text: String) -> String? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts.allSatisfy({ UInt8($0).map(String.init) == String($0) }) else { return nil }
        return text
    }
}

/// The safety controller's link and its places.
struct PlacedSafetyLink: Sendable {
    var device: Located<String>
    var baud: Int
    var filter: Located<Interval>
    var changeSentWithin: Interval
    var wiring: SafetyLinkWiring {
        SafetyLinkWiring(
            device: device.value, baud: baud, filter: filter.value, changeSentWithin: changeSentWithin)
    }

    @Sendable static func read(_ keys: RecordReader) -> PlacedSafetyLink {
        PlacedSafetyLink(
            device: keys.required(
                "device", Kind<String>.text(6...100, .absolutePath).located, "The serial device."),
            baud: keys.optional("speed", speeds, default: "115200-baud", "Its speed."),
            filter: keys.required(
                "filter", Kind<Interval>.interval(0...100_000).located,
                "How long the controller filters pilot and proximity."),
            changeSentWithin: keys.optional(
                "change_sent_within", .interval(1_000...100_000), default: "10ms",
                "How soon the controller sends a frame when one of them has changed."))
    }
}

/// A reader and its place.
struct PlacedReader: Sendable {
    var device: Located<String>
    var kind: ReaderWiring.Kind
    var wiring: ReaderWiring { ReaderWiring(kind: kind, device: device.value) }

    @Sendable static func read(_ keys: RecordReader) -> PlacedReader {
        let device = keys.required(
            "device", Kind<String>.text(6...100, .absolutePath).located, "Its device file.")
        let kind = keys.variant(
            "kind", "How it speaks.",
            [
                Variant("serial", "Lines of text over a serial port.") { keys in
                    ReaderWiring.Kind.serial(
                        baud: keys.optional("speed", speeds, default: "9600-baud", "Its speed."))
                },
                Variant("keyboard", "As a keyboard (evdev).") { _ in .keyboard },
            ])
        return PlacedReader(device: device, kind: kind)
    }
}
