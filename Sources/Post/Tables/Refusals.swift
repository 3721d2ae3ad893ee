// The closed table of refusals: why a driver or an operator did not get what they asked for.

/// Every reason for which the post says no to a person. The raw value is the stable number of recordings: one that is
/// free (25, 29) was given to a reason that no post ever raised, and is not given again.
public enum Refusal: UInt8, CaseIterable, Error, Sendable {
    case unknownToken = 0, expiredToken = 1, notYetValidToken = 2, blockedToken = 3, tokenInUse = 4
    case tokenTooSoon = 5, sessionsUsedUp = 6, energyUsedUp = 7, notYourSession = 8
    case lookUpTooLate = 9, lookUpDamaged = 10, readerGarbage = 11, readerBusy = 12, noList = 13
    case cloudRefused = 14, cloudTooLate = 15, cloudFailed = 16
    case connectorFaulted = 17, connectorUnavailable = 18, connectorReserved = 19, connectorBusy = 20
    case noVehicle = 21, recordsFailing = 22, notReadyYet = 23, nothingToStop = 24
    case faultStillPresent = 26, noSuchConnector = 27, noSuchFault = 28
    case exposureUsedUp = 30, readerPaused = 31, mustAskProvider = 32, deniedInSession = 33
}

extension Refusal {
    /// The stable code, in snake case.
    public var code: String { snakeCase("\(self)") }
}
