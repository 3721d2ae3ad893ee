// The status as JSON: stable keys, units in their names; each connector says which state, why, and what it waits for.

import Catalog
import Foundation
import Post

struct StatusJSON: Encodable {
    struct Connector: Encodable {
        var connector: Int
        var name: String
        var state: String
        var sentence: String
        var why: String
        var next: String
        var waits_for: String?
        var waits_for_connector: Int?
        var waits_seconds_left: Double?
        var limited_by: String?
        var faults: [String]
        var fault_details: [FaultJSON]
        var refused: String?
        var power_allowed: String?
        var volts: Double?
        var amperes: Double?
        var power_watts: Int64
        var granted_watts: Int64
        var demanded_watts: Int64
        var state_of_charge_percent: Double?
        var indication: String
        var session: Session?
        var ended: Ended?
    }
    /// Why no card is accepted here.
    struct NobodyLetIn: Encodable { var code, sentence, what_to_do: String }
    /// A session that ends or has ended, until its plug is pulled.
    struct Ended: Encodable {
        var session: String
        var reason: String
        var fault: String?
        var sentence: String
        var energy_watt_hours: Int64
    }
    struct Session: Encodable {
        var id: String
        var source: String
        var energy_watt_hours: Int64
        var allowance_watt_hours: Int64
        var seconds: Double
        var is_recorded: Bool
        var price: PriceView?
        var cost_minor_units: Int64?
    }
    var name: String
    var version: String
    var backend: String
    var configuration_problems: [String]
    var device_troubles: [String]
    var utc_ms: Int64
    var cloud_reachable: Bool?
    var nobody_let_in: NobodyLetIn?
    var records_owed: Int64?
    var records_problem: String?
    var recording: String?
    var energy_at_risk_watt_hours: UInt64
    var allow_list: String
    var longest_step_microseconds: Int64
    var newest_report: UInt64
    var warnings: [String]
    var list: ListView
    var clock: ClockView
    var memory: MemoryView?
    var price: PriceView?
    var configuration: ConfigurationView?
    var connectors: [Connector]

    init(_ view: StatusView) {
        name = view.name
        version = view.version
        backend = view.backend
        configuration_problems = view.problems
        device_troubles = view.deviceTroubles
        utc_ms = view.utcMilliseconds
        cloud_reachable = view.isCloudReachable
        nobody_let_in = view.nobodyLetIn?.json
        records_owed = view.recordsOwed
        records_problem = view.recordsProblem
        recording = view.recording
        energy_at_risk_watt_hours = view.wattHoursAtRisk
        allow_list = view.allowList
        longest_step_microseconds = view.longestStepMicroseconds
        newest_report = view.newestReport
        warnings = view.warnings
        list = view.list
        clock = view.clock
        memory = view.memory
        price = view.price
        configuration = view.configuration
        connectors = view.connectors.enumerated().map { index, status in
            Connector(
                index, index < view.connectorNames.count ? view.connectorNames[index] : "\(index + 1)", status, view
            )
        }
    }
}

extension StatusJSON.Connector {
    init(_ index: Int, _ name: String, _ status: ConnectorStatus, _ view: StatusView) {
        let now = view.now
        connector = index + 1
        self.name = name
        state = snakeCase("\(status.phase)")
        let told = view.nobodyLetIn?.shown(status) ?? status
        let words = Wording.parts(of: told, now: now)
        sentence = words.line
        why = words.why
        next = words.next
        waits_for = told.waiting == .nothing ? nil : snakeCase("\(told.waiting)")
        waits_for_connector = status.waitsFor.map { Int($0.index) + 1 }
        waits_seconds_left = told.waitsUntil.map { max(0, Double(($0 - now).microseconds) / 1e6) }
        limited_by = status.limitedBy == .none ? nil : snakeCase("\(status.limitedBy)")
        var present: [Fault] = []
        status.faults.forEach { present.append($0) }
        faults = present.map(\.code)
        let id = ConnectorID(UInt8(clamping: index))
        fault_details = present.map {
            FaultJSON($0, since: view.faultSince($0, id), isOver: status.faultsOver.contains($0))
        }
        refused = status.refusal?.code
        power_allowed = status.powerAllowed.map { "\($0)" }
        volts = status.millivolts.map { Double($0) / 1_000 }
        amperes = status.milliamperes.map { Double($0) / 1_000 }
        power_watts = Int64((volts ?? 0) * (amperes ?? 0))
        granted_watts = status.grantedWatts
        demanded_watts = status.demandedWatts
        state_of_charge_percent = status.stateOfChargePerMille.map { Double($0) / 10 }
        indication = snakeCase("\(status.indication)")
        session = status.session.map { session in
            let price = session.tariff.map { PriceView($0) }
            return StatusJSON.Session(
                id: Wording.name(of: session.id), source: snakeCase("\(session.source)"),
                energy_watt_hours: session.energyWattHours, allowance_watt_hours: session.allowanceWattHours,
                seconds: Double((now - session.startedAt).microseconds) / 1e6, is_recorded: session.isRecorded,
                price: price, cost_minor_units: price?.cost(ofWattHours: session.energyWattHours))
        }
        ended = status.ended.map { ended in
            StatusJSON.Ended(
                session: Wording.name(of: ended.id), reason: snakeCase("\(ended.reason)"), fault: ended.fault?.code,
                sentence: Wording.ended(ended.reason, ended.fault), energy_watt_hours: ended.energyWattHours)
        }
    }
}

struct LineJSON: Encodable {
    var number: UInt64
    var utc_ms: Int64
    var what: String
    var connector: Int?
    var sentence: String

    init(_ line: JournalLine) {
        number = line.number
        utc_ms = line.utcMilliseconds
        (what, connector, sentence) = Wording.line(line.report)
    }
}

/// Any of these as one line of JSON with sorted keys.
public func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
}
