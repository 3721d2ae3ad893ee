// What becomes of lists, told once: to the log by event and name, to the metrics by counts. No look-up waits for it.

import AllowList
import Console
import Logging
import Synchronization

/// The journal of the list. What cannot be written at once waits in a bounded queue; what finds no place is counted.
final class ListJournal: Sendable {
    /// Lines that wait at most, while the log is slow. Engineering default.
    static let linesAtMost = 256

    private struct Line: Sendable {
        var level: Logger.Level
        var sentence: String
        var fields: Logger.Metadata
    }
    private let counts = Mutex(ListCounts())
    private let lines: AsyncStream<Line>.Continuation

    init(_ logger: Logger) {
        let (stream, lines) = AsyncStream.makeStream(
            of: Line.self, bufferingPolicy: .bufferingOldest(Self.linesAtMost))
        self.lines = lines
        Task {
            for await line in stream { logger.log(level: line.level, "\(line.sentence)", metadata: line.fields) }
        }
    }

    deinit { lines.finish() }

    var soFar: ListCounts { counts.withLock { $0 } }

    /// Something was refused.
    func refused(_ code: String, _ sentence: String, driver: String, from source: String) {
        counts.withLock { $0.refused[code, default: 0] += 1 }
        tell(
            .error, "allow-list refused (\(code)): \(source): \(sentence)",
            [
                "event": "allow_list_refused", "refusal": "\(code)", "source": "\(source)",
                "driver": "\(driver)",
            ])
    }

    /// Something was taken.
    func took(_ what: String, from source: String) {
        tell(.notice, "\(source): \(what)", ["event": "allow_list_taken", "source": "\(source)"])
    }

    /// What is in use now; posts that name different lists of one version have been told different things.
    func inUse(_ sentence: String, fingerprint: String) {
        tell(
            .notice, "allow-list \(sentence), \(fingerprint)",
            ["event": "allow_list_in_use", "fingerprint": "\(fingerprint)"])
    }

    /// A change of the list's freshness.
    struct Step {
        /// Before; nil at the start.
        var from: String?
        var to: String
        var version: UInt64
        /// By what, and what to do.
        var why: String?
    }

    /// The list in use counts for less, or for more, than before: limits have changed with it.
    func step(_ step: Step) {
        let order = LadderRung.allCases.map(\.name)
        let place = { (word: String) in order.firstIndex(of: word) ?? order.count }
        let isWorse = place(step.to) > place(step.from ?? "fresh")
        if step.from == nil, !isWorse { return }
        tell(
            isWorse ? .warning : .notice,
            "list \(step.version) counts as \(step.to)"
                + (step.from.map { ", and was \($0)" } ?? " from the start on")
                + (step.why.map { ": \($0)" } ?? ""),
            [
                "event": "allow_list_step", "from": "\(step.from ?? "-")", "to": "\(step.to)",
                "version": "\(step.version)",
            ])
    }

    /// Something is to be done before a date, or was done.
    func warning(_ warning: ListWarning, isOver: Bool) {
        tell(
            isOver ? .notice : .warning, isOver ? "no longer so: \(warning.sentence)" : warning.sentence,
            ["event": isOver ? "allow_list_warning_over" : "allow_list_warning", "warning": "\(warning.code)"])
    }

    /// A source cannot be reached, or can be again.
    func source(_ name: String, trouble: String?) {
        tell(
            trouble == nil ? .notice : .warning, "\(name): \(trouble ?? "answers again")",
            ["event": trouble == nil ? "list_source_back" : "list_source_lost", "source": "\(name)"])
    }

    /// Look-ups, or a scrub, have found something.
    func heard(_ events: [ListEvent], byScrub: Bool) {
        for event in events {
            switch event {
            case .pageDamaged(let page, let refusal, let isAnswered):
                counts.withLock { counts in
                    if byScrub {
                        counts.scrubsFailed += 1
                    } else if isAnswered {
                        counts.answeredByPrevious += 1
                    } else {
                        counts.answeredByNobody += 1
                    }
                }
                let answered =
                    byScrub
                    ? "found by the scrub"
                    : isAnswered
                        ? "the list before answered, by the limits of a stale one" : "nobody could answer"
                tell(
                    .warning, "page \(page) of the list is damaged (\(refusal.rawValue)): \(answered)",
                    ["event": "\(event.name)", "refusal": "\(refusal.rawValue)", "page": "\(page)"])
            case .listDamaged:
                tell(
                    .error,
                    "the list counts as damaged: it is asked for anew, and limits are those of a stale list until then",
                    ["event": "\(event.name)"])
            case .scrubbed(let pages):
                counts.withLock { $0.scrubs += 1 }
                tell(.info, "all \(pages) pages of the list are good", ["event": "\(event.name)"])
            }
        }
    }

    private func tell(_ level: Logger.Level, _ sentence: String, _ fields: Logger.Metadata) {
        let line = Line(level: level, sentence: sentence, fields: fields)
        if case .dropped = lines.yield(line) { counts.withLock { $0.linesLost += 1 } }
    }
}
