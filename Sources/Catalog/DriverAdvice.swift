// What a driver does next: a short closed list, so that the same help is always said in the same words.

import Post

/// One thing that a driver can do.
enum DriverAdvice: CaseIterable, Sendable {
    // With a fault
    case releaseEmergencyStop, leaveThePlug, keepAway, useAnother, comeLater, unplugAndRetry, unplugAndUseAnother
    case letItCool, pushPlugHome, pullPlugAgain, readyTheVehicle, justWait, nothingToDo
    // With a refusal
    case anotherCard, askProvider, cardLater, sameCard, stopOrAnotherCard, ownCard, tapAgain, anotherReader,
        tapSlowly, tapInTurn,
        plugInFirst,
        checkConnector
    case unplugFirst, clearTheCause, nothingRuns
    // With what came in for the list
    case nothingChanged, smallerLimits
    // With a state
    case plugOrTap, tapIfYours, tap, plugIn, startsByItself, stopAnyTime, stopByButton, resumesByItself,
        releasedSoon, unplug
}

extension DriverAdvice {
    /// The same where no card ends a session.
    var withoutCard: DriverAdvice {
        switch self {
        case .stopAnyTime: .stopByButton
        case .sameCard: .stopOrAnotherCard
        case .ownCard: .useAnother
        default: self
        }
    }
}

extension Fault {
    /// What the driver does once the cause is gone and only the plug, or service, is waited for.
    var adviceOnceOver: DriverAdvice { self == .emergencyStop ? .unplugAndRetry : advice }

    /// What the driver does.
    var advice: DriverAdvice {
        switch self {
        case .emergencyStop: .releaseEmergencyStop
        case .tiltOrWater: .keepAway
        case .gridLost, .phaseLost, .residualCurrentTripped, .tooCold: .comeLater
        case .protectiveEarthLost, .weldedPlus, .weldedMinus, .weldedBoth, .currentWhileOpen, .outputLiveAfterStop,
            .stageIgnoresOff, .stageTripped:
            .leaveThePlug
        case .doorOpen, .cabinetHot, .linesLost, .safetyControllerSilent, .stopCircuitsDisagree,
            .residualCurrentUntested,
            .pilotUnavailable,
            .insulationSilent, .temperatureSilent,
            .pinSensorFailed, .stageFault, .stageSilent, .meterSilent, .meterFrozen, .meterSwapped, .meterWentBack,
            .meterJumped, .meterDisagrees, .insulationFrozen, .coolantLow, .mirrorUnreadable,
            .crashLoop, .samplesNotDurable, .stopNotRecorded, .latchNotRecorded, .pilotShorted, .proximityInvalid:
            .useAnother
        case .contactorFailsToClose, .contactorDropped, .contactorReadsOpen, .outputLiveBeforeTest,
            .testVoltageNotReached, .insulationSelfTestFailed, .voltageSensorsDisagree, .lockOpened,
            .shortCircuitAtTest, .overVoltage, .reverseCurrent, .internalDefect, .insulationLow, .connectorHot,
            .heatWithoutCooling, .voltageToEarthHigh:
            .unplugAndUseAnother
        case .cableCheckTooSlow, .preChargeTimeout, .preChargeMismatch, .underVoltage, .overCurrent,
            .vehicleLeftCharging, .vehicleSilent, .vehicleIgnoresStop, .stopTooSlow, .startNotRecorded:
            .unplugAndRetry
        case .pilotLost, .proximityLost, .lockFailsToClose, .pilotInvalid: .pushPlugHome
        case .lockFailsToOpen: .pullPlugAgain
        case .vehicleNotReady: .readyTheVehicle
        case .handleHot: .letItCool
        case .connectorWarm, .handleWarm, .coolingLost, .stageDerated, .limitSourceSilent, .meterDrifts,
            .memoryHigh, .clockStepped:
            .nothingToDo
        case .cardReaderLost, .memoryExhausted: .useAnother
        case .ventilationMissing: .unplugAndUseAnother
        case .pilotPulsed: .justWait
        }
    }
}

extension Refusal {
    /// What the person who was refused does.
    var advice: DriverAdvice {
        switch self {
        case .unknownToken, .cloudTooLate, .cloudFailed, .lookUpTooLate, .lookUpDamaged,
            // Time alone gives it nothing back: the cloud must hear of what it took.
            .energyUsedUp:
            .anotherCard
        case .expiredToken, .blockedToken, .deniedInSession, .cloudRefused, .mustAskProvider: .askProvider
        case .notYetValidToken, .sessionsUsedUp, .tokenTooSoon: .cardLater
        case .tokenInUse: .sameCard
        case .notYourSession: .ownCard
        case .readerGarbage: .tapSlowly
        case .readerBusy: .tapInTurn
        case .notReadyYet: .tapAgain
        case .readerPaused: .anotherReader
        case .connectorFaulted, .connectorUnavailable, .connectorReserved, .recordsFailing, .exposureUsedUp,
            // No other card would do better here.
            .noList:
            .useAnother
        case .connectorBusy: .unplugFirst
        case .noVehicle: .plugInFirst
        case .nothingToStop: .nothingRuns
        case .faultStillPresent: .clearTheCause
        case .noSuchConnector, .noSuchFault: .checkConnector
        }
    }
}

extension ConnectorPhase {
    /// What the driver does.
    var advice: DriverAdvice {
        switch self {
        case .unavailable, .faulted: .useAnother
        case .available: .plugOrTap
        case .reserved: .tapIfYours
        case .occupied: .tap
        case .authorized: .plugIn
        case .preparing: .startsByItself
        case .charging: .stopAnyTime
        case .suspendedByVehicle, .suspendedByPost: .resumesByItself
        case .stopping: .releasedSoon
        case .finishing: .unplug
        }
    }
}
