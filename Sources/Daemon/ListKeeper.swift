// Keeps the post's signed list: which is in use, how another takes its place, why one was refused.

import AllowList
import Console
import DaemonConfiguration
import Foundation
import Ledger
import Logging
import Post
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
        /// How the newest deny object was lost, if it was.
        var denyLoss: TrustLoss?
        var list: InstalledList<ListFile>?
        var header: ListHeader?
        var isDemoted = false
        var whyNone = "no list is installed"
        var refused: ListView.Refused?
        var isBusy = false

        /// What of the post's trust is not what its marks say.
        var losses: [TrustLoss] { [setting?.loss, denyLoss].compactMap { $0 } }

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

    private let presented: PresentedTokens
    /// Hears of every token that a new deny object refuses while it may have a session.
    private let denied: @Sendable (TokenName) -> Void

    init(
        in folder: String, _ lookUps: LookUpThread, _ time: TimeKeeper, _ control: LiveControl, _ logger: Logger
    ) {
        self.folder = folder
        self.lookUps = lookUps
        self.time = time
        self.logger = logger
        let (board, inbox) = (control.board, control.inbox)
        let presented = PresentedTokens { name in
            board.snapshot.connectors.contains { $0.session?.token == name }
        }
        self.presented = presented
        denied = { inbox.post(.tokenDenied($0)) }
        lookUps.install { NoList(presented) }
    }

    /// What answers from now on. It is made by the look-up thread, between two look-ups: whoever was looked up before
    /// is held against the deny object here, and whoever comes later is asked for at the look-up.
    private func answer(from list: InstalledList<ListFile>?, _ site: SiteTightening, _ deny: DenyObject?) {
        lookUps.install { [time, presented, denied] in
            if let deny { for name in presented.denied(by: deny) { denied(name) } }
            guard let list else { return NoList(deny: deny, presented) }
            return ListInUse(list, site: site, time, presented)
        }
    }

    // At the start

    /// Takes the newest list that this post trusts into use. The mark is read from the records before the record
    /// thread has them.
    func begin(_ setting: DaemonConfiguration.AllowListSetting, mark: some TrustState) {
        unlink(folder + "/" + ListDelivery.name)
        time.vouch(setting.isClockAuthenticated)
        do throws(BackendProblem) {
            let setting = try TrustedSetting(setting, store(mark))
            trust(setting)
            takeDeny(setting, mark)
            let slots = slots(setting, mark)
            if setting.loss == nil { takeLaidFile(slots) }
            use(slots.boot(), setting)
        } catch {
            state.withLock { $0.whyNone = error.sentence }
        }
    }

    private func store<Mark: TrustState>(_ mark: Mark) -> TrustStore<FolderOnDisk, Mark> {
        TrustStore(in: FolderOnDisk(path: folder), state: mark)
    }

    private func trust(_ setting: TrustedSetting) {
        if let bundle = setting.audience.bundle { time.raise(to: bundle.issuedAt) }
        state.withLock { $0.setting = setting }
        if let loss = setting.loss { note(.trustLost(loss), TrustFiles.bundle) }
    }

    /// One that is damaged, gone or not the newest is told and denies nobody: the post charges on, as on a stale list.
    private func takeDeny(_ setting: TrustedSetting, _ mark: some TrustState) {
        guard setting.loss == nil else { return state.withLock { $0.deny = nil } }
        do throws(InstallProblem) {
            let deny = try store(mark).deny(for: setting.audience, pepper: setting.pepper)
            if let deny { time.raise(to: deny.issuedAt) }
            state.withLock { ($0.deny, $0.denyLoss) = (deny, nil) }
        } catch {
            var loss = TrustLoss(kind: .denyDamaged)
            if case .trustLost(let known) = error { loss = known }
            state.withLock { ($0.deny, $0.denyLoss) = (nil, loss) }
            note(error, TrustFiles.deny)
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
        let (deny, isDenyLost) = state.withLock { ($0.deny, $0.denyLoss != nil) }
        guard let found else {
            if state.withLock({ $0.list == nil }) { answer(from: nil, setting.site, deny) }
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
        let list = InstalledList(found, deny: deny, isDenyLost: isDenyLost)
        answer(from: list, setting.site, deny)
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
            // Without a bundle nobody's signature counts but a bundle's.
            if let loss = setting.loss, kind != .bundle { throw .trustLost(loss) }
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
        guard setting.hasBundle else { throw .refused(.unknownIssuer) }
        guard let adopted = try store(mark).adopt([bundle]) else {
            return "{\"installed\":true,\"trust_bundle\":null,\"wanted\":\(setting.loss?.newest ?? 0)}"
        }
        let setting = TrustedSetting(adopted, after: setting)
        trust(setting)
        takeDeny(setting, mark)
        use(slots(setting, mark).boot(), setting)
        return "{\"installed\":true,\"trust_bundle\":\(adopted.number)}"
    }

    private func adopt(
        deny: [UInt8], _ setting: TrustedSetting, _ mark: some TrustState
    ) throws(InstallProblem) -> String {
        let adopted = try store(mark).adopt(deny: deny, for: setting.audience, pepper: setting.pepper)
        state.withLock { ($0.deny, $0.denyLoss) = (adopted, nil) }
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
            + state.losses.map { "; \($0.kind.rawValue)" }.joined()
            + (state.refused.map { "; the last file was refused: \($0.code)" } ?? "")
    }

    /// All there is to know.
    func view(cloudIsThere: Bool) -> ListView {
        let state = state.withLock { $0 }
        var view = ListView()
        view.refused = state.refused
        let now = time.reading
        view.trust_bundle = state.setting?.audience.bundle?.number
        view.deny_object = state.deny?.sequence
        view.denied = state.deny?.count
        view.lost = state.losses.map { ListView.Lost(code: $0.kind.rawValue, sentence: $0.sentence) }
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
        case .trustLost(let loss): loss.kind.rawValue
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
        case .trustLost(let loss): loss.sentence
        }
    }
}
