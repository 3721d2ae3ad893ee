// What runs while there is no configuration to charge by: power withdrawn, and the gate left open.

import Devices
import Post
import Simulator
import Synchronization
import Testing

@testable import Runtime

/// Counts what it is told.
private final class CountingWatchdog: HardwareWatchdog, Sendable {
    let fed = Mutex(0)
    func feed() throws(DeviceError) { fed.withLock { $0 += 1 } }
}

private final class CountingCooling: Cooling, Sendable {
    let orders = Mutex<[Bool]>([])
    func drive(isOn: Bool) throws(DeviceError) { orders.withLock { $0.append(isOn) } }
}

private final class HeldPlant: LivePlant {
    let world = WorldPlant()
    private(set) var devices: PostDevices
    var cloud: any CloudPort { world.cloud }
    init(_ watchdog: CountingWatchdog, _ cooling: CountingCooling) {
        devices = world.devices
        devices.watchdog = watchdog
        devices.cooling = cooling
    }
    func connect(deliver: @escaping (Event, Instant) -> Void, linesChanged: @escaping (Instant) -> Void) {
        world.connect(deliver: deliver, linesChanged: linesChanged)
    }
}

@Suite("Outputs held safe", .timeLimit(.minutes(1)))
struct OutputHolderTests {
    @Test("cooling runs and the watchdog's gate is not fed: it holds the contactors open as well")
    func gate() async throws {
        let (watchdog, cooling) = (CountingWatchdog(), CountingCooling())
        let beats = AsyncStream.makeStream(of: Void.self)
        let holder = try OutputHolder(plant: { HeldPlant(watchdog, cooling) }) { beats.continuation.yield() }
        var seen = 0
        for await _ in beats.stream {
            seen += 1
            if seen == 3 { break }
        }
        holder.stop()
        #expect(cooling.orders.withLock { $0.count >= 3 && $0.allSatisfy(\.self) })
        #expect(watchdog.fed.withLock { $0 } == 0)
    }
}
