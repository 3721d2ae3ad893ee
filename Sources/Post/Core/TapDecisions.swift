// Who may charge: decided from local data in the call that brings the look-up's answer. The cloud may enrich, never delay.

/// What a reader is in the middle of.
enum Tap: Sendable {
    case idle
    /// The list is being asked.
    case lookingUp(TokenName, deadline: Instant)
    /// The list does not know the token; the cloud is being asked. If it does not answer, `fallback` is said, or the
    /// token gets what strangers may have.
    case askingCloud(TokenName, CommandNumber, deadline: Instant, fallback: Refusal, stranger: Allowance)
    /// Accepted before a plug: it waits for one.
    case granted(Grant, deadline: Instant)

    var token: TokenName? {
        switch self {
        case .idle: nil
        case .lookingUp(let token, _), .askingCloud(let token, _, _, _, _): token
        case .granted(let grant, _): grant.token
        }
    }

    var isGranted: Bool {
        guard case .granted = self else { return false }
        return true
    }

    var deadline: Instant? {
        switch self {
        case .idle: nil
        case .lookingUp(_, let deadline), .askingCloud(_, _, let deadline, _, _), .granted(_, let deadline):
            deadline
        }
    }
}

/// One reader and its taps.
struct Reader: Sendable {
    let id: ReaderID
    let scope: ReaderScope
    /// Whether it answers, as far as anybody has said.
    var isThere = true
    var tap: Tap = .idle { didSet { (tapDeadline, isTapGranted) = (tap.deadline, tap.isGranted) } }
    // Looked at every event, kept beside `tap` for that.
    /// When the tap is over at the latest, or nil without one.
    private(set) var tapDeadline: Instant?
    /// Whether the tap was accepted and waits for a plug.
    private(set) var isTapGranted = false
    /// The last token shown and when, to swallow one tap that reads twice.
    var lastToken: TokenName?
    var lastTapAt: Instant = .zero
    var refusal: (Refusal, until: Instant)?
    /// Where the vehicle of the last card stood as it was shown, while it stands there.
    var vehicleAt: ConnectorID?
    /// Where other vehicles stood then, one bit a connector, while they stand there: no session of that card begins at them.
    var others: UInt64 = 0

    func serves(_ connector: ConnectorID) -> Bool {
        switch scope {
        case .wholePost: true
        case .connector(let own): own == connector
        }
    }
}

extension PostCore {
    /// A card was shown.
    mutating func present(_ token: TokenName, at reader: Int, _ turn: inout Turn) {
        note(isThere: true, at: reader)
        let isRepeat =
            readers[reader].lastToken == token
            && turn.now - readers[reader].lastTapAt < configuration.limits.sameTapWithin
        // A card that lies on the reader is one tap for as long as it is read.
        if isRepeat { readers[reader].lastTapAt = turn.now }
        guard !isRepeat else { return }
        switch readers[reader].tap {
        case .lookingUp(let open, _), .askingCloud(let open, _, _, _, _):
            if open != token { refuse(.readerBusy, at: reader, &turn) }
            return
        case .granted(let grant, _):
            // It waits already; where nothing can serve it any more it is decided anew, and told why.
            if grant.token == token {
                // Whoever shows it again may stand at his vehicle now, which could not begin before.
                noteVehicles(for: reader, token)
                if readers[reader].vehicleAt != nil || isPlaceFree(for: reader, token) { return }
            }
        case .idle: break
        }
        readers[reader].lastToken = token
        readers[reader].lastTapAt = turn.now
        readers[reader].refusal = nil
        // Whoever started a session may stop it, even if no list knows the card any more.
        if let index = connectors.firstIndex(where: { $0.hasSession && $0.hasOpenSession(of: token) }) {
            guard readers[reader].serves(connectors[index].id) else {
                refuse(.tokenInUse, at: reader, &turn)
                return
            }
            if configuration.authorization.sameCardStops {
                connectors[index].beginStop(.asked, reason: .local, fault: nil, &turn)
            }
            return
        }
        noteVehicles(for: reader, token)
        readers[reader].tap = .lookingUp(token, deadline: turn.now + configuration.limits.lookUpWithin)
    }

    /// Remembers at which vehicle the card was shown: an answer may take half a minute, a plug two, and another driver comes between.
    private mutating func noteVehicles(for reader: Int, _ token: TokenName) {
        (readers[reader].vehicleAt, readers[reader].others) = (nil, 0)
        let own = waitingConnector(for: reader, token)
        readers[reader].vehicleAt = own.map { connectors[$0].id }
        for index in connectors.indices
        where index != own && connectors[index].kind == .plugged && connectors[index].readings.isSeated
            && !connectors[index].isAwaitingMeter && !connectors[index].owedStop.isThere
        {
            readers[reader].others |= 1 << UInt64(index)
        }
    }

    /// A vehicle that has gone is no longer in the way of whoever comes next.
    private mutating func forgetVehicles(for reader: Int) {
        if let at = readers[reader].vehicleAt, connectors[Int(at.index)].kind != .plugged {
            // It was another's, or has been moved: which of those that are left is the card's nobody knows.
            (readers[reader].vehicleAt, readers[reader].others) = (nil, 0)
        }
        guard readers[reader].others != 0 else { return }
        for index in connectors.indices where connectors[index].kind == .vacant {
            readers[reader].others &= ~(1 << UInt64(index))
        }
    }

    /// The look-up has answered: decided in this call.
    mutating func decide(_ lookUp: TokenLookUp, at reader: Int, _ turn: inout Turn) {
        dropOlderGrants(lookUp, &turn)
        guard case .lookingUp(let token, _) = readers[reader].tap, token == lookUp.token else { return }
        readers[reader].tap = .idle
        if isTokenInUse(token, exceptAt: reader) { return refuse(.tokenInUse, at: reader, &turn) }
        if stopsByGroup(lookUp, at: reader, &turn) { return }
        switch lookUp.verdict {
        case .listed:
            if lookUp.allowance.sessionsLeft <= 0 { return refuse(.sessionsUsedUp, at: reader, &turn) }
            if lookUp.allowance.sessionWattHours <= 0 { return refuse(.energyUsedUp, at: reader, &turn) }
            grant(
                Grant(
                    token: token, group: lookUp.group, source: .list, freshness: lookUp.freshness,
                    allowance: lookUp.allowance), at: reader, &turn)
        case .notListed: askCloud(lookUp, at: reader, fallback: .unknownToken, hasList: true, &turn)
        case .noList: askCloud(lookUp, at: reader, fallback: .noList, hasList: false, &turn)
        case .refused(let reason), .limited(let reason): refuse(reason, at: reader, &turn)
        }
    }

    /// Any member of the group that began a session may stop it, where no vehicle waits for this card.
    private mutating func stopsByGroup(_ lookUp: TokenLookUp, at reader: Int, _ turn: inout Turn) -> Bool {
        guard lookUp.group != 0, lookUp.isListed, waitingConnector(for: reader, lookUp.token) == nil,
            let index = connectors.firstIndex(where: {
                $0.kind != .stopping && $0.session?.grant.group == lookUp.group && readers[reader].serves($0.id)
            })
        else { return false }
        connectors[index].beginStop(.asked, reason: .local, fault: nil, &turn)
        return true
    }

    /// Whether a tap at this reader is still being decided, or waits for a plug.
    public func hasOpenTap(at id: ReaderID) -> Bool {
        guard Int(id.index) < readers.count else { return false }
        if case .idle = readers[Int(id.index)].tap { return false }
        return true
    }

    /// The newest answer about a card counts, whether it was waited for or came late: where it is a no, nothing waits on an older
    /// yes of the list.
    private mutating func dropOlderGrants(_ lookUp: TokenLookUp, _ turn: inout Turn) {
        guard lookUp.verdict != .listed else { return }
        for reader in readers.indices {
            guard case .granted(let grant, _) = readers[reader].tap, grant.token == lookUp.token,
                grant.source == .list
            else { continue }
            readers[reader].tap = .idle
            switch lookUp.verdict {
            case .listed: break
            case .notListed: refuse(.unknownToken, at: reader, &turn)
            case .noList: refuse(.noList, at: reader, &turn)
            case .refused(let reason), .limited(let reason): refuse(reason, at: reader, &turn)
            }
        }
    }

    private func isTokenInUse(_ token: TokenName, exceptAt reader: Int) -> Bool {
        if connectors.contains(where: { $0.hasOpenSession(of: token) }) { return true }
        return readers.indices.contains { index in
            guard index != reader, case .granted(let grant, _) = readers[index].tap else { return false }
            return grant.token == token
        }
    }

    private mutating func askCloud(
        _ lookUp: TokenLookUp, at reader: Int, fallback: Refusal, hasList: Bool, _ turn: inout Turn
    ) {
        let token = lookUp.token
        guard isCloudUp, configuration.authorization.asksCloudForUnknown else {
            return fallBack(token, lookUp.allowance, fallback, at: reader, &turn)
        }
        let budget =
            hasList ? configuration.limits.cloudAnswersWithin : configuration.limits.cloudAnswersWithoutListWithin
        let number = turn.number()
        readers[reader].tap = .askingCloud(
            token, number, deadline: turn.now + budget, fallback: hasList ? fallback : .cloudTooLate,
            stranger: lookUp.allowance)
        let waiting = waitingConnector(for: reader, token)
        turn.act(.askCloud(number, token, waiting.map { connectors[$0].id }))
    }

    /// The cloud has answered about a token that the list does not know.
    mutating func cloudAnswered(_ number: CommandNumber, _ verdict: CloudVerdict, _ turn: inout Turn) {
        for reader in readers.indices {
            guard case .askingCloud(let token, number, _, _, let stranger) = readers[reader].tap else { continue }
            readers[reader].tap = .idle
            switch verdict {
            case .accepted(let wattHours):
                if isTokenInUse(token, exceptAt: reader) { return refuse(.tokenInUse, at: reader, &turn) }
                var allowance = Allowance.unlimited
                allowance.sessionWattHours = min(wattHours, allowance.sessionWattHours)
                // A yes that gives nothing is a no: a session that could never deliver would only hold the plug.
                guard allowance.sessionWattHours > 0 else { return refuse(.energyUsedUp, at: reader, &turn) }
                grant(
                    Grant(token: token, group: 0, source: .cloud, freshness: .fresh, allowance: allowance),
                    at: reader, &turn)
            case .refused: refuse(.cloudRefused, at: reader, &turn)
            case .failed: fallBack(token, stranger, .cloudFailed, at: reader, &turn)
            }
            return
        }
    }

    /// Nobody vouches: what the signed policy gives strangers, as far as the site gives them anything, else a refusal.
    private mutating func fallBack(
        _ token: TokenName, _ stranger: Allowance, _ reason: Refusal, at reader: Int, _ turn: inout Turn
    ) {
        var allowance = stranger
        allowance.sessionWattHours = min(
            stranger.sessionWattHours, configuration.authorization.guestFloorWattHours)
        guard allowance.sessionWattHours > 0, allowance.sessionsLeft > 0, !isTokenInUse(token, exceptAt: reader)
        else { return refuse(reason, at: reader, &turn) }
        grant(
            Grant(token: token, group: 0, source: .guestFloor, freshness: .fresh, allowance: allowance),
            at: reader, &turn)
    }

    /// Accepted: begins where a vehicle waits, or waits for a plug.
    private mutating func grant(_ grant: Grant, at reader: Int, _ turn: inout Turn) {
        if let index = waitingConnector(for: reader, grant.token) {
            start(grant, at: index, &turn)
            return
        }
        guard isPlaceFree(for: reader, grant.token) else {
            let own = connectors.indices.filter { readers[reader].serves(connectors[$0].id) }
            let reason = whyNot(own, grant.token)
            // Said where the session is: whoever tapped stands in front of it.
            return refuse(reason, at: reader, in: reason == .notYourSession ? own.first : nil, &turn)
        }
        readers[reader].tap = .granted(grant, deadline: turn.now + configuration.limits.connectWithin)
    }

    /// Whether a vehicle could still come to a connector of this reader.
    private func isPlaceFree(for reader: Int, _ token: TokenName) -> Bool {
        connectors.indices.contains { index in
            guard case .vacant = connectors[index].state, readers[reader].serves(connectors[index].id) else {
                return false
            }
            return connectors[index].isHealthy && !isKept(index, from: token)
        }
    }

    /// Begins a session. Session numbers count within the boot; boot and number together never repeat.
    mutating func start(_ grant: Grant, at index: Int, _ turn: inout Turn) {
        lastSession &+= 1
        connectors[index].begin(grant, id: SessionID(boot: boot.bootNumber, counter: lastSession), &turn)
    }

    /// The connector of this reader at which a vehicle waits for a card: the one at which it stood as the card was shown, else the
    /// one plugged in last.
    @inline(__always)
    private func waitingConnector(for reader: Int, _ token: TokenName) -> Int? {
        var best: Int?
        var latest = Instant(microseconds: .min)
        let (at, others) = (readers[reader].vehicleAt, readers[reader].others)
        for index in connectors.indices where readers[reader].serves(connectors[index].id) {
            guard others & (1 << UInt64(index)) == 0, at == nil || at == connectors[index].id else { continue }
            guard case .plugged(let since) = connectors[index].state, connectors[index].canBegin, since >= latest,
                !isKept(index, from: token)
            else { continue }
            best = index
            latest = since
        }
        return best
    }

    /// Whether a reservation keeps this connector from that token.
    func isKept(_ index: Int, from token: TokenName) -> Bool {
        guard let reservation = connectors[index].reservation else { return false }
        return reservation.token != token
    }

    /// Why none of these connectors can serve the token.
    private func whyNot(_ own: [Int], _ token: TokenName) -> Refusal {
        // The token's own session would have been stopped by it, unless its books are closed and its plug is not free yet.
        if own.count == 1, let session = own.first.flatMap({ connectors[$0].session }), session.grant.token != token
        {
            return .notYourSession
        }
        if own.contains(where: { isKept($0, from: token) }) { return .connectorReserved }
        if own.contains(where: { connectors[$0].kind == .starting }) { return .notReadyYet }
        if own.contains(where: { connectors[$0].isBlocked }) { return .connectorFaulted }
        if own.contains(where: { connectors[$0].owedStop != nil }) { return .recordsFailing }
        if own.contains(where: { !connectors[$0].isInService }) { return .connectorUnavailable }
        if own.contains(where: { connectors[$0].isAwaitingMeter }) { return .notReadyYet }
        return own.contains { connectors[$0].isHalfPlugged } ? .noVehicle : .connectorBusy
    }

    /// A reader answers, or does not answer any more.
    mutating func note(isThere: Bool, at reader: Int) {
        guard readers[reader].isThere != isThere else { return }
        readers[reader].isThere = isThere
        noticeLostReaders()
    }

    /// Each connector learns whether it has lost every reader that serves it.
    mutating func noticeLostReaders() {
        for index in connectors.indices {
            let id = connectors[index].id
            connectors[index].hasLostReader =
                readers.contains { $0.serves(id) } && !readers.contains { $0.serves(id) && $0.isThere }
        }
    }

    /// Says no: to the reader's screen, to the connector it is about or that waits, and to the journal.
    mutating func refuse(_ reason: Refusal, at reader: Int, in place: Int? = nil, _ turn: inout Turn) {
        readers[reader].refusal = (reason, turn.now + configuration.limits.refusalShownFor)
        var isLookUpOver = reason == .lookUpTooLate
        if case .lookingUp = readers[reader].tap, reason != .readerBusy {
            readers[reader].tap = .idle
            isLookUpOver = isLookUpOver || reason == .readerGarbage
        }
        let waiting = readers[reader].lastToken.flatMap { waitingConnector(for: reader, $0) }
        // Nothing has become of that card: shown again it is a new tap, however soon.
        if isLookUpOver { readers[reader].lastToken = nil }
        if let index = place ?? waiting {
            connectors[index].refuse(reason, &turn)
        } else {
            turn.report(.refused(reason, nil))
        }
    }

    /// Time has passed for taps: look-ups that did not answer, clouds that stayed silent, plugs that never came.
    mutating func advanceReaders(_ turn: inout Turn) {
        for reader in readers.indices {
            if let shown = readers[reader].refusal, turn.now >= shown.until { readers[reader].refusal = nil }
            forgetVehicles(for: reader)
            if readers[reader].isTapGranted, case .granted(let grant, _) = readers[reader].tap,
                let index = waitingConnector(for: reader, grant.token)
            {
                readers[reader].tap = .idle
                start(grant, at: index, &turn)
                continue
            }
            guard let deadline = readers[reader].tapDeadline, turn.now >= deadline else { continue }
            let tap = readers[reader].tap
            readers[reader].tap = .idle
            switch tap {
            case .idle: break
            case .lookingUp: refuse(.lookUpTooLate, at: reader, &turn)
            case .askingCloud(let token, _, _, let fallback, let stranger):
                fallBack(token, stranger, fallback == .unknownToken ? .cloudTooLate : fallback, at: reader, &turn)
            case .granted: refuse(.noVehicle, at: reader, &turn)
            }
        }
    }

    /// The cloud no longer vouches for a token: what waits for a plug or an answer ends, its session if the site says so.
    mutating func revoke(_ token: TokenName, _ turn: inout Turn) {
        endTaps(of: token, .cloudRefused, &turn)
        guard configuration.authorization.stopsWhenRevoked else { return }
        for index in connectors.indices where connectors[index].session?.grant.token == token {
            connectors[index].beginStop(.asked, reason: .deAuthorized, fault: nil, &turn)
        }
    }

    private mutating func endTaps(of token: TokenName, _ reason: Refusal, _ turn: inout Turn) {
        for reader in readers.indices where readers[reader].tap.token == token {
            readers[reader].tap = .idle
            refuse(reason, at: reader, &turn)
        }
    }

    /// A signed deny object names a token: what waits for a plug or an answer ends, and its session ends in the orderly
    /// way, whatever the site says. The driver is told why once; the same denial again says nothing new.
    mutating func deny(_ token: TokenName, _ turn: inout Turn) {
        endTaps(of: token, .blockedToken, &turn)
        for index in connectors.indices where connectors[index].session?.grant.token == token {
            if case .stopping = connectors[index].state { continue }
            connectors[index].beginStop(.asked, reason: .deAuthorized, fault: nil, &turn)
            connectors[index].refuse(.deniedInSession, &turn)
        }
    }
}

extension Connector {
    /// Whether a session could begin now: healthy, the plug sits, and it is known which meter counts.
    var canBegin: Bool { isHealthy && readings.knownSerial != nil && readings.isSeated }

    /// Whether a plug sits and nothing is missing but a word of the meter that counts.
    var isAwaitingMeter: Bool { kind == .plugged && readings.isSeated && readings.knownSerial == nil && isHealthy }

    /// Whether something is plugged in and does not sit: a plug on its way, or one that hangs.
    var isHalfPlugged: Bool { kind == .plugged && !readings.isSeated }
}
