// `allowlist issue`: drivers and a policy become one signed file.

import AllowList
import ArgumentParser
import CommandOutput
import Foundation

struct Issue: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Issue a list from CSV, OCPI tokens or an OCPP SendLocalList.",
        discussion: """
            CSV columns: token[,valid_from,valid_until,profile,group]. A token is card:, vehicle:, contract:, pin: or \
            free: and its text; without a colon it is a card if it can be one, else free. Times are days \
            (2026-12-31: valid_from its first second, valid_until its last), instants (2026-12-31T18:00:00Z) or seconds \
            since 1970. Two lines of such a file:
              token,valid_from,valid_until,profile,group
              card:04A1B2C3D4E5F6,2026-01-01,2026-12-31,0,7

            OCPI: an array of tokens, or a response with data. OCPP 1.6 and 2.0.1: a Full SendLocalList. With --previous \
            the salt is kept (so that deltas are small) and the list says what it adds and removes. With --bundle the list is \
            judged as a post would before it is written: a key that is withdrawn, out of its dates or of another role is \
            refused by name.

            EXAMPLES
              holdfast allowlist issue --in drivers.csv --keys keys --version-number 1 --out list.pal
              holdfast allowlist issue --in tokens.json --keys keys --version-number 2 --previous list.pal --out new.pal
              holdfast allowlist issue --in drivers.csv --keys keys --version-number 3 --unsigned --out list.pal
            """)
    @Flag(help: "Issue a list without a driver, which locks out everybody.") var allowEmpty = false
    @OptionGroup var folder: KeyFolder
    @Option(name: .customLong("in"), help: ArgumentHelp("Who is on the list.", valueName: "file")) var input: String
    @Option(help: "What the file is: csv, ocpi or ocpp; told from its content unless given.")
    var format: Imported.Format?
    @Option(help: ArgumentHelp("The policy, as JSON.", valueName: "file")) var policy: String?
    @Option(help: ArgumentHelp("The list before.", valueName: "file")) var previous: String?
    @Option(help: ArgumentHelp("The list to write.", valueName: "file")) var out: String
    @Option(help: "Strictly rising: a post never takes an older one.") var versionNumber: UInt64
    @Option(help: "When it is issued, such as 2026-12-31T18:00:00Z; default: now.", transform: writtenTime)
    var issuedAt: Int64?
    @Option(help: "From when it is stale, in days after issue.") var softDays: Int64 = 7
    @Option(help: "From when it is expired, in days after issue.") var hardDays: Int64 = 35
    @Option(help: ArgumentHelp("Only for this scope, 64 hexadecimal digits.", valueName: "hex")) var onlyFor:
        String?
    @Option(
        help: ArgumentHelp(
            "The stream of versions, 32 hexadecimal digits; default: the operator's first.", valueName: "hex"))
    var stream: String?
    @Option(help: "The trust bundle that posts must have.") var minimumBundle: UInt64 = 0
    @Option(help: "Bytes of a page: 1024, 2048 or 4096.") var pageSize: UInt32 = 2_048
    @Option(help: ArgumentHelp("A secret key to sign with instead of the folder's.", valueName: "file"))
    var secret: String?
    @Flag(help: "Leave the signature to request and attach.") var unsigned = false

    /// Longer than any list should count: ten years. Engineering default.
    static let daysAtMost: Int64 = 3_650

    func validate() throws {
        try Self.digits("--stream", stream, 32)
        try Self.digits("--only-for", onlyFor, 64)
        try within("--soft-days", softDays, 0...Self.daysAtMost)
        try within("--hard-days", hardDays, 0...Self.daysAtMost)
        guard softDays <= hardDays else {
            throw ValidationError(
                "--soft-days \(softDays) is later than --hard-days \(hardDays): a list is stale before it is expired."
            )
        }
        if let issuedAt { try within("--issued-at", issuedAt, 0...WrittenTime.latest - Self.daysAtMost * 86_400) }
        guard [1_024, 2_048, 4_096].contains(pageSize) else {
            throw ValidationError("--page-size \(pageSize): 1024, 2048 or 4096 is expected.")
        }
    }

    private static func digits(_ option: String, _ text: String?, _ count: Int) throws {
        guard let text, bytes(hexadecimal: text)?.count != count / 2 else { return }
        throw ValidationError("\(option) \(text): \(count) hexadecimal digits are expected.")
    }

    func run() throws {
        let listPolicy = try policy.map(PolicyFile.read) ?? ListPolicy()
        let imported = try Imported.read(input, format, listPolicy, pepper: try folder.pepper())
        guard allowEmpty || !imported.entries.isEmpty else {
            complain(
                "\(input) names no driver: a post with such a list lets nobody in. If that is meant, say --allow-empty."
            )
            throw ExitCode(65)
        }
        let before = try previous.map { try folder.openInstalled($0) }
        var order = try order(listPolicy, before?.header)
        let progress = Progress(of: imported.entries.count, unit: "entries")
        do {
            var bytes = try order.unsigned(imported.entries, progress: progress.report)
            if let before {
                let change = try refusing(out) { try Self.change(order, bytes, before) }
                order.previousHash = before.headerHash
                (order.added, order.removed) = (change.added, change.removed)
                bytes = try order.unsigned(imported.entries)
            }
            var file = try refusing(out) { try SignedFile(bytes) }
            if !unsigned {
                let key = try secret.map(readHexadecimal) ?? folder.read("list-secret")
                try refusing(secret ?? folder.keys, folder.json) { try file.sign(key) }
                try refusing(out, folder.json) { try judge(file.bytes, order, before) }
            }
            try writeBytes(file.bytes, to: out)
            report(imported, file.bytes.count, order)
        } catch let problem as IssueProblem {
            complain(imported.told(problem, input, folder.keys, policy))
            throw ExitCode(65)
        }
    }

    private func order(_ policy: ListPolicy, _ before: ListHeader?) throws -> ListOrder {
        let operatorID = try folder.read("operator")
        let listID = stream.flatMap(bytes(hexadecimal:)) ?? before?.listID ?? operatorID
        let salt = before.flatMap { $0.listID == listID ? $0.salt : nil } ?? KeyMaker.randomBytes()
        var order = ListOrder(
            operatorID: operatorID, listID: listID, version: versionNumber, issuedAt: issuedAt ?? nowSeconds,
            salt: salt, pepper: try folder.pepper(), policy: policy, pageSize: pageSize)
        order.softExpiry = order.issuedAt + softDays * 86_400
        order.hardExpiry = order.issuedAt + hardDays * 86_400
        order.minimumBundle = minimumBundle
        if let onlyFor { order.scopeID = bytes(hexadecimal: onlyFor) ?? [] }
        return order
    }

    /// What was made, as a post that trusts this bundle would judge it: the key, its role, dates, scope and ceiling, the
    /// stream and the version. The guard is not asked: a second key may sign later.
    private func judge(_ bytes: [UInt8], _ order: ListOrder, _ before: ListReader<ListFile>?) throws {
        guard folder.bundle != nil else { return }
        var audience = try folder.audience()
        audience.scopeIDs.append(order.scopeID)
        let reader = try ListReader(ListInMemory(bytes), for: audience, pepper: order.pepper)
        try audience.admits(reader, after: before?.mark)
    }

    /// What changes, as a post will count it: the list is signed by a key of the moment to be read at all.
    private static func change(
        _ order: ListOrder, _ bytes: [UInt8], _ before: ListReader<ListFile>
    ) throws -> ListChange {
        let (secret, open) = KeyMaker.signingKey()
        var file = try SignedFile(bytes)
        try file.sign(secret)
        let audience = ListAudience(
            operatorID: order.operatorID, scopeIDs: [order.scopeID], keys: [try TrustedKey(open)])
        return try ListChange(
            from: before, to: try ListReader(ListInMemory(file.bytes), for: audience, pepper: order.pepper))
    }

    private func report(_ imported: Imported, _ length: Int, _ order: ListOrder) {
        if versionNumber > 1, previous == nil {
            complain(
                "\(out): without --previous it has a salt of its own. A post with more than 100 drivers holds it back until two keys have signed it or somebody confirms it, and no delta leads to it."
            )
        }
        if folder.json {
            struct Facts: Encodable {
                var entries: Int
                var bytes: Int
                var version: UInt64
                var left_out: [String: Int]
                var cards_that_are_no_uids: Int
                var added: UInt64
                var removed: UInt64
            }
            return printJSON(
                Facts(
                    entries: imported.entries.count, bytes: length, version: order.version,
                    left_out: imported.leftOut, cards_that_are_no_uids: imported.keptAsFree.count,
                    added: order.added, removed: order.removed))
        }
        let state = unsigned ? ", not signed yet" : ""
        print("\(out): version \(order.version), \(imported.entries.count) entries, \(length) bytes\(state).")
        for (reason, count) in imported.leftOut.sorted(by: { $0.key < $1.key }) {
            print("  left out: \(count), \(reason)")
        }
        if let first = imported.keptAsFree.first {
            print(
                "  \(imported.keptAsFree.count) cards are no UIDs (8, 14 or 20 hexadecimal digits without separators) and no reader's: they count as free tokens, such as \(first)"
            )
        }
        if previous != nil { print("  adds \(order.added), removes \(order.removed)") }
    }
}
