// What the console asks of a live post: status, journal, commands, sessions, lists.

import AllowList
import Console
import DaemonConfiguration
import Foundation
import Ledger
import Logging
import Post
import Runtime
import Synchronization

extension LivePost {
    func status() -> StatusView {
        let snapshot = control.board.snapshot
        let (configuration, configurationView) = current.withLock { ($0.configuration, $0.view) }
        var view = StatusView(
            name: configuration.name, version: DaemonProgram.version, backend: surroundings.backend.word,
            problems: configurationView.refused, now: snapshot.at,
            utcMilliseconds: WallTime.machineUTCMilliseconds, connectorNames: configuration.connectorNames,
            connectors: snapshot.connectors, isCloudReachable: snapshot.isCloudReachable,
            recordsOwed: snapshot.recordsOwed, allowList: lists.sentence,
            longestStepMicroseconds: snapshot.figures.longestStepMicroseconds, newestReport: snapshot.newestReport)
        view.recordsProblem = recordsProblem
        view.recording = recording
        // Where nobody can look, nobody knows.
        if recordThread == nil { view.recordsOwed = nil }
        view.nobodyLetIn = nobodyLetIn(cloudIsThere: snapshot.isCloudReachable)
        view.deviceTroubles = surroundings.backend.troubles()
        view.faultSince = { snapshot.presentFaults.since($0, at: $1) }
        view.memory = snapshot.residentBytes.map { MemoryView(residentBytes: $0, configuration.post.limits) }
        view.list = lists.view(cloudIsThere: snapshot.isCloudReachable)
        view.wattHoursAtRisk = snapshot.wattHoursAtRisk
        view.refused = snapshot.figures.refused
        let reading = time.reading
        view.clock = PostClock.view
        view.clock.is_believed = !reading.isUntrusted
        view.clock.not_before = reading.lowerBound
        view.clock.not_before_by = time.source.name
        view.warnings = warnings + configuration.warnings + (loopback.trouble.map { [$0] } ?? [])
        view.warnings += lists.warnings
        view.warnings += damagedRecords.map {
            "Records were damaged and set aside as \($0); of them goes on what could be read, which may be nothing. Sessions in it may be missing here and unpaid: send it to service, move it away, and start the daemon again."
        }
        // What the next session pays: a new price waits with its configuration.
        view.price = snapshot.tariff.map { PriceView($0) }
        view.losses = snapshot.figures.losses + [("log_line", LogSink.standardError.lost)]
        view.configuration = configurationView
        view.configuration?.is_pending = snapshot.isConfigurationPending
        if !configurationView.needs_restart.isEmpty {
            view.warnings.append(
                "What is new in these takes effect at the next start: \(configurationView.needs_restart.joined(separator: ", "))."
            )
        }
        if let doubt = reading.doubt(of: PostClock.reading, by: time.source) { view.warnings.append(doubt) }
        return view
    }

    /// Why no card is accepted. Without records no session begins; without a list only the cloud knows anybody.
    private func nobodyLetIn(cloudIsThere: Bool) -> NobodyLetIn? {
        if recordsProblem != nil { return .refused(.recordsFailing) }
        guard lists.letsNobodyIn, !cloudIsThere else { return nil }
        return .refused(lists.whyNoneIsInUse == nil ? .unknownToken : .noList)
    }

    /// The post in one sentence, for the service manager.
    var sentence: String {
        let snapshot = control.board.snapshot
        let phases = ConnectorPhase.allCases.compactMap { phase -> String? in
            let count = snapshot.connectors.count { $0.phase == phase }
            return count == 0 ? nil : "\(count) \(phase)"
        }
        return phases.joined(separator: ", ") + "; cloud "
            + (snapshot.isCloudReachable ? "reachable" : "out of reach") + "; list \(lists.sentence)"
    }

    func journal(after number: UInt64) -> (lines: [JournalLine], isGap: Bool) {
        let (reports, isGap) = control.board.reports(after: number)
        return (
            reports.map { JournalLine(number: $0.number, utcMilliseconds: $0.utcMilliseconds, report: $0.report) },
            isGap
        )
    }

    func changes() -> AsyncStream<Void>? { control.board.changes() }

    func command(_ command: OperatorCommand) async throws(ConsoleProblem) -> Refusal? {
        do { return try await control.send(command) } catch {
            throw ConsoleProblem(
                status: 503, code: "busy", message: "\(error)", whatToDo: "Try again in a moment.")
        }
    }

    func note(_ asked: ClearedByHand, _ refusal: Refusal?) {
        let place = asked.connector.map { "\($0.index + 1)" }
        let what = "\(asked.fault.code)\(place.map { " on connector \($0)" } ?? "")"
        let outcome = refusal.map { "was not cleared (\($0.code))" } ?? "was cleared"
        var fields: Logger.Metadata = [
            "event": refusal == nil ? "fault_cleared_by_hand" : "fault_not_cleared_by_hand",
            "fault": "\(asked.fault.code)", "connector": "\(place ?? "-")", "by": "\(asked.by)",
            "reason": "\(asked.reason)",
        ]
        if let refusal { fields["answer"] = "\(refusal.code)" }
        // A warning, so that it is kept whatever level is logged otherwise.
        let logger = surroundings.logger
        logger.warning("\(what) \(outcome); asked by \(asked.by): \(asked.reason)", metadata: fields)
        let clearing = Clearing(
            fault: asked.fault, connector: asked.connector, at: time.stamp, by: asked.by, reason: asked.reason,
            refusal: refusal)
        recordThread?.ask({ try $0.record(clearing) }) { result in
            guard case .failure(let error) = result else { return }
            logger.error("who cleared \(what) is in this log alone: \(error)")
        }
    }

    func clearings(limit: Int) async throws(ConsoleProblem) -> [ClearingView] {
        guard let recordThread else { throw recordsFailing }
        do {
            return try await recordThread.ask { ledger in
                try ledger.clearings(limit: limit).map { one in
                    ClearingView(
                        ClearedByHand(fault: one.fault, connector: one.connector, reason: one.reason, by: one.by),
                        utcMilliseconds: one.at.utcMilliseconds, refusal: one.refusal)
                }
            }
        } catch {
            throw ConsoleProblem(
                status: 503, code: "records_failing", message: "\(error)", whatToDo: "Look at the daemon's log.")
        }
    }

    private var recordsFailing: ConsoleProblem {
        ConsoleProblem(
            status: 503, code: "records_failing", message: recordsProblem ?? "The records cannot be used.",
            whatToDo: "Until then nobody is let in, and nothing is lost.")
    }

    func sessions(limit: Int) async throws(ConsoleProblem) -> [SessionView] {
        guard let recordThread else { throw recordsFailing }
        do {
            return try await recordThread.ask { ledger in
                try ledger.sessions(limit: limit).map { record in
                    SessionView(
                        id: record.start.session, connector: record.start.connector,
                        energyWattHours: record.energyWattHours, startedUTC: record.startedUTCMilliseconds,
                        stoppedUTC: record.stoppedUTCMilliseconds, stopReason: record.stopReason,
                        fault: record.stopFault, tariff: record.start.tariff)
                }
            }
        } catch {
            throw ConsoleProblem(
                status: 503, code: "records_failing", message: "\(error)", whatToDo: "Look at the daemon's log.")
        }
    }

    func takeList(confirmed: String?) throws(ConsoleProblem) -> any ListUpload {
        guard lists.marks != nil else {
            let sentence = "The records cannot be opened, so no list is taken."
            let driver = InstallProblem.nothingChangedForDrivers
            lists.note("records_failing", sentence, driver: driver, named: ListSource.socket.name)
            throw ConsoleProblem(
                status: 503, code: "records_failing", message: sentence, whatToDo: "Look at the daemon's log.",
                driver: driver)
        }
        return try SocketDelivery(lists, confirmed: confirmed.flatMap { bytes(hexadecimal: $0) })
    }
}

extension TimeReading {
    /// Why the clock does not count, and what to do; nil while it does.
    func doubt(of shown: WallClock, by source: FloorSource) -> String? {
        guard isUntrusted else { return nil }
        let limits = "limits are those of a stale list until then"
        if shown.quality == 0 {
            return "The clock cannot be right: set it, or let it synchronise; \(limits)."
        }
        if shown.utcMilliseconds / 1_000 < lowerBound {
            if let name = source.name {
                return
                    "The clock is behind what \(name) has signed: set it, or let it synchronise; if it is right, that key is stolen or its office's clock is wrong, and the next trust bundle must withdraw it; \(limits)."
            }
            return
                "The clock is behind a date that was signed, or behind the time that has passed since: set it, or let it synchronise; \(limits)."
        }
        return
            "The clock is over a day ahead of the newest signed date, and nobody vouches for it: send a newer list or deny object, or say in allow_list.clock_is_authenticated that it is set by authenticated time; \(limits)."
    }
}
