// The signed list on the post: opened on the look-up thread, asked for each tap.

import AllowList
import DaemonConfiguration
import Foundation
import Logging
import Post
import Runtime

/// Opens the list in the state folder, if there is one that this post trusts; says in one sentence what is in use.
func installList(
    _ configuration: DaemonConfiguration, _ lookUps: LookUpThread, _ before: [String], _ logger: Logger
) -> (sentence: String, problems: [String]) {
    let path = configuration.stateFolder + "/" + ListStore.name
    guard FileManager.default.fileExists(atPath: path) else {
        lookUps.install { NoList() }
        return ("no list is installed", before)
    }
    guard let setting = TrustedSetting(configuration.allowList) else {
        lookUps.install { NoList() }
        return ("no list: no operator, keys or pepper are configured", before)
    }
    do {
        let header = try ListInUse(path, setting).header
        lookUps.install {
            do { return try ListInUse(path, setting) } catch { return NoList() }
        }
        let freshness = ListInUse.freshness(header).rawValue
        return ("version \(header.version), \(header.recordCount) entries, \(freshness)", before)
    } catch {
        lookUps.install { NoList() }
        let sentence = "\(path): \(error.rawValue): \(error.sentence)"
        logger.error("\(sentence)")
        return ("no list: \(error.rawValue)", before + [sentence])
    }
}

/// Whose lists a post accepts, read from its files.
struct TrustedSetting: Sendable {
    let audience: ListAudience
    let pepper: [UInt8]

    init?(_ setting: DaemonConfiguration.AllowListSetting) {
        guard let operatorID = bytes(hexadecimal: setting.operatorID), operatorID.count == 16,
            let keyText = try? String(contentsOfFile: setting.keysFile, encoding: .utf8),
            let pepperText = try? String(contentsOfFile: setting.pepperFile, encoding: .utf8),
            let pepper = bytes(hexadecimal: pepperText.trimmingCharacters(in: .whitespacesAndNewlines))
        else { return nil }
        let keys = keyText.split(separator: "\n").compactMap { line in
            bytes(hexadecimal: line.trimmingCharacters(in: .whitespaces)).flatMap { try? TrustedKey($0) }
        }
        guard !keys.isEmpty else { return nil }
        audience = ListAudience(
            operatorID: operatorID, scopeIDs: setting.scopes.compactMap { bytes(hexadecimal: $0) }, keys: keys)
        self.pepper = pepper
    }
}

/// The list that is asked.
final class ListInUse: Runtime.ListReader {
    private var reader: AllowList.ListReader<ListFile>

    init(_ path: String, _ setting: TrustedSetting) throws(ListRefusal) {
        reader = try AllowList.ListReader(ListFile(path: path), for: setting.audience, pepper: setting.pepper)
    }

    /// The signed header.
    var header: ListHeader { reader.header }

    /// How current a list is by the machine's clock, where that clock can be right: not before the list was made.
    static func freshness(_ header: ListHeader) -> ListFreshness {
        let now = WallTime.machineUTCMilliseconds / 1_000
        return header.freshness(at: now >= header.issuedAt ? now : nil)
    }

    func lookUp(_ token: String, name: TokenName) -> LookUpAnswer {
        let header = reader.header
        let now = WallTime.machineUTCMilliseconds / 1_000
        let isPlausible = now >= header.issuedAt
        guard let canonical = try? CanonicalToken(parsing: token) else {
            return answer(name, .refused(.readerGarbage), nil, 0)
        }
        switch reader.lookUp(canonical, lowerBound: isPlausible ? now : header.issuedAt, trusted: isPlausible ? now : nil) {
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
        let freshness = Self.freshness(reader.header)
        let limits = profile?.limits(freshness)
        let allowance = Allowance(
            sessionWattHours: Int64(limits?.sessionWattHours ?? 0), powerWatts: Int64(profile?.maximumWatts ?? 0),
            sessionsLeft: Int32(limits?.sessionsPerDay ?? 0))
        return LookUpAnswer(
            lookUp: TokenLookUp(
                token: name, verdict: verdict, group: UInt64(group), freshness: Freshness(freshness), allowance: allowance),
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
                allowance: Allowance(sessionWattHours: 0, powerWatts: 0, sessionsLeft: 0)), wattHoursUntilContact: 0)
    }
}

/// The post's own name of a raw token; what is no token is named by its text, and refused by the look-up.
func name(of token: String, _ naming: TokenNaming) -> TokenName {
    let canonical = (try? CanonicalToken(parsing: token)) ?? (try? CanonicalToken(.free, "INVALID"))
    guard let canonical else { return TokenName(high: 0, low: 0) }
    let (high, low) = naming.name(canonical)
    return TokenName(high: high, low: low)
}
