// Holds every output of a post safe and does nothing else: what runs while there is no configuration to charge by.

import Devices
import Post
import Threads

/// A thread that keeps power withdrawn, stages off and cooling on. Locks stay as they are.
public final class OutputHolder: Sendable {
    /// How often the outputs are driven again. Engineering default.
    static let periodMilliseconds: Int64 = 500

    private final class Own {
        let make: (@Sendable () -> any LivePlant)?
        let clock = LoopClock()
        var plant: (any LivePlant)?
        init(_ make: (@Sendable () -> any LivePlant)?) { self.make = make }
    }
    private let worker: WorkThread<Own>

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - plant: Makes the devices, on the thread; nil: there are none to drive, and only the external pulls hold.
    ///   - beat: Called each time: the service manager's watchdog.
    public init(
        plant: (@Sendable () -> any LivePlant)?, beat: @escaping @Sendable () -> Void
    ) throws(LiveError) {
        guard let worker = WorkThread<Own>() else { throw .noDescriptor }
        self.worker = worker
        do {
            try worker.start("outputs safe", owned: Own(plant), period: Self.periodMilliseconds) { own in
                Self.hold(own)
                beat()
            }
        } catch {
            throw .noThread(error.description)
        }
    }

    /// Ends the thread; outputs stay as they were driven last.
    public func stop() { worker.stop() }

    private static func hold(_ own: Own) {
        if own.plant == nil, let make = own.make {
            own.plant = make()
            own.plant?.connect(deliver: { _, _ in }, linesChanged: { _ in })
        }
        guard let plant = own.plant else { return }
        plant.advance(to: own.clock.now)
        for connector in plant.devices.connectors {
            try? connector.permissive.withdraw()
            try? connector.pilot.drive(.unavailable)
        }
        for stage in plant.devices.stages { try? stage.stage.send(.off, number: CommandNumber(0)) }
        try? plant.devices.cooling.drive(isOn: true)
        // The watchdog's gate is not fed: where no power is to be, it holds the contactors open as well.
    }
}
