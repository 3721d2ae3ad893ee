// The other near devices that are lines: interlocks, stop button, proximity, lamp, trip, discharge, fans, watchdog.

import BoardProfiles
public import Devices
public import Post

/// The interlocks: active while the circuit is closed. One that flutters reads as the alarm.
final class InterlockLines: InterlockInputs {
    private let lines: HeldLines
    private let emergencyStop: HeldInput
    private let door: HeldInput
    private let tiltOrWater: HeldInput?
    private let protectiveEarth: HeldInput
    private let grid: HeldInput?
    private let residualCurrent: HeldInput?
    private let residualCurrentTest: HeldInput?
    private let phases: HeldInput?
    private let coolant: HeldInput?

    init(_ wiring: InterlockWiring, _ lines: HeldLines) {
        self.lines = lines
        emergencyStop = lines.input(wiring.emergencyStop, worst: false, as: "emergency-stop")
        door = lines.input(wiring.door, worst: false, as: "door")
        tiltOrWater = wiring.tiltOrWater.map { lines.input($0, worst: false, as: "tilt-or-water") }
        protectiveEarth = lines.input(wiring.protectiveEarth, worst: false, as: "protective-earth")
        grid = wiring.grid.map { lines.input($0, worst: false, as: "grid") }
        residualCurrent = wiring.residualCurrent.map { lines.input($0, worst: false, as: "residual-current") }
        residualCurrentTest = wiring.residualCurrentTest.map {
            lines.input($0, worst: false, as: "residual-current-test")
        }
        phases = wiring.phases.map { lines.input($0, worst: false, as: "phases") }
        coolant = wiring.coolant.map { lines.input($0, worst: false, as: "coolant") }
    }

    func read() throws(DeviceError) -> InterlockLevels {
        // While any line of the post is lost its outputs are safe whatever the core wants: say so.
        guard lines.isWhole else { throw .gone }
        return InterlockLevels(
            emergencyStopPressed: try !emergencyStop.level(), doorOpen: try !door.level(),
            tiltOrWater: try !(tiltOrWater?.level() ?? true), protectiveEarthGood: try protectiveEarth.level(),
            gridPresent: try grid?.level() ?? true, residualCurrentTripped: try !(residualCurrent?.level() ?? true),
            residualCurrentUntested: try !(residualCurrentTest?.level() ?? true),
            phaseMissing: try !(phases?.level() ?? true), coolantLow: try !(coolant?.level() ?? true))
    }
}

/// The stop button: active while it is not pressed, so that a cut wire stops.
final class StopButtonLine: StopButton {
    private let line: HeldInput
    init(_ wiring: InputWiring, _ prefix: String, _ lines: HeldLines) {
        line = lines.input(wiring, worst: false, as: prefix + "stop-button")
    }
    func isPressed() throws(DeviceError) -> Bool { try !line.level() }
}

/// A proximity contact that is a line: active while the plug sits.
public final class ProximityLine {
    private let line: HeldInput
    init(_ wiring: InputWiring, _ prefix: String, _ lines: HeldLines) {
        line = lines.input(wiring, worst: false, as: prefix + "proximity")
    }
    /// What the contact says.
    public func read() throws(DeviceError) -> Proximity { try line.level() ? .seated : .open }
}

/// A lamp of three colours: a colour for each of the seven indications.
final class LampLines: Indicator {
    private let colours: [HeldOutput]
    init(_ wiring: LampWiring, _ prefix: String, _ lines: HeldLines) {
        colours = [
            lines.output(wiring.red, as: prefix + "lamp-red"),
            lines.output(wiring.green, as: prefix + "lamp-green"),
            lines.output(wiring.blue, as: prefix + "lamp-blue"),
        ]
    }

    func show(_ indication: Indication) throws(DeviceError) {
        let shown = Self.colours(of: indication)
        for (line, isOn) in zip(colours, [shown.red, shown.green, shown.blue]) { try line.set(isOn) }
    }

    static func colours(of indication: Indication) -> (red: Bool, green: Bool, blue: Bool) {
        switch indication {
        case .ready: (false, true, false)
        case .awaitingDriver: (false, true, true)
        case .preparing: (true, false, true)
        case .charging: (false, false, true)
        case .finished: (true, true, true)
        case .refused: (true, true, false)
        case .unavailable: (true, false, false)
        }
    }
}

/// Where there is no lamp.
final class NoLamp: Indicator {
    func show(_ indication: Indication) throws(DeviceError) {}
}

/// The shunt trip of a stage's breaker: once driven it stays driven; the breaker is closed by hand.
final class TripLine: UpstreamDisconnect {
    private let line: HeldOutput
    init(_ wiring: LineWiring, _ prefix: String, _ lines: HeldLines) {
        line = lines.output(wiring, as: prefix + "trip")
    }
    func trip() throws(DeviceError) { try line.set(true) }
}

/// The discharge resistor's contactor.
final class DischargeLine: DischargePath {
    private let line: HeldOutput
    init(_ wiring: LineWiring, _ prefix: String, _ lines: HeldLines) {
        line = lines.output(wiring, as: prefix + "discharge")
    }
    func drive(isOn: Bool) throws(DeviceError) { try line.set(isOn) }
}

/// The fans. Safe is on.
final class FanLine: Cooling {
    private let line: HeldOutput?
    init(_ wiring: LineWiring?, _ lines: HeldLines) {
        line = wiring.map { lines.output($0, safeLevel: true, as: "fan") }
    }
    func drive(isOn: Bool) throws(DeviceError) { try line?.set(isOn) }
}

/// The line of the watchdog's gate. It is toggled by `feed`, which the loop calls once a turn, and by nothing else: no
/// timer, no thread. A post that has lost a line does not feed it.
final class WatchdogLine: HardwareWatchdog {
    private let lines: HeldLines
    private let line: HeldOutput?
    private let toggleEvery: Int64
    private var toggledAt: Int64?

    init(_ wiring: WatchdogWiring, _ lines: HeldLines) {
        self.lines = lines
        switch wiring {
        case .line(let wiring, let every, _):
            line = lines.output(wiring, as: "watchdog")
            toggleEvery = every.microseconds * 1_000
        case .none:
            line = nil
            toggleEvery = 0
        }
    }

    func feed() throws(DeviceError) {
        guard let line else { return }
        guard lines.isWhole else { throw .gone }
        let now = monotonicNanoseconds()
        if let toggledAt, now - toggledAt < toggleEvery { return }
        try line.set(!line.level)
        toggledAt = now
    }

    /// When the gate wants its next edge.
    var feedAt: Int64? { line == nil ? nil : toggledAt.map { $0 + toggleEvery } }
}
