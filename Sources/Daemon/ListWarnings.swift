// What an operator is warned of before anybody stands at the post: a list that grows old, and dates of trust that draw near.

import AllowList
import Foundation
import Runtime
import Synchronization

/// One warning: a stable name for journal and log, and what happened and what to do.
struct ListWarning: Hashable, Sendable {
    var code: String
    var sentence: String
}

extension ListKeeper.State {
    /// How long before it a date of trust is warned of: 30 days, the time in which roots can be fetched from their safes.
    /// Engineering default.
    static let warnedAheadSeconds: Int64 = 30 * 86_400

    /// What has to be done for the list in use and for the trust behind it.
    func warnings(_ time: TimeReading) -> [ListWarning] {
        [whyNotFresh(time)].compactMap { $0 } + datesOfTrust(time)
    }

    /// Why the list in use counts for less than a fresh one, by its real cause; nil while it is fresh, where only the clock is at
    /// fault, and where a part of the trust is lost: that is told by itself.
    func whyNotFresh(_ time: TimeReading) -> ListWarning? {
        guard let list else { return nil }
        let (header, version) = (list.header, list.header.version)
        switch demotion {
        case .withdrawn where setting?.loss != nil: return nil
        case .withdrawn:
            let bundle = setting?.audience.bundle.map { "trust bundle \($0.number)" } ?? "the configuration"
            return ListWarning(
                code: "list_withdrawn",
                sentence:
                    "The key, stream or version of list \(version) has been withdrawn by \(bundle), so that it counts as expired: send a list that a key of that bundle has signed."
            )
        case .olderThanMark, .markUnreadable, nil: break
        }
        if time.best >= header.hardExpiry {
            return ListWarning(
                code: "list_expired",
                sentence:
                    "List \(version) was issued on \(day(header.issuedAt)) and has expired on \(day(header.hardExpiry)): only the smallest limits are left; send a newer list, and look why none has come."
            )
        }
        switch demotion {
        case .olderThanMark:
            return ListWarning(
                code: "older_list",
                sentence:
                    "List \(version) is not the newest that was installed, and that one is damaged or gone: limits are those of a stale list; send the newest again."
            )
        case .markUnreadable:
            return ListWarning(
                code: "newest_list_unknown",
                sentence:
                    "The records cannot say whether list \(version) is the newest that was installed: limits are those of a stale list; look at the records."
            )
        case .withdrawn, nil: break
        }
        if list.isDamaged {
            return ListWarning(
                code: "list_damaged",
                sentence:
                    "List \(version) is damaged on the disk: limits are those of a stale list; send the same again, or a newer one."
            )
        }
        if let deny, deny.confirms(header, hash: list.headerHash) == false {
            return ListWarning(
                code: "newer_list_exists",
                sentence:
                    "The deny object says that list \(deny.listVersion) is the newest, and the post has list \(version) or another of that version: limits are those of a stale list; send the newest."
            )
        }
        let freshUntil = LadderRung.freshUntil(header, hash: list.headerHash, heartbeat: deny)
        guard time.best >= freshUntil else { return nil }
        return ListWarning(
            code: "list_stale",
            sentence:
                "List \(version) was issued on \(day(header.issuedAt)) and counts as stale since \(day(freshUntil)), and expires on \(day(header.hardExpiry)): nothing newer has come; send a newer list, or a deny object that says it is the newest, and look why none has come."
        )
    }

    /// Dates of the trust bundle that draw near or are past. None of them stops the post by itself.
    func datesOfTrust(_ time: TimeReading) -> [ListWarning] {
        guard let bundle = setting?.audience.bundle else { return [] }
        var found: [ListWarning] = []
        func warn(_ code: String, at date: Int64, _ sentence: (_ isPast: Bool) -> String) {
            guard time.best >= date.subtractingReportingOverflow(Self.warnedAheadSeconds).partialValue else {
                return
            }
            found.append(ListWarning(code: code, sentence: sentence(time.best >= date)))
        }
        warn("trust_bundle_due", at: bundle.softExpiry) { isPast in
            "Trust bundle \(bundle.number) \(isPast ? "was" : "is") due to be replaced on \(day(bundle.softExpiry)): have the roots sign the next one; until then all goes on as it is."
        }
        for (role, what) in [(KeyRole.list, "list"), (.deny, "deny object")] {
            let ends = bundle.keys(role).map(\.notAfter)
            // A key without an end signs on.
            guard let last = ends.max(), !ends.contains(0) else { continue }
            warn("\(role.name)_keys_end", at: last) { isPast in
                "No \(role.name) key of trust bundle \(bundle.number) may sign what is issued from \(day(last)) on: \(isPast ? "no \(what) is taken any more" : "no \(what) will be taken then"); have the roots sign a bundle with another key."
            }
        }
        return found
    }

    private func day(_ seconds: Int64) -> String {
        guard (0...WrittenTime.latest).contains(seconds) else { return "\(seconds) s" }
        return Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }
}

extension ListKeeper {
    /// For the status.
    var warnings: [String] {
        let now = time.reading
        return state.withLock { $0.warnings(now).map(\.sentence) }
    }

    /// Tells the journal what has changed since the last look. On the scrub's thread, about once a second.
    ///
    /// A step is told once it has been seen twice: a clock at the edge of what is believed would fill the journal.
    func look() {
        let now = time.reading
        let (step, news) = state.withLock { state -> (ListJournal.Step?, [(warning: ListWarning, isOver: Bool)]) in
            let why = state.whyNotFresh(now)
            let freshness = state.freshness(now)
            var step: ListJournal.Step?
            if freshness == state.seenFreshness, freshness != state.toldFreshness {
                step = freshness.map { to in
                    ListJournal.Step(
                        from: state.toldFreshness, to: to, version: state.header?.version ?? 0,
                        why: why?.sentence ?? state.losses.first?.sentence)
                }
                state.toldFreshness = freshness
            }
            state.seenFreshness = freshness
            let present = state.datesOfTrust(now)
            let told = state.toldWarnings
            state.toldWarnings = present
            return (
                step,
                present.filter { new in !told.contains { $0.code == new.code } }.map { ($0, false) }
                    + told.filter { old in !present.contains { $0.code == old.code } }.map { ($0, true) }
            )
        }
        if var step {
            if step.why == nil { step.why = now.doubt(of: PostClock.reading, by: time.source) }
            journal.step(step)
        }
        for (warning, isOver) in news { journal.warning(warning, isOver: isOver) }
        keepCondemned()
    }

    // A list that was found damaged stays so over a restart, until one is installed

    /// Knows from the records what an earlier start has found damaged.
    func recallCondemned(_ mark: some TrustState) {
        let known = (try? mark.condemned()).flatMap { $0 }
        state.withLock { ($0.condemned, $0.keptCondemned) = (known, known) }
    }

    /// Writes down which list is condemned, where that has changed. Blocks: never on the look-ups' thread.
    func keepCondemned() {
        condemning.withLock { _ in
            let wanted = state.withLock { state -> [UInt8]?? in
                if let list = state.list, list.isDamaged { state.condemned = list.headerHash }
                return state.condemned == state.keptCondemned ? nil : .some(state.condemned)
            }
            guard let wanted, let marks, (try? marks.commit(condemned: wanted)) != nil else { return }
            state.withLock { $0.keptCondemned = wanted }
        }
    }
}
