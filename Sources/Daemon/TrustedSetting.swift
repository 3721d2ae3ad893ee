// Whose lists a post accepts: its keys, its names, its pepper, read from the files that the configuration names.

import AllowList
import DaemonConfiguration
import Foundation
import Runtime

/// Whose lists a post accepts.
struct TrustedSetting: Sendable {
    let audience: ListAudience
    let pepper: [UInt8]
    /// What the site makes stricter than the list's own policy.
    let site: SiteTightening
    /// How the post has lost its trust bundle: nothing but bundles is taken, and the list in use counts as expired.
    let loss: TrustLoss?
    /// Whether trust comes from a bundle.
    let hasBundle: Bool

    /// Reads the files that the configuration names; throws one sentence: what is missing and what to do.
    ///
    /// With a bundle file the post trusts the newest bundle that `trust` has walked to; the file is only the first.
    init(
        _ setting: DaemonConfiguration.AllowListSetting, _ trust: TrustStore<FolderOnDisk, some TrustState>
    ) throws(BackendProblem) {
        let scopes = setting.scopes.compactMap { bytes(hexadecimal: $0) }
        hasBundle = !setting.bundleFile.isEmpty
        let (bundle, loss) = try hasBundle ? Self.bundle(setting.bundleFile, trust) : (nil, nil)
        self.loss = loss
        guard setting.acceptsLists else {
            throw BackendProblem("no operator is configured: set allow_list.operator to accept lists")
        }
        let nobody = [UInt8](repeating: 0, count: 16)
        guard
            let operatorID = setting.operatorID.isEmpty
                ? bundle?.operatorID ?? nobody : bytes(hexadecimal: setting.operatorID), operatorID.count == 16
        else {
            throw BackendProblem("allow_list.operator is not 16 bytes in hexadecimal digits")
        }
        pepper = try Self.read(setting.pepper)
        site = SiteTightening(setting.tightening)
        if let bundle {
            guard bundle.operatorID == operatorID else {
                throw BackendProblem("allow_list.operator is not the trust bundle's operator: mend one of them")
            }
            audience = ListAudience(bundle, scopeIDs: scopes)
            return
        }
        guard loss == nil else {
            // Nobody's signature counts; the list that was installed is known by its mark.
            audience = ListAudience(operatorID: operatorID, scopeIDs: scopes, keys: [])
            return
        }
        audience = ListAudience(
            operatorID: operatorID, scopeIDs: scopes, keys: try Self.read(setting.trustedKeys))
    }

    /// The same post after its trust has moved on to another bundle.
    init(_ bundle: TrustBundle, after setting: TrustedSetting) {
        audience = ListAudience(bundle, scopeIDs: setting.audience.scopeIDs)
        pepper = setting.pepper
        site = setting.site
        loss = nil
        hasBundle = true
    }

    /// The bundle that was adopted last. Before there is one, that of the file: a damaged one never falls back to it,
    /// since that would trust withdrawn keys again.
    private static func bundle(
        _ path: String, _ trust: TrustStore<FolderOnDisk, some TrustState>
    ) throws(BackendProblem) -> (TrustBundle?, TrustLoss?) {
        let first = FileManager.default.contents(atPath: path)
        do throws(InstallProblem) {
            if let first, first.count <= TrustBundle.lengthAtMost { return (try trust.begin(Array(first)), nil) }
            if let kept = try trust.bundle() { return (kept, nil) }
            throw .refused(.unreadable)
        } catch {
            if case .trustLost(let loss) = error { return (nil, loss) }
            if case .markDamaged = error, let kept = trust.unmarkedBundle { return (kept, nil) }
            throw BackendProblem(
                "the trust bundle (\(path), or the one kept since): \(error.code): \(error.sentence)")
        }
    }

    /// What a file of the configuration holds, by the same reading as that of `--check`.
    private static func read<Value>(
        _ file: () throws(AllowListFileProblem) -> Value
    ) throws(BackendProblem) -> Value {
        do throws(AllowListFileProblem) { return try file() } catch {
            throw BackendProblem("\(error.key): \(error.sentence)")
        }
    }
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
        postsOnSite = setting.postsOnSite
    }
}
