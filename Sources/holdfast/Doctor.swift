// `holdfast doctor`: checks what a post needs, and says the remedy for each finding.

import ArgumentParser
import ControlClient
import DaemonConfiguration
import Foundation
import StrictYAML

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check configuration, state folder, daemon and clock; say what to do about each finding.",
        discussion:
            "Exit codes: 0 nothing is wrong, 1 something is.\n\nEXAMPLES\n  holdfast doctor --config /etc/holdfast/holdfast.yaml"
    )
    @OptionGroup var connection: Connection
    @Option(help: ArgumentHelp("The daemon's configuration.", valueName: "file"))
    var config = "/etc/holdfast/holdfast.yaml"

    func run() async throws {
        var findings = configurationFindings()
        findings.append(clockFinding())
        findings += await daemonFindings(known: findings)
        if connection.json { printJSON(findings) } else { Finding.show(findings) }
        if findings.contains(where: { $0.verdict == .fail }) { throw ExitCode(1) }
    }

    private func configurationFindings() -> [Finding] {
        do {
            let configuration = try DaemonConfiguration.read(path: config)
            let folder = configuration.stateFolder
            let isWritable = FileManager.default.isWritableFile(atPath: folder)
            return [.ok("configuration", "\(config) is good")]
                + configuration.warnings.map { .warn("configuration", $0, do: "Edit \(config).") }
                + fileFindings(configuration)
                + [
                    isWritable
                        ? .ok("state folder", "\(folder) is writable")
                        : .fail(
                            "state folder", "\(folder) is missing or not writable",
                            do: "Make it and give it to the daemon's user: install -d -o holdfastd -m 700 \(folder)"
                        )
                ]
        } catch {
            return error.lines.map {
                .fail("configuration", $0, do: "Mend it, then: holdfastd --check --config \(config)")
            }
        }
    }

    private func clockFinding() -> Finding {
        let year = Calendar(identifier: .gregorian).component(.year, from: Date())
        let said = "the clock says \(Date().formatted(.iso8601))"
        return year >= 2025
            ? .ok("clock", said)
            : .warn(
                "clock", said,
                do: "Set it or let it synchronise; charging works, but records are marked and limits shrink.")
    }

    private func daemonFindings(known: [Finding]) async -> [Finding] {
        do {
            let answer = try await connection.client.get("/v1/status")
            guard let view = try? JSONDecoder().decode(PostView.self, from: Data(answer.body)) else {
                return [
                    .fail("daemon", "its status cannot be read", do: "Install tool and daemon of one version.")
                ]
            }
            let told = postFindings(view, known: known)
            let isSilent = !told.contains { $0.check == "daemon" }
            return (isSilent ? [.ok("daemon", "answers (\(view.version), \(view.backend))")] : []) + told
        } catch {
            return [.fail("daemon", error.message, do: error.remedy)]
        }
    }
}

/// One thing that was checked.
struct Finding: Encodable {
    enum Verdict: String, Encodable {
        case ok = "OK"
        case warn = "WARN"
        case fail = "FAIL"
    }
    var check: String
    var verdict: Verdict
    var evidence: String
    /// What to do; empty where nothing is.
    var remedy: String

    static func ok(_ check: String, _ evidence: String) -> Finding {
        Finding(check: check, verdict: .ok, evidence: evidence, remedy: "")
    }
    static func warn(_ check: String, _ evidence: String, do remedy: String) -> Finding {
        Finding(check: check, verdict: .warn, evidence: evidence, remedy: remedy)
    }
    static func fail(_ check: String, _ evidence: String, do remedy: String) -> Finding {
        Finding(check: check, verdict: .fail, evidence: evidence, remedy: remedy)
    }

    /// Prints them, a line each, with its remedy below.
    static func show(_ findings: [Finding]) {
        for finding in findings {
            print("\(padded(finding.verdict.rawValue, 5)) \(finding.check): \(finding.evidence)")
            if !finding.remedy.isEmpty { print("      do: \(finding.remedy)") }
        }
    }
}
