// Keeps the post's signed list: which is in use, how another takes its place, why one was refused.

import AllowList
import Console
import DaemonConfiguration
import Foundation
import Ledger
import Logging
import Runtime
import Synchronization

/// The signed list of a running post.
///
/// Lists lie in the state folder as `allow-list.a.pal` and `allow-list.b.pal` (see `ListSlots`); the high-water mark
/// lies in the records. A file `allow-list.pal` that was laid beside them while no daemon ran is installed at the
/// next start, by the same checks, and then removed.
final class ListKeeper: Sendable {
    private struct State {
        var setting: TrustedSetting?
        var deny: DenyObject?
        var list: InstalledList<ListFile>?
        var header: ListHeader?
        var isDemoted = false
        var whyNone = "no list is installed"
        var refused: ListView.Refused?
        var isBusy = false

        /// The word for the list's freshness now.
        func freshness(_ time: TimeReading) -> String? {
            list.map { $0.rung(time, cloudIsThere: false).freshness.rawValue }
        }
    }
    private let state = Mutex(State())
    private let folder: String
    private let lookUps: LookUpThread
    private let time: TimeKeeper
    private let logger: Logger

    init(in folder: String, _ lookUps: LookUpThread, _ time: TimeKeeper, _ logger: Logger) {
        self.folder = folder
        self.lookUps = lookUps
        self.time = time
        self.logger = logger
        lookUps.install { NoList() }
    }

    // At the start

    /// Takes the newest list that this post trusts into use. The mark is read from the records before the record
    /// thread has them.
    func begin(_ setting: DaemonConfiguration.AllowListSetting, mark: some TrustState) {
        unlink(folder + "/" + ListDelivery.name)
        time.vouch(setting.isClockAuthenticated)
        do throws(BackendProblem) {
            let setting = try TrustedSetting(setting, trust)
            trust(setting)
            takeDeny(setting)
            let slots = ListSlots(
                in: FolderOnDisk(path: folder), state: mark, for: setting.audience, pepper: setting.pepper)
            takeLaidFile(slots)
            use(slots.boot(), setting)
        } catch {
            state.withLock { $0.whyNone = error.sentence }
        }
    }

    private var trust: TrustStore<FolderOnDisk> { TrustStore(in: FolderOnDisk(path: folder)) }

    private func trust(_ setting: TrustedSetting) {
        if let bundle = setting.audience.bundle { time.raise(to: bundle.issuedAt) }
        state.withLock { $0.setting = setting }
    }

    /// One that is damaged is told and denies nobody: it can only deny, so the post charges on.
    private func takeDeny(_ setting: TrustedSetting) {
        do throws(InstallProblem) {
            let deny = try trust.deny(for: setting.audience, pepper: setting.pepper)
            if let deny { time.raise(to: deny.issuedAt) }
            state.withLock { $0.deny = deny }
        } catch {
            state.withLock { $0.deny = nil }
            note(error, TrustStore<FolderOnDisk>.denyName)
        }
    }

    private func takeLaidFile(_ slots: ListSlots<FolderOnDisk, some TrustState>) {
        let path = folder + "/" + ListStore.name
        guard FileManager.default.fileExists(atPath: path) else { return }
        do {
            guard let file = try? ListFile(path: path) else { throw InstallProblem.refused(.unreadable) }
            try slots.install(file)
            unlink(path)
        } catch {
            note(error as? InstallProblem ?? .refused(.unreadable), path)
        }
    }

    /// What lies in the two places may be damaged, or of another operator: the post then has none, and says why.
    private func use(_ found: BootedList<ListFile>?, _ setting: TrustedSetting) {
        let deny = state.withLock { $0.deny }
        guard let found else {
            if state.withLock({ $0.list == nil }) { lookUps.install { NoList(deny: deny) } }
            for slot in ListSlot.allCases {
                let path = folder + "/" + slot.name
                guard FileManager.default.fileExists(atPath: path) else { continue }
                do throws(ListRefusal) {
                    _ = try AllowList.ListReader(
                        ListFile(path: path), for: setting.audience, pepper: setting.pepper)
                } catch {
                    note(.refused(error), path)
                    state.withLock { $0.whyNone = "no list: \(error.rawValue)" }
                }
            }
            return
        }
        // The date of a list whose key has been withdrawn says nothing: whoever stole the key may have set it.
        if found.demotion != .withdrawn { time.raise(to: found.reader.header.issuedAt) }
        let list = InstalledList(found, deny: deny)
        lookUps.install { [time] in ListInUse(list, site: setting.site, time) }
        state.withLock {
            $0.list = list
            $0.header = found.reader.header
            $0.isDemoted = found.isDemoted
        }
        logger.notice("allow-list \(sentence)")
    }

    // While the post runs

    /// Verifies a file (a list, a trust bundle or a deny object: its first bytes say which) and takes it into use
    /// between two look-ups. Blocks: for a thread of its own. Returns what is told to the sender, as JSON.
    func install(_ path: String, mark: some TrustState) throws(InstallProblem) -> String {
        do throws(InstallProblem) {
            guard let setting = state.withLock({ $0.setting }) else { throw .refused(.unknownIssuer) }
            guard let file = try? ListFile(path: path) else { throw .refused(.unreadable) }
            var first: [UInt8] = []
            let kind = file.read(8, at: 0, into: &first) ? SignedObject(of: first) : nil
            let said =
                switch kind {
                case .bundle: try adopt(bundle: try Self.whole(file, TrustBundle.lengthAtMost), setting, mark)
                case .deny: try adopt(deny: try Self.whole(file, DenyObject.lengthAtMost), setting, mark)
                case .list, nil: try install(file, setting, mark)
                }
            state.withLock { $0.refused = nil }
            return said
        } catch {
            note(error, "what was sent")
            throw error
        }
    }

    private func slots<Mark: TrustState>(_ setting: TrustedSetting, _ mark: Mark) -> ListSlots<FolderOnDisk, Mark> {
        ListSlots(in: FolderOnDisk(path: folder), state: mark, for: setting.audience, pepper: setting.pepper)
    }

    private func install(
        _ file: ListFile, _ setting: TrustedSetting, _ mark: some TrustState
    ) throws(InstallProblem) -> String {
        let slots = slots(setting, mark)
        let header = try slots.install(file)
        use(slots.boot(), setting)
        return "{\"installed\":true,\"version\":\(header.version),\"entries\":\(header.recordCount)}"
    }

    /// The next bundle: withdrawn keys count no more, for the list in use and for the deny object alike.
    private func adopt(
        bundle: [UInt8], _ setting: TrustedSetting, _ mark: some TrustState
    ) throws(InstallProblem) -> String {
        guard setting.audience.bundle != nil, let adopted = try trust.adopt([bundle]) else {
            throw .refused(.unknownIssuer)
        }
        let setting = TrustedSetting(adopted, after: setting)
        trust(setting)
        takeDeny(setting)
        use(slots(setting, mark).boot(), setting)
        return "{\"installed\":true,\"trust_bundle\":\(adopted.number)}"
    }

    private func adopt(
        deny: [UInt8], _ setting: TrustedSetting, _ mark: some TrustState
    ) throws(InstallProblem) -> String {
        let adopted = try trust.adopt(deny: deny, for: setting.audience, pepper: setting.pepper)
        state.withLock { $0.deny = adopted }
        time.raise(to: adopted.issuedAt)
        use(slots(setting, mark).boot(), setting)
        return "{\"installed\":true,\"deny_object\":\(adopted.sequence),\"denied\":\(adopted.count)}"
    }

    private static func whole(_ file: ListFile, _ atMost: Int) throws(InstallProblem) -> [UInt8] {
        guard file.count <= UInt64(atMost) else { throw .refused(.trailingBytes) }
        var bytes: [UInt8] = []
        guard file.read(Int(file.count), at: 0, into: &bytes) else { throw .refused(.unreadable) }
        return bytes
    }

    /// Takes the place of the one who installs; false if somebody has it.
    func occupy() -> Bool {
        state.withLock { state in
            defer { state.isBusy = true }
            return !state.isBusy
        }
    }

    /// The place is free again.
    func release() { state.withLock { $0.isBusy = false } }

    /// Where a list that is sent is put until it has been checked.
    var deliveryPath: String { folder + "/" + ListDelivery.name }

    /// Why nothing can be installed, or nil.
    var whyNothingIsAccepted: String? { state.withLock { $0.setting == nil ? $0.whyNone : nil } }

    private func note(_ problem: InstallProblem, _ what: String) {
        let refused = ListView.Refused(
            code: problem.code, sentence: "\(what): \(problem.sentence)",
            utcMilliseconds: WallTime.machineUTCMilliseconds)
        logger.error("allow-list refused (\(refused.code)): \(refused.sentence)")
        state.withLock { $0.refused = refused }
    }

    // For the status

    /// One sentence.
    var sentence: String {
        let state = state.withLock { $0 }
        guard let header = state.header, let freshness = state.freshness(time.reading) else { return state.whyNone }
        return "version \(header.version), \(header.recordCount) entries, \(freshness)"
            + (state.isDemoted ? ", not the newest that was installed" : "")
            + (state.setting?.audience.bundle.map { ", trust bundle \($0.number)" } ?? "")
            + (state.deny.map { ", \($0.count) denied" } ?? "")
            + (state.refused.map { "; the last file was refused: \($0.code)" } ?? "")
    }

    /// All there is to know.
    func view(cloudIsThere: Bool) -> ListView {
        let state = state.withLock { $0 }
        var view = ListView()
        view.refused = state.refused
        let now = time.reading
        guard let header = state.header, let freshness = state.freshness(now) else { return view }
        view.version = header.version
        view.entries = header.recordCount
        view.freshness = freshness
        view.step = state.list?.rung(now, cloudIsThere: cloudIsThere).name
        view.issued_at = header.issuedAt
        view.stale_from = header.softExpiry
        view.expired_from = header.hardExpiry
        view.is_demoted = state.isDemoted
        return view
    }
}

extension InstallProblem {
    /// The stable name of the reason.
    var code: String {
        switch self {
        case .refused(let refusal): refusal.rawValue
        case .disk: "disk_failed"
        case .markDamaged: "mark_damaged"
        }
    }

    /// What happened and what to do.
    var sentence: String {
        switch self {
        case .refused(let refusal): refusal.sentence
        case .disk(let problem):
            "The disk refused (\(problem.step) of \(problem.name), error \(problem.number)): make room, or look at the disk."
        case .markDamaged:
            "The records cannot tell which list was the newest, so none is taken: look at the records, or have service begin new ones."
        }
    }
}
