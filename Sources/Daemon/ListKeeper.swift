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
        var list: InstalledList<ListFile>?
        var header: ListHeader?
        var isDemoted = false
        var whyNone = "no list is installed"
        var refused: ListView.Refused?
        var isBusy = false

        /// The word for the list's freshness now.
        var freshness: String? {
            list.map { $0.rung($0.header.believed(PostClock.reading), cloudIsThere: false).freshness.rawValue }
        }
    }
    private let state = Mutex(State())
    private let folder: String
    private let lookUps: LookUpThread
    private let logger: Logger

    init(in folder: String, _ lookUps: LookUpThread, _ logger: Logger) {
        self.folder = folder
        self.lookUps = lookUps
        self.logger = logger
        lookUps.install { NoList() }
    }

    // At the start

    /// Takes the newest list that this post trusts into use. The mark is read from the records before the record
    /// thread has them.
    func begin(_ setting: DaemonConfiguration.AllowListSetting, mark: some TrustState) {
        unlink(folder + "/" + ListDelivery.name)
        do throws(BackendProblem) {
            let setting = try TrustedSetting(setting)
            state.withLock { $0.setting = setting }
            let slots = ListSlots(
                in: FolderOnDisk(path: folder), state: mark, for: setting.audience, pepper: setting.pepper)
            takeLaidFile(slots)
            use(slots.boot(), setting)
        } catch {
            state.withLock { $0.whyNone = error.sentence }
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
        guard let found else {
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
        let list = InstalledList(found)
        lookUps.install { ListInUse(list) }
        state.withLock {
            $0.list = list
            $0.header = found.reader.header
            $0.isDemoted = found.isDemoted
        }
        logger.notice("allow-list \(sentence)")
    }

    // While the post runs

    /// Verifies and installs a file, then has the look-up thread take it between two look-ups. Blocks: for a thread
    /// of its own.
    func install(_ path: String, mark: some TrustState) throws(InstallProblem) -> ListHeader {
        guard let setting = state.withLock({ $0.setting }) else { throw .refused(.unknownIssuer) }
        let slots = ListSlots(
            in: FolderOnDisk(path: folder), state: mark, for: setting.audience, pepper: setting.pepper)
        do {
            guard let file = try? ListFile(path: path) else { throw InstallProblem.refused(.unreadable) }
            let header = try slots.install(file)
            state.withLock {
                $0.refused = nil
                $0.header = header
            }
            use(slots.boot(), setting)
            return header
        } catch {
            let problem = error as? InstallProblem ?? .refused(.unreadable)
            note(problem, "the list that was sent")
            throw problem
        }
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
        guard let header = state.header, let freshness = state.freshness else { return state.whyNone }
        return "version \(header.version), \(header.recordCount) entries, \(freshness)"
            + (state.isDemoted ? ", not the newest that was installed" : "")
            + (state.refused.map { "; the last one was refused: \($0.code)" } ?? "")
    }

    /// All there is to know.
    var view: ListView {
        let state = state.withLock { $0 }
        var view = ListView()
        view.refused = state.refused
        guard let header = state.header, let freshness = state.freshness else { return view }
        view.version = header.version
        view.entries = header.recordCount
        view.freshness = freshness
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
