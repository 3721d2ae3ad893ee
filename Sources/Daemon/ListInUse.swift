// The signed list as the look-up thread reads it, and what a post without one answers.

import AllowList
import DaemonConfiguration
import Foundation
import Ledger
import Post
import Runtime

/// Whose lists a post accepts, read from its files.
struct TrustedSetting: Sendable {
    let audience: ListAudience
    let pepper: [UInt8]

    /// Reads the files that the configuration names; throws one sentence: what is missing and what to do.
    init(_ setting: DaemonConfiguration.AllowListSetting) throws(BackendProblem) {
        guard !setting.operatorID.isEmpty else {
            throw BackendProblem("no operator is configured: set allow_list.operator to accept lists")
        }
        guard let operatorID = bytes(hexadecimal: setting.operatorID), operatorID.count == 16 else {
            throw BackendProblem("allow_list.operator is not 16 bytes in hexadecimal digits")
        }
        let keyLines = try Self.lines(of: setting.keysFile, "allow_list.keys_file")
        let keys = keyLines.compactMap { line in bytes(hexadecimal: line).flatMap { try? TrustedKey($0) } }
        guard !keys.isEmpty, keys.count == keyLines.count else {
            throw BackendProblem("\(setting.keysFile) holds a line that is no public key in hexadecimal digits")
        }
        guard let first = try Self.lines(of: setting.pepperFile, "allow_list.pepper_file").first,
            let pepper = bytes(hexadecimal: first), pepper.count == 32
        else { throw BackendProblem("\(setting.pepperFile) does not hold 32 bytes in hexadecimal digits") }
        audience = ListAudience(
            operatorID: operatorID, scopeIDs: setting.scopes.compactMap { bytes(hexadecimal: $0) }, keys: keys)
        self.pepper = pepper
    }

    private static func lines(of path: String, _ key: String) throws(BackendProblem) -> [String] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw BackendProblem("\(path), which \(key) names, cannot be read")
        }
        return text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
}

/// The list that is asked. Belongs to the look-up thread.
final class ListInUse: Runtime.ListReader {
    private var reader: AllowList.ListReader<ListFile>
    private let isDemoted: Bool

    init(_ path: String, _ setting: TrustedSetting, isDemoted: Bool) throws(ListRefusal) {
        reader = try AllowList.ListReader(ListFile(path: path), for: setting.audience, pepper: setting.pepper)
        self.isDemoted = isDemoted
    }

    /// How current a list is by the machine's clock, where that clock can be right: not before the list was made.
    /// One that is not the newest ever installed is stale at best.
    static func freshness(_ header: ListHeader, isDemoted: Bool) -> ListFreshness {
        let now = PostClock.reading
        let seconds = now.utcMilliseconds / 1_000
        let found = header.freshness(at: now.quality > 0 && seconds >= header.issuedAt ? seconds : nil)
        return isDemoted && found == .fresh ? .stale : found
    }

    func lookUp(_ token: String, name: TokenName) -> LookUpAnswer {
        let header = reader.header
        let now = PostClock.reading
        let seconds = now.utcMilliseconds / 1_000
        let isPlausible = now.quality > 0 && seconds >= header.issuedAt
        guard let canonical = try? CanonicalToken(parsing: token) else {
            return answer(name, .refused(.readerGarbage), nil, 0)
        }
        switch reader.lookUp(
            canonical, lowerBound: isPlausible ? seconds : header.issuedAt, trusted: isPlausible ? seconds : nil)
        {
        case .listed(let profile, let group): return answer(name, .listed, profile, group)
        case .expired: return answer(name, .refused(.expiredToken), nil, 0)
        case .notYetValid: return answer(name, .refused(.notYetValidToken), nil, 0)
        case .notListed: return answer(name, .notListed, nil, 0)
        case .refused: return answer(name, .refused(.lookUpDamaged), nil, 0)
        }
    }

    private func answer(
        _ name: TokenName, _ verdict: TokenLookUp.Verdict, _ profile: ListProfile?, _ group: UInt32
    ) -> LookUpAnswer {
        let freshness = Self.freshness(reader.header, isDemoted: isDemoted)
        let limits = profile?.limits(freshness)
        let allowance = Allowance(
            sessionWattHours: Int64(limits?.sessionWattHours ?? 0), powerWatts: Int64(profile?.maximumWatts ?? 0),
            sessionsLeft: Int32(limits?.sessionsPerDay ?? 0))
        return LookUpAnswer(
            lookUp: TokenLookUp(
                token: name, verdict: verdict, group: UInt64(group), freshness: Freshness(freshness),
                allowance: allowance),
            wattHoursUntilContact: Int64(limits?.sessionWattHours ?? 0) * Int64(limits?.sessionsPerDay ?? 0))
    }
}

extension Freshness {
    init(_ freshness: ListFreshness) {
        switch freshness {
        case .fresh: self = .fresh
        case .stale: self = .stale
        case .expired: self = .expired
        case .timeUntrusted: self = .timeUntrusted
        }
    }
}

/// A post without a list.
final class NoList: Runtime.ListReader {
    func lookUp(_ token: String, name: TokenName) -> LookUpAnswer {
        LookUpAnswer(
            lookUp: TokenLookUp(
                token: name, verdict: .noList, group: 0, freshness: .timeUntrusted,
                allowance: Allowance(sessionWattHours: 0, powerWatts: 0, sessionsLeft: 0)), wattHoursUntilContact: 0
        )
    }
}

/// The post's own name of a raw token; what is no token is named by its text, and refused by the look-up.
func name(of token: String, _ naming: TokenNaming) -> TokenName {
    let canonical = (try? CanonicalToken(parsing: token)) ?? (try? CanonicalToken(.free, "INVALID"))
    guard let canonical else { return TokenName(high: 0, low: 0) }
    let (high, low) = naming.name(canonical)
    return TokenName(high: high, low: low)
}
