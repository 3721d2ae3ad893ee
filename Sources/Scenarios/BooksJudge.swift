// Judges the books of a post when a story or a storm is over, without being asked: starts, stops, energy, what is owed.

import Ledger
import Post
import Runtime
import Simulator

/// Something that is wrong with the records of a post.
struct BookFinding: Equatable {
    /// What kind of wrong. The raw value is its stable code.
    enum Kind: String, CaseIterable {
        /// A session without exactly one start and one stop.
        case startsAndStops = "books_starts_and_stops"
        /// The records tell another energy than flowed through the connector.
        case energy = "books_energy"
        /// Two sessions of one connector at once.
        case overlap = "books_overlap"
        /// A record that should be there, or with the cloud, and is not.
        case lost = "books_lost"
    }

    var kind: Kind
    var sentence: String
}

/// The books of one post beside what was seen and what the world's meters say.
struct BooksJudge {
    /// What a billing meter may be wrong by. 0.5 %: its accuracy class.
    static let accuracy = 0.005
    /// A session's energy is the difference of two registers of whole watt-hours. What never came to one was told by nobody.
    static let resolutionWattHours = 2.0
    static let leastWattHours = 1.0
    /// A session that is under way is known up to its meter's last sample: five a second, and one that is slow is heard 2 s later.
    static let sampleIsYoungerThan = 3.0
    /// A stop that was asked for may be on its way to the disk for this long.
    static let writesWithin: Interval = .seconds(15)

    /// The post with its hardware, its process and its outbox.
    let post: Int
    let records: [SessionRecord]
    let outbox: [OwedRecord]
    let journal: SessionJournal
    /// The session that runs at each connector, and what it has taken, as the process knows it.
    let running: [SessionStatus?]
    /// Sessions whose power is over and whose plug is not free yet: their stop is written already.
    let leaving: [SessionID]
    /// Whether nobody can say yet what becomes of an open session: the process is dead, or has not looked at its meter.
    let isProcessBusy: Bool
    let isDiskWell: Bool
    let now: Instant

    /// Everything that is wrong, in the order of the records.
    func findings(_ hardware: SimulatedPost, _ cloud: SimulatedCloud, acknowledged: Int64) -> [BookFinding] {
        startsAndStops() + overlaps() + owed(cloud, acknowledged) + energy(hardware)
    }

    // Each session exactly one start and one stop

    private func startsAndStops() -> [BookFinding] {
        var found: [BookFinding] = []
        func find(_ id: SessionID, _ what: String) {
            found.append(BookFinding(kind: .startsAndStops, sentence: "session \(id.boot)-\(id.counter) \(what)"))
        }
        for record in records {
            let id = record.start.session
            let starts = outbox.filter { $0.session.start.session == id && $0.kind == .start }.count
            let stops = outbox.filter { $0.session.start.session == id && $0.kind == .stop }.count
            if starts != 1 { find(id, "has \(starts) starts") }
            if stops != (record.stopReason == nil ? 0 : 1) { find(id, "has \(stops) stops") }
            let isRunning = running.contains { $0?.id == id }
            if let reason = record.stopReason {
                if isRunning, !leaving.contains(id) { find(id, "is told to be over, and runs") }
                let said = journal.seen(id)?.endings ?? []
                if !said.isEmpty, !said.contains(reason) { find(id, "ended for another reason than its stop says") }
            } else if !isRunning, !isProcessBusy, !isEnding(id) {
                find(id, "has no stop, and nobody is in it")
            }
        }
        return found
    }

    /// Whether its stop may still be on its way to the disk.
    private func isEnding(_ id: SessionID) -> Bool {
        guard let asked = journal.seen(id)?.stopAskedAt else { return false }
        return !isDiskWell || now - asked < Self.writesWithin
    }

    // One connector's sessions do not overlap

    private func overlaps() -> [BookFinding] {
        func find(_ earlier: SessionID, _ later: SessionID) -> BookFinding {
            BookFinding(
                kind: .overlap,
                sentence:
                    "session \(later.boot)-\(later.counter) began before \(earlier.boot)-\(earlier.counter) was over"
            )
        }
        var found = journal.overlaps.map { find($0.earlier, $0.later) }
        var open: [SessionID?] = running.map { _ in nil }
        for entry in outbox {
            let (id, index) = (entry.session.start.session, Int(entry.session.start.connector.index))
            guard open.indices.contains(index) else { continue }
            if entry.kind == .stop {
                if open[index] == id { open[index] = nil }
            } else {
                if let earlier = open[index] { found.append(find(earlier, id)) }
                open[index] = id
            }
        }
        return found
    }

    // Nothing owed is lost

    private func owed(_ cloud: SimulatedCloud, _ acknowledged: Int64) -> [BookFinding] {
        var found: [BookFinding] = []
        func find(_ sentence: String) { found.append(BookFinding(kind: .lost, sentence: sentence)) }
        for seen in journal.sessions
        where seen.hasFlowed && !records.contains(where: { $0.start.session == seen.id }) {
            find("energy flowed in session \(seen.id.boot)-\(seen.id.counter), which no record knows")
        }
        for seen in journal.sessions
        where seen.isDurable && !records.contains(where: { $0.start.session == seen.id }) {
            find("the start of session \(seen.id.boot)-\(seen.id.counter) was durable, and is gone")
        }
        for (index, entry) in outbox.enumerated() where entry.number != Int64(index + 1) {
            find("record \(index + 1) of the outbox is gone")
            break
        }
        let lacking = (0..<max(0, acknowledged)).first { !cloud.has(record: UInt64($0 + 1), of: post) }
        if let lacking { find("record \(lacking + 1) counts as delivered, and the cloud does not have it") }
        return found
    }

    // The energy told is the energy that flowed

    private func energy(_ hardware: SimulatedPost) -> [BookFinding] {
        running.indices.compactMap { index in
            let connector = hardware.connectors[index]
            // A meter that was bent tells what it tells: the faults of meters have stories of their own.
            guard !connector.meter.isBent else { return nil }
            let own = records.filter { Int($0.start.connector.index) == index }
            var told: Int64 = 0
            var isFinal = true
            var slack = max(Self.leastWattHours, Double(own.count) * Self.resolutionWattHours)
            for record in own {
                if record.stopReason == nil {
                    isFinal = isFinal && running[index]?.id == record.start.session
                    told += max(record.energyWattHours, running[index]?.energyWattHours ?? 0)
                    let rated = Double(hardware.configuration.stages.map(\.ratedWatts).max() ?? 0)
                    slack += rated * Self.sampleIsYoungerThan / 3_600
                } else {
                    told += record.energyWattHours
                    isFinal = isFinal && !record.energyIsLastKnown
                }
            }
            let flowed = connector.flowedWattHours
            slack += abs(flowed) * Self.accuracy
            // What nobody could read to the end may be more than is told, never less.
            let isWrong = Double(told) - flowed > slack || (isFinal && flowed - Double(told) > slack)
            guard isWrong else { return nil }
            return BookFinding(
                kind: .energy,
                sentence:
                    "connector \(index + 1) tells \(told) Wh in \(own.count) sessions, and \(Int64(flowed.rounded())) Wh flowed"
            )
        }
    }
}

extension ScenarioPlayer {
    /// Looks at the books of every post; what is wrong is kept with its post.
    func judgeBooks() {
        for (index, memory) in memories.enumerated() {
            let post = site.posts[index]
            let core = post.runtime?.core
            let statuses = (0..<scenario.site.connectors).map { core?.status(of: ConnectorID(UInt8($0))) }
            let isBusy = statuses.contains { status in
                status.map { $0.waiting == .meterAfterRestart || $0.waiting == .records } ?? true
            }
            let judge = BooksJudge(
                post: index, records: memory.sessions(), outbox: memory.everythingOwed(),
                journal: watchers[index].journal, running: statuses.map { $0?.session },
                leaving: statuses.compactMap { $0?.phase == .stopping ? $0?.session?.id : nil },
                isProcessBusy: isBusy,
                isDiskWell: post.hardware.disk.state == .well, now: site.world.now)
            let found = judge.findings(
                post.hardware, site.world.cloud, acknowledged: memory.outbox.acknowledged)
            books += found.map { (post: index, finding: $0) }
        }
    }
}
