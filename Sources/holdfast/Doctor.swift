// `holdfast doctor`: checks what a post needs, and says the remedy for each finding.

import ArgumentParser
import ControlClient
import DaemonConfiguration
import Foundation
import HardwarePlant
import StrictYAML

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Check configuration, daemon, clock, disk, list, lines and buses; say what to do about each finding.",
        discussion: """
            Beside a running daemon it takes nothing away from it: lines are looked at without being taken, and what hangs \
            on a bus is asked of the daemon. Without one the devices are read, each once. Run it as root, or as a user in \
            the groups of the devices.

            Exit codes: 0 nothing is wrong, 1 something is.

            EXAMPLES
              holdfast doctor --config /etc/holdfast/holdfast.yaml
              holdfast doctor --json
            """)
    @OptionGroup var connection: Connection
    @Option(
        help: ArgumentHelp(
            "The daemon's configuration; left out: that of the daemon whose socket was named, else \(Self.standardFile).",
            valueName: "file"))
    var config: String?
    var file: String { config ?? Self.standardFile }
    private static let standardFile = "/etc/holdfast/holdfast.yaml"

    func run() async throws {
        let findings = await findings()
        if connection.json { printJSON(findings) } else { Finding.show(findings) }
        if findings.contains(where: { $0.verdict == .fail }) { throw ExitCode(1) }
    }

    /// Everything that was looked at.
    func findings() async -> [Finding] {
        var sure = self
        sure.config = await meantFile
        return await sure.look()
    }

    private func look() async -> [Finding] {
        let (configuration, problems) = read()
        var findings = problems + [clockFinding(), batteryClockFinding()].compactMap(\.self)
        let (view, daemon) = await daemonFindings(configuration, known: findings)
        findings += daemon
        if let configuration {
            findings += diskFindings(configuration.stateFolder) + listFindings(configuration, view)
            if case .hardware(let profile) = configuration.backend {
                findings += hardwareFindings(profile, configuration, view)
            }
        }
        return findings
    }

    /// Whoever names the socket of a bench means its configuration, too.
    private var meantFile: String {
        get async {
            if let config { return config }
            guard isSocketNamed, let answer = try? await connection.client.get("/v1/status"),
                let view = try? JSONDecoder().decode(PostView.self, from: Data(answer.body))
            else { return Self.standardFile }
            return view.configuration?.file ?? Self.standardFile
        }
    }

    private var isSocketNamed: Bool {
        connection.socket != nil || ProcessInfo.processInfo.environment["HOLDFAST_SOCKET"] != nil
    }

    private func read() -> (DaemonConfiguration?, [Finding]) {
        do {
            let configuration = try DaemonConfiguration.read(path: file)
            return (
                configuration,
                [.ok("configuration", "\(file) is good")]
                    + configuration.warnings.map { .warn("configuration", $0, do: "Edit \(file).") }
                    + fileFindings(configuration)
            )
        } catch {
            return (
                nil,
                error.lines.map {
                    .fail("configuration", $0, do: "Mend it, then: holdfastd --check --config \(file)")
                }
            )
        }
    }

    /// What the daemon says of itself; nil: it does not answer. Where nobody named a socket, that of the configuration.
    private func daemonFindings(_ configuration: DaemonConfiguration?, known: [Finding]) async -> (
        PostView?, [Finding]
    ) {
        let client =
            isSocketNamed
            ? connection.client
            : configuration.map { ControlClient(socketPath: $0.socketPath) } ?? connection.client
        do {
            let answer = try await client.get("/v1/status")
            guard let view = try? JSONDecoder().decode(PostView.self, from: Data(answer.body)) else {
                return (
                    nil,
                    [.fail("daemon", "its status cannot be read", do: "Install tool and daemon of one version.")]
                )
            }
            let told = postFindings(view, known: known)
            let isSilent = !told.contains { $0.check == "daemon" }
            return (view, (isSilent ? [.ok("daemon", "answers (\(view.version), \(view.backend))")] : []) + told)
        } catch {
            return (nil, [.fail("daemon", error.message, do: error.remedy)])
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

    /// Which of its colons a sentence has its remedy behind.
    enum Colon { case first, last }

    /// A sentence of the daemon or of a driver, which says what and, after a colon, what to do.
    static func fail(_ check: String, sentence: String, remedyAfter place: Colon = .first) -> Finding {
        let colons = sentence.ranges(of: ": ")
        guard let colon = place == .first ? colons.first : colons.last else {
            return fail(check, sentence, do: "Look at the daemon's journal: journalctl --unit holdfastd")
        }
        let remedy = sentence[colon.upperBound...]
        return fail(
            check, String(sentence[..<colon.lowerBound]), do: remedy.prefix(1).uppercased() + remedy.dropFirst())
    }

    /// Prints them; good ones of one kind in one line.
    static func show(_ findings: [Finding]) {
        var shown: Set<String> = []
        for finding in findings {
            let alike = findings.filter { $0.check == finding.check && $0.verdict == .ok }
            guard finding.verdict != .ok || alike.count == 1 || shown.insert(finding.check).inserted else {
                continue
            }
            let evidence =
                finding.verdict == .ok && alike.count > 1
                ? "\(alike.count) are good: \(alike.map(\.evidence).joined(separator: "; "))" : finding.evidence
            print("\(padded(finding.verdict.rawValue, 5)) \(finding.check): \(evidence)")
            if !finding.remedy.isEmpty { print("      do: \(finding.remedy)") }
        }
    }
}
