// The status as Prometheus text, read from the post's own state at the moment of the scrape.

import Post

enum Metrics {
    static func text(_ view: StatusView) -> String {
        var out = ""
        func family(_ name: String, _ kind: String, _ help: String, _ samples: [(labels: String, value: String)]) {
            out += "# HELP holdfast_\(name) \(help)\n# TYPE holdfast_\(name) \(kind)\n"
            for sample in samples { out += "holdfast_\(name)\(sample.labels) \(sample.value)\n" }
        }
        let connectors = Array(view.connectors.enumerated())
        func each(_ value: (ConnectorStatus) -> Int64) -> [(labels: String, value: String)] {
            connectors.map { ("{connector=\"\($0.offset + 1)\"}", "\(value($0.element))") }
        }
        family(
            "build_info", "gauge", "The build.",
            [("{version=\"\(view.version)\",backend=\"\(view.backend)\"}", "1")])
        family(
            "connector_state", "gauge", "Which state a connector is in.",
            connectors.flatMap { index, status in
                ConnectorPhase.allCases.map { phase in
                    (
                        "{connector=\"\(index + 1)\",state=\"\(snakeCase("\(phase)"))\"}",
                        phase == status.phase ? "1" : "0"
                    )
                }
            })
        family(
            "power_watts", "gauge", "Power towards the vehicle.",
            each { Int64($0.millivolts ?? 0) * Int64($0.milliamperes ?? 0) / 1_000_000 })
        family("bus_volts", "gauge", "Voltage at the contacts.", young(connectors, \.millivolts))
        family("current_amperes", "gauge", "Current towards the vehicle.", young(connectors, \.milliamperes))
        family("granted_watts", "gauge", "Power granted.", each { $0.grantedWatts })
        family(
            "session_energy_joules", "gauge", "Energy of the running session.",
            each { ($0.session?.energyWattHours ?? 0) * 3_600 })
        family(
            "faults_active", "gauge", "Faults present.",
            connectors.flatMap { index, status in
                var samples: [(labels: String, value: String)] = []
                status.faults.forEach { samples.append(("{connector=\"\(index + 1)\",code=\"\($0.code)\"}", "1")) }
                return samples
            })
        family(
            "cloud_connected", "gauge", "Whether the cloud can be reached.",
            view.isCloudReachable.map { [("", $0 ? "1" : "0")] } ?? [])
        family(
            "nobody_let_in", "gauge", "Whether no card is accepted, by why.",
            view.nobodyLetIn.map { [("{why=\"\($0.json.code)\"}", "1")] } ?? [])
        family(
            "outbox_records", "gauge", "Records that the cloud does not have yet.",
            view.recordsOwed.map { [("", "\($0)")] } ?? [])
        family(
            "energy_at_risk_joules", "gauge", "Energy that the cloud does not know of, granted or taken.",
            [("", "\(view.wattHoursAtRisk * 3_600)")])
        family(
            "refused_total", "counter", "How often somebody was refused.",
            Refusal.allCases.compactMap { refusal in
                let number = Int(refusal.rawValue)
                guard number < view.refused.count, view.refused[number] > 0 else { return nil }
                return ("{reason=\"\(refusal.code)\"}", "\(view.refused[number])")
            })
        listFamilies(view.list, family)
        family(
            "clock_believed", "gauge", "Whether the clock counts for the dates of lists and cards.",
            view.clock.is_believed.map { [("", $0 ? "1" : "0")] } ?? [])
        family(
            "resident_memory_bytes", "gauge", "Resident memory of the daemon.",
            view.memory.map { [("", "\($0.resident_bytes)")] } ?? [])
        family(
            "loop_longest_step_seconds", "gauge", "Longest step of the control loop.",
            [("", "\(Double(view.longestStepMicroseconds) / 1e6)")])
        family(
            "given_up_total", "counter", "What was given up rather than waited for.",
            view.losses.map { ("{what=\"\($0.what)\"}", "\($0.count)") })
        return out
    }

    /// What is to be known of the signed list.
    private static func listFamilies(
        _ list: ListView, _ family: (String, String, String, [(labels: String, value: String)]) -> Void
    ) {
        let counts = list.counts
        func number(_ name: String, _ help: String, _ value: (some BinaryInteger)?) {
            family(name, "gauge", help, value.map { [("", "\($0)")] } ?? [])
        }
        number("allow_list_version", "Version of the list in use.", list.version)
        number("allow_list_entries", "Entries of the list in use.", list.entries)
        number("allow_list_issued_seconds", "When the list in use was issued, since 1970.", list.issued_at)
        number(
            "allow_list_stale_seconds", "From when it counts as stale by its own date, since 1970.", list.stale_from
        )
        number("allow_list_expired_seconds", "From when it counts as expired, since 1970.", list.expired_from)
        family(
            "allow_list_step", "gauge", "On which step of the risk ladder the list in use stands.",
            list.step.map { step in
                ListView.steps.map { ("{step=\"\($0)\"}", $0 == step ? "1" : "0") }
            } ?? [])
        family(
            "allow_list_info", "gauge",
            "Which list is in use, by its fingerprint: posts with one version have one.",
            list.fingerprint.map { [("{fingerprint=\"\($0)\"}", "1")] } ?? [])
        number("trust_bundle", "Number of the trust bundle in force.", list.trust_bundle)
        number(
            "trust_bundle_due_seconds", "From when that is due to be replaced, since 1970.",
            list.trust_bundle_due_at)
        number("deny_object", "Sequence of the deny object in force.", list.deny_object)
        number("deny_object_issued_seconds", "When that was issued, since 1970.", list.deny_object_issued_at)
        family(
            "allow_list_refused_total", "counter",
            "Lists, bundles, deny objects and deltas that were refused, by the name of the reason.",
            counts.refused.sorted { $0.key < $1.key }.map { ("{reason=\"\($0.key)\"}", "\($0.value)") })
        family(
            "allow_list_damaged_pages", "gauge", "Pages of the list in use that were found damaged, ten at most.",
            [("", "\(list.damaged_pages)")])
        family(
            "allow_list_damaged", "gauge", "Whether the list in use counts as damaged and is asked for anew.",
            [("", list.is_damaged ? "1" : "0")])
        family(
            "allow_list_damaged_look_ups_total", "counter", "Look-ups on damaged pages, by who answered.",
            [
                ("{answered_by=\"previous_list\"}", "\(counts.answeredByPrevious)"),
                ("{answered_by=\"nobody\"}", "\(counts.answeredByNobody)"),
            ])
        family(
            "allow_list_scrubs_total", "counter", "Times the whole list was read in the background, by outcome.",
            [("{outcome=\"good\"}", "\(counts.scrubs)"), ("{outcome=\"damaged\"}", "\(counts.scrubsFailed)")])
        family(
            "allow_list_lost", "gauge", "Parts of the post's trust that are lost, by name.",
            list.lost.map { ("{what=\"\($0.code)\"}", "1") })
        family(
            "allow_list_mirror_useful", "gauge", "Whether a mirror told all it has when it was last asked.",
            list.mirrors.map { ("{mirror=\"\($0.address)\"}", $0.trouble == nil ? "1" : "0") })
    }

    /// A reading in its whole unit from thousandths; a connector without a young reading has no sample.
    private static func young(
        _ connectors: [(offset: Int, element: ConnectorStatus)], _ thousandths: (ConnectorStatus) -> Int32?
    ) -> [(labels: String, value: String)] {
        connectors.compactMap { index, status in
            thousandths(status).map { ("{connector=\"\(index + 1)\"}", "\(Double($0) / 1_000)") }
        }
    }
}
