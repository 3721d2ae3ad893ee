// The closed table of refusals: why a driver or an operator did not get what they asked for.

/// Every reason for which the post says no to a person. The raw value is the stable number of recordings.
public enum Refusal: UInt8, CaseIterable, Error, Sendable {
    case unknownToken, expiredToken, notYetValidToken, blockedToken, tokenInUse, tokenTooSoon, sessionsUsedUp
    case energyUsedUp, notYourSession, lookUpTooLate, lookUpDamaged, readerGarbage, readerBusy, noList
    case cloudRefused, cloudTooLate, cloudFailed, connectorFaulted, connectorUnavailable, connectorReserved
    case connectorBusy, noVehicle, recordsFailing, notReadyYet, nothingToStop, notCharging, faultStillPresent
    case noSuchConnector, noSuchFault, busy, exposureUsedUp, readerPaused, mustAskProvider
}

extension Refusal {
    /// The stable code, in snake case.
    public var code: String { snakeCase("\(self)") }
}
