// Every case of every event, so that the compiler and the tests notice one that no column of a table plays.

@testable import Post

/// The cases of `Event`, without what they hold.
enum EventCase: CaseIterable {
    case booted, latchRestored, outOfServiceRestored, meterRestored, sessionRestored, restored, interlocks, lines,
        linesLost, stage, meter, insulation
    case vehicle, temperature, commandFinished, tokenPresented, tokenLookedUp, readerGarbage, readerGone
    case readerThere, start, stop, setAvailable, clearFault, reserve, startRecorded, sampleRecorded, stopRecorded
    case latchRecorded, meterRecorded, availabilityRecorded, cloudLink, cloudAccepted, cloudRefused, cloudFailed,
        tokenRevoked,
        tokenDenied, limit,
        configured,
        memory, clockStepped, timePassed

    /// No default: a new event does not compile until it has a case, and fails the tests until it has a column.
    init(_ event: Event) {
        switch event {
        case .booted: self = .booted
        case .latchRestored: self = .latchRestored
        case .outOfServiceRestored: self = .outOfServiceRestored
        case .meterRestored: self = .meterRestored
        case .sessionRestored: self = .sessionRestored
        case .restored: self = .restored
        case .interlocks: self = .interlocks
        case .lines: self = .lines
        case .linesLost: self = .linesLost
        case .stage: self = .stage
        case .meter: self = .meter
        case .insulation: self = .insulation
        case .vehicle: self = .vehicle
        case .temperature: self = .temperature
        case .commandFinished: self = .commandFinished
        case .tokenPresented: self = .tokenPresented
        case .tokenLookedUp: self = .tokenLookedUp
        case .readerGarbage: self = .readerGarbage
        case .reader(_, let isThere): self = isThere ? .readerThere : .readerGone
        case .command(_, let command): self.init(command)
        case .startRecorded: self = .startRecorded
        case .sampleRecorded: self = .sampleRecorded
        case .stopRecorded: self = .stopRecorded
        case .latchRecorded: self = .latchRecorded
        case .meterRecorded: self = .meterRecorded
        case .availabilityRecorded: self = .availabilityRecorded
        case .cloudLink: self = .cloudLink
        case .cloudAnswered(_, let verdict): self.init(verdict)
        case .tokenRevoked: self = .tokenRevoked
        case .tokenDenied: self = .tokenDenied
        case .limit: self = .limit
        case .configured: self = .configured
        case .memory: self = .memory
        case .clockStepped: self = .clockStepped
        case .timePassed: self = .timePassed
        }
    }

    private init(_ command: OperatorCommand) {
        switch command {
        case .start: self = .start
        case .stop: self = .stop
        case .setAvailable: self = .setAvailable
        case .clearFault: self = .clearFault
        case .reserve: self = .reserve
        }
    }

    private init(_ verdict: CloudVerdict) {
        switch verdict {
        case .accepted: self = .cloudAccepted
        case .refused: self = .cloudRefused
        case .failed: self = .cloudFailed
        }
    }
}

extension TokenLookUp.Verdict {
    /// One of each; no default, so that a new verdict does not compile until it is here.
    static let each: [(name: String, verdict: TokenLookUp.Verdict)] = {
        func name(_ verdict: TokenLookUp.Verdict) -> String {
            switch verdict {
            case .listed: "listed"
            case .notListed: "not listed"
            case .noList: "no list"
            case .refused: "refused by the list"
            case .limited: "listed, nothing left of its limits"
            }
        }
        let all: [TokenLookUp.Verdict] = [
            .listed, .notListed, .noList, .refused(.blockedToken), .limited(.exposureUsedUp),
        ]
        return all.map { (name($0), $0) }
    }()
}
