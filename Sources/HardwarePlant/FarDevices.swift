// Far devices of a real post: a place for each outcome is kept before a command leaves; what is not fitted says so.

import Devices
import Post
import Runtime

/// A stage whose every command has its place in the inbox.
final class KeptStage: PowerStage {
    private let stage: any PowerStage
    private let inbox: LiveInbox

    init(_ stage: any PowerStage, _ inbox: LiveInbox) {
        self.stage = stage
        self.inbox = inbox
    }

    func send(_ command: StageCommand, number: CommandNumber) throws(DeviceError) {
        // "Off" goes out whether or not there is room for its answer.
        guard inbox.keepPlace() || command == .off else { throw .full }
        do { try stage.send(command, number: number) } catch {
            // The kept place is used up by the answer itself.
            inbox.post(.commandFinished(number, .refused))
        }
    }
}

/// An insulation monitor whose every command has its place in the inbox.
final class KeptInsulation: InsulationMonitor {
    private let monitor: any InsulationMonitor
    private let inbox: LiveInbox

    init(_ monitor: any InsulationMonitor, _ inbox: LiveInbox) {
        self.monitor = monitor
        self.inbox = inbox
    }

    func send(_ command: InsulationCommand, number: CommandNumber) throws(DeviceError) {
        guard inbox.keepPlace() else { throw .full }
        do { try monitor.send(command, number: number) } catch {
            inbox.post(.commandFinished(number, .refused))
        }
    }
}

/// Where nothing is fitted: refuses every command and says nothing by itself, so that no power is ever allowed by it.
final class NotFitted: PowerStage, InsulationMonitor, VehicleLink, EnergyMeter, Thermometers, CardReader, CloudPort
{
    func send(_ command: StageCommand, number: CommandNumber) throws(DeviceError) { throw .unsupported }
    func send(_ command: InsulationCommand, number: CommandNumber) throws(DeviceError) { throw .unsupported }
    func send(_ notice: VehicleNotice, number: CommandNumber) throws(DeviceError) { throw .unsupported }
    func setFast(_ isFast: Bool) throws(DeviceError) {}
    func answer(isAccepted: Bool) throws(DeviceError) {}
    func ask(_ token: TokenName, connector: ConnectorID?, number: CommandNumber) throws(DeviceError) {
        throw .unsupported
    }
}
