// Notices a vehicle that is held down while another takes the power: nothing has failed, nobody is told, and it never charges.

import Post
import Simulator

/// Who gets nothing at one post while a neighbour is served.
struct StarvationWatch {
    /// A vehicle that would take at least 20 A, and may take less than 5 A, beside one that takes more than 50 A, has its share
    /// within this. Limits rise once in 5 s, and stages within seconds. Engineering defaults.
    private static let longest: Interval = .seconds(120)
    private static let neighbourTakes: Int32 = 50_000
    private static let looksEvery: Interval = .seconds(1)

    private var lookedAt: Instant = .zero
    private var since = [Instant?](repeating: nil, count: PostConfiguration.connectorsAtMost)

    /// Whether it is time to look again; a core is not copied for nothing.
    func isDue(at now: Instant) -> Bool { now - lookedAt >= Self.looksEvery }

    /// Looks at a post. Returns a connector whose vehicle has been held down for too long.
    mutating func starved(_ hardware: SimulatedPost, _ core: PostCore, at now: Instant) -> Int? {
        lookedAt = now
        var found: Int?
        for index in hardware.connectors.indices {
            guard hardware.connectors[index].vehicle?.isHeldDown == true, isStarved(index, hardware, core) else {
                since[index] = nil
                continue
            }
            let began = since[index] ?? now
            since[index] = began
            if now - began > Self.longest { found = index }
        }
        return found
    }

    /// Whether only the sharing of power can have held it down: its own connector has nothing that takes current away.
    private func isStarved(_ index: Int, _ hardware: SimulatedPost, _ core: PostCore) -> Bool {
        let status = core.status(of: ConnectorID(UInt8(index)))
        switch status.limitedBy {
        case .none, .vehicle, .site, .externalLimit, .failSafe: break
        case .cable, .stage, .temperature, .allowance: return false
        }
        switch status.phase {
        case .charging, .suspendedByPost, .suspendedByVehicle: break
        default: return false
        }
        return hardware.connectors.indices.contains { other in
            guard other != index else { return false }
            let neighbour = core.status(of: ConnectorID(UInt8(other)))
            return neighbour.phase == .charging && (neighbour.milliamperes ?? 0) > Self.neighbourTakes
        }
    }
}
