// `allowlist delta` and `allowlist deny`: small files for slow links, and revocation within the hour.

import AllowList
import ArgumentParser
import CommandOutput
import Foundation

struct DeltaGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delta", abstract: "Make and apply deltas: the changes between two lists of one salt.",
        discussion: """
            EXAMPLES
              holdfast allowlist delta make old.pal new.pal --keys keys --out changes.pad
              holdfast allowlist delta apply old.pal changes.pad --keys keys --out new.pal
            """,
        subcommands: [Make.self, Apply.self])

    struct Make: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write what changed from one list to another.",
            discussion: """
                Both lists must have one salt: issue the new one with --previous.

                EXAMPLES
                  holdfast allowlist delta make old.pal new.pal --keys keys --out changes.pad
                """)
        @OptionGroup var folder: KeyFolder
        @Argument(help: "The list before.") var old: String
        @Argument(help: "The list after.") var new: String
        @Option(help: ArgumentHelp("The delta to write.", valueName: "file")) var out: String

        func run() throws {
            let (before, after) = (try folder.open(old), try folder.open(new))
            let bytes = try refusing(new, folder.json) { try ListDelta.make(from: before, to: after) }
            try writeBytes(bytes, to: out)
            let changes = try refusing(out) { try ListDelta(bytes).changes }
            if folder.json {
                return printJSON(["bytes": bytes.count, "deletes": changes.deletes, "upserts": changes.upserts])
            }
            print(
                "\(out): \(bytes.count) bytes instead of \(after.header.fileLength); \(changes.deletes) removed, \(changes.upserts) added or changed."
            )
        }
    }

    struct Apply: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the new list from the old one and a delta; it must be the one that was signed.",
            discussion: "EXAMPLES\n  holdfast allowlist delta apply old.pal changes.pad --keys keys --out new.pal")
        @OptionGroup var folder: KeyFolder
        @Argument(help: "The list before.") var old: String
        @Argument(help: "The delta.") var delta: String
        @Option(help: ArgumentHelp("The list to write.", valueName: "file")) var out: String

        func run() throws {
            let (audience, pepper) = (try folder.audience(), try folder.pepper())
            let base = try folder.open(old)
            let bytes = try refusing(delta, folder.json) {
                let target = try DeltaTarget(try ListDelta(try readBytes(delta)), on: base)
                var reader = try ListReader(target, for: audience, pepper: pepper)
                try reader.verifyEveryPage()
                var bytes: [UInt8] = []
                guard target.read(Int(target.count), at: 0, into: &bytes) else { throw ListRefusal.unreadable }
                return bytes
            }
            try writeBytes(bytes, to: out)
            if folder.json { return printJSON(["verdict": "good", "bytes": "\(bytes.count)"]) }
            print("\(out): good, \(bytes.count) bytes.")
        }
    }
}

struct DenyGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deny", abstract: "Revoke tokens at once, and prove hourly that a list is the newest.",
        discussion: """
            The office keeps whom it denies in a text file, one token a line; posts get a signed object that names \
            nobody.

            EXAMPLES
              holdfast allowlist deny add 04A1B2C3D4E5F6 --to denied.txt
              holdfast allowlist deny sign --in denied.txt --list list.pal --keys keys --sequence 7 \\
                --secret deny.secret --out deny.pan
            """,
        subcommands: [Add.self, SignDeny.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put tokens on the office's file of denied tokens.",
            discussion:
                "EXAMPLES\n  holdfast allowlist deny add 04A1B2C3D4E5F6 contract:DEABCC00001 --to denied.txt")
        @Argument(help: "Tokens; `kind:text`, or plain.") var tokens: [String]
        @Option(help: ArgumentHelp("The office's file.", valueName: "file")) var to: String
        @OptionGroup var answer: AnswerForm

        private struct Denied: Encodable {
            var file: String
            var tokens: Int
            var new: Int
        }

        func run() throws {
            let present = FileManager.default.fileExists(atPath: to) ? try deniedTokens(to) : []
            var all = present
            for text in tokens {
                do {
                    let token = try CanonicalToken(parsing: text)
                    if !all.contains(token) { all.append(token) }
                } catch {
                    complain("\"\(text)\" is no token. \(whyNoToken(error, text))")
                    throw ExitCode(65)
                }
            }
            try writeBytes(Array((all.map(\.description).joined(separator: "\n") + "\n").utf8), to: to, mode: 0o600)
            let new = all.count - present.count
            answer.tell(
                Denied(file: to, tokens: all.count, new: new),
                "\(to): \(all.count) tokens, \(new) of them new.")
        }
    }

    struct SignDeny: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sign", abstract: "Make the signed deny object for the posts.",
            discussion: """
                With --bundle the object is judged as a post would before it is written: a key that is withdrawn, out of \
                its dates or of another role is refused by name.

                EXAMPLES
                  holdfast allowlist deny sign --in denied.txt --list list.pal --keys keys --sequence 7 \\
                    --secret deny.secret --bundle bundle-2.pab --out deny.pan
                """)
        @OptionGroup var folder: KeyFolder
        @Option(
            name: .customLong("in"), help: ArgumentHelp("Whom to deny; nobody unless given.", valueName: "file"))
        var input: String?
        @Option(help: ArgumentHelp("The newest list.", valueName: "file")) var list: String
        @Option(help: "Rises strictly from object to object.") var sequence: UInt64
        @Option(help: "When it is issued, such as 2026-12-31T18:00:00Z; default: now.", transform: writtenTime)
        var issuedAt: Int64?
        @Option(help: ArgumentHelp("The deny key.", valueName: "file")) var secret: String
        @Option(help: ArgumentHelp("The object to write.", valueName: "file")) var out: String

        func run() throws {
            let newest = try folder.open(list)
            let tokens = try input.map(deniedTokens) ?? []
            let order = DenyOrder(
                operatorID: newest.header.operatorID, listID: newest.header.listID, sequence: sequence,
                issuedAt: issuedAt ?? nowSeconds, listVersion: newest.header.version, listHash: newest.headerHash,
                salt: KeyMaker.randomBytes(), tokens: tokens)
            let (key, pepper) = (try readHexadecimal(secret), try folder.pepper())
            do {
                let unsigned = try order.unsigned(pepper: pepper)
                let file = try refusing(secret, folder.json) {
                    var file = try SignedFile(unsigned)
                    try file.sign(key)
                    return file
                }
                try refusing(out, folder.json) { try judge(file.bytes, pepper) }
                try writeBytes(file.bytes, to: out)
            } catch IssueProblem.tooMany {
                complain(
                    "A deny object holds at most \(DenyObject.tagsAtMost) tokens: issue a new list without them.")
                throw ExitCode(65)
            }
            if folder.json { return printJSON(["sequence": Int(clamping: sequence), "tokens": tokens.count]) }
            print(
                "\(out): number \(sequence), \(tokens.count) tokens denied; the newest list is version \(newest.header.version)."
            )
        }
    }
}

extension DenyGroup.SignDeny {
    /// Days before the end of a key from which on it is told at each signature. Engineering default.
    private static let toldBefore: Int64 = 60

    /// What was made, as a post that trusts this bundle would judge it; and whether its key is about to end.
    private func judge(_ bytes: [UInt8], _ pepper: [UInt8]) throws {
        guard folder.bundle != nil else { return }
        let audience = try folder.audience()
        let made = try DenyObject(bytes, for: audience, pepper: pepper)
        let end = audience.bundle?.keys.first { $0.key == made.signer }?.notAfter ?? 0
        guard end != 0, end - made.issuedAt < Self.toldBefore * 86_400 else { return }
        complain(
            "\(secret): its key is good until \(day(end)) only; posts refuse what it signs after that. Put another into the next bundle."
        )
    }
}

/// The office's file of denied tokens.
private func deniedTokens(_ path: String) throws -> [CanonicalToken] {
    let (entries, problems) = ListCSV.entries(try readText(path), explain: whyNoToken)
    guard problems.isEmpty else {
        for problem in problems { complain("\(path): \(problem.place): \(problem.sentence)") }
        throw ExitCode(65)
    }
    return entries.map(\.token)
}
