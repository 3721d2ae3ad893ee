// A vehicle with its message loop, its own timeouts, and good or bad manners.

import Devices
import Post

/// How a vehicle behaves.
public enum Manners: String, CaseIterable, Sendable {
    /// As the standards ask.
    case polite
    /// Never gets ready after authorization.
    case neverReady = "never_ready"
    /// Asks for a pre-charge voltage that is not its battery's.
    case wrongTarget = "wrong_target"
    /// Goes on asking for energy after it was told to stop.
    case ignoresStop = "ignores_stop"
    /// Leaves state C without a word once energy has flowed for ten seconds.
    case leavesStateC = "leaves_state_c"
    /// Its own contactors are welded: its battery stands at the contacts as soon as it is plugged in.
    case weldedContactor = "welded_contactor"
    /// Pauses after ten seconds and goes on after thirty.
    case pauses
}

/// A vehicle at a connector: looks at its inlet, talks ten times a second, closes its own contactors.
final class SimulatedVehicle {
    var battery: Battery
    let manners: Manners
    /// When it is full enough, 0...1.
    let stopsAt: Double
    var phase: VehiclePhase = .silent
    var isClosed = false
    var isMute = false
    private var pilot: PilotOutput = .steady
    private var phaseSince = Instant.zero
    private var limitAmperes = Double.infinity
    private var askedAmperes = 0.0
    private var wasAuthorized = false
    private var mustStop = false
    private(set) var hasReceivedEnergy = false

    init(battery: Battery, manners: Manners, stopsAt: Double) {
        self.battery = battery
        self.manners = manners
        self.stopsAt = stopsAt
        isClosed = manners == .weldedContactor
    }

    /// Whether the pilot shows state C.
    var wantsEnergy: Bool {
        switch phase {
        case .cableCheck, .preCharge, .charge, .pause: pilot == .digital || manners == .ignoresStop
        case .stop: isClosed && manners != .weldedContactor  // It leaves state C once its current is gone and it has opened.
        case .silent, .parameters, .ended: false
        }
    }

    func pilotChanged(to output: PilotOutput) { pilot = output }

    /// The post says something over the link.
    func receive(_ notice: VehicleNotice, at now: Instant) {
        switch notice {
        case .authorized: wasAuthorized = true
        case .cableCheckPassed: if phase == .cableCheck { enter(.preCharge, now) }
        case .limits(_, let milliamperes): limitAmperes = Double(milliamperes) / 1_000
        case .stopRequested, .emergency: if manners != .ignoresStop { mustStop = true }
        case .ended: enter(.ended, now)
        }
    }

    private func enter(_ next: VehiclePhase, _ now: Instant) {
        guard phase != next else { return }
        phase = next
        phaseSince = now
    }

    /// One turn of its loop. Returns what it says, or nil while it is mute.
    func turn(inletVolts: Double, inletAmperes: Double, at now: Instant) -> VehicleSample? {
        let inPhase = now - phaseSince
        if inletAmperes > 1 { hasReceivedEnergy = true }
        switch phase {
        case .silent: if inPhase >= .seconds(1) { enter(.parameters, now) }
        case .parameters:
            if wasAuthorized, inPhase >= .milliseconds(800), manners != .neverReady { enter(.cableCheck, now) }
        case .cableCheck: if mustStop || inPhase >= .seconds(40) { enter(.stop, now) }
        case .preCharge: preCharge(inletVolts, inPhase, now)
        case .charge: charge(inPhase, now)
        case .pause:
            askedAmperes = 0
            if mustStop { enter(.stop, now) } else if inPhase >= .seconds(30) { enter(.charge, now) }
        case .stop, .ended: stop(inletAmperes, inPhase)
        }
        return isMute || phase == .silent ? nil : sample(at: now)
    }

    private func preCharge(_ inletVolts: Double, _ inPhase: Interval, _ now: Instant) {
        if mustStop || inPhase >= .seconds(10) { return enter(.stop, now) }
        if abs(inletVolts - battery.openCircuitVolts) < 10 {
            isClosed = true
            enter(.charge, now)
        }
    }

    private func charge(_ inPhase: Interval, _ now: Instant) {
        if mustStop || battery.stateOfCharge >= stopsAt { return enter(.stop, now) }
        if manners == .leavesStateC, hasReceivedEnergy, inPhase >= .seconds(10) { return enter(.ended, now) }
        if manners == .pauses, inPhase >= .seconds(10), battery.stateOfCharge < stopsAt, !hasPaused {
            hasPaused = true
            return enter(.pause, now)
        }
        let wanted = min(battery.wantedAmperes, limitAmperes)
        // A vehicle raises its wish by some 20 A a second and lowers it at once.
        askedAmperes = wanted < askedAmperes ? wanted : min(wanted, askedAmperes + 4)
    }
    private var hasPaused = false

    private func stop(_ inletAmperes: Double, _ inPhase: Interval) {
        askedAmperes = 0
        // It opens without current, or after a second in any case, unless its contactors are welded.
        if manners != .weldedContactor, inletAmperes < 1 || inPhase >= .seconds(1) { isClosed = false }
    }

    private func sample(at now: Instant) -> VehicleSample {
        let open = battery.openCircuitVolts
        let target: Double
        switch phase {
        case .preCharge: target = manners == .wrongTarget ? open - 80 : open
        case .charge, .pause: target = battery.maximumVolts
        case .silent, .parameters, .cableCheck, .stop, .ended: target = open
        }
        return VehicleSample(
            measuredAt: now, phase: phase, targetMillivolts: Int32(target * 1_000),
            targetMilliamperes: Int32(askedAmperes * 1_000), maximumMillivolts: Int32(battery.maximumVolts * 1_000),
            maximumMilliamperes: Int32(battery.maximumAmperes * 1_000),
            stateOfChargePerMille: Int16(battery.stateOfCharge * 1_000))
    }
}
