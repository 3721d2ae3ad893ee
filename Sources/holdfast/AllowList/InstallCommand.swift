// `allowlist install`: a verified list in a post's state folder; all or nothing.

import AllowList
import ArgumentParser
import Foundation

struct Install: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Verify a list and put it in a post's state folder; all or nothing.",
        discussion: """
            The daemon takes it at its next start. A list that changes unusually much is held back (exit code 77) until \
            a second list key has signed it, or --confirm names its fingerprint.

            EXAMPLES
              holdfast allowlist install list.pal --keys keys --state /var/lib/holdfast
            """)
    @OptionGroup var folder: KeyFolder
    @Argument(help: "The list, or a delta from the list in use.") var list: String
    @Option(help: ArgumentHelp("The post's state folder.", valueName: "folder")) var state: String
    @Option(help: ArgumentHelp("Install it although it changes unusually much.", valueName: "fingerprint"))
    var confirm: String?

    func run() throws {
        let (audience, pepper) = (try folder.audience(), try folder.pepper())
        try? FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        let place = FolderOnDisk(path: state)
        let slots = ListSlots(in: place, state: TrustStateFile(in: place), for: audience, pepper: pepper)
        let confirmed = confirm.flatMap(bytes(hexadecimal:))
        let progress = Progress(of: 1 << 20, unit: "pages")
        let source = try refusing(list, folder.json) { try ListFile(path: list) }
        var first: [UInt8] = []
        let isDelta = source.read(4, at: 0, into: &first) && first == [0x89, 0x50, 0x41, 0x44]
        do {
            let header: ListHeader
            if isDelta {
                guard let present = slots.boot() else { throw ListRefusal.wrongBase }
                let target = try DeltaTarget(try ListDelta(try readBytes(list)), on: present.reader)
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
            throw refused(refusal, list, json: folder.json)
        } catch let problem as InstallProblem {
            throw explain(problem)
        }
    }

    private func explain(_ problem: InstallProblem) -> ExitCode {
        switch problem {
        case .refused(let refusal): return refused(refusal, list, json: folder.json)
        case .disk(let problem):
            complain(
                "\(state)/\(problem.name): the list could not be written (\(problem.step): \(String(cString: strerror(problem.number)))); nothing changed."
            )
            return ExitCode(74)
        case .markDamaged(let problem):
            complain(
                "\(state)/\(problem.name) cannot be read, so that an old list could not be told from a new one: look at the disk; nothing changed."
            )
            return ExitCode(74)
        case .trustLost(let loss):
            complain("\(state): \(loss.kind.rawValue): \(loss.sentence)")
            return ExitCode(65)
        }
    }
}
