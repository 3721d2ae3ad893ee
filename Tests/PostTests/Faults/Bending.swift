// What a test does to a plausible post: it bends what devices say, and mends all of it again.

@testable import Post

extension PlausiblePost {
    func bendLines(_ change: @escaping (inout ConnectorLines) -> Void) {
        bend = { event in
            guard case .lines(ConnectorID(0), var lines) = event else { return event }
            change(&lines)
            return .lines(ConnectorID(0), lines)
        }
    }
    func bendStage(_ change: @escaping (inout StageSample) -> Void) {
        bend = { event in
            guard case .stage(StageID(0), var sample) = event else { return event }
            change(&sample)
            return .stage(StageID(0), sample)
        }
    }
    func bendMeter(_ change: @escaping (inout MeterSample) -> Void) {
        bend = { event in
            guard case .meter(ConnectorID(0), var sample) = event else { return event }
            change(&sample)
            return .meter(ConnectorID(0), sample)
        }
    }
    func bendInsulation(_ change: @escaping (inout InsulationSample) -> Void) {
        bend = { event in
            guard case .insulation(ConnectorID(0), var sample) = event else { return event }
            change(&sample)
            return .insulation(ConnectorID(0), sample)
        }
    }
    func bendVehicle(_ change: @escaping (inout VehicleSample) -> Void) {
        bend = { event in
            guard case .vehicle(ConnectorID(0), var sample) = event else { return event }
            change(&sample)
            return .vehicle(ConnectorID(0), sample)
        }
    }
    func bendTemperature(_ change: @escaping (inout TemperatureSample) -> Void) {
        bend = { event in
            guard case .temperature(ConnectorID(0), var sample) = event else { return event }
            change(&sample)
            return .temperature(ConnectorID(0), sample)
        }
    }

    /// Somebody with authority ends the session.
    func stop(_ index: UInt8 = 0) { handle(.command(CommandNumber(50), .stop(ConnectorID(index), .remote))) }

    /// The start that the records were asked for last becomes durable.
    func recordStart() {
        recordsAnswer = .recorded
        for entry in log.reversed() {
            if case .recordStart(let start) = entry.action {
                return handle(.startRecorded(start.session, .recorded))
            }
        }
    }

    /// Everything works again, and says so.
    func mendEverything() {
        bend = { $0 }
        interlocks = .allGood
        (stageSilent, meterSilent, monitorSilent, vehicleSilent) = (false, false, false, false)
        recordsAnswer = .recorded
        neverCloses = false
        followsSetpoint = true
        for index in 0..<count {
            welded[index] = (false, false)
            ohms[index] = 10_000_000
            temperatures[index] = 25_000
            mendContactors(index)
            let isPlugged = phases[index] != .silent
            lines[index].proximity = isPlugged ? .seated : .open
            guard status(index).powerAllowed == nil else { continue }
            lines[index].pilot = isPlugged ? .b : .a
            if isPlugged { phases[index] = .ended }
            volts[index] = 0
            currents[index] = 0
        }
    }
}

extension PostConfiguration {
    /// Two connectors whose plugs the post locks.
    static let postLocks: PostConfiguration = {
        var configuration = twoConnectors
        for index in configuration.connectors.indices { configuration.connectors[index].lockHolder = .post }
        return configuration
    }()
    /// Less is left when the source of a limit goes silent than one vehicle asks for.
    static let lowFailSafe: PostConfiguration = {
        var configuration = twoConnectors
        configuration.failSafeLimitWatts = 20_000
        return configuration
    }()
}
