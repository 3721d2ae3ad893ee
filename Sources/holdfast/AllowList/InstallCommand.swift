// `allowlist install`: to a running daemon through its socket, else, verified, into a post's state folder; all or nothing.

import AllowList
import ArgumentParser
import CommandOutput
import ControlClient
import Foundation
import Ledger

struct Install: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give a post a list, trust bundle, deny object or delta; all or nothing.",
        discussion: """
            A running daemon gets it through its socket, verifies it and takes it into use between two taps. Where no \
            daemon runs, name its --state folder and --keys: the list is verified and put there for the next start. \
            A daemon that has that folder open is found by its lock, and gets the file instead.

            A list that changes unusually much is held back (exit code 77) until a second list key has signed it, or \
            --confirm names its fingerprint.

            EXAMPLES
              holdfast allowlist install list.pal
              holdfast allowlist install list.pal --keys keys --state /var/lib/holdfast
            """)
    @Argument(help: "The file; the first bytes say what it is.") var file: String
    @Option(help: ArgumentHelp("Without a daemon: the post's state folder.", valueName: "folder"))
    var state: String?
    @Option(help: ArgumentHelp("Without a daemon: the folder that keygen made.", valueName: "folder"))
    var keys: String?
    @Option(help: ArgumentHelp("Without a daemon: trust what this bundle says.", valueName: "file"))
    var bundle: String?
    @Option(help: ArgumentHelp("Without a daemon: a scope of the post; may be repeated.", valueName: "hex"))
    var scope: [String] = []
    @Option(help: ArgumentHelp("Install it although it changes unusually much.", valueName: "fingerprint"))
    var confirm: String?
    @OptionGroup var connection: Connection

    /// How long the daemon may take to verify and install. Ten million entries take seconds. Engineering default.
    private static let within = Duration.seconds(120)

    func run() async throws {
        if let confirm, bytes(hexadecimal: confirm)?.count != 32 {
            complain("--confirm \(confirm): a fingerprint has 64 hexadecimal digits; inspect shows it.")
            throw ExitCode(64)
        }
        guard let state else { return try await send() }
        try? FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        let lock = FileLock(folder: state)
        lock.giveToOwner(of: state)
        if lock.isTakenByAnother { return try await send() }
        guard let keys else {
            complain("No daemon runs on \(state): name the keys that the list must be signed by, with --keys.")
            throw ExitCode(64)
        }
        let words =
            ["--keys", keys] + (bundle.map { ["--bundle", $0] } ?? []) + scope.flatMap { ["--scope", $0] }
            + (connection.json ? ["--json"] : [])
        try put(into: state, try KeyFolder.parse(words))
        withExtendedLifetime(lock) {}
    }

    // Through the socket

    private func send() async throws {
        var client = connection.client
        client.timeout = Self.within
        do throws(ControlError) {
            let answer = try await client.put(
                "/v1/allow-list" + (confirm.map { "?confirm=\($0)" } ?? ""), file: file)
            let text = answer.text.trimmingCharacters(in: .newlines)
            print(connection.json ? text : "\(file): the post has it in use: \(text)")
        } catch {
            guard case .refused(let told) = error else { throw connection.failed(error) }
            throw refused(told, error)
        }
    }

    /// What the daemon refused, in the same words and with the same exit code as without a daemon.
    private func refused(_ told: ControlRefusal, _ error: ControlError) -> ExitCode {
        let code = ListRefusal(rawValue: told.code)?.exitCode ?? error.exitCode
        if connection.json {
            printJSON(
                RefusalFacts(verdict: told.code, sentence: told.message, driver: told.driver, exit_code: code))
        }
        complain("\(file): \(told.code): \(told.message) \(told.whatToDo)")
        tellDrivers(told.driver)
        return ExitCode(code)
    }

    /// Whoever stands at the post with the stick in his hand is asked by drivers.
    private func tellDrivers(_ sentence: String) {
        if !sentence.isEmpty { complain("To drivers: \(sentence)") }
    }

    // Into the folder

    private func put(into state: String, _ folder: KeyFolder) throws {
        let (audience, pepper) = (try folder.audience(), try folder.pepper())
        let place = FolderOnDisk(path: state)
        let slots = ListSlots(in: place, state: TrustStateFile(in: place), for: audience, pepper: pepper)
        let confirmed = confirm.flatMap(bytes(hexadecimal:))
        let progress = Progress(of: 1 << 20, unit: "pages")
        let source = try refusing(file, folder.json) { try ListFile(path: file) }
        var first: [UInt8] = []
        let isDelta = source.read(8, at: 0, into: &first) && DeliveredKind(first) == .delta
        do {
            let header: ListHeader
            if isDelta {
                guard let present = slots.boot() else { throw ListRefusal.wrongBase }
                let target = try DeltaTarget(try ListDelta(try readBytes(file)), on: present.reader)
                header = try slots.install(target, confirmed: confirmed, progress: progress.report)
            } else {
                header = try slots.install(source, confirmed: confirmed, progress: progress.report)
            }
            // What the daemon reads until it looks into both places itself.
            try ListStore.adopt(from: state)
            if folder.json {
                return printJSON([
                    "verdict": "installed", "version": "\(header.version)", "entries": "\(header.recordCount)",
                ])
            }
            print("\(state): version \(header.version) with \(header.recordCount) entries is installed.")
        } catch let refusal as ListRefusal {
            throw explain(.refused(refusal), state)
        } catch let problem as InstallProblem {
            throw explain(problem, state)
        }
    }

    private func explain(_ problem: InstallProblem, _ state: String) -> ExitCode {
        defer { tellDrivers(problem.driverSentence) }
        guard case .refused = problem else { return holdfast.refused(problem, state, json: connection.json) }
        return holdfast.refused(problem, file, json: connection.json)
    }
}
