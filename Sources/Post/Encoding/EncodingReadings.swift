// How samples and levels from devices are encoded: their fields in the order in which they are declared.

extension InterlockLevels: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) {
        emergencyStopPressed.encode(into: &sink)
        doorOpen.encode(into: &sink)
        tiltOrWater.encode(into: &sink)
        protectiveEarthGood.encode(into: &sink)
        gridPresent.encode(into: &sink)
        stopCircuitsDiffer.encode(into: &sink)
        isControllerSilent.encode(into: &sink)
        residualCurrentTripped.encode(into: &sink)
        residualCurrentUntested.encode(into: &sink)
        phaseMissing.encode(into: &sink)
        coolantLow.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> InterlockLevels {
        InterlockLevels(
            emergencyStopPressed: try reader.take(), doorOpen: try reader.take(), tiltOrWater: try reader.take(),
            protectiveEarthGood: try reader.take(), gridPresent: try reader.take(),
            stopCircuitsDiffer: try reader.take(), isControllerSilent: try reader.take(),
            residualCurrentTripped: try reader.take(), residualCurrentUntested: try reader.take(),
            phaseMissing: try reader.take(), coolantLow: try reader.take())
    }
}

extension ConnectorLines: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) {
        pilot.encode(into: &sink)
        proximity.encode(into: &sink)
        lock.encode(into: &sink)
        contactorPlus.encode(into: &sink)
        contactorMinus.encode(into: &sink)
        stopPressed.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> ConnectorLines {
        ConnectorLines(
            pilot: try reader.take(), proximity: try reader.take(), lock: try reader.take(),
            contactorPlus: try reader.take(), contactorMinus: try reader.take(), stopPressed: try reader.take())
    }
}

extension StageSample: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) {
        measuredAt.encode(into: &sink)
        millivolts.encode(into: &sink)
        milliamperes.encode(into: &sink)
        availableMilliamperes.encode(into: &sink)
        isOn.encode(into: &sink)
        hasFault.encode(into: &sink)
        modulesOut.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> StageSample {
        StageSample(
            measuredAt: try reader.take(), millivolts: try reader.take(), milliamperes: try reader.take(),
            availableMilliamperes: try reader.take(), isOn: try reader.take(), hasFault: try reader.take(),
            modulesOut: try reader.take())
    }
}

extension MeterSample: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) {
        measuredAt.encode(into: &sink)
        millivolts.encode(into: &sink)
        milliamperes.encode(into: &sink)
        energyWattHours.encode(into: &sink)
        serial.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> MeterSample {
        MeterSample(
            measuredAt: try reader.take(), millivolts: try reader.take(), milliamperes: try reader.take(),
            energyWattHours: try reader.take(), serial: try reader.take())
    }
}

extension InsulationSample: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) {
        measuredAt.encode(into: &sink)
        ohms.encode(into: &sink)
        millivolts.encode(into: &sink)
        selfTest.encode(into: &sink)
        plusToEarthMillivolts.encode(into: &sink)
        minusToEarthMillivolts.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> InsulationSample {
        InsulationSample(
            measuredAt: try reader.take(), ohms: try reader.take(), millivolts: try reader.take(),
            selfTest: try reader.take(), plusToEarthMillivolts: try reader.take(),
            minusToEarthMillivolts: try reader.take())
    }
}

extension VehicleSample: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) {
        measuredAt.encode(into: &sink)
        phase.encode(into: &sink)
        targetMillivolts.encode(into: &sink)
        targetMilliamperes.encode(into: &sink)
        maximumMillivolts.encode(into: &sink)
        maximumMilliamperes.encode(into: &sink)
        stateOfChargePerMille.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> VehicleSample {
        VehicleSample(
            measuredAt: try reader.take(), phase: try reader.take(), targetMillivolts: try reader.take(),
            targetMilliamperes: try reader.take(), maximumMillivolts: try reader.take(),
            maximumMilliamperes: try reader.take(), stateOfChargePerMille: try reader.take())
    }
}

extension TemperatureSample: Canonical {
    @inline(__always)
    func encode(into sink: inout some CanonicalSink) {
        measuredAt.encode(into: &sink)
        pinAMillidegrees.encode(into: &sink)
        pinBMillidegrees.encode(into: &sink)
        cabinetMillidegrees.encode(into: &sink)
        coolingRuns.encode(into: &sink)
        handleMillidegrees.encode(into: &sink)
        handleSensorFails.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> TemperatureSample {
        TemperatureSample(
            measuredAt: try reader.take(), pinAMillidegrees: try reader.take(),
            pinBMillidegrees: try reader.take(), cabinetMillidegrees: try reader.take(),
            coolingRuns: try reader.take(), handleMillidegrees: try reader.take(),
            handleSensorFails: try reader.take())
    }
}
