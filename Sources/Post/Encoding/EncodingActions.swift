// The number of every action, and how it is encoded.

extension Action: Canonical {
    /// The numbers of actions. Never reused, never changed without a new `CanonicalCoding.version`.
    enum Code: UInt8 {
        case allowPower = 1, withdrawPower = 2, setLock = 3, setPilot = 4, setDischarge = 5, tripUpstream = 6
        case setCooling = 7, indicate = 8
        case commandStage = 20, commandInsulation = 21, tellVehicle = 22
        case askCloud = 30
        case recordStart = 40, recordSample = 41, recordStop = 42, recordLatch = 43
        case recordMeter = 44
        case restart = 45
        case recordAvailability = 46
        case answer = 50, report = 51
    }

    func encode(into sink: inout some CanonicalSink) {
        switch self {
        case .allowPower(let connector, let degree): sink.put(Code.allowPower, connector, degree)
        case .withdrawPower(let connector): sink.put(Code.withdrawPower, connector)
        case .setLock(let connector, let isHeld): sink.put(Code.setLock, connector, isHeld)
        case .setPilot(let connector, let output): sink.put(Code.setPilot, connector, output)
        case .setDischarge(let connector, let isOn): sink.put(Code.setDischarge, connector, isOn)
        case .tripUpstream(let stage): sink.put(Code.tripUpstream, stage)
        case .setCooling(let isOn): sink.put(Code.setCooling, isOn)
        case .indicate(let connector, let indication): sink.put(Code.indicate, connector, indication)
        case .commandStage(let stage, let number, let command): sink.put(Code.commandStage, stage, number, command)
        case .commandInsulation(let connector, let number, let command):
            sink.put(Code.commandInsulation, connector, number, command)
        case .tellVehicle(let connector, let number, let notice):
            sink.put(Code.tellVehicle, connector, number, notice)
        case .askCloud(let number, let token, let connector): sink.put(Code.askCloud, number, token, connector)
        case .recordStart(let start): sink.put(Code.recordStart, start)
        case .recordSample(let sample): sink.put(Code.recordSample, sample)
        case .recordStop(let stop): sink.put(Code.recordStop, stop)
        case .recordLatch(let latch, let isSet): sink.put(Code.recordLatch, latch, isSet)
        case .recordMeter(let meter): sink.put(Code.recordMeter, meter)
        case .recordAvailability(let connector, let isIn): sink.put(Code.recordAvailability, connector, isIn)
        case .restart: sink.put(Code.restart)
        case .answer(let number, let refusal): sink.put(Code.answer, number, refusal)
        case .report(let report): sink.put(Code.report, report)
        }
    }

    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Action {
        switch try reader.code(Code.self) {
        case .allowPower: .allowPower(try reader.take(), try reader.take())
        case .withdrawPower: .withdrawPower(try reader.take())
        case .setLock: .setLock(try reader.take(), isHeld: try reader.take())
        case .setPilot: .setPilot(try reader.take(), try reader.take())
        case .setDischarge: .setDischarge(try reader.take(), isOn: try reader.take())
        case .tripUpstream: .tripUpstream(try reader.take())
        case .setCooling: .setCooling(isOn: try reader.take())
        case .indicate: .indicate(try reader.take(), try reader.take())
        case .commandStage: .commandStage(try reader.take(), try reader.take(), try reader.take())
        case .commandInsulation: .commandInsulation(try reader.take(), try reader.take(), try reader.take())
        case .tellVehicle: .tellVehicle(try reader.take(), try reader.take(), try reader.take())
        case .askCloud: .askCloud(try reader.take(), try reader.take(), try reader.take())
        case .recordStart: .recordStart(try reader.take())
        case .recordSample: .recordSample(try reader.take())
        case .recordStop: .recordStop(try reader.take())
        case .recordLatch: .recordLatch(try reader.take(), isSet: try reader.take())
        case .recordMeter: .recordMeter(try reader.take())
        case .recordAvailability: .recordAvailability(try reader.take(), isInService: try reader.take())
        case .restart: .restart
        case .answer: .answer(try reader.take(), try reader.take())
        case .report: .report(try reader.take())
        }
    }
}

extension StageCommand: Canonical {
    enum Code: UInt8 { case off = 0, on = 1 }

    func encode(into sink: inout some CanonicalSink) {
        switch self {
        case .off: sink.put(Code.off)
        case .on(let millivolts, let milliamperes): sink.put(Code.on, millivolts, milliamperes)
        }
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> StageCommand {
        switch try reader.code(Code.self) {
        case .off: .off
        case .on: .on(millivolts: try reader.take(), milliamperes: try reader.take())
        }
    }
}

extension VehicleNotice: Canonical {
    enum Code: UInt8 {
        case authorized = 0, cableCheckPassed = 1, limits = 2, stopRequested = 3, emergency = 4, ended = 5
    }

    func encode(into sink: inout some CanonicalSink) {
        switch self {
        case .authorized: sink.put(Code.authorized)
        case .cableCheckPassed: sink.put(Code.cableCheckPassed)
        case .limits(let millivolts, let milliamperes): sink.put(Code.limits, millivolts, milliamperes)
        case .stopRequested: sink.put(Code.stopRequested)
        case .emergency: sink.put(Code.emergency)
        case .ended: sink.put(Code.ended)
        }
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> VehicleNotice {
        switch try reader.code(Code.self) {
        case .authorized: .authorized
        case .cableCheckPassed: .cableCheckPassed
        case .limits: .limits(millivolts: try reader.take(), milliamperes: try reader.take())
        case .stopRequested: .stopRequested
        case .emergency: .emergency
        case .ended: .ended
        }
    }
}

extension Report: Canonical {
    enum Code: UInt8 {
        case stateChanged = 0, faultRaised = 1, faultCleared = 2, refused = 3, sessionAuthorized = 4
        case energyFlows = 5, sessionEnded = 6, openedUnderLoad = 7, defect = 8, restarts = 9
    }

    func encode(into sink: inout some CanonicalSink) {
        switch self {
        case .stateChanged(let connector, let old, let new): sink.put(Code.stateChanged, connector, old, new)
        case .faultRaised(let fault, let connector): sink.put(Code.faultRaised, fault, connector)
        case .faultCleared(let fault, let connector): sink.put(Code.faultCleared, fault, connector)
        case .refused(let refusal, let connector): sink.put(Code.refused, refusal, connector)
        case .sessionAuthorized(let session, let connector, let source):
            sink.put(Code.sessionAuthorized, session, connector, source)
        case .energyFlows(let session, let connector): sink.put(Code.energyFlows, session, connector)
        case .sessionEnded(let session, let connector, let reason, let wattHours):
            sink.put(Code.sessionEnded, session, connector, reason, wattHours)
        case .openedUnderLoad(let connector, let milliamperes):
            sink.put(Code.openedUnderLoad, connector, milliamperes)
        case .restarts: sink.put(Code.restarts)
        case .defect(let rule, let connector): sink.put(Code.defect, rule, connector)
        }
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Report {
        switch try reader.code(Code.self) {
        case .stateChanged: .stateChanged(try reader.take(), from: try reader.take(), to: try reader.take())
        case .faultRaised: .faultRaised(try reader.take(), try reader.take())
        case .faultCleared: .faultCleared(try reader.take(), try reader.take())
        case .refused: .refused(try reader.take(), try reader.take())
        case .sessionAuthorized: .sessionAuthorized(try reader.take(), try reader.take(), try reader.take())
        case .energyFlows: .energyFlows(try reader.take(), try reader.take())
        case .sessionEnded:
            .sessionEnded(
                try reader.take(), try reader.take(), try reader.take(), energyWattHours: try reader.take())
        case .openedUnderLoad: .openedUnderLoad(try reader.take(), milliamperes: try reader.take())
        case .restarts: .restarts
        case .defect: .defect(try reader.take(), try reader.take())
        }
    }
}
