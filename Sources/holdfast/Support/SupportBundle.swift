// `holdfast bundle`: everything that whoever helps from afar needs to see, in one file, without a secret in it.

import ArgumentParser
import CommandOutput
import ControlClient
import DaemonConfiguration
import Foundation
import Traces

struct SupportBundle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Gather what support needs into one archive, without cards and keys.",
        discussion: """
            Configuration, board profile, status, the newest flight recording, the journal's last lines and what the \
            doctor finds. It works while the daemon is down, and says what is missing and why. Cards, keys, passwords and \
            long numbers are taken out of every text; what cannot be cleaned is left out. Look into it before you send \
            it: tar -tzf FILE. Run it as root, or as the daemon's user.

            Exit codes: 0 written, also where parts are missing, 64 usage, 74 cannot write.

            EXAMPLES
              holdfast bundle
              holdfast bundle --out incident.tar.gz --lines 20000
              holdfast bundle --config /etc/holdfast/holdfast.yaml --json
            """)
    @OptionGroup var connection: Connection
    @Option(help: ArgumentHelp("The daemon's configuration.", valueName: "file"))
    var config = "/etc/holdfast/holdfast.yaml"
    @Option(
        help: ArgumentHelp("Where the archive goes. Default: holdfast-bundle-TIME.tar.gz here.", valueName: "file"))
    var out: String?
    @Option(help: ArgumentHelp("So many of the journal's last lines.", valueName: "number"))
    var lines = 5_000
    @Option(
        help: ArgumentHelp(
            "Take the log from this file, where the daemon does not write to the journal.", valueName: "file"))
    var log: String?

    func validate() throws {
        guard (1...1_000_000).contains(lines) else { throw ValidationError("--lines is 1 to 1000000.") }
    }

    func run() async throws {
        let time = DateFormatter()
        time.dateFormat = "yyyyMMdd'T'HHmmss'Z'"
        time.timeZone = TimeZone(identifier: "UTC")
        time.locale = Locale(identifier: "en_US_POSIX")
        let madeAt = time.string(from: Date())
        let name = "holdfast-bundle-" + madeAt
        let archive = out ?? name + ".tar.gz"
        let configuration = try? DaemonConfiguration.read(path: config)
        var parts = Parts(redaction: Redaction(secrets: secrets(configuration)))
        await gather(&parts, configuration)
        let told = Told(file: archive, tool: Holdfast.version, madeAt: madeAt, parts: parts.told)
        let manifest = try JSONStyle.encoder().encode(told)
        try pack(parts.files + [("manifest.json", manifest)], as: name, into: archive)
        if connection.json {
            print(String(decoding: manifest, as: UTF8.self))
        } else {
            let missing = told.parts.count { $0.missing != nil }
            print(
                "\(archive): \(told.parts.count - missing) parts, \(missing) missing. Look into it before you send it: tar -tzf \(archive)"
            )
        }
    }

    /// What is told of an archive, beside it and in it.
    struct Told: Encodable {
        var file, tool, madeAt: String
        var parts: [Part]
    }

    /// One part of it.
    struct Part: Encodable {
        var name: String
        var bytes: Int
        /// How many secrets were taken out.
        var redactions: Int
        /// Why it is not there; nil: it is.
        var missing: String?
    }

    // What is gathered

    /// What this machine keeps secret, as bytes: whatever text repeats them is cleaned of them.
    private func secrets(_ configuration: DaemonConfiguration?) -> [[UInt8]] {
        guard let pepper = try? configuration?.allowList.pepper() else { return [] }
        return [pepper]
    }

    private func gather(_ parts: inout Parts, _ configuration: DaemonConfiguration?) async {
        parts.add(file: config, as: "configuration.yaml")
        if case .hardware(let profile) = configuration?.backend {
            parts.add(file: profile, as: "board-profile.yaml")
        } else {
            parts.miss(
                "board-profile.yaml",
                configuration == nil ? "the configuration cannot be read" : "the post is simulated: it has none")
        }
        let view = await gatherStatus(&parts, configuration)
        gatherRecording(&parts, configuration, view)
        gatherLog(&parts)
        await gatherFindings(&parts, configuration)
    }

    private func client(_ configuration: DaemonConfiguration?) -> ControlClient {
        let isNamed = connection.socket != nil || ProcessInfo.processInfo.environment["HOLDFAST_SOCKET"] != nil
        return isNamed
            ? connection.client
            : configuration.map { ControlClient(socketPath: $0.socketPath) } ?? connection.client
    }

    /// Returns the status, if the daemon gave one.
    private func gatherStatus(_ parts: inout Parts, _ configuration: DaemonConfiguration?) async -> PostView? {
        var view: PostView?
        for (path, name) in [("/v1/status", "status.json"), ("/v1/sessions", "sessions.json")] {
            do {
                let answer = try await client(configuration).get(path)
                parts.add(text: answer.text, as: name)
                if path == "/v1/status" { view = try? JSONDecoder().decode(PostView.self, from: Data(answer.body)) }
            } catch {
                parts.miss(name, "\(error.message) \(error.remedy)")
            }
        }
        return view
    }

    private func gatherRecording(
        _ parts: inout Parts, _ configuration: DaemonConfiguration?, _ view: PostView?
    ) {
        let kept = configuration.map { $0.stateFolder + "/recording" }
        // A daemon that answers says where it records; what lies elsewhere may be a neighbour's.
        let places =
            if let view, view.backend != "none" {
                [view.recording, kept].compactMap(\.self)
            } else {
                [configuration?.flightRecording, kept, connection.recordingBesideSocket].compactMap(\.self)
            }
        guard let bytes = newestRecording(of: places) else {
            return parts.miss(
                "recording.flight", "there is none that can be read: \(places.joined(separator: ", "))")
        }
        guard !parts.redaction.holdsSecrets(bytes) else {
            return parts.miss(
                "recording.flight",
                "it holds the cards that were shown by hand on a bench; if those may go: holdfast record export")
        }
        parts.add(bytes, as: "recording.flight")
    }

    private func gatherLog(_ parts: inout Parts) {
        if let log { return parts.add(file: log, as: "journal.txt", lastLines: lines) }
        do {
            let units = ["holdfastd", "holdfastd-bench"].flatMap { ["--unit", $0] }
            let told = try OtherProgram.run(
                "journalctl", units + ["--no-pager", "--output", "short-iso", "--lines", "\(lines)"])
            parts.add(text: told, as: "journal.txt")
        } catch {
            parts.miss("journal.txt", "\(error) Name the daemon's log with --log.")
        }
    }

    private func gatherFindings(_ parts: inout Parts, _ configuration: DaemonConfiguration?) async {
        do {
            let words = ["--config", config, "--socket", client(configuration).socketPath]
            let findings = try await Doctor.parse(words).findings()
            parts.add(
                text: String(decoding: try JSONStyle.encoder().encode(findings), as: UTF8.self), as: "doctor.json")
        } catch {
            parts.miss("doctor.json", "\(error)")
        }
    }

    // How it is packed

    /// Debian's own tar packs it; the archive is its owner's alone.
    private func pack(_ files: [(name: String, data: Data)], as name: String, into archive: String) throws {
        let manager = FileManager.default
        let place = manager.temporaryDirectory.appendingPathComponent("holdfast-\(UUID().uuidString)")
        defer { try? manager.removeItem(at: place) }
        let folder = place.appendingPathComponent(name)
        do {
            try manager.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            for file in files { try file.data.write(to: folder.appendingPathComponent(file.name)) }
            let packed = place.appendingPathComponent("bundle.tar.gz")
            _ = try OtherProgram.run(
                "tar", ["--create", "--gzip", "--file", packed.path, "--directory", place.path, name])
            try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: packed.path)
            let data = try Data(contentsOf: packed)
            try writeFile(data, to: archive, mode: 0o600)
        } catch let code as ExitCode {
            throw code
        } catch {
            complain(
                "Cannot pack \(archive): \((error as? OtherProgram.Problem)?.description ?? error.localizedDescription)"
            )
            throw ExitCode(74)
        }
    }
}
