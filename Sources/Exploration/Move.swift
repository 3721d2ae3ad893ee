// Everything that may happen next to a post at small scale: the alphabet of the exploration.

import Post

/// One thing that people, vehicle, devices, records, cloud or time may do next.
public enum Move: Hashable, Sendable {
    /// Time passes, devices speak as they do now, until something changes; nothing else answers meanwhile.
    case wait
    // People
    case plugIn, drawPlug, tapListed, tapAnother, readGarbage, pushStop
    // The look-up of a card
    case lookUpListed, lookUpNotListed, lookUpRefused
    // The vehicle
    case vehicleGoesOn, vehiclePauses, vehicleStops, vehicleLeavesStateC
    // Records
    case startRecorded, startSpent, startFailed, stopRecorded, stopFailed, sampleFailed
    // Far devices' answers to the newest command
    case commandRefused, commandTimedOut
    // Cloud, site and operator
    case cloudComes, cloudGoes, cloudAccepts, cloudRefuses, tokenRevoked, tokenDenied, limitToNothing, limitLifted
    case operatorStarts, operatorStops, takeOutOfService, takeIntoService, clearFaults
    // The post itself
    case restart
    // One trouble at a time
    case begin(Trouble)
    case heal

    /// The move in words.
    public var name: String {
        switch self {
        case .begin(let trouble): "trouble: \(words(trouble))"
        default: words(self)
        }
    }
}

/// Which moves one exploration plays. All of them together would be too many orders to come to an end.
public enum Alphabet: String, CaseIterable, Sendable {
    /// Driver, vehicle, records, cloud, site and operator; every device does what it is told.
    case people
    /// Driver, vehicle and records, with one trouble at a time.
    case troubles

    /// The moves.
    public var moves: [Move] {
        let both: [Move] = [
            .wait, .plugIn, .drawPlug, .tapListed, .lookUpListed, .pushStop, .vehicleGoesOn, .vehiclePauses,
            .vehicleStops, .vehicleLeavesStateC, .startRecorded, .startFailed, .stopRecorded, .stopFailed,
            .restart,
        ]
        return switch self {
        case .people:
            both + [
                .tapAnother, .readGarbage, .lookUpNotListed, .lookUpRefused, .startSpent, .cloudComes, .cloudGoes,
                .cloudAccepts, .cloudRefuses, .tokenRevoked, .tokenDenied, .limitToNothing, .limitLifted,
                .operatorStarts, .operatorStops, .takeOutOfService, .takeIntoService,
            ]
        case .troubles:
            both + [.sampleFailed, .commandRefused, .commandTimedOut, .clearFaults, .heal]
                + Trouble.allCases.map { .begin($0) }
        }
    }
}

/// What may be wrong with a device or the post's surroundings. One at a time: two at once are the storm's.
public enum Trouble: UInt8, CaseIterable, Sendable {
    // Near devices
    case plusWelded, minusStaysOpen, lockStuck, mirrorContactUnknown, pilotInvalid, proximityInvalid, linesLost
    // Interlocks
    case emergencyStop, doorOpen, water, earthLost, gridLost, residualCurrent
    // Far devices: never, late, or with a bad answer
    case stageSilent, meterSilent, monitorSilent, vehicleSilent, temperatureSilent, samplesLate
    case stageFault, stageIgnoresSetpoint, insulationLow, selfTestFailed, contactsLive, reverseCurrent
    case contactsHot, meterSwapped, meterGoesBack
}

/// `plusWelded` as "plus welded".
func words(_ value: some Any) -> String {
    snakeCase("\(value)").split(separator: "_").joined(separator: " ")
}
