// `allowlist bundle`: the keys that posts trust, signed by a threshold of offline roots.

import AllowList
import ArgumentParser
import CommandOutput
import Foundation

struct BundleGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Make, sign, combine and verify trust bundles.",
        discussion: """
            EXAMPLES
              holdfast allowlist bundle new --keys keys --root r1.public --root r2.public --root r3.public \\
                --list-key list.public --deny-key deny.public --out bundle-1.pab
              holdfast allowlist bundle sign bundle-1.pab --secret r1.secret
              holdfast allowlist bundle verify bundle-1.pab bundle-2.pab
            """,
        subcommands: [New.self, SignBundle.self, Combine.self, VerifyBundle.self])

    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a bundle that is to be signed.",
            discussion: """
                With --previous it continues that bundle: number, operator, threshold and everything not given here \
                are taken from it; a role that is given replaces that role's keys. Then the roots of both must sign.
                A key without an end that is stolen signs any date; give list keys --list-days and renew them with the bundle.

                EXAMPLES
                  holdfast allowlist bundle new --keys keys --root r1.public --root r2.public --root r3.public \\
                    --list-key list.public --out bundle-1.pab
                  holdfast allowlist bundle new --previous bundle-1.pab --list-key new.public --list-days 400 \\
                    --out bundle-2.pab
                """)
        @Option(help: ArgumentHelp("The office's folder, for its operator.", valueName: "folder")) var keys: String?
        @Option(help: ArgumentHelp("The bundle before.", valueName: "file")) var previous: String?
        @Option(help: ArgumentHelp("A root's public key.", valueName: "file")) var root: [String] = []
        @Option(help: ArgumentHelp("A list key.", valueName: "file")) var listKey: [String] = []
        @Option(help: ArgumentHelp("A deny key.", valueName: "file")) var denyKey: [String] = []
        @Option(help: ArgumentHelp("A voucher key.", valueName: "file")) var voucherKey: [String] = []
        @Option(help: "How many roots must sign; 2 unless given.") var threshold: UInt32?
        @Option(help: "For how many days list keys are good; without a bound unless given.") var listDays: Int64?
        @Option(
            help: "From when on list keys are good, such as 2026-12-31; without a bound unless given.",
            transform: writtenTime)
        var listFrom: Int64?
        @Option(
            help: ArgumentHelp(
                "The one scope that list keys may sign for, 64 hexadecimal digits; every scope unless given.",
                valueName: "hex"))
        var listScope: String?
        @Option(help: "The most energy a session that a list may grant, in kWh.") var listKwh: UInt32?
        @Option(help: "The most power that a list may grant, in kW.") var listKw: UInt32?
        @Option(help: "The most energy that a voucher may grant, in kWh.") var voucherKwh: UInt32 = 50
        @Option(help: "The most power that a voucher may grant, in kW.") var voucherKw: UInt32 = 150
        @Option(help: "How long a voucher may live, in hours.") var voucherHours: UInt32 = 48
        @Option(help: "For how many days deny keys are good.") var denyDays: Int64 = 400
        @Option(
            help: ArgumentHelp("A live stream of lists: HEX[:least-version[:largest-step]].", valueName: "stream"))
        var stream: [String] = []
        @Option(help: "Lists of older formats are no longer accepted.") var minimumFormat: UInt32?
        @Option(help: "When it is issued, such as 2026-12-31T18:00:00Z; default: now.", transform: writtenTime)
        var issuedAt: Int64?
        @Option(help: "After how many days a new one is due.") var days: Int64 = 365
        @Option(help: ArgumentHelp("The bundle to write.", valueName: "file")) var out: String
        @OptionGroup var answer: AnswerForm

        func validate() throws {
            try within("--days", days, 0...Issue.daysAtMost)
            try within("--deny-days", denyDays, 0...Issue.daysAtMost)
            if let listDays { try within("--list-days", listDays, 1...Issue.daysAtMost) }
            if let listScope, bytes(hexadecimal: listScope)?.count != 32 {
                throw ValidationError("--list-scope \(listScope): 64 hexadecimal digits are expected.")
            }
            if listKey.isEmpty, listDays != nil || listFrom != nil || listScope != nil {
                throw ValidationError(
                    "--list-days, --list-from and --list-scope are those of a key: name it with --list-key.")
            }
        }

        func run() throws {
            let before = try previous.map { path in
                try refusing(path, answer.json) { try TrustBundle(first: try readBytes(path)) }
            }
            guard let operatorID = try before?.operatorID ?? keys.map({ try readHexadecimal($0 + "/operator") })
            else {
                complain("Whose bundle? Name --keys for the first bundle, or --previous for a further one.")
                throw ExitCode(64)
            }
            let issued = issuedAt ?? nowSeconds
            let rows = try rows(before, issued)
            let streams = try stream.isEmpty ? before?.streams ?? [] : stream.map(parsedStream)
            let bundle = TrustBundle(
                operatorID: operatorID, number: (before?.number ?? 0) + 1, issuedAt: issued,
                softExpiry: issued + days * 86_400, threshold: threshold ?? before?.threshold ?? 2,
                minimumFormat: minimumFormat ?? before?.minimumFormat ?? 1,
                previousHash: before?.headerHash ?? [UInt8](repeating: 0, count: 32), keys: rows, streams: streams)
            guard bundle.threshold >= 1, Int(bundle.threshold) <= bundle.keys(.root).count else {
                complain(
                    "\(bundle.threshold) roots must sign, but there are \(bundle.keys(.root).count): name more with --root, or lower --threshold."
                )
                throw ExitCode(65)
            }
            let bytes = bundle.unsigned()
            try writeBytes(bytes, to: out)
            let file = try refusing(out, answer.json) { try SignedFile(bytes) }
            answer.tell(
                WrittenObject(file, at: out),
                "\(out): bundle \(bundle.number), \(rows.count) keys, to be signed by \(bundle.threshold) roots\(before == nil ? "" : " and by those of bundle \(bundle.number - 1)"): \(file.fingerprint)"
            )
        }

        private func rows(_ before: TrustBundle?, _ issued: Int64) throws -> [BundleKey] {
            func limit(_ value: UInt32?) -> UInt32 {
                value.map { $0.multipliedReportingOverflow(by: 1_000) }.map { $0.overflow ? .max : $0.partialValue }
                    ?? .max
            }
            let listsUntil = listDays.map { (listFrom ?? issued) + $0 * 86_400 } ?? 0
            let given: [(KeyRole, [String], KeyCeiling?, Int64)] = [
                (.root, root, nil, 0),
                (
                    .list, listKey, KeyCeiling(sessionWattHours: limit(listKwh), watts: limit(listKw)), listsUntil
                ),
                (.deny, denyKey, nil, issued + denyDays * 86_400),
                (
                    .voucher, voucherKey,
                    KeyCeiling(
                        sessionWattHours: limit(voucherKwh), watts: limit(voucherKw), lifetimeHours: voucherHours),
                    0
                ),
            ]
            return try given.flatMap { role, paths, ceiling, until in
                guard !paths.isEmpty else { return before?.keys(role) ?? [] }
                return try paths.map { path in
                    try refusing(path) {
                        var row = BundleKey(
                            try TrustedKey(try readHexadecimal(path)), role, notAfter: until, ceiling: ceiling)
                        if role == .list {
                            row.notBefore = listFrom ?? 0
                            if let scope = listScope.flatMap(bytes(hexadecimal:)) { row.scopeID = scope }
                        }
                        return row
                    }
                }
            }
        }

        private func parsedStream(_ text: String) throws -> BundleStream {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { String($0) }
            guard parts.count <= 3, let id = bytes(hexadecimal: parts[0]), id.count == 16,
                let least = parts.count > 1 ? UInt64(parts[1]) : 0,
                let step = parts.count > 2 ? UInt32(parts[2]) : 0
            else {
                complain(
                    "--stream \(text): 32 hexadecimal digits are expected, then :least-version and :largest-step.")
                throw ExitCode(64)
            }
            return BundleStream(listID: id, minimumVersion: least, largestStep: step)
        }
    }

    struct SignBundle: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sign", abstract: "Add a root's signature to a bundle.",
            discussion: "EXAMPLES\n  holdfast allowlist bundle sign bundle-2.pab --secret root-1.secret")
        @OptionGroup var sign: Sign
        func run() throws { try sign.run() }
    }

    struct Combine: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put the signatures of several copies of one bundle together.",
            discussion: "EXAMPLES\n  holdfast allowlist bundle combine by-anna.pab by-ben.pab --out bundle-2.pab")
        @Argument(help: "Copies of the same bundle.") var files: [String]
        @Option(help: ArgumentHelp("The bundle to write.", valueName: "file")) var out: String
        @OptionGroup var answer: AnswerForm

        func run() throws {
            var whole: SignedFile?
            for path in files {
                try refusing(path, answer.json) {
                    let copy = try SignedFile(try readBytes(path))
                    if whole == nil { whole = copy } else { try whole?.combine(copy) }
                }
            }
            guard let whole else { return }
            try writeBytes(whole.bytes, to: out)
            answer.tell(WrittenObject(whole, at: out), "\(out): \(whole.signatureCount) signature(s).")
        }
    }

    struct VerifyBundle: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify", abstract: "Walk a chain of bundles as a post would that was offline for years.",
            discussion: """
                The first bundle is taken as the one in the post's image; --pin says what it must be.

                EXAMPLES
                  holdfast allowlist bundle verify bundle-1.pab bundle-2.pab bundle-3.pab
                """)
        @Argument(help: "Bundles, in order.") var files: [String]
        @Option(help: ArgumentHelp("The fingerprint of the first.", valueName: "hex")) var pin: String?
        @Flag(help: "Print the answer as JSON.") var json = false

        func run() throws {
            var present: TrustBundle?
            for path in files {
                present = try refusing(path, json) {
                    let bytes = try readBytes(path)
                    guard let present else {
                        return try TrustBundle(first: bytes, pin: pin.flatMap(AllowList.bytes(hexadecimal:)))
                    }
                    return try present.next(bytes)
                }
            }
            guard let present else { return }
            if json { return printJSON(BundleFacts(present)) }
            BundleFacts(present).lines.forEach { print($0) }
        }
    }
}

/// A bundle's facts for programs and people.
struct BundleFacts: Encodable {
    struct Key: Encodable {
        var identifier: String
        var role: String
        var valid_from: String?
        var valid_until: String?
        var scope: String?
        var session_watt_hours: UInt32?
        var watts: UInt32?
    }
    struct Stream: Encodable {
        var list: String
        var least_version: UInt64
        var largest_step: UInt32
    }
    var verdict = "good"
    var number: UInt64
    var fingerprint: String
    var issued: String
    var due: String
    var threshold: UInt32
    var keys: [Key]
    var streams: [Stream]

    init(_ bundle: TrustBundle) {
        number = bundle.number
        fingerprint = hexadecimal(bundle.headerHash)
        issued = day(bundle.issuedAt)
        due = day(bundle.softExpiry)
        threshold = bundle.threshold
        keys = bundle.keys.map { row in
            Key(
                identifier: hexadecimal(row.key.identifier), role: row.role.name,
                valid_from: row.notBefore == 0 ? nil : day(row.notBefore),
                valid_until: row.notAfter == 0 ? nil : day(row.notAfter),
                scope: row.scopeID.allSatisfy { $0 == 0 } ? nil : hexadecimal(row.scopeID),
                session_watt_hours: row.ceiling.sessionWattHours == .max ? nil : row.ceiling.sessionWattHours,
                watts: row.ceiling.watts == .max ? nil : row.ceiling.watts)
        }
        streams = bundle.streams.map {
            Stream(list: hexadecimal($0.listID), least_version: $0.minimumVersion, largest_step: $0.largestStep)
        }
    }

    var lines: [String] {
        [
            "bundle     \(number), \(verdict)", "is         \(fingerprint)",
            "issued     \(issued), a new one is due \(due)",
            "threshold  \(threshold) of \(keys.count { $0.role == "root" }) roots",
        ]
            + keys.map {
                "\($0.role.padding(toLength: 9, withPad: " ", startingAt: 0))  \($0.identifier)\($0.valid_from.map { ", good from " + $0 } ?? "")\($0.valid_until.map { ", good until " + $0 } ?? "")\($0.scope.map { ", for \($0) only" } ?? "")"
            }
            + streams.map { "stream     \($0.list) from version \($0.least_version)" }
    }
}
