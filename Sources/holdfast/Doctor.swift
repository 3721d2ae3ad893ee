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

    struct Finding: Encodable {
        var check: String
        var verdict: String
        var evidence: String
        var remedy: String
    }

    func run() async throws {
        var findings = configurationFindings()
        findings.append(clockFinding())
        findings.append(await daemonFinding())
        if connection.json {
            printJSON(findings)
        } else {
            for finding in findings {
                print(
                    "\(finding.verdict.padding(toLength: 5, withPad: " ", startingAt: 0)) \(finding.check): \(finding.evidence)"
                )
                if !finding.remedy.isEmpty { print("      do: \(finding.remedy)") }
            }
        }
        if findings.contains(where: { $0.verdict == "FAIL" }) { throw ExitCode(1) }
    }

    private func configurationFindings() -> [Finding] {
        do {
            let configuration = try DaemonConfiguration.read(path: config)
            var findings = [
                Finding(check: "configuration", verdict: "OK", evidence: "\(config) is good", remedy: "")
            ]
            findings += configuration.warnings.map {
                Finding(check: "configuration", verdict: "WARN", evidence: $0, remedy: "Edit \(config).")
            }
            let folder = configuration.stateFolder
            let isWritable = FileManager.default.isWritableFile(atPath: folder)
            findings.append(
                Finding(
                    check: "state folder", verdict: isWritable ? "OK" : "FAIL",
                    evidence: isWritable ? "\(folder) is writable" : "\(folder) is missing or not writable",
                    remedy: isWritable
                        ? "" : "Make it and give it to the daemon's user: install -d -o holdfast \(folder)"))
            return findings
        } catch {
            return error.list.map {
                Finding(
                    check: "configuration", verdict: "FAIL", evidence: $0.sentence,
                    remedy: "Mend it, then: holdfastd --check --config \(config)")
            }
        }
    }

    private func clockFinding() -> Finding {
        let year = Calendar(identifier: .gregorian).component(.year, from: Date())
        let isGood = year >= 2025
        return Finding(
            check: "clock", verdict: isGood ? "OK" : "WARN",
            evidence: "the clock says \(Date().formatted(.iso8601))",
            remedy: isGood
                ? "" : "Set it or let it synchronise; charging works, but records are marked and limits shrink.")
    }

    private func daemonFinding() async -> Finding {
        do {
            let answer = try await connection.client.get("/v1/status")
            let view = try? JSONDecoder().decode(PostView.self, from: Data(answer.body))
            let problems = view?.configuration_problems ?? []
            let troubles = view?.device_troubles ?? []
            return Finding(
                check: "daemon", verdict: !problems.isEmpty ? "FAIL" : troubles.isEmpty ? "OK" : "WARN",
                evidence: problems.first ?? troubles.first ?? "answers; list: \(view?.allow_list ?? "unknown")",
                remedy: !problems.isEmpty
                    ? "Mend the configuration and start the daemon again."
                    : troubles.isEmpty ? "" : "See to that device; the post takes it back by itself.")
        } catch {
            return Finding(check: "daemon", verdict: "FAIL", evidence: error.message, remedy: error.remedy)
        }
    }
}
