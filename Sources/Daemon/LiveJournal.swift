// What happens at a live post, as log lines, and its state in one sentence for the service manager.

import Console
import DaemonConfiguration
import Logging
import Post
import Runtime
import Synchronization

extension LivePost {
    private func log(_ report: Report) {
        let (code, connector, sentence) = Wording.line(report)
        let level: Logger.Level = code == "defect" ? .critical : code == "fault_raised" ? .warning : .info
        var fields: Logger.Metadata = ["event": "\(code)", "connector": connector.map { "\($0)" } ?? "-"]
        switch report {
        case .faultRaised(let fault, _), .faultCleared(let fault, _): fields["fault"] = "\(fault.code)"
        case .refused(let refusal, _): fields["refusal"] = "\(refusal.code)"
        default: break
        }
        surroundings.logger.log(level: level, "\(sentence)", metadata: fields)
    }

    /// Everything the post reports, as log lines, and the state in one sentence to the service manager.
    func keepJournal(_ changes: AsyncStream<Void>?) async {
        let logger = surroundings.logger
        guard let changes else { return }
        var seen: UInt64 = 0
        var told = ""
        var areWarningsTold = false
        var troubles: [String] = []
        var whyNoList: String?
        for await _ in changes {
            if !areWarningsTold, control.board.snapshot.isRunning {
                for sentence in warnings { logger.warning("\(sentence)") }
                areWarningsTold = true
            }
            // One answer has so many lines at most: there may be more of them.
            while true {
                let lines = control.board.reports(after: seen).reports
                if lines.isEmpty { break }
                for line in lines {
                    if line.number > seen + 1 {
                        logger.warning("the log is too slow: \(line.number - seen - 1) lines were left out")
                    }
                    seen = line.number
                    log(line.report)
                }
            }
            // Without a list nobody is let in while the cloud is away: that belongs in the log, with its reason.
            let why = lists.whyNoneIsInUse
            if let why, why != whyNoList {
                logger.warning(
                    "no allow-list is in use: \(why); without the cloud nobody is let in",
                    metadata: ["event": "no_allow_list"])
            }
            whyNoList = why
            let present = surroundings.backend.troubles() + [drain?.figures.problem].compactMap { $0 }
            for sentence in present where !troubles.contains(sentence) {
                logger.warning("\(sentence)", metadata: ["event": "device_trouble"])
            }
            for sentence in troubles where !present.contains(sentence) {
                logger.notice("over: \(sentence)", metadata: ["event": "device_trouble_over"])
            }
            troubles = present
            let now = sentence
            if now != told {
                surroundings.manager?.status(now)
                told = now
            }
        }
    }
}
