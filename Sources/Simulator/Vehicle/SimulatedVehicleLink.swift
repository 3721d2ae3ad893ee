// The link to whatever vehicle is plugged in: notices take their way, messages come at the vehicle's pace.

public import Devices
public import Post

/// The communication of one connector with its vehicle.
public final class SimulatedVehicleLink: VehicleLink {
    /// One way. Engineering default.
    static let takes: Interval = .milliseconds(20)

    /// The modem is down: nothing gets through in either direction, while the vehicle goes on.
    var isSilent = false
    var extraDelay: Interval = .zero
    private var generation: UInt32 = 0
    private var underway = CommandsUnderway<VehicleNotice>()
    private let terminals: Terminals
    private unowned let connector: SimulatedConnector

    init(_ connector: SimulatedConnector) {
        self.connector = connector
        terminals = connector.terminals
    }

    /// Sends the notice on its way.
    public func send(_ notice: VehicleNotice, number: CommandNumber) throws(DeviceError) {
        underway.send(notice, number)
        let takes = Interval(microseconds: Self.takes.microseconds + extraDelay.microseconds)
        terminals.plan(.vehicleNotice, generation: 0, after: takes)
    }

    func noticeArrives() {
        guard let (notice, number) = underway.arrive() else { return }
        guard let vehicle = connector.vehicle, !isSilent, !vehicle.manners.isMute else {
            terminals.post.deliver(.commandFinished(number, .timedOut), after: .seconds(2))
            return
        }
        vehicle.hear(notice)
        terminals.post.receive(.commandFinished(number, .done))
    }

    /// The vehicle begins its message loop.
    func wake(after delay: Interval) {
        generation &+= 1
        terminals.plan(.vehicleTurn, generation: generation, after: delay)
    }

    /// One more turn out of the order: something the vehicle decided is due.
    func turnSoon(after delay: Interval) {
        terminals.plan(.vehicleTurn, generation: .max, after: delay)
    }

    func vehicleTurn(generation: UInt32) {
        let isExtra = generation == .max
        guard let vehicle = connector.vehicle, isExtra || generation == self.generation else { return }
        let goesOn = vehicle.turn()
        if !isSilent, !vehicle.manners.isMute {
            terminals.post.deliver(.vehicle(terminals.id, vehicle.message), after: extraDelay)
        }
        guard goesOn, !isExtra else { return }
        terminals.plan(.vehicleTurn, generation: generation, after: Vehicle.turnsEvery)
    }

    /// Nobody is there any more.
    func unplugged() { generation &+= 1 }
}
