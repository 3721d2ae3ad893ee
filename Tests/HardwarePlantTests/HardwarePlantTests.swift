// A real post without a chip: what cannot be taken is said, what can be reached is read.

import BoardProfiles
import Devices
import Foundation
import HardwarePlant
import ModbusDriver
import Post
import StrictYAML
import Testing
import Threads

@testable import Runtime

let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
let rigProfile = root + "/hardware/boards/rig.yaml"

/// A post that fits the rig's profile.
let rigPost = PostConfiguration(
    connectors: [
        ConnectorConfiguration(
            stage: StageID(0), lockHolder: .post, maximumMillivolts: 920_000, maximumMilliamperes: 400_000)
    ],
    stages: [StageConfiguration(ratedWatts: 150_000, maximumMillivolts: 920_000, maximumMilliamperes: 400_000)],
    readers: [], siteLimitWatts: 150_000, failSafeLimitWatts: 40_000)

extension PostConfiguration {
    func with(_ change: (inout PostConfiguration) -> Void) -> PostConfiguration {
        var changed = self
        change(&changed)
        return changed
    }
}

@Suite("The plan of a real post")
struct HardwarePlanTests {
    @Test("A profile that fits is taken, with the maps it names")
    func fits() throws {
        let plan = try HardwarePlan(profile: rigProfile, post: rigPost)
        #expect(plan.maps.keys.sorted() == ["eastron-dcm230"])
    }

    @Test("Every board that comes with Holdfast names register maps that come with it")
    func shippedBoards() throws {
        let folder = root + "/hardware/boards"
        let boards = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }
        #expect(boards.count >= 3)
        for board in boards {
            let profile = try BoardProfile.read(path: folder + "/" + board)
            let named = profile.connectors.flatMap { [$0.meter?.map, $0.insulation?.map] }.compactMap(\.self)
            #expect(!named.isEmpty, "\(board)")
            for name in named {
                #expect(
                    FileManager.default.fileExists(atPath: root + "/hardware/meters/\(name).yaml"),
                    "\(board): \(name)")
            }
        }
    }

    @Test("Every place where profile and configuration differ is said at once")
    func misfits() throws {
        let post = rigPost.with {
            $0.readers = [.wholePost]
            $0.connectors[0].lockHolder = .vehicle
        }
        let problems = #expect(throws: HardwareProblems.self) {
            try HardwarePlan(profile: rigProfile, post: post)
        }
        let sentences = try #require(problems?.sentences)
        #expect(sentences.count == 2)
        #expect(sentences[0].contains("1 readers") && sentences[0].contains("has 0"))
        #expect(sentences[1].contains("lock") && sentences[1].contains("connector 1"))
    }

    @Test("A serial bus is set as its profile says: speed, parity, stop bits, direction, echo")
    func serialBus() throws {
        let tcp = "{name: meters, kind: tcp, address: 127.0.0.1, port: 1502}"
        func line(_ more: String) throws -> SerialLine? {
            let text = try String(contentsOfFile: rigProfile, encoding: .utf8)
            try #require(text.contains(tcp))
            let written = text.replacingOccurrences(
                of: tcp, with: "{name: meters, kind: serial, device: /dev/ttyS7, direction: hardware\(more)}")
            let profile = try boardProfileDocument.read(text: written, file: "board.yaml")
            guard case .serial(let line) = try profile.buses.first?.endpoint else { return nil }
            return line
        }
        // A bench meter that leaves its factory with two stop bits, behind an adapter that echoes.
        #expect(
            try line(", speed: 2400-baud, parity: none, stop_bits: 2, echoes: true")
                == SerialLine(path: "/dev/ttyS7", baud: 2_400, parity: .none, stopBits: 2, echoes: true))
        #expect(try line("") == SerialLine(path: "/dev/ttyS7", baud: 9_600, parity: .even))
    }

    @Test("A map that is nowhere is named, with where it was looked for")
    func noMap() throws {
        let folder = NSTemporaryDirectory() + "holdfast-\(UUID().uuidString)/boards"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let text = try String(contentsOfFile: rigProfile, encoding: .utf8)
            .replacingOccurrences(of: "eastron-dcm230", with: "no-such-meter")
        try text.write(toFile: folder + "/rig.yaml", atomically: true, encoding: .utf8)
        let problems = #expect(throws: HardwareProblems.self) {
            try HardwarePlan(profile: folder + "/rig.yaml", post: rigPost)
        }
        #expect(problems?.sentences.count == 1)
        #expect(problems?.description.contains("no register map no-such-meter") == true)
        #expect(problems?.description.contains("/usr/share/holdfast/meters") == true)
    }
}

/// Turns a plant as the loop does, until something comes in or the wall's seconds have passed.
final class Turning {
    let control: LiveControl
    let clock = LoopClock()
    let troubles = PlantTroubles()
    private(set) var plant: HardwarePlant
    private(set) var lineReadings = 0

    init(_ plan: HardwarePlan) throws {
        control = try LiveControl()
        plant = HardwarePlant(plan, control: control, lookUps: nil, clock: clock, troubles: troubles)
        plant.connect(deliver: { _, _ in }, linesChanged: { [weak self] _ in self?.lineReadings += 1 })
    }

    /// The first event that fits; nil after ten seconds.
    func event(where fits: (Event) -> Bool) -> Event? {
        let end = clock.now + .seconds(10)
        while clock.now < end {
            plant.advance(to: clock.now)
            var batch = InboxBatch()
            control.inbox.take(into: &batch)
            if let found = batch.events.first(where: fits) { return found }
            _ = control.inbox.pipe.wait(milliseconds: 50, others: plant.edgeDescriptors)
        }
        return nil
    }

    /// Whether that came true within ten seconds.
    func comes(_ isTrue: () -> Bool) -> Bool {
        let end = clock.now + .seconds(10)
        while clock.now < end {
            if isTrue() { return true }
            plant.advance(to: clock.now)
            _ = control.inbox.pipe.wait(milliseconds: 20, others: plant.edgeDescriptors)
        }
        return false
    }
}

@Suite("A real post")
struct HardwarePlantTests {
    private func plan(port: UInt16) throws -> HardwarePlan {
        var plan = try HardwarePlan(profile: rigProfile, post: rigPost)
        plan.profile.buses[0].kind = .tcp(address: "127.0.0.1", port: port)
        return plan
    }

    @Test("A meter that nobody has switched on is said, and read as soon as it is there")
    func lateMeter() throws {
        let port = try MeterSlave().port
        let post = try Turning(plan(port: port))
        func complaint() -> String? {
            post.troubles.sentences.first { $0.contains("The meter of connector 1") }
        }
        #expect(post.comes { complaint()?.contains("Nobody listens") == true })
        #expect(complaint()?.contains("asked again") == true)
        let slave = try MeterSlave(port: port)
        slave.tell(volts: 401.25, amperes: 0, kilowattHours: 1234.5)
        slave.serve()
        let event = try #require(post.event { if case .meter = $0 { true } else { false } })
        guard case .meter(let connector, let sample) = event else { return }
        #expect(connector == ConnectorID(0))
        #expect(sample.millivolts == 401_250 && sample.energyWattHours == 1_234_500)
        #expect(sample.measuredAt <= post.clock.now && post.clock.now - sample.measuredAt < .seconds(10))
        #expect(post.comes { complaint() == nil })
    }

    @Test("Without its chip the post says so in one sentence, allows nothing and looks again each second")
    func noChip() throws {
        let post = try Turning(plan(port: MeterSlave().port))
        let about = post.troubles.sentences.filter { $0.contains("K1_DRIVE") }
        #expect(about.count == 1)
        #expect(about.first?.contains("does not exist") == true && about.first?.contains("WATCHDOG") == true)
        let connector = try #require(post.plant.devices.connectors.first)
        #expect(throws: (any Error).self) { try connector.permissive.allow(.charge) }
        #expect(throws: (any Error).self) { try post.plant.devices.interlocks.read() }
        #expect(throws: (any Error).self) { try post.plant.devices.watchdog.feed() }
        let before = post.lineReadings
        #expect(post.comes { post.lineReadings >= before + 2 })
        // Looked for each second, not each turn.
        #expect(post.lineReadings <= before + 3)
    }

    @Test("A command to what is not fitted is refused, and so keeps no place")
    func notFitted() throws {
        let post = try Turning(plan(port: MeterSlave().port))
        let devices = post.plant.devices
        #expect(throws: (any Error).self) { try devices.stages[0].stage.send(.off, number: CommandNumber(1)) }
        #expect(throws: (any Error).self) {
            try devices.connectors[0].insulation.send(.test, number: CommandNumber(2))
        }
    }
}

@Suite("A profile of the bench")
struct SimulatedProfileTests {
    @Test("A profile that names simulated devices is refused in one sentence, except by the bench")
    func refused() throws {
        let folder = NSTemporaryDirectory() + "holdfast-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/boards", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: root + "/hardware/meters", toPath: folder + "/meters")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let profile = folder + "/boards/bench.yaml"
        let text = try String(contentsOfFile: rigProfile, encoding: .utf8)
        try (text + "simulated: [vehicle, stages]\n").write(toFile: profile, atomically: true, encoding: .utf8)
        let problems = #expect(throws: HardwareProblems.self) { try HardwarePlan(profile: profile, post: rigPost) }
        #expect(problems?.sentences.count == 1)
        #expect(problems?.description.contains("simulated devices (vehicle, stages)") == true)
        #expect(problems?.description.contains("holdfastd-bench") == true)
        let plan = try HardwarePlan(profile: profile, post: rigPost, isBench: true)
        #expect(plan.profile.simulated == [.vehicle, .stages])
    }
}
