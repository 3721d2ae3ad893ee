// The columns of the connector's table: every kind of event, with the payloads that make a difference.

@testable import Post

/// One event, made to fit the moment at which it comes.
struct Stimulus: Sendable {
    /// Whom the event is about.
    enum Scope: Sendable { case connector, stage, post, nowhere }

    let name: String
    var scope = Scope.connector
    /// Whether power must be off in the very call (class E).
    var isEmergency = false
    /// What happens just before, at the second reader and never at the connector.
    var before: @Sendable (PlausiblePost) -> Void = { _ in }
    let event: @Sendable (PlausiblePost) -> Event

    static let all: [Stimulus] =
        ofStart + ofInterlocks + ofLines + ofStage + ofMeter + ofMonitor + ofVehicle + ofTemperature + ofPeople
        + ofOperator + ofRecords + ofCloud + ofPost
}

extension Stimulus {
    // The first events of a boot: in any other moment they must change nothing that is safe

    static let bootedAgain = "booted, again"

    static let ofStart: [Stimulus] = [
        Stimulus(name: bootedAgain, scope: .post) { _ in .booted(BootFacts(bootNumber: 99, uncleanStarts: 0)) },
        Stimulus(name: "latch restored: welded plus here") { _ in
            .latchRestored(Latch(fault: .weldedPlus, connector: .tested))
        },
        Stimulus(name: "out of service restored here") { _ in .outOfServiceRestored(.tested) },
        Stimulus(name: "meter restored: another one here") { _ in
            .meterRestored(KnownMeter(connector: .tested, serial: 1_234))
        },
        Stimulus(name: "session restored here") { post in
            .sessionRestored(
                RestoredSession(
                    start: post.start(token: 77, source: .list), lastRegisterWattHours: 1_010,
                    lastEnergyWattHours: 10))
        },
        Stimulus(name: "session restored nowhere", scope: .nowhere) { post in
            var start = post.start(token: 78, source: .list)
            start.connector = .nowhere
            return .sessionRestored(
                RestoredSession(start: start, lastRegisterWattHours: 1_010, lastEnergyWattHours: 10))
        },
        Stimulus(name: "restored", scope: .post) { _ in .restored },
    ]

    static let ofInterlocks: [Stimulus] = [
        interlocks("good") { _ in },
        interlocks("emergency stop", isEmergency: true) { $0.emergencyStopPressed = true },
        interlocks("door open", isEmergency: true) { $0.doorOpen = true },
        interlocks("tilt or water", isEmergency: true) { $0.tiltOrWater = true },
        interlocks("protective earth lost", isEmergency: true) { $0.protectiveEarthGood = false },
        interlocks("grid lost") { $0.gridPresent = false },
        interlocks("phase lost") { $0.phaseMissing = true },
        interlocks("coolant low") { $0.coolantLow = true },
        interlocks("residual current", isEmergency: true) { $0.residualCurrentTripped = true },
        interlocks("residual current device untested") { $0.residualCurrentUntested = true },
        interlocks("safety controller silent", isEmergency: true) { $0.isControllerSilent = true },
        interlocks("stop circuits differ") { $0.stopCircuitsDiffer = true },
        Stimulus(name: "lines lost: the post's", scope: .post, isEmergency: true) { _ in .linesLost(nil) },
    ]

    private static func interlocks(
        _ name: String, isEmergency: Bool = false, _ change: @escaping @Sendable (inout InterlockLevels) -> Void
    ) -> Stimulus {
        Stimulus(name: "interlocks: \(name)", scope: .post, isEmergency: isEmergency) { _ in
            var levels = InterlockLevels.allGood
            change(&levels)
            return .interlocks(levels)
        }
    }

    // Near lines: each level of each, the others as they were

    static let ofLines: [Stimulus] =
        [lines("as they were") { _ in }]
        + PilotState.allCases.map { pilot in
            lines("pilot \("\(pilot)".uppercased())", isEmergency: pilot == .a || pilot == .e) { $0.pilot = pilot }
        }
        + Proximity.allCases.map { proximity in
            lines("proximity \(proximity)", isEmergency: proximity != .seated) { $0.proximity = proximity }
        }
        + [
            lines("unplugged", isEmergency: true) {
                $0.proximity = .open
                $0.pilot = .a
            },
            lines("plugged") {
                $0.proximity = .seated
                $0.pilot = .b
            },
        ]
        + ContactSense.allCases.map { lock in
            lines("lock \(lock)", isEmergency: lock != .closed) { $0.lock = lock }
        }
        + ContactSense.allCases.flatMap { plus in
            ContactSense.allCases.map { minus in
                lines("contactors \(plus), \(minus)") { ($0.contactorPlus, $0.contactorMinus) = (plus, minus) }
            }
        }
        + [
            lines("stop button") { $0.stopPressed = true },
            Stimulus(name: "lines of no connector", scope: .nowhere) { post in .lines(.nowhere, post.lines[0]) },
            Stimulus(name: "lines lost: the connector's", isEmergency: true) { _ in .linesLost(.tested) },
        ]

    private static func lines(
        _ name: String, isEmergency: Bool = false, _ change: @escaping @Sendable (inout ConnectorLines) -> Void
    ) -> Stimulus {
        Stimulus(name: "lines: \(name)", isEmergency: isEmergency) { post in
            .lines(.tested, post.lineLevels(change))
        }
    }

    // People

    static let ofPeople: [Stimulus] =
        [
            presents("the session's card", .own), presents("a stranger's card", .stranger),
            presents("the neighbour's card", .neighbours),
        ]
        + TokenLookUp.Verdict.each.map { name, verdict in
            Stimulus(name: "looked up: a stranger, \(name)", before: { $0.handle(presented(.stranger)) }) { _ in
                lookedUp(.stranger, verdict)
            }
        }
        + [
            Stimulus(name: "looked up: nobody asked") { _ in lookedUp(.stranger, .listed) },
            Stimulus(name: "reader: garbage") { _ in .readerGarbage(ReaderID(1)) },
            Stimulus(name: "reader: gone") { _ in .reader(ReaderID(1), isThere: false) },
            Stimulus(name: "reader: there") { _ in .reader(ReaderID(1), isThere: true) },
            Stimulus(name: "reader: no such reader") { _ in .tokenPresented(ReaderID(9), .own) },
        ]

    private static func presents(_ name: String, _ token: TokenName) -> Stimulus {
        Stimulus(name: "presented: \(name)", scope: token == .neighbours ? .post : .connector) { _ in
            presented(token)
        }
    }
    private static func presented(_ token: TokenName) -> Event { .tokenPresented(ReaderID(1), token) }
    private static func lookedUp(_ token: TokenName, _ verdict: TokenLookUp.Verdict) -> Event {
        .tokenLookedUp(
            ReaderID(1),
            TokenLookUp(token: token, verdict: verdict, group: 0, freshness: .fresh, allowance: .unlimited))
    }

    // Whoever has authority

    static let ofOperator: [Stimulus] = [
        command("start for a stranger") { _ in .start(.tested, .stranger) },
        command("start for the neighbour's card") { _ in .start(.tested, .neighbours) },
        command("start nowhere") { _ in .start(.nowhere, .stranger) },
        command("stop") { _ in .stop(.tested, .remote) },
        command("stop nowhere") { _ in .stop(.nowhere, .remote) },
        command("out of service") { _ in .setAvailable(.tested, false) },
        command("into service") { _ in .setAvailable(.tested, true) },
        command("clear the first fault here") { .clearFault($0.tested.faults.first ?? .weldedPlus, .tested) },
        command("reserve for a stranger") { .reserve(.tested, .stranger, until: $0.now + .hours(1)) },
    ]

    private static func command(_ name: String, _ make: @escaping @Sendable (PlausiblePost) -> OperatorCommand)
        -> Stimulus
    {
        Stimulus(name: "command: \(name)") { .command(CommandNumber(5_000), make($0)) }
    }
}
