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
    /// What the site makes stricter than the list's own policy.
    let site: SiteTightening

    /// Reads the files that the configuration names; throws one sentence: what is missing and what to do.
    ///
    /// With a bundle file the post trusts the newest bundle that `trust` has walked to; the file is only the first.
    init(
        _ setting: DaemonConfiguration.AllowListSetting, _ trust: TrustStore<FolderOnDisk>
    ) throws(BackendProblem) {
        let scopes = setting.scopes.compactMap { bytes(hexadecimal: $0) }
        let bundle = try setting.bundleFile.isEmpty ? nil : Self.bundle(setting.bundleFile, trust)
        guard !setting.operatorID.isEmpty || bundle != nil else {
            throw BackendProblem("no operator is configured: set allow_list.operator to accept lists")
        }
        guard
            let operatorID = setting.operatorID.isEmpty
                ? bundle?.operatorID : bytes(hexadecimal: setting.operatorID), operatorID.count == 16
        else {
            throw BackendProblem("allow_list.operator is not 16 bytes in hexadecimal digits")
        }
        guard let first = try Self.lines(of: setting.pepperFile, "allow_list.pepper_file").first,
            let pepper = bytes(hexadecimal: first), pepper.count == 32
        else { throw BackendProblem("\(setting.pepperFile) does not hold 32 bytes in hexadecimal digits") }
        self.pepper = pepper
        site = SiteTightening(setting.tightening)
        if let bundle {
            guard bundle.operatorID == operatorID else {
                throw BackendProblem("allow_list.operator is not the trust bundle's operator: mend one of them")
            }
            audience = ListAudience(bundle, scopeIDs: scopes)
            return
        }
        let keyLines = try Self.lines(of: setting.keysFile, "allow_list.keys_file")
        let keys = keyLines.compactMap { line in bytes(hexadecimal: line).flatMap { try? TrustedKey($0) } }
        guard !keys.isEmpty, keys.count == keyLines.count else {
            throw BackendProblem("\(setting.keysFile) holds a line that is no public key in hexadecimal digits")
        }
        audience = ListAudience(operatorID: operatorID, scopeIDs: scopes, keys: keys)
    }

    /// The same post after its trust has moved on to another bundle.
    init(_ bundle: TrustBundle, after setting: TrustedSetting) {
        audience = ListAudience(bundle, scopeIDs: setting.audience.scopeIDs)
        pepper = setting.pepper
        site = setting.site
    }

    /// The bundle that was adopted last. Before there is one, that of the file: a damaged one never falls back to it,
    /// since that would trust withdrawn keys again.
    private static func bundle(
        _ path: String, _ trust: TrustStore<FolderOnDisk>
    ) throws(BackendProblem) -> TrustBundle {
        do throws(InstallProblem) {
            if let kept = try trust.bundle() { return kept }
            guard let data = FileManager.default.contents(atPath: path), data.count <= TrustBundle.lengthAtMost,
                let adopted = try trust.adopt([Array(data)])
            else { throw .refused(.unreadable) }
            return adopted
        } catch {
            throw BackendProblem(
                "the trust bundle (\(path), or the one kept since): \(error.code): \(error.sentence)")
        }
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
    private let time: TimeKeeper

    init(_ list: InstalledList<ListFile>, site: SiteTightening, _ time: TimeKeeper) {
        self.list = ListLookUp(list, site: site)
        self.time = time
    }

    func lookUp(_ token: String, name: TokenName) -> LookUpAnswer {
        list.lookUp(try? CanonicalToken(parsing: token), name: name, time.reading)
    }
}

/// A post without a list. It still refuses whom the deny object names.
final class NoList: Runtime.ListReader {
    private let deny: DenyObject?

    init(deny: DenyObject? = nil) { self.deny = deny }

    func lookUp(_ token: String, name: TokenName) -> LookUpAnswer {
        let isDenied = (try? CanonicalToken(parsing: token)).flatMap { deny?.denies($0) } ?? false
        return LookUpAnswer(token: name, verdict: isDenied ? .refused(.blockedToken) : .noList)
    }
}

/// The post's own name of a raw token; what is no token is named by its text, and refused by the look-up.
func name(of token: String, _ naming: TokenNaming) -> TokenName {
    let canonical = (try? CanonicalToken(parsing: token)) ?? (try? CanonicalToken(.free, "INVALID"))
    guard let canonical else { return TokenName(high: 0, low: 0) }
    let (high, low) = naming.name(canonical)
    return TokenName(high: high, low: low)
}

extension SiteTightening {
    /// What the configuration makes stricter.
    init(_ setting: DaemonConfiguration.AllowListSetting.Tightening) {
        self.init()
        let all = ProfileLimits(sessionWattHours: .max, sessionsPerDay: .max, contactWattHours: .max)
        profile = ProfileLimits(
            sessionWattHours: setting.sessionWattHours ?? all.sessionWattHours,
            sessionsPerDay: setting.sessionsPerDay ?? all.sessionsPerDay,
            contactWattHours: setting.contactWattHours ?? all.contactWattHours)
        if let most = setting.postWattHours {
            postExposure = ExposureCap(fresh: most, stale: most, expired: most)
        }
    }
}
