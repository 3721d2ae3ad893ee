// Plays a post into each row of the connector's table, event by event, by what people and devices really do.

@testable import Post

extension PlausiblePost {
    /// A post whose first connector has just come into that situation.
    static func playing(_ situation: Situation, _ holder: LockHolder) -> PlausiblePost {
        let post = PlausiblePost(.cells(holder), judge: OutsideJudge())
        (post.cadence, post.idleCadence) = (.milliseconds(200), .milliseconds(200))
        if situation.hasNeighbour { post.charge(2, token: 2) }
        post.play(situation)
        return post
    }

    /// The same post at the same moment, to go another way from here. What it waits for does not come by itself any more.
    func copied() -> PlausiblePost {
        let copy = PlausiblePost(core.configuration)
        (copy.core, copy.now, copy.judge) = (core, now, judge?.copied())
        (copy.lines, copy.interlocks, copy.volts, copy.currents) = (lines, interlocks, volts, currents)
        (copy.registers, copy.serials, copy.phases, copy.targets) = (registers, serials, phases, targets)
        (copy.ohms, copy.temperatures, copy.setpoints, copy.welded) = (ohms, temperatures, setpoints, welded)
        copy.recordsAnswer = recordsAnswer
        return copy
    }

    var tested: Connector { core.connectors[0] }
    /// The state with its step.
    var testedState: String { core.shape(of: .tested)?.description ?? "none" }
    private var stop: Stop? { if case .stopping(_, let stop) = tested.state { stop } else { nil } }

    private func play(_ situation: Situation) {
        switch situation {
        case .recordsUntold:
            core = PostCore(configuration: core.configuration)
            handle(.booted(BootFacts(bootNumber: 8, uncleanStarts: 0)))
        case .linesUnheard: restart(hears: false)
        case .sessionRestored:
            charge(2, token: 2)
            charge()
            restart(hears: false)
            handle(.interlocks(interlocks))
            handle(.lines(.tested, lines[0]))
        case .vacant: break
        case .reserved: handle(.command(CommandNumber(1), .reserve(.tested, .own, until: now + .hours(1))))
        case .authorized: tap(1)
        case .outOfService: handle(.command(CommandNumber(1), .setAvailable(.tested, false)))
        case .faulted:
            lines[0].pilot = .f
            handle(.lines(.tested, lines[0]))
        case .plugged: arrive()
        case .stage:
            charge(1, token: 3)
            begin()
        case .outputDead:
            begin()
            live { self.testedState == Situation.vehicle.state }
            handle(.lines(.tested, lines[0]))
            // The stage has said nothing since it was asked.
            now = now + .milliseconds(1)
            handle(.vehicle(.tested, vehicleSample { $0.phase = .cableCheck }))
        case .lock, .vehicle, .contactors, .testVoltage, .insulation, .testDown, .preChargeRequest,
            .preCharge:
            begin()
            live(until: situation)
        case .startUnrecorded:
            recordsAnswer = nil
            begin()
            live { self.testedState == situation.state && self.tested.readings.vehicle?.phase == .preCharge }
        case .preChargeMatched:
            begin()
            live { self.testedState == situation.state && self.tested.readings.meter?.millivolts == 400_000 }
        case .charging: beginCharging()
        case .pausedByVehicle:
            beginCharging()
            phases[0] = .pause
            live { self.testedState == situation.state && self.tested.readings.meter?.milliamperes == 0 }
        case .pausedByPost:
            beginCharging()
            let began = now
            live { self.now - began > .seconds(1) }
            for _ in 0..<3 {
                for event in (1..<max(1, count)).flatMap(samples) {
                    if case .stage = event { continue }
                    handle(event)
                }
                handle(.vehicle(.tested, vehicleSample { _ in }))
                handle(.stage(StageID(0), stageSample { $0.availableMilliamperes = 0 }))
                if testedState != situation.state { now = now + SafetyLimits.sharesSettleWithin.half }
            }
            handle(.timePassed)
        default: playStop(situation)
        }
    }

    private func playStop(_ situation: Situation) {
        if situation == .rampDownUnrecorded {
            play(.startUnrecorded)
            now = now + .milliseconds(1)
            return handle(.startRecorded(testedSession, .failed))
        }
        beginCharging()
        switch situation {
        case .rampDownError:
            temperatures[0] = 95_000
            return live { self.stop != nil }
        case .rampDownVehicleLeft:
            lines[0].pilot = .b
            return handle(.lines(.tested, lines[0]))
        case .openingEmergency:
            lines[0].pilot = .e
            return handle(.lines(.tested, lines[0]))
        case .dischargeWelded: welded[0] = (true, false)
        case .finishedUnrecorded: recordsAnswer = nil
        default: break
        }
        handle(.command(CommandNumber(1), .stop(.tested, .remote)))
        switch situation {
        case .dischargeWelded:
            live { self.stop?.step == .opening }
            volts[0] = 300_000
            live(until: situation)
        case .openingUnknown:
            live { self.stop?.step == .opening }
            lines[0].contactorPlus = .unknown
            live(bending: { self.handle(.linesLost(.tested)) }, until: { self.stop?.deadline == nil })
        case .dischargeLate:
            live { self.stop?.step == .opening }
            volts[0] = 300_000
            live { self.stop?.step == .discharge && self.stop?.deadline == nil }
        case .releaseGivenUp:
            live { self.stop?.step == .release }
            live(bending: { self.lines[0].lock = .closed }, until: { (self.stop?.tries ?? 0) >= 3 })
        default: live(until: situation)
        }
    }

    private func arrive() {
        (lines[0].proximity, lines[0].pilot, phases[0]) = (.seated, .b, .parameters)
        handle(.lines(.tested, lines[0]))
        handle(.vehicle(.tested, vehicleSample { $0.phase = .parameters }))
    }

    private func begin() {
        arrive()
        tap(1)
    }

    /// Charging, with the current read.
    private func beginCharging() {
        begin()
        live { self.tested.kind == .charging && (self.tested.readings.meter?.milliamperes ?? 0) > 50_000 }
    }

    private func live(until situation: Situation) { live { self.testedState == situation.state } }

    /// Lets the post live, one event after another, until something is so after one of them.
    private func live(bending bend: () -> Void = {}, until isSo: () -> Bool) {
        if isSo() { return }
        for tick in 0..<4_000 {
            bend()
            if tick % 10 == 0 {
                for index in 0..<count {
                    for event in samples(of: index) {
                        bend()
                        handle(event)
                        if isSo() { return }
                    }
                }
            }
            bend()
            run(.milliseconds(5))
            if isSo() { return }
        }
    }

    /// What the stage of the connector under test said last, changed and measured now.
    func stageSample(_ change: (inout StageSample) -> Void) -> StageSample {
        var sample =
            tested.readings.stage
            ?? StageSample(
                measuredAt: now, millivolts: 0, milliamperes: 0, availableMilliamperes: 400_000, isOn: false,
                hasFault: false, modulesOut: 0)
        sample.measuredAt = now
        change(&sample)
        return sample
    }
    func meterSample(_ change: (inout MeterSample) -> Void) -> MeterSample {
        var sample =
            tested.readings.meter
            ?? MeterSample(
                measuredAt: now, millivolts: 0, milliamperes: 0, energyWattHours: registers[0], serial: serials[0])
        sample.measuredAt = now
        change(&sample)
        return sample
    }
    func monitorSample(_ change: (inout InsulationSample) -> Void) -> InsulationSample {
        var sample =
            tested.readings.insulation
            ?? InsulationSample(measuredAt: now, ohms: ohms[0], millivolts: 0, selfTest: .passed)
        sample.measuredAt = now
        // Its own sensor sees what the meter sees, unless a test says otherwise.
        sample.millivolts = tested.readings.meter?.millivolts ?? sample.millivolts
        change(&sample)
        return sample
    }
    func vehicleSample(_ change: (inout VehicleSample) -> Void) -> VehicleSample {
        var sample =
            tested.readings.vehicle
            ?? VehicleSample(
                measuredAt: now, phase: .silent, targetMillivolts: 400_000, targetMilliamperes: 100_000,
                maximumMillivolts: 900_000, maximumMilliamperes: 400_000, stateOfChargePerMille: 500)
        sample.measuredAt = now
        change(&sample)
        return sample
    }
    func temperatureSample(_ change: (inout TemperatureSample) -> Void) -> TemperatureSample {
        var sample = TemperatureSample(
            measuredAt: now, pinAMillidegrees: 25_000, pinBMillidegrees: 25_000, cabinetMillidegrees: 30_000,
            coolingRuns: true)
        change(&sample)
        return sample
    }
    /// What the lines of the connector under test said last, changed.
    func lineLevels(_ change: (inout ConnectorLines) -> Void) -> ConnectorLines {
        var levels = tested.readings.lines ?? lines[0]
        change(&levels)
        return levels
    }
}
