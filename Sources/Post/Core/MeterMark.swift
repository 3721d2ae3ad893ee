// Which meter the records know at a connector, and whether they are owed another one.

/// What one connector owes the records about its meter: without it a start takes whatever answers for the meter from before.
struct MeterMark: Hashable, Sendable {
    /// The serial number that is durable, or nil.
    var recorded: UInt64?
    /// When the records are asked again, or nil.
    var askAgainAt: Instant?

    /// Whether that meter is to be written down now. One without a number leaves nothing to tell another by.
    mutating func isOwed(_ serial: UInt64?, at now: Instant) -> Bool {
        guard let serial, serial != 0, serial != recorded else {
            askAgainAt = nil
            return false
        }
        if let again = askAgainAt, now < again { return false }
        askAgainAt = now + SafetyLimits.askAgainAfter
        return true
    }
}

extension Connector {
    /// The records tell which meter counted here before this start.
    mutating func restore(_ meter: KnownMeter) {
        guard !hasRestored, meter.serial != 0 else { return }
        readings.restoredSerial = meter.serial
        meterMark.recorded = meter.serial
    }

    /// The first meter that measures, or the first after service has accepted another one, is known from here on.
    mutating func know(_ sample: MeterSample) {
        guard readings.knownSerial == nil, sample.measuredAt >= readings.meterKnownFrom else { return }
        readings.knownSerial = readings.restoredSerial ?? sample.serial
        readings.restoredSerial = nil
    }

    /// The meter was changed on purpose: whoever measures next is known, and being another one is no fault any more. What was
    /// heard last may be of the one that has gone: a resting meter speaks every ten seconds.
    mutating func acceptMeter(at now: Instant) {
        (readings.knownSerial, readings.restoredSerial) = (nil, nil)
        readings.meterKnownFrom = now
        causes.remove(.meterSwapped)
    }

    /// Which meter counts is asked for until it is durable.
    mutating func keepMeter(_ turn: inout Turn) {
        guard hasRestored, meterMark.isOwed(readings.knownSerial, at: turn.now),
            let serial = readings.knownSerial
        else { return }
        turn.act(.recordMeter(KnownMeter(connector: id, serial: serial)))
    }

    /// Which meter is durable now. What failed stays owed; an answer about an earlier one makes the later one owed anew.
    mutating func meterRecorded(_ meter: KnownMeter, _ outcome: RecordOutcome) {
        guard meter.connector == id, outcome != .failed else { return }
        meterMark.recorded = meter.serial
    }
}
