// What is wrong with a profile whose every value is right: lines used twice, filters too slow, buses that are not there.

import Post
import StrictYAML

/// Everything of a profile with the places where it stands.
struct ProfileParts {
    var watchdog: PlacedWatchdog
    var interlocks: PlacedInterlocks
    var connectors: [PlacedConnector]
    var stages: [PlacedStage]
    var cooling: PlacedLine?
    var buses: [PlacedBus]
    var safetyLink: PlacedSafetyLink
    var readers: [PlacedReader]

    /// From the event to the open contactor: rows 39 (IEC 61851-1 Table A.6, sequence 8.1), 40, 49 and 52.
    static let reactionWithinMicroseconds = Int64(100_000)
    /// What of that is the current's, to fall before the contactors open, when a vehicle leaves state C (row 39).
    static let rampDownMicroseconds = SafetyLimits().rampDownWhenVehicleLeft.microseconds
    /// The loop reads its lines at least this often while energised, should an edge be lost.
    static let linesReadEveryMicroseconds = Int64(10_000)

    /// Reports everything that does not fit together.
    func judge(_ keys: RecordReader) {
        judgeLines(keys)
        judgeTimes(keys)
        judgeBuses(keys)
        judgeDevices(keys)
    }

    private func judgeLines(_ keys: RecordReader) {
        var lines = interlocks.inputs.map(\.line) + connectors.flatMap(\.lines) + stages.map(\.upstreamTrip)
        lines += [watchdog.line, cooling].compactMap(\.self)
        lines.sort { $0.position < $1.position }
        for (index, line) in lines.enumerated() {
            let before = lines[..<index].first {
                $0.wiring.name == line.wiring.name && Self.mayBeOne($0.wiring.chip, line.wiring.chip)
            }
            guard let before else { continue }
            keys.refuse(
                "lines", "\(line.wiring.name) is used twice", expected: "one use for each line",
                remedy: "It is named in line \(before.position.line) already: a read-back, above all, needs a wire "
                    + "of its own.", at: line.position)
        }
    }

    /// A line without a chip may be on any.
    private static func mayBeOne(_ left: String?, _ right: String?) -> Bool {
        left == nil || right == nil || left == right
    }

    private func judgeTimes(_ keys: RecordReader) {
        for (index, connector) in connectors.enumerated() {
            let opening = connector.opensWithin.value.microseconds + Self.linesReadEveryMicroseconds
            if let proximity = connector.proximity {
                judge(keys, 49, "its proximity is lost", proximity.debounce, opening, index)
            }
            if let lock = connector.lock { judge(keys, 52, "its lock opens", lock.sense.debounce, opening, index) }
            let link = opening + safetyLink.changeSentWithin.microseconds
            judge(
                keys, 39, "its vehicle leaves state C", safetyLink.filter, link + Self.rampDownMicroseconds, index)
            if connector.proximity == nil {
                judge(keys, 49, "its proximity is lost", safetyLink.filter, link, index)
            }
        }
    }

    private func judge(
        _ keys: RecordReader, _ row: Int, _ what: String, _ filter: Located<Interval>, _ rest: Int64, _ index: Int
    ) {
        guard filter.value.microseconds + rest > Self.reactionWithinMicroseconds else { return }
        let left = (Self.reactionWithinMicroseconds - rest) / 1_000
        keys.refuse(
            "connectors", "connector \(index + 1) cannot open in time when \(what) (row \(row))",
            expected: left < 0
                ? "contactors that open sooner: without any filter it takes \(rest / 1_000) of 100 ms"
                : "a filter of at most \(left) ms: the rest takes \(rest / 1_000) of 100 ms",
            remedy: "Shorten the filter, or fit contactors that open sooner.", at: filter.position)
    }

    private func judgeBuses(_ keys: RecordReader) {
        let names = buses.map(\.name)
        for (index, name) in names.enumerated() where names[..<index].contains(where: { $0.value == name.value }) {
            keys.refuse(
                "buses", "two buses are named \(name.value)", expected: "a name of its own for each",
                remedy: "Rename one.", at: name.position)
        }
        let devices = connectors.flatMap { [$0.meter, $0.insulation, $0.thermometers] } + stages.map(\.device)
        var seen: [PlacedDevice] = []
        for device in devices.compactMap(\.self) {
            if !names.contains(where: { $0.value == device.bus.value }) {
                keys.refuse(
                    "buses", "there is no bus named \(device.bus.value)",
                    expected: names.isEmpty
                        ? "a list of buses" : "one of \(names.map(\.value).joined(separator: ", "))",
                    remedy: "Name a bus that is listed under buses.", at: device.bus.position)
            }
            if seen.contains(where: { $0.bus.value == device.bus.value && $0.unit == device.unit }) {
                keys.refuse(
                    "buses", "unit \(device.unit) of bus \(device.bus.value) is used twice",
                    expected: "one device for each unit", remedy: "Two devices with one unit answer at once.",
                    at: device.bus.position)
            }
            seen.append(device)
        }
    }

    private func judgeDevices(_ keys: RecordReader) {
        let files = buses.compactMap(\.device) + [safetyLink.device] + readers.map(\.device)
        for (index, file) in files.enumerated() where files[..<index].contains(where: { $0.value == file.value }) {
            keys.refuse(
                "buses", "\(file.value) is used twice", expected: "one use for each device file",
                remedy: "Two users of one port read each other's bytes.", at: file.position)
        }
    }
}
