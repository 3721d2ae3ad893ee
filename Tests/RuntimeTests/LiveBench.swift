// A live post for tests: the simulated world behind the real loop, real threads and a real database file.

import AllowList
import Devices
import Foundation
import Ledger
import Post
import Runtime
import Simulator

/// A world of one post behind the live loop.
final class WorldPlant: LivePlant {
    let world: World
    let cloud: any CloudPort = SilentCloud()
    let edgeDescriptors: [Int32]
    /// - Parameter edges: Descriptors that wake the loop as lines do.
    init(seed: UInt64 = 1, _ configuration: PostConfiguration = .twoConnectors, edges: [Int32] = []) {
        edgeDescriptors = edges
        world = World(WorldConfiguration(seed: seed, posts: [configuration]))
    }
    var devices: PostDevices { world.posts[0].devices }
    var nextEvent: Instant? { world.nextEvent }
    func advance(to instant: Instant) { world.advance(to: instant) }
    func connect(deliver: @escaping (Event, Instant) -> Void, linesChanged: @escaping (Instant) -> Void) {
        world.posts[0].attach(
            PostProcess(onEvent: deliver, onLinesChanged: linesChanged, onToken: { _, _, _ in }))
    }
}

final class SilentCloud: CloudPort {
    func ask(_ token: TokenName, connector: ConnectorID?, number: CommandNumber) {}
}

/// A list on which everybody stands whose card does not begin with "unknown".
final class ShortList: Runtime.ListReader {
    func lookUp(_ token: String, name: TokenName) -> LookUpAnswer {
        LookUpAnswer(
            token: name, verdict: token.hasPrefix("unknown") ? .notListed : .listed(.standard), rung: .fresh,
            ladder: RiskLadder(ListPolicy()))
    }
}

/// A list that refuses everybody for one reason.
final class RefusingList: Runtime.ListReader {
    private let refusal: Refusal
    init(refusal: Refusal) { self.refusal = refusal }
    func lookUp(_ token: String, name: TokenName) -> LookUpAnswer {
        LookUpAnswer(token: name, verdict: .refused(refusal), rung: .fresh, ladder: RiskLadder(ListPolicy()))
    }
}

func plainName(_ token: String) -> TokenName {
    TokenName(high: 1, low: token.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
}

/// A folder that goes away with its owner.
final class TemporaryFolder: Sendable {
    let path: String
    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("holdfast-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A whole live post: loop, records on a file, look-ups.
struct LiveBench {
    let folder: TemporaryFolder
    let control: LiveControl
    let records: RecordThread
    let lookUps: LookUpThread
    let loop: LiveLoop

    init(
        speed: Int64 = 60, holding: Interval = .zero,
        plant: @escaping @Sendable (LiveControl) -> any LivePlant = { _ in WorldPlant() }
    ) throws {
        folder = try TemporaryFolder()
        let wall: @Sendable () -> WallClock = {
            WallClock(utcMilliseconds: WallTime.machineUTCMilliseconds, quality: 2)
        }
        let ledger = try Ledger(path: folder.path + "/records.sqlite")
        let recovered = try ledger.begin(wall())
        let owed = try ledger.outbox()
        control = try LiveControl()
        records = try RecordThread(ledger: ledger, inbox: control.inbox, wall: wall, holding: holding)
        lookUps = try LookUpThread(inbox: control.inbox, naming: plainName)
        lookUps.install { ShortList() }
        loop = try LiveLoop(
            options: LiveOptions(
                configuration: .twoConnectors, clock: LoopClock(speed: speed),
                restored: Restored(
                    boot: recovered.boot, latches: recovered.latches, openSessions: recovered.openSessions),
                outbox: Outbox(acknowledged: owed.acknowledged, newest: owed.newest),
                recording: folder.path + "/flight"),
            control: control, records: records, plant: plant)
    }

    func stop(within interval: Interval = .seconds(60)) {
        loop.stop(within: interval)
        lookUps.stop()
        records.stop(cleanly: true)
    }

    /// Follows the board until a snapshot fits; the suite's time limit ends a wait that is in vain.
    func wait(_ isReached: (PostSnapshot) -> Bool) async -> PostSnapshot? {
        guard let changes = control.board.changes() else { return nil }
        for await _ in changes {
            let snapshot = control.board.snapshot
            if isReached(snapshot) { return snapshot }
        }
        return nil
    }
}

/// A sedan that comes with that much in its battery, in thousandths.
func sedan(at perMille: Int) -> VehicleProfile {
    var vehicle = VehicleProfile.sedan400
    vehicle.arrivesAtPerMille = perMille
    return vehicle
}
