// `allowlist lookup`: what a post would answer at a tap, and with --explain, why.

import AllowList
import ArgumentParser
import Catalog
import CommandOutput
import Foundation
import Post

struct LookUp: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lookup", abstract: "Ask a list about a token, as a post would at a tap.",
        discussion: """
            Exit codes: 0 listed, 1 not listed, denied or no longer valid, 65 refused.

            EXAMPLES
              holdfast allowlist lookup list.pal 04A1B2C3D4E5F6 --keys keys
              holdfast allowlist lookup list.pal contract:DEABCC00001 --keys keys --at 2026-12-31 --explain
            """)
    @OptionGroup var folder: KeyFolder
    @Argument(help: "The list.") var list: String
    @Argument(help: "The token; `kind:text`, or plain.") var token: String
    @Option(help: "The time, such as 2026-12-31T18:00:00Z; default: now.", transform: writtenTime) var at: Int64?
    @Option(help: ArgumentHelp("The deny object in force.", valueName: "file")) var deny: String?
    @Flag(help: "As if the cloud were there.") var cloud = false
    @Flag(help: "Say step by step how the answer comes about.") var explain = false

    struct Answer: Encodable {
        var token: String
        var verdict: String
        var sentence: String
        /// What the driver reads at the post; nil where he is let in.
        var driver: String?
        var step: String
        var session_watt_hours: UInt32?
        var sessions_left: UInt32?
        var because: [String]
    }

    func run() throws {
        let canonical: CanonicalToken
        do { canonical = try CanonicalToken(parsing: token) } catch {
            complain("\"\(token)\" is no token. \(whyNoToken(error, token))")
            throw ExitCode(65)
        }
        let reader = try folder.open(list)
        let denied = try deny.map { path in
            let (audience, pepper) = (try folder.audience(), try folder.pepper())
            return try refusing(path, folder.json) {
                try DenyObject(try readBytes(path), for: audience, pepper: pepper)
            }
        }
        let answer = answer(canonical, reader, denied)
        if folder.json {
            printJSON(answer)
        } else {
            if explain { answer.because.forEach { print("  \($0)") } }
            print("\(canonical): \(answer.sentence)")
            if let driver = answer.driver { print("To the driver: \(driver)") }
        }
        if answer.verdict == "listed" { return }
        throw ExitCode(ListRefusal(rawValue: answer.verdict)?.exitCode ?? 1)
    }

    private func answer(
        _ token: CanonicalToken, _ reader: ListReader<ListFile>, _ deny: DenyObject?
    ) -> Answer {
        let now = at ?? nowSeconds
        let time = TimeReading(lowerBound: now, trusted: now)
        var list = InstalledList(BootedList(alone: reader), deny: deny)
        let found = list.lookUp(token, time: time, cloudIsThere: cloud)
        let page = reader.page(of: token)
        var because = [
            "token      \(token)", "tag        \(hexadecimal(reader.tag(of: token)))",
            "page       \(page.map { "\($0) of \(reader.header.pageCount)" } ?? "none: it sorts before the first entry")",
            "time       \(day(now))",
            "step       \(found.rung.name): issued \(day(reader.header.issuedAt)), stale from \(day(reader.header.softExpiry)), expired from \(day(reader.header.hardExpiry))",
        ]
        if let deny {
            because.append(
                "deny       number \(deny.sequence), \(deny.count) tokens: \(found.isDenied ? "this one is among them" : "not this one")"
            )
        }
        var (word, sentence) = words(found)
        var driver = driverSentence(found)
        var grant: Grant?
        if case .listed(let profile, _) = found.answer, !found.isDenied {
            do {
                grant = try RiskLadder(reader.policy).grant(
                    profile, on: found.rung, used: TokenUsage(), exposure: Exposure())
                because.append(
                    "profile    \(profile.number), whitelist \(profile.whitelist), at most \(profile.maximumWatts / 1_000) kW"
                )
            } catch {
                (word, sentence, driver) = (error.rawValue, error.sentence, error.driverSentence)
            }
        }
        return Answer(
            token: "\(token)", verdict: word, sentence: sentence, driver: driver, step: found.rung.name,
            session_watt_hours: grant?.sessionWattHours, sessions_left: grant?.sessionsLeft, because: because)
    }

    /// What the driver reads at the post; nil where he is let in.
    private func driverSentence(_ found: InstalledAnswer) -> String? {
        func said(_ refusal: Refusal) -> String {
            let sentences = Sentences(.english).refusal(refusal)
            return "\(sentences.whatHappened) \(sentences.driverAction)"
        }
        if found.isDenied { return said(.blockedToken) }
        return switch found.answer {
        case .listed: nil
        case .expired: said(.expiredToken)
        case .notYetValid: said(.notYetValidToken)
        case .notListed: said(.unknownToken)
        case .refused: said(.lookUpDamaged)
        }
    }

    private func words(_ found: InstalledAnswer) -> (String, String) {
        if found.isDenied { return ("denied", "denied: the operator has revoked it, whatever the list says.") }
        switch found.answer {
        case .listed(let profile, let group):
            let limits = profile.limits(on: found.rung)
            let member = group == 0 ? "" : ", group \(group)"
            return (
                "listed",
                "listed (profile \(profile.number)\(member)); the list is \(found.rung.name): \(limits.sessionWattHours / 1_000) kWh a session, \(limits.sessionsPerDay) sessions a day, \(limits.contactWattHours / 1_000) kWh until the cloud hears of them."
            )
        case .expired: return ("expired", "listed, but no longer valid.")
        case .notYetValid: return ("not_yet_valid", "listed, but not valid yet.")
        case .notListed: return ("not_listed", "not listed.")
        case .refused(let refusal): return (refusal.rawValue, refusal.sentence)
        }
    }
}
