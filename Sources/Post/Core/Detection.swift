// Finds out what is wrong at a connector: compares what is measured with what was commanded.

/// The conditions that must last before they are faults.
struct Detection: Hashable, Sendable {
    var plusClosed = Condition()
    var bothClosed = Condition()
    var minusClosed = Condition()
    var readsOpenWhileAllowed = Condition()
    var currentWhileOpen = Condition()
    var mirrorUnreadable = Condition()
    var liveUnplugged = Condition()
    var liveByNeighbour = Condition()
    var stageOn = Condition()
    var overVoltage = Condition()
    var underVoltage = Condition()
    var overCurrent = Condition()
    var reverse = Condition()
    var sensorSpread = Condition()
    var monitorLags = Condition()
    var meterFrozen = Condition()
    var frozenAtWattHours: Int64 = 0
    var pilotInvalid = Condition()
    var coolingLost = Condition()
    var shortCircuit = Condition()
    var vehicleAsksOn = Condition()
    var asksNothing = Condition()
    var tooLittle = Condition()
    var meterSpeaks = Condition()
    var stageSpeaks = Condition()
    var monitorSpeaks = Condition()
    var thermometersSpeak = Condition()
}

extension Connector {
    /// Looks at every reading; fills `causes` and raises what is new.
    mutating func detect(postCauses: FaultSet, _ now: Instant, _ turn: inout Turn) {
        let before = causes
        causes = postCauses
        if hasLostReader { causes.insert(.cardReaderLost) }
        detectLines(now)
        detectContactors(now)
        detectElectrics(now)
        detectInsulation(now)
        detectMeter(now)
        detectHeat(now)
        detectStage(now)
        detectVehicle(now)
        detectUnfinished(now)
        detectLiveUnplugged(now)
        detectLies(now)
        guard causes.bits & ~before.bits != 0 || causes.bits & ~faults.bits != 0 || skipsNothing else { return }
        let found = causes
        found.forEach { raise($0, &turn) }
    }

    @inline(__always)
    private var isServing: Bool {
        switch kind {
        case .preparing, .charging, .suspended: true
        case .stopping: allowed != nil
        case .starting, .vacant, .plugged, .finished: false
        }
    }

    private mutating func detectLines(_ now: Instant) {
        guard hasRestored else { return }
        guard let lines = readings.youngLines(at: now, limits) else {
            // A controller that is silent takes the pilot with it: that has a fault of its own, of the same class.
            let isExplained = causes.contains(.safetyControllerSilent)
            if readings.lines.isThere || readings.areLinesLost, !isExplained { causes.insert(.linesLost) }
            return
        }
        if isServing {
            if lines.proximity == .open { causes.insert(.proximityLost) }
            if lines.pilot == .a { causes.insert(.pilotLost) }
            if lines.pilot == .b, allowed != nil, !isLeavingAllowed { causes.insert(.vehicleLeftCharging) }
            if lines.pilot == .d, !configuration.isVentilated { causes.insert(.ventilationMissing) }
        }
        // These stay until they are gone, served or not: else they would be forgotten as soon as power is off.
        if lines.proximity == .invalid { causes.insert(.proximityInvalid) }
        if lines.pilot == .f { causes.insert(.pilotUnavailable) }
        if lines.pilot == .e { causes.insert(.pilotShorted) }
        if detection.pilotInvalid.holds(lines.pilot == .invalid, at: now, for: limits.pilotInvalidFor) {
            causes.insert(.pilotInvalid)
        }
        if configuration.lockHolder == .post, lines.lock != .closed, allowed != nil || isLockProved {
            causes.insert(.lockOpened)
        }
    }

    /// Whether a session on its way to energy has read its lock closed already.
    @inline(__always)
    private var isLockProved: Bool {
        guard let preparationStep else { return false }
        return preparationStep != .stage && preparationStep != .lock
    }

    /// Once the post itself stops, the vehicle is expected to leave state C.
    @inline(__always)
    private var isLeavingAllowed: Bool {
        kind == .stopping
    }

    private mutating func detectContactors(_ now: Instant) {
        // What was read too long ago says nothing of contactors now.
        guard let lines = readings.youngLines(at: now, limits) else {
            detection.plusClosed.since = nil
            detection.minusClosed.since = nil
            detection.mirrorUnreadable.since = nil
            return
        }
        let told = allowed == nil
        let isUnread = lines.contactorPlus == .unknown || lines.contactorMinus == .unknown
        if detection.mirrorUnreadable.holds(told && isUnread, at: now, for: SafetyLimits.mirrorUnreadableFor) {
            causes.insert(.mirrorUnreadable)
        }
        let plus = detection.plusClosed.holds(
            told && lines.contactorPlus == .closed, at: now, for: limits.contactorOpenWithin)
        let minus = detection.minusClosed.holds(
            told && lines.contactorMinus == .closed, at: now, for: limits.contactorOpenWithin)
        if plus, minus { causes.insert(.weldedBoth) } else if plus { causes.insert(.weldedPlus) }
        if minus, !plus { causes.insert(.weldedMinus) }

        let bothClosed = lines.contactorPlus == .closed && lines.contactorMinus == .closed
        let mayBeOpen = isClosingContactors || told || faults.contains(.contactorFailsToClose)
        if detection.readsOpenWhileAllowed.holds(
            !mayBeOpen && !bothClosed, at: now, for: limits.contactorPlausibilityFor)
        {
            let current = readings.currentMagnitude(at: now, limits) ?? 0
            causes.insert(
                current > limits.leakageMilliamperes.magnitude ? .contactorReadsOpen : .contactorDropped)
        }
        let meter = readings.youngMeter(at: now, limits)
        let meterCurrent = meter?.milliamperes.magnitude ?? 0
        // What a late meter says of the time before they opened is no current through open contactors.
        let settled = meter.map { $0.measuredAt - withdrawnAt >= limits.contactorOpenWithin } ?? false
        if detection.currentWhileOpen.holds(
            told && readsOpen && settled && meterCurrent > limits.leakageMilliamperes.magnitude,
            at: now, for: limits.contactorPlausibilityFor)
        {
            causes.insert(.currentWhileOpen)
        }
    }

    @inline(__always)
    private var isClosingContactors: Bool { preparationStep == .contactors }

    private mutating func detectElectrics(_ now: Instant) {
        let meter = readings.youngMeter(at: now, limits)
        let stage = readings.youngStage(at: now, limits)
        let closed = allowed != nil && !isClosingContactors
        let lowest = min(meter?.milliamperes ?? 0, stage?.milliamperes ?? 0)
        if detection.reverse.holds(
            allowed != nil && Int64(lowest) < -Int64(limits.reverseMilliamperes), at: now,
            for: limits.reverseCurrentFor)
        {
            causes.insert(.reverseCurrent)
        }
        guard case .on(let millivolts, let milliamperes) = setpoint, let meter, closed else {
            detection.overVoltage.since = nil
            detection.overCurrent.since = nil
            detection.underVoltage.since = nil
            detectSpread(meter, stage, closed, now)
            return
        }
        if detection.overVoltage.holds(
            Int64(meter.millivolts) > Int64(millivolts) + Int64(limits.overVoltageMillivolts),
            at: now, for: limits.overVoltageFor)
        {
            causes.insert(.overVoltage)
        }
        // What was granted before may still flow for a moment: the higher of both counts until it has had time to fall.
        let granted = Int64(
            max(milliamperes, grantsBefore.most(at: meter.measuredAt, window: limits.overCurrentFor)))
        let most =
            granted * Int64(limits.overCurrentPerMille) / 1_000 + SafetyLimits.overCurrentToleranceMilliamperes
        // A stop brings the current down within its own budget, and a pause within that of a stop that was asked for.
        let isGiven = kind != .stopping && Int64(meter.milliamperes) > most
        if detection.overCurrent.holds(isGiven, at: now, for: overCurrentFor) {
            causes.insert(.overCurrent)
        }
        if kind == .charging, let began = session?.voltageAtStartMillivolts {
            let floor = Int64(began) - Int64(limits.underVoltageMillivolts)
            if detection.underVoltage.holds(
                began > 0 && Int64(meter.millivolts) < floor, at: now,
                for: limits.underVoltageFor)
            {
                causes.insert(.underVoltage)
            }
        } else {
            detection.underVoltage.since = nil
        }
        detectSpread(meter, stage, closed, now)
    }

    /// How long more current than was granted may flow.
    @inline(__always)
    var overCurrentFor: Interval { kind == .suspended ? limits.rampDownWhenAsked : limits.overCurrentFor }

    /// Two sensors of one quantity: stage and meter through closed contactors, meter and monitor at the contacts.
    private mutating func detectSpread(
        _ meter: MeterSample?, _ stage: StageSample?, _ closed: Bool, _ now: Instant
    ) {
        var spread: Int64 = 0
        if let meter {
            if closed, let stage, isSteady || Self.isOneMoment(meter.measuredAt, stage.measuredAt) {
                spread = abs(Int64(meter.millivolts) - Int64(stage.millivolts))
            }
            if isServing, let insulation = readings.youngInsulation(at: now, limits), isSteady {
                spread = max(spread, abs(Int64(meter.millivolts) - Int64(insulation.millivolts)))
            }
        }
        if detection.sensorSpread.holds(
            spread > Int64(limits.sensorSpreadMillivolts), at: now, for: limits.sensorSpreadFor)
        {
            causes.insert(.voltageSensorsDisagree)
        }
    }

    /// Whether two samples tell of one moment: while a voltage moves, a late one disagrees with everything.
    private static func isOneMoment(_ first: Instant, _ second: Instant) -> Bool {
        max(first, second) - min(first, second) <= SafetyLimits.oneMoment
    }

    /// Whether the voltage is expected to stand still, so that a slow sensor may be compared.
    @inline(__always)
    private var isSteady: Bool { kind == .charging || kind == .suspended }

    private mutating func detectInsulation(_ now: Instant) {
        // Silence that ended a session is over when the monitor speaks again, not when nobody listens any more.
        if Self.isStillSilent(
            faults.contains(.insulationSilent), &detection.monitorSpeaks, readings.insulation?.measuredAt,
            limits.insulationMaximumAge, now)
        {
            causes.insert(.insulationSilent)
        }
        let isNeeded: Bool
        switch kind {
        case .charging, .suspended: isNeeded = true
        case .preparing: isNeeded = preparationStep == .preCharge || preparationStep == .preChargeRequest
        case .stopping: isNeeded = (allowed ?? .test) >= .match
        case .starting, .vacant, .plugged, .finished: isNeeded = false
        }
        guard isNeeded else { return }
        guard let sample = readings.youngInsulation(at: now, limits) else {
            causes.insert(.insulationSilent)
            return
        }
        if sample.ohms < leastOhms(atMillivolts: sample.millivolts) { causes.insert(.insulationLow) }
        if let since = watch.highToEarthSince, sample.measuredAt - since >= SafetyLimits.voltageToEarthHighFor {
            causes.insert(.voltageToEarthHigh)
        }
        // A monitor that no longer trusts itself measures nothing.
        if sample.selfTest == .failed { causes.insert(.insulationSelfTestFailed) }
    }

    /// The least insulation at that voltage: so many ohms a volt, and never less than the floor.
    @inline(__always)
    func leastOhms(atMillivolts millivolts: Int32) -> Int32 {
        let byVoltage = Int64(millivolts.magnitude) * Int64(limits.insulationOhmsPerVolt) / 1_000
        return Int32(clamping: max(byVoltage, Int64(limits.insulationFloorOhms)))
    }

    /// How far a pole may lie from earth, in millivolts, with that much at the output.
    @inline(__always)
    func mostToEarth(at millivolts: Int32) -> Int64 {
        configuration.maximumMillivolts <= SafetyLimits.voltageToEarthFixedUpTo
            ? SafetyLimits.voltageToEarthFixed
            : Int64(millivolts.magnitude) * SafetyLimits.voltageToEarthPerMille / 1_000
    }

    /// A device that was silent speaks again once a word of it is no older than half of what it may be, or once every word has been no
    /// older than it may for `speaksAgainFor`: one whose words come just as late as they may would else come and go ten times a second.
    @inline(__always)
    private static func isStillSilent(
        _ isSilent: Bool, _ speaks: inout Condition, _ measuredAt: Instant?, _ maximumAge: Interval, _ now: Instant
    ) -> Bool {
        guard isSilent, let measuredAt else {
            speaks.since = nil
            return isSilent
        }
        let age = now - measuredAt
        let hasSpoken = speaks.holds(age <= maximumAge, at: now, for: SafetyLimits.speaksAgainFor)
        return age > maximumAge.half && !hasSpoken
    }

    /// Whether a device that has said nothing since the start has had its time.
    @inline(__always)
    private func isOverdue(_ now: Instant) -> Bool { now - bootedAt >= limits.meterAfterRestartWithin }

    private mutating func detectMeter(_ now: Instant) {
        guard hasRestored else { return }
        guard let meter = readings.meter else {
            if isOverdue(now) { causes.insert(.meterSilent) }
            return
        }
        let age = isServing ? limits.meterMaximumAge : limits.idleMaximumAge
        let meterAge = now - meter.measuredAt
        if meterAge > age, now - since > age || allowed != nil || faults.contains(.meterSilent) {
            causes.insert(.meterSilent)
        }
        if Self.isStillSilent(
            faults.contains(.meterSilent), &detection.meterSpeaks, meter.measuredAt, limits.meterMaximumAge, now)
        {
            causes.insert(.meterSilent)
        }
        if let known = readings.knownSerial, known != meter.serial { causes.insert(.meterSwapped) }
        if hasSession, let fault = session?.meterFault { causes.insert(fault) }
        let power = watts(millivolts: meter.millivolts, milliamperes: meter.milliamperes)
        let isFrozen =
            isServing && power > SafetyLimits.frozenFromWatts
            && meter.energyWattHours == detection.frozenAtWattHours
        if detection.meterFrozen.holds(isFrozen, at: now, for: limits.meterFrozenFor) {
            causes.insert(.meterFrozen)
        }
        detection.frozenAtWattHours = meter.energyWattHours
    }

    private mutating func detectHeat(_ now: Instant) {
        guard hasRestored else { return }
        guard let sample = readings.temperature else {
            // Nobody charges on what no thermometer has said in this life, however young it is.
            if isOverdue(now) || allowed != nil { causes.insert(.temperatureSilent) }
            return
        }
        let age = isServing ? limits.temperatureMaximumAge : limits.idleMaximumAge
        // Once power is there no change of state gives the thermometers more time.
        if Self.isStillSilent(
            faults.contains(.temperatureSilent), &detection.thermometersSpeak, sample.measuredAt,
            limits.temperatureMaximumAge, now)
            || (now - sample.measuredAt > age && (now - since > age || allowed != nil))
        {
            causes.insert(.temperatureSilent)
        }
        let a = sample.pinAMillidegrees
        let b = sample.pinBMillidegrees
        if a == nil || b == nil { causes.insert(.pinSensorFailed) }
        if a == nil, b == nil { causes.insert(.temperatureSilent) }
        let hottest = Int64(sample.hottestPinMillidegrees)
        let cooled = Int64(limits.pinHysteresisMillidegrees)
        let (warm, hot) = (Int64(limits.pinWarmMillidegrees), Int64(limits.pinHotMillidegrees))
        if hottest >= hot || (faults.contains(.connectorHot) && hottest > hot - cooled) {
            causes.insert(.connectorHot)
        } else if hottest >= warm || (faults.contains(.connectorWarm) && hottest > warm - cooled) {
            causes.insert(.connectorWarm)
        }
        if sample.handleSensorFails { causes.insert(.pinSensorFailed) }
        if let handle = sample.handleMillidegrees { detectWarmHandle(Int64(handle), cooled) }
        if let cabinet = sample.cabinetMillidegrees, cabinet >= limits.cabinetWarmMillidegrees {
            causes.insert(.cabinetHot)
        }
        if detection.coolingLost.holds(!sample.coolingRuns, at: now, for: limits.coolingLostFor) {
            causes.insert(.coolingLost)
        }
    }

    /// What a hand may touch is less than what contacts bear.
    private mutating func detectWarmHandle(_ handle: Int64, _ cooled: Int64) {
        let (warm, hot) = (Int64(limits.handleWarmMillidegrees), Int64(limits.handleHotMillidegrees))
        if handle >= hot || (faults.contains(.handleHot) && handle > hot - cooled) {
            causes.insert(.handleHot)
        } else if handle >= warm || (faults.contains(.handleWarm) && handle > warm - cooled) {
            causes.insert(.handleWarm)
        }
    }

    private mutating func detectStage(_ now: Instant) {
        if isStageTripped { causes.insert(.stageTripped) }
        guard hasRestored, !isStageTaken else { return }
        if let stage = readings.stage {
            // Closed contactors are live whatever the stage was told: between degrees it must speak as well.
            let isNeeded = allowed != nil
            let age = isNeeded ? limits.stageMaximumAge : limits.idleMaximumAge
            if now - stage.measuredAt > age, isNeeded || now - since > age {
                causes.insert(.stageSilent)
            }
            if Self.isStillSilent(
                faults.contains(.stageSilent), &detection.stageSpeaks, stage.measuredAt, limits.stageMaximumAge, now
            ) {
                causes.insert(.stageSilent)
            }
            if stage.hasFault { causes.insert(.stageFault) }
            if stage.modulesOut > 0 { causes.insert(.stageDerated) }
            let stillGives =
                stage.milliamperes > limits.safeOpeningMilliamperes
                || (stage.isOn && stage.millivolts > limits.touchSafeMillivolts)
            let isLate = stage.measuredAt - setpointAt >= limits.stageOffWithin
            if detection.stageOn.holds(setpoint == .off && stillGives && isLate, at: now, for: .zero) {
                causes.insert(.stageIgnoresOff)
            }
        } else if isOverdue(now) {
            causes.insert(.stageSilent)
        }
    }

    /// What the machine itself could not finish: a cause that lasts until it is done.
    private mutating func detectUnfinished(_ now: Instant) {
        if let owedStop, now - owedStop.owedSince >= limits.startRecordWithin { causes.insert(.stopNotRecorded) }
        if let since = owedLatches.since, now - since >= limits.startRecordWithin {
            causes.insert(.latchNotRecorded)
        }
        // The other way round nothing is told that blocks: what would be taken out again by a restart serves until then.
        if !isInService, let since = owedAvailability.since, now - since >= limits.startRecordWithin {
            causes.insert(.latchNotRecorded)
        }
        if !hasSession, !isLockHeld, let boltAgain, boltAgain.tries >= limits.lockTries {
            causes.insert(.lockFailsToOpen)
        }
        switch kind {
        case .plugged, .finished:
            if configuration.lockHolder == .post, readings.areContactsLive(at: now, limits) {
                causes.insert(.outputLiveAfterStop)
            }
        case .charging, .suspended:
            if let durableAt = session?.sampleDurableAt, now - durableAt >= limits.samplesDurableWithin {
                causes.insert(.samplesNotDurable)
            }
        case .stopping:
            guard stopStep == .discharge || stopStep == .release, case .stopping(_, let stop) = state else {
                return
            }
            if stop.step == .discharge, stop.deadline == nil { causes.insert(.outputLiveAfterStop) }
            if stop.step == .release, stop.tries >= limits.lockTries { causes.insert(.lockFailsToOpen) }
        case .starting, .vacant, .preparing: return
        }
    }

    /// Nothing is plugged in and the resistor is on: what keeps the contacts live comes through contactors that read open. It is a weld
    /// where both sensors have said so since the neighbour has the stage; one that lies is told as what is seen.
    private mutating func detectLiveUnplugged(_ now: Instant) {
        let isLive = kind == .vacant && isDischarging && readings.areContactsLive(at: now, limits)
        if detection.liveUnplugged.holds(isLive, at: now, for: limits.dischargeWithin) {
            causes.insert(.outputLiveAfterStop)
        }
        let isByNeighbour = detection.liveByNeighbour.holds(
            isLive && isStageTaken, at: now, for: limits.dischargeWithin)
        if isByNeighbour, let since = detection.liveByNeighbour.since, readings.bothSaidLive(since: since, limits) {
            causes.insert(.weldedBoth)
        }
    }

    private mutating func detectVehicle(_ now: Instant) {
        detectVehicleAsksOn(now)
        guard let vehicle = readings.vehicle else { return }
        switch kind {
        case .charging, .suspended:
            if now - vehicle.measuredAt > limits.vehicleMaximumAge || vehicle.phase == .silent {
                causes.insert(.vehicleSilent)
            }
        case .preparing:
            guard let preparationStep, preparationStep > .vehicle else { return }
            if now - vehicle.measuredAt > limits.vehicleSlowMaximumAge || vehicle.phase == .silent {
                causes.insert(.vehicleSilent)
            }
        case .starting, .vacant, .plugged, .stopping, .finished: break
        }
    }
}

extension Connector {
    /// The vehicle was told to stop, the contactors are open, and it still asks: by its link and by the pilot. Once the
    /// session is over the pilot alone tells.
    private mutating func detectVehicleAsksOn(_ now: Instant) {
        var asksOn = kind == .finished && readings.asksByPilot(at: now, limits)
        if let stopStep, stopStep > .rampDown, readings.asksByPilot(at: now, limits) {
            asksOn = readings.youngVehicle(at: now, limits)?.phase == .charge
        }
        if detection.vehicleAsksOn.holds(asksOn, at: now, for: limits.vehicleStopsWithin) {
            causes.insert(.vehicleIgnoresStop)
        }
    }
}

extension StopStep: Comparable {
    static func < (left: StopStep, right: StopStep) -> Bool { left.rawValue < right.rawValue }
}

extension PreparationStep: Comparable {
    static func < (left: PreparationStep, right: PreparationStep) -> Bool { left.rawValue < right.rawValue }
}
