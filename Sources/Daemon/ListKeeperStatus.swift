// The list in status, metrics and log: what is in use, what was refused, what is lost or damaged, and by which name.

import AllowList
import Console
import Ledger
import Runtime
import Synchronization

extension ListKeeper {
    /// Something was refused, wherever it came from: the sender is told by whoever has him.
    func note(_ problem: DeliveryProblem, from source: ListSource) {
        note(problem.code, problem.sentence, driver: problem.driverSentence, named: source.name)
    }

    func note(_ problem: InstallProblem, named source: String) {
        note(problem.code, problem.sentence, driver: problem.driverSentence, named: source)
    }

    func note(_ code: String, _ sentence: String, driver: String, named source: String) {
        let refused = ListView.Refused(
            code: code, sentence: "\(source): \(sentence)", driver: driver,
            utcMilliseconds: WallTime.machineUTCMilliseconds)
        state.withLock { $0.refused = refused }
        journal.refused(code, sentence, driver: driver, from: source)
    }

    /// Why no list is in use; nil while one is.
    var whyNoneIsInUse: String? { state.withLock { $0.header == nil ? $0.whyNone + $0.lossesToTell : nil } }

    /// Whether nobody is let in by what is in use: no list, or one that names nobody and has nothing for strangers.
    var letsNobodyIn: Bool {
        state.withLock { state in
            guard let header = state.header, let list = state.list else { return true }
            let guests = list.policy.guests
            return header.recordCount == 0 && (guests.sessionWattHours == 0 || guests.sessionsPerDay == 0)
        }
    }

    /// One sentence.
    var sentence: String {
        let state = state.withLock { $0 }
        let losses = state.lossesToTell
        guard let header = state.header, let freshness = state.freshness(time.reading) else {
            return state.whyNone + losses
        }
        return "version \(header.version), \(header.recordCount) entries, \(freshness)"
            + state.howDemoted
            + (state.list?.isDamaged == true ? ", damaged" : "")
            + (state.setting?.audience.bundle.map { ", trust bundle \($0.number)" } ?? "")
            + (state.deny.map { ", \($0.count) denied" } ?? "") + losses
            + (state.refused.map { "; the last file was refused: \($0.code)" } ?? "")
    }

    /// All there is to know.
    func view(cloudIsThere: Bool) -> ListView {
        let state = state.withLock { $0 }
        var view = ListView()
        view.refused = state.refused
        view.counts = journal.soFar
        view.mirrors = state.mirrors
        view.trust_bundle = state.setting?.audience.bundle?.number
        view.trust_bundle_due_at = state.setting?.audience.bundle?.softExpiry
        view.deny_object = state.deny?.sequence
        view.deny_object_issued_at = state.deny?.issuedAt
        view.denied = state.deny?.count
        view.lost = state.losses.map { ListView.Lost(code: $0.kind.rawValue, sentence: $0.sentence) }
        let now = time.reading
        guard let header = state.header, let freshness = state.freshness(now) else { return view }
        view.version = header.version
        view.entries = header.recordCount
        view.freshness = freshness
        view.step = state.list?.rung(now, cloudIsThere: cloudIsThere).name
        view.issued_at = header.issuedAt
        view.stale_from = header.softExpiry
        view.expired_from = header.hardExpiry
        view.fingerprint = state.list.map { hexadecimal($0.headerHash) }
        view.is_demoted = state.isDemoted
        view.demotion = state.demotion?.rawValue
        view.is_damaged = state.list?.isDamaged ?? false
        view.damaged_pages = state.list?.damagedPages.count ?? 0
        view.scrubbed_at = state.scrubbedAt
        return view
    }
}

extension ListKeeper.State {
    /// Why the list counts for less than it says, as a clause behind it.
    fileprivate var howDemoted: String {
        switch demotion {
        case nil: ""
        case .olderThanMark: ", not the newest that was installed"
        case .markUnreadable: ", perhaps not the newest that was installed"
        case .withdrawn where setting?.loss != nil: ", vouched for by nobody until the trust bundle is back"
        case .withdrawn: ", withdrawn by the trust bundle"
        }
    }
}
