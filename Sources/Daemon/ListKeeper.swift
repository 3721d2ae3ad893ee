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
/// Lists lie in the state folder as `allow-list.a.pal` and `allow-list.b.pal` (see `ListSlots`); the marks lie in the
/// records. A file `allow-list.pal` that was laid beside them while no daemon ran is installed at the next start, by
/// the same checks, and then removed.
final class ListKeeper: Sendable {
    struct State {
        var setting: TrustedSetting?
        var deny: DenyObject?
        /// How the newest deny object was lost, if it was.
        var denyLoss: TrustLoss?
        var list: InstalledList<ListFile>?
        var header: ListHeader?
        /// Why the list counts for less than it says, if it does.
        var demotion: Demotion?
        /// How the list in use was lost, if it was.
        var listLoss: TrustLoss?
        /// The list that was found damaged, by its name, and what the records say of that.
        var condemned: [UInt8]?
        var keptCondemned: [UInt8]?
        /// What the last look saw, and what the journal has been told.
        var seenFreshness: String?
        var toldFreshness: String?
        var toldWarnings: [ListWarning] = []
        var whyNone = "no list is installed"
        /// Whether a stored list is not what was once verified.
        var isUnreadable = false
        var refused: ListView.Refused?
        var busy: Set<ListSource.Lane> = []
        var scrubEverySeconds: Int64 = 0
        var scrubbedAt: Int64?
        var mirrors: [ListView.Mirror] = []

        /// What of the post's trust is not what its marks say.
        var losses: [TrustLoss] { [setting?.loss, denyLoss, listLoss].compactMap { $0 } }
        /// Whether its limits are those of a stale list at most.
        var isDemoted: Bool { demotion != nil }
        /// Their names, to be put behind a sentence.
        var lossesToTell: String { losses.map { "; \($0.kind.rawValue)" }.joined() }

        /// The word for the list's freshness now.
        func freshness(_ time: TimeReading) -> String? {
            list.map { $0.rung(time, cloudIsThere: false).freshness.rawValue }
        }
    }
    let state = Mutex(State())
    /// One at a time writes down which list is condemned: the scrub and a delivery may both have news.
    let condemning = Mutex(())
    let folder: String
    let time: TimeKeeper
    let journal: ListJournal
    /// Where deliveries are written and installed.
    let disk = DiskQueue("deliveries")
    private let lookUps: LookUpThread
    private let scrubber: ListScrubber
    private let presented: PresentedTokens
    private let records = Mutex<RecordThread?>(nil)
    /// Hears of every token that a new deny object refuses while it may have a session.
    private let denied: @Sendable (TokenName) -> Void

    init(
        in folder: String, _ lookUps: LookUpThread, _ time: TimeKeeper, _ control: LiveControl, _ logger: Logger
    ) throws {
        self.folder = folder
        self.lookUps = lookUps
        self.time = time
        journal = ListJournal(logger)
        scrubber = try ListScrubber()
        let (board, inbox) = (control.board, control.inbox)
        let presented = PresentedTokens { name in
            board.snapshot.connectors.contains { $0.session?.token == name }
        }
        self.presented = presented
        denied = { inbox.post(.tokenDenied($0)) }
        lookUps.install { NoList(presented) }
        try scrubber.start(
            look: { [weak self] in self?.look() },
            report: { [weak self] events, generation in self?.scrubbed(events, generation) })
    }

    /// Ends the thread of the scrub.
    func stop() { scrubber.stop() }

    // At the start

    /// Takes the newest list that this post trusts into use. The marks are read from the records before the record
    /// thread has them.
    func begin(_ setting: DaemonConfiguration.AllowListSetting, mark: some TrustState) {
        for lane in ListSource.Lane.allCases where !state.withLock({ $0.busy.contains(lane) }) {
            unlink(deliveryPath(lane))
        }
        time.vouch(setting.isClockAuthenticated)
        state.withLock { $0.scrubEverySeconds = setting.scrubEverySeconds }
        do throws(BackendProblem) {
            let setting = try TrustedSetting(setting, store(mark))
            trust(setting)
            takeDeny(setting, mark)
            recallCondemned(mark)
            let slots = slots(setting, mark)
            let isAnew = setting.loss == nil && takeLaidFile(slots)
            use(slots.boot(), setting, isAnew: isAnew)
            if state.withLock({ $0.list == nil }) { noteLoss(mark) }
        } catch {
            state.withLock { $0.whyNone = error.sentence }
        }
    }

    /// From now on the records belong to their thread, and lists may come in.
    func attach(_ thread: RecordThread) { records.withLock { $0 = thread } }

    var marks: MarkInRecords? { records.withLock { $0 }.map { MarkInRecords($0) } }

    func store<Mark: TrustState>(_ mark: Mark) -> TrustStore<FolderOnDisk, Mark> {
        TrustStore(in: FolderOnDisk(path: folder), state: mark)
    }

    func slots<Mark: TrustState>(_ setting: TrustedSetting, _ mark: Mark) -> ListSlots<FolderOnDisk, Mark> {
        ListSlots(in: FolderOnDisk(path: folder), state: mark, for: setting.audience, pepper: setting.pepper)
    }

    /// With the keys that are no longer trusted goes what they have said of the time. Where the bundle is lost nobody knows
    /// which those are.
    func trust(_ setting: TrustedSetting, isNewBundle: Bool = false) {
        if let bundle = setting.audience.bundle { time.raise(to: bundle.issuedAt) }
        if setting.loss == nil { time.trust(setting.audience, isNewBundle: isNewBundle) }
        state.withLock { $0.setting = setting }
        if let loss = setting.loss { note(.trustLost(loss), named: TrustFiles.bundle) }
    }

    /// One that is damaged, gone or not the newest is told and denies nobody: the post charges on, as on a stale list.
    func takeDeny(_ setting: TrustedSetting, _ mark: some TrustState) {
        guard setting.loss == nil else { return state.withLock { $0.deny = nil } }
        do throws(InstallProblem) {
            let deny = try store(mark).deny(for: setting.audience, pepper: setting.pepper)
            if let deny { raise(by: deny) }
            state.withLock { ($0.deny, $0.denyLoss) = (deny, nil) }
        } catch {
            var loss = TrustLoss(kind: .denyDamaged)
            if case .trustLost(let known) = error { loss = known }
            state.withLock { ($0.deny, $0.denyLoss) = (nil, loss) }
            note(error, named: TrustFiles.deny)
        }
    }

    /// Its key can only deny: its word on the time counts for a day beyond everybody else's.
    func raise(by deny: DenyObject) { time.raise(to: deny.issuedAt, by: .key(.deny, deny.signer.bytes)) }

    /// Whether one was installed.
    private func takeLaidFile(_ slots: ListSlots<FolderOnDisk, some TrustState>) -> Bool {
        let path = folder + "/" + ListStore.name
        guard FileManager.default.fileExists(atPath: path) else { return false }
        do {
            guard let file = try? ListFile(path: path) else { throw InstallProblem.refused(.unreadable) }
            try slots.install(file)
            unlink(path)
            return true
        } catch {
            note(error as? InstallProblem ?? .refused(.unreadable), named: path)
            return false
        }
    }

    /// There was a list once, and none can be opened any more. Where it is another operator's, or signed by keys that the post was
    /// not told, nothing is lost.
    private func noteLoss(_ mark: some TrustState) {
        guard let known = (try? mark.highWater()).flatMap({ $0 }) else { return }
        let isThere = ListSlot.allCases.contains { FileManager.default.fileExists(atPath: folder + "/" + $0.name) }
        let loss = state.withLock { state -> TrustLoss? in
            guard !isThere || state.isUnreadable else { return nil }
            state.listLoss = TrustLoss(
                kind: isThere ? .listDamaged : .listMissing, newest: known.version, fingerprint: known.headerHash)
            state.whyNone = "no list can be used"
            return state.listLoss
        }
        if let loss { note(.trustLost(loss), named: isThere ? "the stored lists" : folder) }
    }

    // What answers

    /// What lies in the two places may be damaged, or of another operator: the post then has none, and says why.
    /// `isAnew` says that the list has just been written: what was damaged before is so no more.
    func use(_ found: BootedList<ListFile>?, _ setting: TrustedSetting, isAnew: Bool = false) {
        let (deny, isDenyLost) = state.withLock { ($0.deny, $0.denyLoss != nil) }
        guard let found else {
            if state.withLock({ $0.list == nil }) { answer(from: nil, setting.site, deny) }
            return sayWhyThereIsNone(setting)
        }
        // A list whose key has been withdrawn has no signers, and its date says nothing.
        for key in found.reader.signers { time.raise(to: found.reader.header.issuedAt, by: .key(.list, key.bytes)) }
        var list = InstalledList(found, deny: deny, isDenyLost: isDenyLost)
        state.withLock { state in
            if !isAnew, let present = state.list { list.inherit(damageOf: present) }
            if isAnew { (state.scrubbedAt, state.condemned) = (nil, nil) }
            if state.condemned == list.headerHash { list.condemn() }
            state.list = list
            state.listLoss = nil
            state.header = found.reader.header
            state.demotion = found.demotion
        }
        answer(from: list, setting.site, deny)
        if isAnew { scrubber.watch(nil, everySeconds: 0) }
        scrubber.watch(
            list.isDamaged ? nil : list, everySeconds: state.withLock { $0.scrubEverySeconds }, isAnew: isAnew)
        journal.inUse(sentence, fingerprint: hexadecimal(list.headerHash))
    }

    private func sayWhyThereIsNone(_ setting: TrustedSetting) {
        for slot in ListSlot.allCases {
            let path = folder + "/" + slot.name
            guard FileManager.default.fileExists(atPath: path) else { continue }
            do throws(ListRefusal) {
                _ = try AllowList.ListReader(ListFile(path: path), for: setting.audience, pepper: setting.pepper)
            } catch {
                note(error.rawValue, error.sentence, driver: error.driverSentence, named: path)
                state.withLock {
                    $0.whyNone = "no list: \(error.rawValue)"
                    $0.isUnreadable = $0.isUnreadable || error.isDamage
                }
            }
        }
    }

    /// What answers from now on. It is made by the look-up thread, between two look-ups: whoever was looked up before
    /// is held against the deny object here, and whoever comes later is asked for at the look-up.
    private func answer(from list: InstalledList<ListFile>?, _ site: SiteTightening, _ deny: DenyObject?) {
        let found: @Sendable ([ListEvent], InstalledList<ListFile>) -> Void = { [weak self] in
            self?.lookUpFound($0, in: $1)
        }
        lookUps.install { [time, presented, denied] in
            if let deny { for name in presented.denied(by: deny) { denied(name) } }
            guard let list else { return NoList(deny: deny, presented) }
            return ListInUse(list, site: site, time, presented, found: found)
        }
    }

    // Damage

    /// A look-up has met a damaged page. On the look-up thread, and only then.
    private func lookUpFound(_ events: [ListEvent], in list: InstalledList<ListFile>) {
        state.withLock { $0.list?.inherit(damageOf: list) }
        journal.heard(events, byScrub: false)
        if list.isDamaged { scrubber.watch(nil, everySeconds: 0) }
    }

    /// The scrub has gone through, or has met a damaged page: from then on the whole list counts as damaged.
    private func scrubbed(_ events: [ListEvent], _ generation: UInt64) {
        guard generation == scrubber.generation else { return }
        journal.heard(events, byScrub: true)
        let isDamaged = events.contains(.listDamaged)
        let (list, setting, deny) = state.withLock { state in
            if isDamaged { state.list?.condemn() } else { state.scrubbedAt = time.lowerBound }
            return (state.list, state.setting, state.deny)
        }
        if isDamaged, let list, let setting { answer(from: list, setting.site, deny) }
    }

    // One at a time

    /// Takes the place of the one who delivers by that way; false if somebody has it.
    func occupy(_ lane: ListSource.Lane) -> Bool { state.withLock { $0.busy.insert(lane).inserted } }

    /// The place is free again.
    func release(_ lane: ListSource.Lane) { _ = state.withLock { $0.busy.remove(lane) } }

    /// Where a list that comes in is put until it has been checked.
    func deliveryPath(_ lane: ListSource.Lane) -> String { folder + "/" + lane.fileName }

    /// Why nothing can be installed, or nil.
    var whyNothingIsAccepted: String? { state.withLock { $0.setting == nil ? $0.whyNone : nil } }
}
