// Real devices whose orders the world hears as well, so that what is simulated around them fits.

import Devices
import Post

/// The number of commands that are copies: their outcome is heard by nobody.
let copyNumber = CommandNumber(0)

/// Real contactors and their simulated twins. What is read is real.
final class FollowedPermissive: PowerPermissive {
    private let own: any PowerPermissive
    private let twin: any PowerPermissive
    init(_ own: any PowerPermissive, _ twin: any PowerPermissive) { (self.own, self.twin) = (own, twin) }
    func allow(_ degree: PowerDegree) throws(DeviceError) {
        try own.allow(degree)
        try twin.allow(degree)
    }
    func withdraw() throws(DeviceError) {
        // The twin first: nothing of it can keep the real one closed, and nothing of the real one the twin.
        try? twin.withdraw()
        try own.withdraw()
    }
    func readBack() throws(DeviceError) -> (plus: ContactSense, minus: ContactSense) { try own.readBack() }
}

/// A pilot that both drive; one of them is read.
final class FollowedPilot: PilotLine {
    private let own: any PilotLine
    private let twin: any PilotLine
    private let read: any PilotLine
    init(_ own: any PilotLine, _ twin: any PilotLine, _ isSimulated: Bool) {
        (self.own, self.twin) = (own, twin)
        read = isSimulated ? twin : own
    }
    func drive(_ output: PilotOutput) throws(DeviceError) {
        try twin.drive(output)
        try own.drive(output)
    }
    func state() throws(DeviceError) -> PilotState { try read.state() }
    func proximity() throws(DeviceError) -> Proximity { try read.proximity() }
}

/// A real lock; the twin holds the simulated plug.
final class FollowedLock: ConnectorLock {
    private let own: any ConnectorLock
    private let twin: (any ConnectorLock)?
    init(_ own: any ConnectorLock, _ twin: (any ConnectorLock)?) { (self.own, self.twin) = (own, twin) }
    func drive(isHeld: Bool) throws(DeviceError) {
        try twin?.drive(isHeld: isHeld)
        try own.drive(isHeld: isHeld)
    }
    func sense() throws(DeviceError) -> ContactSense { try own.sense() }
}

/// A real discharge line; the twin empties the simulated contacts.
final class FollowedDischarge: DischargePath {
    private let own: any DischargePath
    private let twin: (any DischargePath)?
    init(_ own: any DischargePath, _ twin: (any DischargePath)?) { (self.own, self.twin) = (own, twin) }
    func drive(isOn: Bool) throws(DeviceError) {
        try twin?.drive(isOn: isOn)
        try own.drive(isOn: isOn)
    }
}

/// A real shunt trip; the twin cuts the simulated stage off.
final class FollowedTrip: UpstreamDisconnect {
    private let own: any UpstreamDisconnect
    private let twin: any UpstreamDisconnect
    init(_ own: any UpstreamDisconnect, _ twin: any UpstreamDisconnect) { (self.own, self.twin) = (own, twin) }
    func trip() throws(DeviceError) {
        try? twin.trip()
        try own.trip()
    }
}

/// A real stage; the twin feeds what is simulated.
final class FollowedStage: PowerStage {
    private let own: any PowerStage
    private let twin: any PowerStage
    init(_ own: any PowerStage, _ twin: any PowerStage) { (self.own, self.twin) = (own, twin) }
    func send(_ command: StageCommand, number: CommandNumber) throws(DeviceError) {
        try? twin.send(command, number: copyNumber)
        try own.send(command, number: number)
    }
}

/// A real insulation monitor; the twin does what it is told, for the simulated cable.
final class FollowedInsulation: InsulationMonitor {
    private let own: any InsulationMonitor
    private let twin: any InsulationMonitor
    init(_ own: any InsulationMonitor, _ twin: any InsulationMonitor) { (self.own, self.twin) = (own, twin) }
    func send(_ command: InsulationCommand, number: CommandNumber) throws(DeviceError) {
        try? twin.send(command, number: copyNumber)
        try own.send(command, number: number)
    }
}

/// The real gate; the world's own is fed with it.
final class FollowedWatchdog: HardwareWatchdog {
    private let own: any HardwareWatchdog
    private let twin: any HardwareWatchdog
    init(_ own: any HardwareWatchdog, _ twin: any HardwareWatchdog) { (self.own, self.twin) = (own, twin) }
    func feed() throws(DeviceError) {
        try twin.feed()
        try own.feed()
    }
}
