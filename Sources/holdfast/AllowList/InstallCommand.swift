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
            A daemon that has that folder open is found by its lock, and gets the file instead. What is older than the \
            post's records know is refused there too; trust bundles and deny objects want --bundle with the post's first \
            bundle where the folder holds none yet.

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

    /// A post's own marks lie in its records; where there are none, in files beside the list.
    private func put(into state: String, _ folder: KeyFolder) throws {
        let place = FolderOnDisk(path: state)
        let records = state + "/records.sqlite"
        do {
            if FileManager.default.fileExists(atPath: records) {
                try put(folder, place, try Self.marks(in: records))
            } else {
                try put(folder, place, TrustStateFile(in: place))
            }
        } catch let refusal as ListRefusal {
            throw explain(.refused(refusal), state)
        } catch let problem as InstallProblem {
            throw explain(problem, state)
        }
    }

    private static func marks(in records: String) throws -> Ledger {
        do {
            let ledger = try Ledger(path: records)
            guard let aside = ledger.quarantined else { return ledger }
            complain(
                "\(records) was damaged and lies in \(aside) now: nothing says any more which list was the newest. Start the post, and send it the list."
            )
        } catch { complain("\(error)") }
        throw ExitCode(74)
    }

    private func put(_ folder: KeyFolder, _ place: FolderOnDisk, _ marks: some TrustState) throws {
        let source = try refusing(file, folder.json) { try ListFile(path: file) }
        var first: [UInt8] = []
        let kind: DeliveredKind = source.read(8, at: 0, into: &first) ? DeliveredKind(first) : .list
        let store = TrustStore(in: place, state: marks)
        switch kind {
        case .bundle: try putBundle(folder, store)
        case .deny:
            let deny = try store.adopt(
                deny: try readBytes(file), for: try audience(folder, store), pepper: try folder.pepper())
            tell(
                folder, ["deny_object": "\(deny.sequence)", "denied": "\(deny.count)"],
                "deny object \(deny.sequence) with \(deny.count) tokens is installed.")
        case .list, .delta:
            let slots = ListSlots(
                in: place, state: marks, for: try audience(folder, store), pepper: try folder.pepper())
            let header = try putList(slots, source, isDelta: kind == .delta)
            // It has just been read whole, as where a daemon installs it.
            if (try? marks.condemned()) != nil { try? marks.commit(condemned: nil) }
            tell(
                folder, ["version": "\(header.version)", "entries": "\(header.recordCount)"],
                "version \(header.version) with \(header.recordCount) entries is installed.")
        }
    }

    /// What a post has adopted since counts before what its image came with.
    private func audience(
        _ folder: KeyFolder, _ store: TrustStore<FolderOnDisk, some TrustState>
    ) throws -> ListAudience {
        guard let stored = try store.bundle() else { return try folder.audience() }
        return ListAudience(stored, scopeIDs: try folder.scopes())
    }

    private func putList(
        _ slots: ListSlots<FolderOnDisk, some TrustState>, _ source: ListFile, isDelta: Bool
    ) throws -> ListHeader {
        let confirmed = confirm.flatMap(bytes(hexadecimal:))
        let progress = Progress(of: 1 << 20, unit: "pages")
        guard isDelta else { return try slots.install(source, confirmed: confirmed, progress: progress.report) }
        guard let present = slots.boot() else { throw ListRefusal.wrongBase }
        let target = try DeltaTarget(try ListDelta(try readBytes(file)), on: present.reader)
        return try slots.install(target, confirmed: confirmed, progress: progress.report)
    }

    private func putBundle(_ folder: KeyFolder, _ store: TrustStore<FolderOnDisk, some TrustState>) throws {
        let bytes = try readBytes(file)
        // The first of all is what came with the post's image; anybody can sign one with roots of his own.
        var isFirst = false
        do throws(InstallProblem) { isFirst = try store.bundle() == nil } catch {
            // One that is lost is brought back by the very one that was adopted last, or by those that lead to it.
            guard case .trustLost = error else { throw error }
        }
        if isFirst {
            guard let path = folder.bundle else {
                complain(
                    "\(state ?? "The folder") holds no trust bundle yet: name the post's first one, with --bundle.")
                throw ExitCode(64)
            }
            let image = try readBytes(path)
            _ = try TrustBundle(first: image).next(bytes)
            _ = try store.begin(image)
        }
        let adopted = try store.adopt([bytes])
        tell(
            folder, ["trust_bundle": adopted.map { "\($0.number)" } ?? "on the way"],
            adopted.map { "trust bundle \($0.number) is in force." }
                ?? "it leads on to the bundle that was adopted last; send the next one.")
    }

    private func tell(_ folder: KeyFolder, _ facts: [String: String], _ sentence: String) {
        guard folder.json else { return print("\(state ?? ""): \(sentence)") }
        printJSON(facts.merging(["verdict": "installed"]) { $1 })
    }

    private func explain(_ problem: InstallProblem, _ state: String) -> ExitCode {
        defer { tellDrivers(problem.driverSentence) }
        guard case .refused = problem else { return holdfast.refused(problem, state, json: connection.json) }
        return holdfast.refused(problem, file, json: connection.json)
    }
}
