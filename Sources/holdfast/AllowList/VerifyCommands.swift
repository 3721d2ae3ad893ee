// `allowlist verify`, `inspect`, `diff`, `scrub`: a file as a post would judge it, and what is in it.

import AllowList
import ArgumentParser
import CommandOutput
import Foundation

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a whole list, bundle, deny object or delta as a post would.",
        discussion: """
            The kind is told from the file. With --installed it must also be allowed to follow that list, as on a post \
            that has it. Exit codes: 0 good, 65 refused (the name is printed), 66 no such file.

            EXAMPLES
              holdfast allowlist verify list.pal --keys keys
              holdfast allowlist verify list.pal --keys keys --bundle bundle-2.pab --installed old.pal
              holdfast allowlist verify changes.pad --keys keys --installed old.pal
            """)
    @OptionGroup var folder: KeyFolder
    @Argument(help: "The file.") var file: String
    @Option(help: ArgumentHelp("The list, bundle or deny object that is in use.", valueName: "file"))
    var installed: String?

    func run() throws {
        let bytes = try readBytes(file)
        switch SignedObject(of: bytes) {
        case .list: try verifyList()
        case .bundle: try verifyBundle(bytes)
        case .deny: try verifyDeny(bytes)
        case nil: bytes.starts(with: [0x89, 0x50, 0x41, 0x44]) ? try verifyDelta(bytes) : try verifyList()
        }
    }

    private func verifyList() throws {
        let (audience, pepper) = (try folder.audience(), try folder.pepper())
        let reader = try refusing(file, folder.json) { () throws -> ListReader<ListFile> in
            let present = try installed.map { path in try folder.openInstalled(path) }
            var reader = try ListReader(try ListFile(path: file), for: audience, pepper: pepper)
            try check(&reader, audience, present)
            return reader
        }
        if folder.json { return printJSON(Facts(reader, verdict: "good")) }
        print("\(file): good. Version \(reader.header.version), \(reader.header.recordCount) entries.")
    }

    private func check<Source: ListBytes>(
        _ reader: inout ListReader<Source>, _ audience: ListAudience, _ present: ListReader<ListFile>?
    ) throws(ListRefusal) {
        if let present { try audience.admits(reader, after: present.mark) }
        let progress = Progress(of: Int(reader.header.pageCount), unit: "pages")
        try reader.verifyEveryPage(progress: progress.report)
        if let present { try audience.guardAgainst(reader, in: present) }
    }

    private func verifyBundle(_ bytes: [UInt8]) throws {
        let bundle = try refusing(file, folder.json) {
            guard let installed else { return try TrustBundle(first: bytes) }
            return try TrustBundle(first: try readBytes(installed)).next(bytes)
        }
        if folder.json { return printJSON(BundleFacts(bundle)) }
        print("\(file): good. Bundle \(bundle.number), \(bundle.keys.count) keys.")
    }

    private func verifyDeny(_ bytes: [UInt8]) throws {
        let (audience, pepper) = (try folder.audience(), try folder.pepper())
        let deny = try refusing(file, folder.json) {
            let present = try installed.flatMap {
                try DenyObject(present: try readBytes($0), for: audience, pepper: pepper)
            }
            return try DenyObject(bytes, for: audience, pepper: pepper, after: present?.mark)
        }
        if folder.json {
            return printJSON(["verdict": "good", "sequence": "\(deny.sequence)", "tokens": "\(deny.count)"])
        }
        print(
            "\(file): good. Number \(deny.sequence), \(deny.count) tokens; the newest list is version \(deny.listVersion)."
        )
    }

    private func verifyDelta(_ bytes: [UInt8]) throws {
        guard let installed else {
            complain("A delta is verified against the list it starts from: name it with --installed.")
            throw ExitCode(64)
        }
        let (audience, pepper) = (try folder.audience(), try folder.pepper())
        let base = try folder.open(installed)
        let version = try refusing(file, folder.json) {
            let target = try DeltaTarget(try ListDelta(bytes), on: base)
            var reader = try ListReader(target, for: audience, pepper: pepper)
            try check(&reader, audience, base)
            return reader.header.version
        }
        if folder.json { return printJSON(["verdict": "good", "version": "\(version)"]) }
        print("\(file): good. It leads from version \(base.header.version) to version \(version).")
    }
}

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a list's signed header, policy and profiles.",
        discussion: """
            EXAMPLES
              holdfast allowlist inspect list.pal --keys keys
              holdfast allowlist inspect list.pal --keys keys --json
            """)
    @OptionGroup var folder: KeyFolder
    @Argument(help: "The list.") var list: String

    func run() throws {
        let facts = Facts(try folder.open(list), verdict: "signature good")
        if folder.json { return printJSON(facts) }
        facts.lines.forEach { print($0) }
    }
}

struct Difference: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Count what one list adds to another, and removes.",
        discussion: """
            Tokens are hidden: what can be told is how many. With another salt nobody can be told apart, and everybody \
            counts as removed and added.

            EXAMPLES
              holdfast allowlist diff old.pal new.pal --keys keys
            """)
    @OptionGroup var folder: KeyFolder
    @Argument(help: "The list before.") var old: String
    @Argument(help: "The list after.") var new: String

    func run() throws {
        let (before, after) = (try folder.open(old), try folder.open(new))
        let change = try refusing(new, folder.json) { try ListChange(from: before, to: after) }
        let policyChanges = before.policy == after.policy ? "the same" : "changed"
        if folder.json {
            struct Answer: Encodable {
                var added: UInt64
                var removed: UInt64
                var exact: Bool
                var policy: String
            }
            return printJSON(
                Answer(added: change.added, removed: change.removed, exact: change.isExact, policy: policyChanges))
        }
        let why = change.isExact ? "" : " (another salt: nobody can be told apart)"
        print(
            "version \(before.header.version) to \(after.header.version): \(change.added) added, \(change.removed) removed\(why); the policy is \(policyChanges)."
        )
    }
}

struct Scrub: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read a list through and name every damaged page.",
        discussion: """
            EXAMPLES
              holdfast allowlist scrub /var/lib/holdfast/allow-list.a.pal --keys keys
            """)
    @OptionGroup var folder: KeyFolder
    @Argument(help: "The list.") var list: String

    func run() throws {
        var reader = try folder.open(list)
        let progress = Progress(of: Int(reader.header.pageCount), unit: "pages")
        let damaged = reader.damagedPages(progress: progress.report)
        if folder.json {
            struct Answer: Encodable {
                struct Page: Encodable {
                    var page: Int
                    var verdict: String
                }
                var pages: UInt32
                var damaged: [Page]
            }
            printJSON(
                Answer(
                    pages: reader.header.pageCount,
                    damaged: damaged.map { Answer.Page(page: $0.page, verdict: $0.refusal.rawValue) }))
        } else {
            for (page, refusal) in damaged { print("page \(page): \(refusal.rawValue)") }
            print("\(list): \(reader.header.pageCount) pages, \(damaged.count) damaged.")
        }
        if let first = damaged.first { throw ExitCode(first.refusal.exitCode) }
    }
}

/// A list's facts for programs and people.
struct Facts: Encodable {
    struct Profile: Encodable {
        var number: UInt16
        var whitelist: String
        var strength: String
        var watts: UInt32
        var steps: [String: Step]
    }
    struct Step: Encodable {
        var session_watt_hours: UInt32
        var sessions_per_day: UInt16
        var until_contact_watt_hours: UInt32
    }
    var verdict: String
    var fingerprint: String
    var version: UInt64
    var minimum_bundle: UInt64
    var entries: UInt64
    var issued: String
    var stale_from: String
    var expired_from: String
    var operator_id: String
    var list_id: String
    var scope: String
    var signed_by: [String]
    var pages: UInt32
    var page_size: UInt32
    var guest_watt_hours: UInt32
    var profiles: [Profile]

    init<Source: ListBytes>(_ reader: ListReader<Source>, verdict: String) {
        let header = reader.header
        self.verdict = verdict
        fingerprint = hexadecimal(reader.headerHash)
        version = header.version
        minimum_bundle = header.minimumBundle
        entries = header.recordCount
        issued = day(header.issuedAt)
        stale_from = day(header.softExpiry)
        expired_from = day(header.hardExpiry)
        operator_id = hexadecimal(header.operatorID)
        list_id = hexadecimal(header.listID)
        scope = header.scopeType == 0 ? "every post of the operator" : hexadecimal(header.scopeID)
        signed_by = reader.signers.map { hexadecimal($0.identifier) }
        pages = header.pageCount
        page_size = header.pageSize
        guest_watt_hours = reader.policy.guests.sessionWattHours
        profiles = reader.profiles.map { profile in
            var steps: [String: Step] = [:]
            for rung in LadderRung.allCases where rung != .timeUntrusted {
                let limits = profile.limits(on: rung)
                steps[rung.name] = Step(
                    session_watt_hours: limits.sessionWattHours, sessions_per_day: limits.sessionsPerDay,
                    until_contact_watt_hours: limits.contactWattHours)
            }
            return Profile(
                number: profile.number, whitelist: "\(profile.whitelist)", strength: "\(profile.strength)",
                watts: profile.maximumWatts, steps: steps)
        }
    }

    var lines: [String] {
        var lines = [
            "version    \(version)", "is         \(fingerprint)", "entries    \(entries)", "issued     \(issued)",
            "stale      \(stale_from)", "expired    \(expired_from)", "operator   \(operator_id)",
            "stream     \(list_id)", "for        \(scope)", "signed by  \(signed_by.joined(separator: ", "))",
            "pages      \(pages) of \(page_size) bytes",
            "strangers  \(guest_watt_hours == 0 ? "are refused" : "\(guest_watt_hours / 1_000) kWh a session")",
        ]
        for profile in profiles {
            let steps = LadderRung.allCases.compactMap { rung in
                profile.steps[rung.name].map {
                    "\(rung.name) \($0.session_watt_hours / 1_000) kWh x \($0.sessions_per_day) a day, \($0.until_contact_watt_hours / 1_000) kWh until contact"
                }
            }
            lines.append("profile \(profile.number)  \(profile.watts / 1_000) kW, \(steps.joined(separator: ", "))")
        }
        return lines
    }
}
