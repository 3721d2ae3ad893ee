// Which fields of the post, its connectors and its readers are written down, and in which order.

extension PostCore: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        try visitor.field(&pendingConfiguration)
        try visitor.field(&nextDeadline)
        try visitor.parts(&connectors)
        try visitor.parts(&readers)
        try visitor.parts(&demands)
        try external.visit(&visitor)
        try limitRises.visit(&visitor)
        try visitor.field(&interlocks)
        try visitor.field(&interlocksAt)
        try visitor.field(&emergencyReleased)
        try visitor.field(&isEmergencyHeld)
        try visitor.field(&stopCircuitsDiffer)
        try visitor.field(&gridSags)
        try visitor.field(&phaseMissing)
        try visitor.field(&coolantLow)
        try visitor.field(&clockSteppedAt)
        try memory.visit(&visitor)
        try visitor.field(&areLinesLost)
        try visitor.field(&isCloudUp)
        try visitor.field(&boot)
        try strays.visit(&visitor)
        try visitor.field(&lastSession)
        try visitor.field(&lastCommand)
        try supervisor.visit(&visitor)
    }
}

extension Connector: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        try visitor.field(&state)
        try visitor.field(&since)
        try visitor.field(&bootedAt)
        try readings.visit(&visitor)
        try detection.visit(&visitor)
        try watch.visit(&visitor)
        try visitor.field(&faults)
        try visitor.field(&causes)
        try visitor.field(&allowed)
        try visitor.field(&withdrawnAt)
        try visitor.field(&setpoint)
        try visitor.field(&setpointAt)
        try grantsBefore.visit(&visitor)
        try visitor.field(&setpointNumber)
        try visitor.field(&setpointSentAt)
        try visitor.field(&resendAt)
        try visitor.field(&unprovenMilliamperes)
        try visitor.field(&givenPerMille)
        try visitor.field(&isStageTripped)
        try visitor.field(&toldMilliamperes)
        try visitor.field(&grantedMilliamperes)
        try visitor.field(&limitedBy)
        try visitor.field(&isLockHeld)
        try visitBolt(&visitor)
        try visitor.field(&isDischarging)
        try visitor.field(&isInService)
        try visitor.field(&hasLostReader)
        try visitor.field(&hasRestored)
        try visitor.field(&hasHeardInterlocks)
        try visitor.field(&restored)
        try visitor.field(&restoredReason)
        try visitReservation(&visitor)
        try visitor.timed(&refusal)
        try visitOwedStop(&visitor)
        try owedLatches.visit(&visitor)
        try owedAvailability.visit(&visitor)
        try meterMark.visit(&visitor)
        try visitor.field(&isStageTaken)
        try visitor.field(&isStageJoinedElsewhere)
        try visitor.field(&lastPhase)
        try visitor.field(&lastIndication)
    }

    private mutating func visitReservation(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        var kept = reservation.map { ($0.token, until: $0.until) }
        try visitor.timed(&kept)
        reservation = kept.map { ($0.0, $0.until) }
    }

    private mutating func visitBolt(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        var again = boltAgain?.againAt
        var tries = boltAgain?.tries ?? 0
        try visitor.field(&again)
        try visitor.field(&tries)
        boltAgain = again.map { ($0, tries) }
    }

    private mutating func visitOwedStop(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        var stop = owedStop?.0
        var (again, since) = (owedStop?.askAgainAt ?? .zero, owedStop?.owedSince ?? .zero)
        try visitor.field(&stop)
        try visitor.field(&again)
        try visitor.field(&since)
        owedStop = stop.map { ($0, again, since) }
    }
}

extension OwedLatches: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        try visitor.field(&toKeep)
        try visitor.field(&toForget)
        try visitor.field(&since)
        try visitor.field(&askAgainAt)
    }
}

extension OwedAvailability: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        try visitor.field(&since)
        try visitor.field(&askAgainAt)
    }
}

extension MeterMark: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        try visitor.field(&recorded)
        try visitor.field(&askAgainAt)
    }
}

extension ConnectorReadings: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        try visitor.field(&lines)
        try visitor.field(&linesAt)
        try visitor.field(&areLinesLost)
        try visitor.field(&stage)
        try visitor.field(&meter)
        try visitor.field(&insulation)
        try visitor.field(&vehicle)
        try visitor.field(&temperature)
        try visitor.field(&knownSerial)
        try visitor.field(&restoredSerial)
        try visitor.field(&meterKnownFrom)
    }
}

extension Detection: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        try visitor.field(&plusClosed)
        try visitor.field(&bothClosed)
        try visitor.field(&minusClosed)
        try visitor.field(&readsOpenWhileAllowed)
        try visitor.field(&currentWhileOpen)
        try visitor.field(&mirrorUnreadable)
        try visitor.field(&liveUnplugged)
        try visitor.field(&liveByNeighbour)
        try visitor.field(&stageOn)
        try visitor.field(&overVoltage)
        try visitor.field(&underVoltage)
        try visitor.field(&overCurrent)
        try visitor.field(&reverse)
        try visitor.field(&sensorSpread)
        try visitor.field(&monitorLags)
        try visitor.field(&meterFrozen)
        try visitor.field(&frozenAtWattHours)
        try visitor.field(&pilotInvalid)
        try visitor.field(&coolingLost)
        try visitor.field(&shortCircuit)
        try visitor.field(&vehicleAsksOn)
        try visitor.field(&asksNothing)
        try visitor.field(&tooLittle)
        try visitor.field(&meterSpeaks)
        try visitor.field(&stageSpeaks)
        try visitor.field(&monitorSpeaks)
        try visitor.field(&thermometersSpeak)
    }
}

extension SensorWatch: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        try pinA.visit(&visitor)
        try pinB.visit(&visitor)
        try visitor.field(&uncooledFrom)
        try visitor.field(&millivoltsThen)
        try visitor.field(&highToEarthSince)
        try visitor.field(&stateCSince)
        try visitor.field(&stageWattMicroseconds)
        try visitor.field(&meterDeviation)
    }
}

extension Reader: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        try visitor.field(&isThere)
        try visitor.field(&tap)
        try visitor.field(&lastToken)
        try visitor.field(&lastTapAt)
        try visitor.timed(&refusal)
        try visitor.field(&vehicleAt)
        try visitor.field(&others)
    }
}

extension Demand: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        try visitor.field(&milliamperes)
        try visitor.field(&millivolts)
        try visitor.field(&party)
        try visitor.field(&offerMilliamperes)
        try visitor.field(&shareMilliamperes)
        try visitor.field(&committedWatts)
    }
}
