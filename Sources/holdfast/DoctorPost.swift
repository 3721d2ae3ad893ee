// What the doctor makes of what a post says of itself, and of the files that its configuration names.

import DaemonConfiguration

extension Doctor {
    /// Keys, pepper and first bundle: those that are missing or garbled keep the post without a list.
    func fileFindings(_ configuration: DaemonConfiguration) -> [Finding] {
        configuration.allowList.fileProblems.map { problem in
            problem.kind == .notPermitted
                ? .warn(
                    "list files", "\(problem.key): \(problem.sentence)",
                    do: "Run the doctor as root, or as the daemon's user.")
                : .fail("list files", "\(problem.key): \(problem.sentence)", do: "Then: systemctl reload holdfastd")
        }
    }

    /// Everything that status has to say against the post. `known` has been told already.
    func postFindings(_ view: PostView, known: [Finding]) -> [Finding] {
        var findings = view.configuration_problems.map {
            Finding.fail("daemon", $0, do: "Mend \(file), then: systemctl reload holdfastd")
        }
        findings += (view.records_problem.map { [.fail("records", sentence: $0, remedyAfter: .last)] } ?? [])
        findings += (view.device_troubles ?? []).map { .fail("device", sentence: $0) }
        findings += (view.warnings ?? []).map {
            .warn("daemon", $0, do: "Do what it says; the post serves meanwhile.")
        }
        for connector in view.connectors {
            for fault in connector.fault_details ?? [] {
                findings.append(
                    .fail(
                        "connector \(connector.connector)", "\(connector.name): \(fault.title)",
                        do: fault.operator_action ?? "See: holdfast fault list"))
            }
        }
        if view.configuration_problems.isEmpty { findings.append(listFinding(view)) }
        // Too much of it is a fault of every connector, and told with them.
        if let memory = view.memory, memory.resident_bytes <= memory.warning_bytes {
            findings.append(memoryFinding(memory))
        }
        return findings.filter { finding in !known.contains { $0.evidence == finding.evidence } }
    }

    private func memoryFinding(_ memory: PostView.Memory) -> Finding {
        .ok(
            "memory",
            "\(memory.resident_bytes >> 20) MiB resident; told from \(memory.warning_bytes >> 20) MiB on, a restart from \(memory.restart_bytes >> 20) MiB on"
        )
    }

    private func listFinding(_ view: PostView) -> Finding {
        guard let list = view.list, list.version != nil else {
            let why = "\(view.allow_list): without the cloud nobody is let in"
            guard let refused = view.list?.refused else {
                return .warn("list", why, do: "Set allow_list in \(file), and send a list (see Deployment.md).")
            }
            return .fail(
                "list", "\(why) (\(refused.sentence))", do: "Send a list that this post trusts (see Deployment.md)."
            )
        }
        if let refused = list.refused {
            return .warn("list", refused.sentence, do: "Ask the office; in use meanwhile: \(view.allow_list).")
        }
        return list.freshness == "fresh"
            ? .ok("list", view.allow_list)
            : .warn("list", view.allow_list, do: "Send a newer one; until then its drivers charge with less.")
    }
}
