// How scenario files write what is wrong on the way to the cloud, and how it is read back: all of it from the one table.

import Simulator
import StrictYAML

extension NetworkState {
    /// Reads what is wrong with the line and its connections, or with the service at their end.
    static func reader(of unit: FaultUnit) -> @Sendable (RecordReader) -> NetworkState {
        { keys in
            let isUp = keys.optional(
                "up", Kind<Bool>.boolean.refined("true; leave it out where something is wrong") { $0 },
                "All is well again.")
            var found: [NetworkImpairment] = []
            for row in NetworkTable.rows where row.unit == unit {
                let values = keys.optional(
                    row.mode.rawValue, row.kind, "\(row.help.capitalizedSentence) (\(row.tool.rawValue)).")
                if let values { found.append(NetworkImpairment(row.mode, values)) }
            }
            refuse(found, isUp: isUp == true, keys)
            return NetworkState(found)
        }
    }

    /// What has no effect alone, and what contradicts itself.
    private static func refuse(_ found: [NetworkImpairment], isUp: Bool, _ keys: RecordReader) {
        if isUp != found.isEmpty {
            keys.refuse(
                "up", isUp ? "all is well, and something is wrong" : "nothing is named",
                expected: "either up or what is wrong", remedy: isUp ? "Remove \"up:\"." : "Write \"up: true\".")
        }
        for it in found {
            guard let row = it.row, !row.needs.isEmpty, !found.contains(where: { row.needs.contains($0.mode) })
            else { continue }
            let needs = row.needs.map(\.rawValue).joined(separator: " or ")
            keys.refuse(
                it.mode.rawValue, "no effect alone", expected: "\(needs) beside it", remedy: "Add \"\(needs):\".")
        }
    }

    /// As a scenario file writes it.
    var text: String {
        impairments.isEmpty
            ? "up: true"
            : impairments.map { "\($0.mode.rawValue): \($0.written)" }.joined(separator: ", ")
    }

    /// What is wrong, in as few words as a plot has room for.
    var label: String {
        impairments.isEmpty ? "up" : impairments.map { $0.mode.rawValue + $0.shortly }.joined(separator: ", ")
    }

    /// What is wrong, in clauses.
    var clause: String {
        impairments.isEmpty
            ? "well again"
            : "disturbed: "
                + impairments.map { "\($0.mode.rawValue) (\($0.row?.help ?? "")\($0.details))" }.joined(
                    separator: "; ")
    }
}

extension NetworkTable.Row {
    /// How its parameters are written: one by its value, more as a set of keys, none as true.
    fileprivate var kind: Kind<[Int64]> {
        switch parameters.count {
        case 0: Kind<Bool>.boolean.refined("true; leave it out where it is not so") { $0 }.converted { _ in [] }
        case 1: parameters[0].kind.converted { [$0] }
        default:
            .record { [parameters] keys in
                parameters.map { parameter in
                    guard let standard = parameter.standard else {
                        return keys.required(parameter.word, parameter.kind, parameter.help)
                    }
                    return keys.optional(
                        parameter.word, parameter.kind, default: parameter.written(standard), parameter.help)
                }
            }
        }
    }
}

extension NetworkParameter {
    private static let percent = Measure("a share", [Measure.Unit("%", 1)])
    private static let rate = Measure(
        "a rate", [Measure.Unit("bit", 1), Measure.Unit("kbit", 1_000), Measure.Unit("mbit", 1_000_000)])
    private static let bandwidth = Measure("a bandwidth", [Measure.Unit("KB/s", 1), Measure.Unit("MB/s", 1_000)])

    /// The measure that it is written in; nil for what is counted.
    private var measure: Measure? {
        switch unit {
        case .duration: .duration
        case .percent: Self.percent
        case .bitsPerSecond: Self.rate
        case .kilobytesPerSecond: Self.bandwidth
        case .bytes, .messages: nil
        }
    }

    fileprivate var kind: Kind<Int64> { measure.map { .quantity($0, range) } ?? .integer(range) }

    /// A value as files write it.
    func written(_ value: Int64) -> String { measure?.written(value) ?? "\(value)" }

    /// A value for people.
    fileprivate func spoken(_ value: Int64) -> String {
        unit == .duration ? Scenarios.spoken(value) : measure.map { Scenarios.spoken(value, $0) } ?? "\(value)"
    }
}

extension NetworkImpairment {
    /// Each parameter with its value, those that are nothing left out.
    private var parts: [(word: String, value: String)] {
        zip(row?.parameters ?? [], values).filter { $0.0.standard != $0.1 }.map { ($0.0.word, $0.0.written($0.1)) }
    }

    /// Its parameters as a file writes them.
    fileprivate var written: String {
        guard let row, !row.parameters.isEmpty else { return "true" }
        if row.parameters.count == 1 { return row.parameters[0].written(values.first ?? 0) }
        return "{" + parts.map { "\($0.word): \($0.value)" }.joined(separator: ", ") + "}"
    }

    /// Each parameter with its value for people, those that are nothing left out.
    private var spokenParts: [String] {
        zip(row?.parameters ?? [], values).filter { $0.0.standard != $0.1 }.map {
            "\($0.0.word) \($0.0.spoken($0.1))"
        }
    }

    fileprivate var details: String {
        let parts = spokenParts
        return parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
    }

    /// The same behind the word alone: one value needs no name.
    fileprivate var shortly: String {
        guard let row, !row.parameters.isEmpty else { return "" }
        if row.parameters.count == 1 { return " " + row.parameters[0].spoken(values.first ?? 0) }
        let parts = spokenParts
        return parts.isEmpty ? "" : " (" + parts.joined(separator: ", ") + ")"
    }
}

extension String {
    /// With a capital first letter.
    fileprivate var capitalizedSentence: String { prefix(1).uppercased() + dropFirst() }
}

/// The page about network faults, generated: `Simulations/NETWORK.md`.
public var networkReference: String {
    var page = """
        # Network faults

        Made from the table that parses, injects and explains them (`Sources/Simulator/Surroundings/NetworkTable.swift`); a test keeps
        it current. `network:` and `cloud:` say all that is wrong from then on, the one of the line and its connections, the other of
        the service at their end; what is not named is well. `inject: {fault: network.loss}`, `holdfast sim faults network` and storms
        have the same words: a fault by its name alone sets what the last column says.

        Words are those of tc netem (what it does to the site's line, both ways, whosever messages they are) and of Toxiproxy (what it
        does to each connection on its own). A message is one packet: nothing below repeats one that is lost, so that what a post does
        about lost, doubled and late messages shows at once.

        ```yaml
        - network: {delay: {time: 2s, jitter: 500ms}, loss: 30%}
        - network: {up: true}
        - cloud: {throttled: 35%}
        ```

        | word | whose | written as | what it does | by its name alone |
        |---|---|---|---|---|

        """
    for row in NetworkTable.rows {
        let written =
            switch row.parameters.count {
            case 0: "`true`"
            case 1: "\(row.parameters[0].help) From \(row.parameters[0].limits)."
            default:
                row.parameters.map { "`\($0.word)`: \($0.help) From \($0.limits)." }.joined(separator: " ")
            }
        let needs =
            row.needs.isEmpty ? "" : " (beside \(row.needs.map { "`\($0.rawValue)`" }.joined(separator: " or ")))"
        page +=
            "| `\(row.unit.rawValue): \(row.mode.rawValue)` | \(row.tool.rawValue) | \(written) | \(row.help)\(needs) | `\(NetworkState(row.injected).text)` |\n"
    }
    page += "\nNot offered, since it would change nothing here:\n\n"
    for it in NetworkTable.notOffered { page += "- \(it.word) (\(it.tool.rawValue)): \(it.reason).\n" }
    return page
}

extension NetworkParameter {
    fileprivate var limits: String { "\(written(range.lowerBound)) to \(written(range.upperBound))" }
}
