// The rest of the chain on a real post: the pilot behind the safety controller, cards from a reader on a port.

import AllowList
import BoardProfiles
import Devices
import Foundation
import Glibc
import HardwarePlant
import Post
import Testing
import Threads

@testable import Runtime

/// The Python controller of the safety link's own tests.
private final class Controller {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    let device: String

    init() throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", root + "/Tests/SafetyLinkTests/controller.py"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(output.fileHandleForReading.fileDescriptor, &byte, 1) == 1, byte != 10 { line.append(byte) }
        device = String(decoding: line, as: UTF8.self)
    }

    deinit {
        // The test's threads hold SIGTERM back, and so does what they start.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func tell(_ command: String) { input.fileHandleForWriting.write(Data((command + "\n").utf8)) }
}

@Suite("The rest of the chain")
struct ChainTests {
    private func plan(_ change: (inout BoardProfile) -> Void) throws -> HardwarePlan {
        var plan = try HardwarePlan(profile: rigProfile, post: rigPost)
        plan.profile.buses[0].kind = .tcp(address: "127.0.0.1", port: try MeterSlave().port)
        change(&plan.profile)
        return plan
    }

    @Test("The pilot and the proximity contact are the controller's, and unknown while it is not heard")
    func pilot() throws {
        let controller = try Controller()
        defer { withExtendedLifetime(controller) {} }
        let post = try Turning(
            plan {
                $0.safetyLink.device = controller.device
                $0.connectors[0].proximity = nil
            })
        let pilot = try #require(post.plant.devices.connectors.first?.pilot)
        func reads(_ state: PilotState?, _ contact: Proximity?) -> Bool {
            (try? pilot.state()) == state && (try? pilot.proximity()) == contact
        }
        #expect(post.comes { reads(.a, .open) })
        try pilot.drive(.digital)
        controller.tell("pilot 1 b\nproximity 1 seated\nfollow on")
        #expect(post.comes { reads(.c, .seated) })
        controller.tell("be silent")
        #expect(post.comes { reads(nil, nil) })
        #expect(post.troubles.sentences.contains { $0.contains("safety controller") && $0.contains("no power") })
        controller.tell("be well")
        #expect(post.comes { reads(.c, .seated) })
        #expect(!post.troubles.sentences.contains { $0.contains("safety controller") })
    }

    @Test("A change at the controller wakes the loop, which reads its lines then")
    func wakes() throws {
        let controller = try Controller()
        defer { withExtendedLifetime(controller) {} }
        let post = try Turning(plan { $0.safetyLink.device = controller.device })
        let descriptor = try #require(post.plant.edgeDescriptors.last)
        #expect(post.comes { (try? post.plant.devices.connectors[0].pilot.state()) == .a })
        post.plant.takeEdges()
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&waiting, 1, 0) == 0)
        controller.tell("pilot 1 b")
        #expect(poll(&waiting, 1, 10_000) == 1)
        post.plant.takeEdges()
        #expect(try post.plant.devices.connectors[0].pilot.state() == .b)
    }

    @Test("A card at a reader is presented under its canonical name, and garbage as garbage")
    func card() throws {
        var ends: (master: Int32, port: Int32) = (-1, -1)
        #expect(openpty(&ends.master, &ends.port, nil, nil, nil) == 0)
        let (master, path) = (ends.master, String(cString: try #require(ttyname(ends.port))))
        close(ends.port)
        defer { close(master) }
        let control = try LiveControl()
        let lookUps = try LookUpThread(inbox: control.inbox) { token in
            TokenName(high: UInt64(token.count), low: token == "card:04A2B3C4" ? 7 : 8)
        }
        defer { lookUps.stop() }
        let clock = LoopClock()
        let plan = try plan { $0.readers = [ReaderWiring(kind: .serial(baud: 9_600), device: path)] }
        let troubles = PlantTroubles()
        let plant = HardwarePlant(plan, control: control, lookUps: lookUps, clock: clock, troubles: troubles)
        var found: [Event] = []
        let end = clock.now + .seconds(10)
        func waitFor(_ isIt: (Event) -> Bool, while doing: () -> Void) -> Bool {
            while clock.now < end {
                doing()
                var batch = InboxBatch()
                control.inbox.take(into: &batch)
                found += batch.events
                if batch.events.contains(where: isIt) { return true }
                _ = control.inbox.pipe.wait(milliseconds: 20, others: [])
            }
            return false
        }
        func send(_ text: String) { _ = text.withCString { write(master, $0, strlen($0)) } }
        #expect(waitFor({ $0 == .readerGarbage(ReaderID(0)) }) { send("no card\r") })
        let name = TokenName(high: 13, low: 7)
        send("04a2b3c4\r\n")
        #expect(waitFor({ $0 == .tokenPresented(ReaderID(0), name) }) {})
        withExtendedLifetime(plant) {}
    }
}
