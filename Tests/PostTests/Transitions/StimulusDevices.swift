// The columns of far devices, records, cloud and site.

@testable import Post

extension Stimulus {
    static let ofStage: [Stimulus] = [
        stage("dead and off") { ($0.millivolts, $0.milliamperes, $0.isOn) = (0, 0, false) },
        stage("400 V, no current") { ($0.millivolts, $0.milliamperes, $0.isOn) = (400_000, 0, true) },
        stage("400 V, 100 A") { ($0.millivolts, $0.milliamperes, $0.isOn) = (400_000, 100_000, true) },
        stage("5 A backwards") { ($0.millivolts, $0.milliamperes, $0.isOn) = (400_000, -5_000, true) },
        stage("can give nothing") { $0.availableMilliamperes = 0 },
        stage("one module out") { $0.modulesOut = 1 },
        stage("fault of its own") { $0.hasFault = true },
        stage("from the future") { $0.measuredAt = $0.measuredAt + .seconds(1) },
    ]

    private static func stage(_ name: String, _ change: @escaping @Sendable (inout StageSample) -> Void) -> Stimulus
    {
        Stimulus(name: "stage: \(name)", scope: .stage) { .stage(StageID(0), $0.stageSample(change)) }
    }

    static let ofMeter: [Stimulus] = [
        meter("0 V, no current") { ($0.millivolts, $0.milliamperes) = (0, 0) },
        meter("59.9 V, no current") { ($0.millivolts, $0.milliamperes) = (59_900, 0) },
        meter("60 V, no current") { ($0.millivolts, $0.milliamperes) = (60_000, 0) },
        meter("400 V, no current") { ($0.millivolts, $0.milliamperes) = (400_000, 0) },
        meter("400 V, 5 A") { ($0.millivolts, $0.milliamperes) = (400_000, 5_000) },
        meter("400 V, 5.1 A") { ($0.millivolts, $0.milliamperes) = (400_000, 5_100) },
        meter("400 V, 150 A") { ($0.millivolts, $0.milliamperes) = (400_000, 150_000) },
        meter("400 V, 5 A backwards") { ($0.millivolts, $0.milliamperes) = (400_000, -5_000) },
        meter("500 V, no current") { ($0.millivolts, $0.milliamperes) = (500_000, 0) },
        meter("950 V, no current") { ($0.millivolts, $0.milliamperes) = (950_000, 0) },
        meter("register back") { $0.energyWattHours -= 100 },
        meter("register ahead by 9 kWh") { $0.energyWattHours += 9_000 },
        meter("another meter") { $0.serial = 1 },
        meter("from the future") { $0.measuredAt = $0.measuredAt + .seconds(1) },
    ]

    private static func meter(_ name: String, _ change: @escaping @Sendable (inout MeterSample) -> Void) -> Stimulus
    {
        Stimulus(name: "meter: \(name)") { .meter(.tested, $0.meterSample(change)) }
    }

    static let ofMonitor: [Stimulus] =
        InsulationSample.SelfTest.allCases.map { selfTest in
            monitor("self-test \(selfTest), 10 MΩ") { ($0.selfTest, $0.ohms) = (selfTest, 10_000_000) }
        }
        + [
            monitor("self-test passed, 99.9 kΩ") { ($0.selfTest, $0.ohms) = (.passed, 99_900) },
            monitor("dead contacts") { $0.millivolts = 0 },
            monitor("400 V at the contacts") { $0.millivolts = 400_000 },
            monitor("plus 1,000 V from earth") {
                ($0.millivolts, $0.plusToEarthMillivolts, $0.minusToEarthMillivolts) = (400_000, 1_000_000, 600_000)
            },
            monitor("from the future") { $0.measuredAt = $0.measuredAt + .seconds(1) },
        ]

    private static func monitor(_ name: String, _ change: @escaping @Sendable (inout InsulationSample) -> Void)
        -> Stimulus
    {
        Stimulus(name: "monitor: \(name)") { .insulation(.tested, $0.monitorSample(change)) }
    }

    static let ofVehicle: [Stimulus] =
        VehiclePhase.allCases.map { phase in vehicle("\(phase)") { $0.phase = phase } }
        + [
            vehicle("pre-charge to 1,000 V") { ($0.phase, $0.targetMillivolts) = (.preCharge, 1_000_000) },
            vehicle("charge with 0 A") { ($0.phase, $0.targetMilliamperes) = (.charge, 0) },
            vehicle("charge with 200 A") { ($0.phase, $0.targetMilliamperes) = (.charge, 200_000) },
            vehicle("from the future") { $0.measuredAt = $0.measuredAt + .seconds(1) },
        ]

    private static func vehicle(_ name: String, _ change: @escaping @Sendable (inout VehicleSample) -> Void)
        -> Stimulus
    {
        Stimulus(name: "vehicle: \(name)") { .vehicle(.tested, $0.vehicleSample(change)) }
    }

    static let ofTemperature: [Stimulus] = [
        temperature("cool") { _ in },
        temperature("contact 85 °C") { $0.pinAMillidegrees = 85_000 },
        temperature("contact 95 °C") { $0.pinAMillidegrees = 95_000 },
        temperature("one sensor lost") { $0.pinAMillidegrees = nil },
        temperature("both sensors lost") { ($0.pinAMillidegrees, $0.pinBMillidegrees) = (nil, nil) },
        temperature("handle 55 °C") { $0.handleMillidegrees = 55_000 },
        temperature("handle 62 °C") { $0.handleMillidegrees = 62_000 },
        temperature("handle sensor lost") { $0.handleSensorFails = true },
        temperature("cabinet 55 °C") { $0.cabinetMillidegrees = 55_000 },
        temperature("cabinet 70 °C") { $0.cabinetMillidegrees = 70_000 },
        temperature("cooling stands still") { $0.coolingRuns = false },
        temperature("from the future") { $0.measuredAt = $0.measuredAt + .seconds(1) },
    ]

    private static func temperature(
        _ name: String, _ change: @escaping @Sendable (inout TemperatureSample) -> Void
    ) -> Stimulus {
        Stimulus(name: "temperature: \(name)") { .temperature(.tested, $0.temperatureSample(change)) }
    }

    static let ofRecords: [Stimulus] =
        CommandOutcome.allCases.map { outcome in
            Stimulus(name: "stage command: \(outcome)") { .commandFinished($0.tested.setpointNumber, outcome) }
        }
        + [
            Stimulus(name: "stage command: of nobody, refused") { _ in
                .commandFinished(CommandNumber(999_999), .refused)
            }
        ]
        + RecordOutcome.allCases.flatMap { outcome in
            [
                Stimulus(name: "start \(outcome)") { .startRecorded($0.testedSession, outcome) },
                Stimulus(name: "sample \(outcome)") { .sampleRecorded($0.testedSession, outcome) },
                Stimulus(name: "stop \(outcome)") { .stopRecorded($0.testedSession, outcome) },
                Stimulus(name: "latch \(outcome)") { _ in
                    .latchRecorded(Latch(fault: .tiltOrWater, connector: .tested), isSet: true, outcome)
                },
                Stimulus(name: "meter \(outcome)") { _ in
                    .meterRecorded(KnownMeter(connector: .tested, serial: 4_711), outcome)
                },
                Stimulus(name: "out of service \(outcome)") { _ in
                    .availabilityRecorded(.tested, isInService: false, outcome)
                },
                Stimulus(name: "another session's start \(outcome)") { _ in .startRecorded(.nobodys, outcome) },
                Stimulus(name: "another session's sample \(outcome)") { _ in .sampleRecorded(.nobodys, outcome) },
                Stimulus(name: "another session's stop \(outcome)") { _ in .stopRecorded(.nobodys, outcome) },
            ]
        }

    static let ofCloud: [Stimulus] = [
        Stimulus(name: "cloud up", scope: .post) { _ in .cloudLink(isUp: true) },
        Stimulus(name: "cloud down", scope: .post) { _ in .cloudLink(isUp: false) },
        Stimulus(name: "cloud accepts, nobody asked") { _ in
            .cloudAnswered(CommandNumber(9_999), .accepted(sessionWattHours: 1))
        },
        Stimulus(name: "cloud refuses, nobody asked") { _ in .cloudAnswered(CommandNumber(9_999), .refused) },
        Stimulus(name: "cloud fails, nobody asked") { _ in .cloudAnswered(CommandNumber(9_999), .failed) },
        Stimulus(name: "revoked: the session's card") { _ in .tokenRevoked(.own) },
        Stimulus(name: "revoked: a stranger's card") { _ in .tokenRevoked(.stranger) },
        Stimulus(name: "denied: the session's card") { _ in .tokenDenied(.own) },
        Stimulus(name: "denied: a stranger's card") { _ in .tokenDenied(.stranger) },
    ]

    static let ofPost: [Stimulus] =
        LimitSource.allCases.flatMap { source in
            [
                Stimulus(name: "limit 0 W by \(source)", scope: .post) { _ in .limit(source, watts: 0) },
                Stimulus(name: "limit lifted by \(source)", scope: .post) { _ in .limit(source, watts: nil) },
            ]
        }
        + [
            Stimulus(name: "configured: less power", scope: .post) { post in
                var next = post.core.configuration
                next.siteLimitWatts = 0
                return .configured(next)
            },
            Stimulus(name: "configured: other limits", scope: .post) { post in
                var next = post.core.configuration
                next.limits.refusalShownFor = .seconds(1)
                return .configured(next)
            },
            Stimulus(name: "memory: 48 MiB", scope: .post) { _ in .memory(residentBytes: 48 << 20) },
            Stimulus(name: "memory: 300 MiB", scope: .post) { _ in .memory(residentBytes: 300 << 20) },
            Stimulus(name: "clock stepped: 61 s back", scope: .post) { _ in .clockStepped(byMilliseconds: -61_000)
            },
            Stimulus(name: "time passed, none in fact", scope: .post) { _ in .timePassed },
        ]
}

extension SessionID {
    static let nobodys = SessionID(boot: 1, counter: 1)
}
extension PlausiblePost {
    /// The session at the connector under test, or the one whose stop is still owed.
    var testedSession: SessionID {
        tested.state.session?.id ?? tested.owedStop?.0.session ?? tested.restored?.id ?? .nobodys
    }
}
