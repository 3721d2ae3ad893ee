// Rules 5, 6, 7 and 8: who may begin a session, and what may be told of it.

/// The books of one session in the supervisor's eyes.
struct Book: Sendable {
    let session: SessionID
    let token: TokenName
    let startRegisterWattHours: Int64
    let meterSerial: UInt64
    var isDurable: Bool
    /// The energy told last.
    private(set) var energyWattHours: Int64
    /// The highest register that was read from the meter of the start while it could be trusted.
    private(set) var registerWattHours: Int64
    private(set) var isMeterTrusted = true
    /// Whether the end was told; the stop that was told, and whether it is durable.
    var isEnded = false
    private(set) var stop: SessionStop?
    var isStopDurable = false

    init(_ start: SessionStart) {
        (session, token, meterSerial) = (start.session, start.token, start.meterSerial)
        (startRegisterWattHours, registerWattHours) = (start.registerWattHours, start.registerWattHours)
        (energyWattHours, isDurable) = (0, false)
    }

    init(_ restored: RestoredSession) {
        self.init(restored.start)
        (energyWattHours, isDurable) = (restored.lastEnergyWattHours, true)
        registerWattHours = max(registerWattHours, restored.lastRegisterWattHours)
    }

    /// A meter that goes back, or is another one, is trusted no more in this session.
    mutating func take(_ sample: MeterSample) {
        guard isMeterTrusted, !isEnded else { return }
        isMeterTrusted = sample.serial == meterSerial && sample.energyWattHours >= registerWattHours
        if isMeterTrusted { registerWattHours = sample.energyWattHours }
    }

    mutating func told(_ wattHours: Int64) { energyWattHours = wattHours }
    mutating func told(_ next: SessionStop) {
        energyWattHours = next.energyWattHours
        stop = next
    }

    /// Rule 6: as much as was told before, or the difference of two readings of one meter.
    func isTrue(_ wattHours: Int64, at register: Int64) -> Bool {
        if wattHours == energyWattHours { return true }
        return wattHours > energyWattHours && register <= registerWattHours
            && wattHours == register.subtractingOrZero(startRegisterWattHours)
    }
}

extension Supervisor {
    /// A session begins: somebody vouched for the token, and neither token nor connector has another session.
    func objection(toStarting start: SessionStart) -> Rule? {
        guard isRestored else { return .safeAfterStart }
        guard let index = position(of: start.connector) else { return .oneSessionEach }
        if watched[index].isInSession { return .oneSessionEach }
        if watched.contains(where: { $0.isInSession && $0.book?.token == start.token }) { return .oneSessionEach }
        if watched.contains(where: { $0.book?.session == start.session }) { return .recordedBeforeEnergy }
        if watched[index].isBlocked { return .powerNeedsEverything }
        return isVouchedFor(start) ? nil : .decidedLocally
    }

    /// Rule 7: the answer that lets a session begin came from where the start says, and was young and wide enough.
    private func isVouchedFor(_ start: SessionStart) -> Bool {
        if start.source == .operatorCommand {
            return call.startedByHand?.connector == start.connector && call.startedByHand?.token == start.token
        }
        // A grant waits for a plug; the cloud may have been asked before that.
        let age = limits.connectWithin + limits.cloudAnswersWithoutListWithin + SafetyLimits.answersCountLonger
        guard let answer = answers.about(start.token) else { return false }
        let wattHours = start.allowance.sessionWattHours
        switch (start.source, answer.verdict) {
        case (.list, .listed(let most)), (.cloud, .acceptedByCloud(let most)):
            return now - answer.at <= age && wattHours <= most
        // A stranger's start rests on the list alone, which does not know the card; what the cloud said before lapses.
        case (.guestFloor, .unknown), (.guestFloor, .acceptedByCloud):
            return now - answer.lookedUpAt <= age
                && wattHours <= configuration.authorization.guestFloorWattHours
        default: return false
        }
    }

    func objection(toTelling sample: SessionSample) -> Rule? {
        guard let book = book(of: sample.session), !book.isEnded else { return .recordedBeforeEnergy }
        return book.isTrue(sample.energyWattHours, at: sample.registerWattHours) ? nil : .energyNeverDecreases
    }

    /// One stop a session: it may be told again until it is durable, but never another one.
    func objection(toTelling stop: SessionStop) -> Rule? {
        guard let book = book(of: stop.session), !book.isStopDurable else { return .recordedBeforeEnergy }
        if let told = book.stop { return told == stop ? nil : .recordedBeforeEnergy }
        guard book.isTrue(stop.energyWattHours, at: stop.registerWattHours),
            stop.energyIsLastKnown || book.isMeterTrusted
        else { return .energyNeverDecreases }
        return nil
    }

    /// The energy of a session is told to people once.
    func objection(toEnding session: SessionID, _ wattHours: Int64) -> Rule? {
        guard let book = book(of: session), !book.isEnded else { return .recordedBeforeEnergy }
        return wattHours >= book.energyWattHours ? nil : .energyNeverDecreases
    }

    private func book(of session: SessionID) -> Book? {
        if let stray = strays.first(where: { $0.session == session }) { return stray }
        for index in watched.indices where watched[index].book?.session == session { return watched[index].book }
        return nil
    }
}

/// The newest answers about tokens: what a start may rest on.
struct Answers: Sendable {
    enum Verdict: Hashable, Sendable {
        case listed(wattHours: Int64), refused, unknown, acceptedByCloud(wattHours: Int64)
    }
    struct Answer: Sendable {
        var token: TokenName
        var verdict: Verdict
        /// When whoever gave the verdict gave it: list or cloud.
        var at: Instant
        /// When the list last answered about the token, whatever the cloud said of it before or since.
        var lookedUpAt: Instant
        var question: CommandNumber?
    }

    /// At most two a reader: the one that waits for a plug, and the one that is being looked up.
    private static let atMost = 2 * PostConfiguration.readersAtMost
    private var list: [Answer] = []

    init() { list.reserveCapacity(Self.atMost) }

    func about(_ token: TokenName) -> Answer? { list.first { $0.token == token } }

    /// Whether the list itself has decided about the token.
    func isKnown(_ token: TokenName) -> Bool {
        switch about(token)?.verdict {
        case .listed, .refused: true
        case .unknown, .acceptedByCloud, nil: false
        }
    }

    mutating func take(_ lookUp: TokenLookUp, at now: Instant) {
        let verdict: Verdict
        switch lookUp.verdict {
        case .listed: verdict = .listed(wattHours: lookUp.allowance.sessionWattHours)
        case .notListed, .noList: verdict = .unknown
        case .refused, .limited: verdict = .refused
        }
        // A card may be shown again while the cloud is being asked, or after it has accepted: that no list knows it is
        // nothing new, the question stays open, and an acceptance neither ends nor grows younger.
        if verdict == .unknown, let index = list.firstIndex(where: { $0.token == lookUp.token }) {
            switch list[index].verdict {
            case .acceptedByCloud: return list[index].lookedUpAt = now
            case .unknown: return (list[index].at, list[index].lookedUpAt) = (now, now)
            case .listed, .refused: break
            }
        }
        remove(lookUp.token)
        // The oldest makes room.
        if list.count >= Self.atMost { list.removeFirst() }
        list.append(Answer(token: lookUp.token, verdict: verdict, at: now, lookedUpAt: now))
    }

    mutating func ask(_ number: CommandNumber, about token: TokenName) {
        for index in list.indices where list[index].token == token {
            (list[index].question, list[index].verdict) = (number, .unknown)
        }
    }

    mutating func accept(_ number: CommandNumber, wattHours: Int64, at now: Instant) {
        for index in list.indices where list[index].question == number && list[index].verdict == .unknown {
            (list[index].verdict, list[index].at) = (.acceptedByCloud(wattHours: max(0, wattHours)), now)
        }
    }

    mutating func remove(_ token: TokenName) { list.removeAll { $0.token == token } }
}

extension Answers: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) { try visitor.field(&list) }
}

extension Book: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        session.encode(into: &sink)
        token.encode(into: &sink)
        startRegisterWattHours.encode(into: &sink)
        meterSerial.encode(into: &sink)
        isDurable.encode(into: &sink)
        energyWattHours.encode(into: &sink)
        registerWattHours.encode(into: &sink)
        isMeterTrusted.encode(into: &sink)
        isEnded.encode(into: &sink)
        stop.encode(into: &sink)
        isStopDurable.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Book {
        try Book(from: &reader)
    }

    private init(from reader: inout CanonicalReader) throws(CanonicalError) {
        session = try reader.take()
        token = try reader.take()
        startRegisterWattHours = try reader.take()
        meterSerial = try reader.take()
        isDurable = try reader.take()
        energyWattHours = try reader.take()
        registerWattHours = try reader.take()
        isMeterTrusted = try reader.take()
        isEnded = try reader.take()
        stop = try reader.take()
        isStopDurable = try reader.take()
    }
}
