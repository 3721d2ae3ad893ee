// `holdfast allowlist`: for the issuing office and the bench; needs no daemon and no network.

import AllowList
import ArgumentParser
import Foundation

struct AllowListGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "allowlist", abstract: "Issue, verify and ask signed allow-lists.",
        discussion: """
            EXAMPLES
              holdfast allowlist keygen --out keys
              holdfast allowlist issue --in drivers.csv --keys keys --version-number 1 --out list.pal
              holdfast allowlist verify list.pal --keys keys
              holdfast allowlist lookup list.pal 04A1B2C3D4E5F6 --keys keys
              holdfast allowlist install list.pal --keys keys --state /var/lib/holdfast
            """,
        subcommands: [KeyGen.self, Issue.self, Verify.self, Inspect.self, LookUp.self, Install.self])
}

/// A folder with `operator`, `list-keys` (public), `pepper`, and at the issuing office `list-secret`.
struct KeyFolder: ParsableArguments {
    @Option(help: ArgumentHelp("The folder that keygen made.", valueName: "folder"))
    var keys: String
    @Flag(help: "Print the answer as JSON.")
    var json = false

    func read(_ name: String) throws -> [UInt8] {
        let path = keys + "/" + name
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let first = text.split(separator: "\n").first, let bytes = bytes(hexadecimal: String(first))
        else {
            complain("\(path) cannot be read: it must hold hexadecimal digits. Make keys with: holdfast allowlist keygen")
            throw ExitCode(66)
        }
        return bytes
    }

    func audience() throws -> ListAudience {
        do {
            return ListAudience(operatorID: try read("operator"), keys: [try TrustedKey(try read("list-keys"))])
        } catch let refusal as ListRefusal {
            throw refused(refusal, keys)
        }
    }
}

/// Says why a list is refused; returns the exit code.
func refused(_ refusal: ListRefusal, _ path: String) -> ExitCode {
    complain("\(path): \(refusal.rawValue): \(refusal.sentence)")
    return ExitCode(refusal.exitCode)
}

extension AllowListGroup {
    struct KeyGen: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "keygen", abstract: "Make an operator's keys.",
            discussion: "Writes operator, list-keys, pepper (for posts) and list-secret (for the issuing office only).\n\nEXAMPLES\n  holdfast allowlist keygen --out keys")
        @Option(help: ArgumentHelp("A folder that does not hold keys yet.", valueName: "folder")) var out: String

        func run() throws {
            guard !FileManager.default.fileExists(atPath: out + "/list-secret") else {
                complain("\(out) holds keys already; they are not overwritten. Name another folder.")
                throw ExitCode(73)
            }
            let (secret, open) = KeyMaker.signingKey()
            let files = [
                ("operator", Array(KeyMaker.randomBytes().prefix(16)), 0o644), ("list-keys", open, 0o644),
                ("pepper", KeyMaker.randomBytes(), 0o640), ("list-secret", secret, 0o600),
            ]
            do {
                try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
                for (name, bytes, mode) in files {
                    guard
                        FileManager.default.createFile(
                            atPath: out + "/" + name, contents: Data((hexadecimal(bytes) + "\n").utf8),
                            attributes: [.posixPermissions: mode])
                    else { throw CocoaError(.fileWriteUnknown) }
                }
            } catch {
                complain("The keys cannot be written to \(out): \(error.localizedDescription)")
                throw ExitCode(73)
            }
            print("Keys are in \(out). Give operator, list-keys and pepper to the posts; keep list-secret at the issuing office.")
        }
    }

    struct Issue: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issue a signed list from a CSV file.",
            discussion: "Columns: token[,valid_from,valid_until,profile,group]; times in seconds since 1970.\n\nEXAMPLES\n  holdfast allowlist issue --in drivers.csv --keys keys --version-number 1 --out list.pal")
        @OptionGroup var folder: KeyFolder
        @Option(name: .customLong("in"), help: ArgumentHelp("The CSV file.", valueName: "file")) var input: String
        @Option(help: ArgumentHelp("The list to write.", valueName: "file")) var out: String
        @Option(help: "Strictly rising: a post never takes an older one.") var versionNumber: UInt64
        @Option(help: "When it is issued, in seconds since 1970; default: now.") var issuedAt: Int64?

        func run() throws {
            guard let text = try? String(contentsOfFile: input, encoding: .utf8) else {
                complain("\(input) cannot be read.")
                throw ExitCode(66)
            }
            let (entries, problems) = ListCSV.entries(text)
            guard problems.isEmpty else {
                for problem in problems { complain("\(input):\(problem.line): \(problem.sentence)") }
                throw ExitCode(65)
            }
            let operatorID = try folder.read("operator")
            let order = ListOrder(
                operatorID: operatorID, listID: operatorID, version: versionNumber,
                issuedAt: issuedAt ?? Int64(Date().timeIntervalSince1970), salt: KeyMaker.randomBytes(),
                pepper: try folder.read("pepper"))
            do {
                let bytes = try order.issue(entries, secretKey: try folder.read("list-secret")) { done in
                    if entries.count > 50_000 { FileHandle.standardError.write(Data("\r\(done) of \(entries.count) entries".utf8)) }
                }
                if entries.count > 50_000 { complain("") }
                try Data(bytes).write(to: URL(fileURLWithPath: out), options: .atomic)
                if folder.json { return printJSON(["entries": entries.count, "bytes": bytes.count]) }
                print("\(out): version \(versionNumber), \(entries.count) entries, \(bytes.count) bytes.")
            } catch let problem as IssueProblem {
                complain("\(input): \(sentence(problem))")
                throw ExitCode(65)
            }
        }

        private func sentence(_ problem: IssueProblem) -> String {
            switch problem {
            case .duplicate(let token): "\(token) stands twice: remove one of the lines."
            case .unknownProfile(let number): "an entry names profile \(number), which there is not: use profile 0."
            case .badKey: "list-secret is no Ed25519 key: make keys with holdfast allowlist keygen."
            case .badOrder: "operator or pepper has the wrong length: make keys with holdfast allowlist keygen."
            }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a whole list as a post would, every page included.",
            discussion: "Exit codes: 0 good, 65 refused (the name is printed), 66 no such file.\n\nEXAMPLES\n  holdfast allowlist verify list.pal --keys keys")
        @OptionGroup var folder: KeyFolder
        @Argument(help: "The list.") var list: String
        func run() throws {
            do {
                var reader = try ListReader(ListFile(path: list), for: try folder.audience(), pepper: try folder.read("pepper"))
                try reader.verifyEveryPage()
                if folder.json { return printJSON(Facts(reader.header, verdict: "good")) }
                print("\(list): good. Version \(reader.header.version), \(reader.header.recordCount) entries.")
            } catch let refusal as ListRefusal {
                if folder.json { printJSON(["verdict": refusal.rawValue, "sentence": refusal.sentence]) }
                throw refused(refusal, list)
            }
        }
    }

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a list's signed header and profiles.",
            discussion: "EXAMPLES\n  holdfast allowlist inspect list.pal --keys keys --json")
        @OptionGroup var folder: KeyFolder
        @Argument(help: "The list.") var list: String
        func run() throws {
            do {
                let reader = try ListReader(ListFile(path: list), for: try folder.audience(), pepper: try folder.read("pepper"))
                let facts = Facts(reader.header, verdict: "signature good")
                if folder.json { return printJSON(facts) }
                print("version    \(facts.version)\nentries    \(facts.entries)\nissued     \(facts.issued)\nstale      \(facts.stale_from)\nexpired    \(facts.expired_from)\noperator   \(facts.operator_id)\nsigned by  \(hexadecimal(reader.signer.identifier))\npages      \(reader.header.pageCount) of \(reader.header.pageSize) bytes")
                for profile in reader.profiles {
                    print("profile \(profile.number)  fresh \(profile.fresh.sessionWattHours / 1_000) kWh x \(profile.fresh.sessionsPerDay), stale \(profile.stale.sessionWattHours / 1_000) kWh x \(profile.stale.sessionsPerDay), expired \(profile.expired.sessionWattHours / 1_000) kWh x \(profile.expired.sessionsPerDay)")
                }
            } catch let refusal as ListRefusal {
                throw refused(refusal, list)
            }
        }
    }

    struct LookUp: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "lookup", abstract: "Ask a list about a token, as a post would at a tap.",
            discussion: "Exit codes: 0 listed, 1 not listed or no longer valid.\n\nEXAMPLES\n  holdfast allowlist lookup list.pal 04A1B2C3D4E5F6 --keys keys")
        @OptionGroup var folder: KeyFolder
        @Argument(help: "The list.") var list: String
        @Argument(help: "The token; `kind:text`, or plain.") var token: String
        func run() throws {
            let canonical: CanonicalToken
            do { canonical = try CanonicalToken(parsing: token) } catch {
                complain("\"\(token)\" is no token. \(error.sentence)")
                throw ExitCode(65)
            }
            do {
                var reader = try ListReader(ListFile(path: list), for: try folder.audience(), pepper: try folder.read("pepper"))
                let now = Int64(Date().timeIntervalSince1970)
                let answer = reader.lookUp(canonical, lowerBound: now, trusted: now)
                let freshness = reader.header.freshness(at: now)
                let (word, sentence) = words(answer, freshness)
                if folder.json { printJSON(["token": "\(canonical)", "verdict": word, "sentence": sentence]) } else { print("\(canonical): \(sentence)") }
                if word != "listed" { throw ExitCode(1) }
            } catch let refusal as ListRefusal {
                throw refused(refusal, list)
            }
        }

        private func words(_ answer: ListAnswer, _ freshness: ListFreshness) -> (String, String) {
            switch answer {
            case .listed(let profile, let group):
                let limits = profile.limits(freshness)
                let member = group == 0 ? "" : ", group \(group)"
                return ("listed", "listed (profile \(profile.number)\(member)); the list is \(freshness.rawValue): \(limits.sessionWattHours / 1_000) kWh a session, \(limits.sessionsPerDay) sessions a day.")
            case .expired: return ("expired", "listed, but no longer valid.")
            case .notYetValid: return ("not_yet_valid", "listed, but not valid yet.")
            case .notListed: return ("not_listed", "not listed.")
            case .refused(let refusal): return (refusal.rawValue, refusal.sentence)
            }
        }
    }

    struct Install: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verify a list and put it in a post's state folder; all or nothing.",
            discussion: "The daemon takes it at its next start.\n\nEXAMPLES\n  holdfast allowlist install list.pal --keys keys --state /var/lib/holdfast")
        @OptionGroup var folder: KeyFolder
        @Argument(help: "The list.") var list: String
        @Option(help: ArgumentHelp("The post's state folder.", valueName: "folder")) var state: String
        func run() throws {
            guard let data = FileManager.default.contents(atPath: list) else {
                complain("\(list) cannot be read.")
                throw ExitCode(66)
            }
            try? FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
            var audience = try folder.audience()
            let pepper = try folder.read("pepper")
            if let present = try? ListReader(ListFile(path: state + "/" + ListStore.name), for: audience, pepper: pepper) {
                audience.highWater = (present.header.version, present.header.directoryHash)
            }
            do {
                let header = try ListStore.install(Array(data), in: state, for: audience, pepper: pepper)
                print("\(state): version \(header.version) with \(header.recordCount) entries is installed.")
            } catch {
                switch error {
                case .refused(let refusal): throw refused(refusal, list)
                case .disk(let step, let number):
                    complain("\(state): the list could not be written (\(step): \(String(cString: strerror(number)))); nothing changed.")
                    throw ExitCode(74)
                }
            }
        }
    }
}

/// A list's facts for programs.
struct Facts: Encodable {
    var verdict: String
    var version: UInt64
    var entries: UInt64
    var issued: String
    var stale_from: String
    var expired_from: String
    var operator_id: String

    init(_ header: ListHeader, verdict: String) {
        func day(_ seconds: Int64) -> String { Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601) }
        self.verdict = verdict
        version = header.version
        entries = header.recordCount
        issued = day(header.issuedAt)
        stale_from = day(header.softExpiry)
        expired_from = day(header.hardExpiry)
        operator_id = hexadecimal(header.operatorID)
    }
}
