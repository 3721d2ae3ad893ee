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
    private var list: ListLookUp<ListFile>

    init(_ list: InstalledList<ListFile>) { self.list = ListLookUp(list) }

    func lookUp(_ token: String, name: TokenName) -> LookUpAnswer {
        list.lookUp(try? CanonicalToken(parsing: token), name: name, PostClock.reading)
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
