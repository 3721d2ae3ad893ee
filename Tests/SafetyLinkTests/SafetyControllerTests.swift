// The live link, over a pseudo terminal, with a peer in Python that knows nothing but the page in hardware/.

import Foundation
import Glibc
import Post
import Testing

@testable import SafetyLink

/// The Python controller, running.
final class Peer {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var pending: [UInt8] = []
    private(set) var device = ""

    init() throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("controller.py").path
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", script]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        device = try #require(line())
    }

    deinit { end() }

    func tell(_ commands: String...) {
        input.fileHandleForWriting.write(Data(commands.map { $0 + "\n" }.joined().utf8))
    }

    /// Ends it, and with it the port.
    func end() {
        // The test's threads hold SIGTERM back, and so does what they start.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// The next line that it prints; nil after ten seconds.
    func line() -> String? {
        let descriptor = output.fileHandleForReading.fileDescriptor
        while true {
            if let end = pending.firstIndex(of: 10) {
                defer { pending.removeFirst(end + 1) }
                return String(decoding: pending[..<end], as: UTF8.self)
            }
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 10_000) > 0 else { return nil }
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = read(descriptor, &bytes, bytes.count)
            guard count > 0 else { return nil }
            pending += bytes[..<count]
        }
    }
}

private func monotonic() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
}

/// Waits, by the link's own descriptor, until that is so; false after ten seconds.
private func comes(_ link: SafetyController, _ isTrue: (ControllerFrame?) -> Bool) -> Bool {
    holds(link, lookEvery: 10_000, isTrue)
}

/// The same for what no descriptor tells: looked at every so many milliseconds.
private func holds(_ link: SafetyController, lookEvery: Int32 = 20, _ isTrue: (ControllerFrame?) -> Bool) -> Bool {
    let end = monotonic() + .seconds(10)
    while monotonic() < end {
        link.takeChanges()
        if isTrue(link.frame) { return true }
        var waiting = pollfd(fd: link.changeDescriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&waiting, 1, lookEvery)
    }
    return false
}

private func link(_ device: String, connectors: Int = 1) throws -> SafetyController {
    let made = SafetyController(device: device, baud: 115_200, connectors: connectors, now: { monotonic() })
    return try #require(made)
}

@Suite("The live link to the safety controller")
struct SafetyControllerTests {
    @Test("Pilot, proximity, stop and interlock circuits are told as they change, by descriptor alone")
    func changes() throws {
        let peer = try Peer()
        defer { withExtendedLifetime(peer) {} }
        let link = try link(peer.device)
        #expect(comes(link) { $0?.connectors.first == ControllerReading(pilot: .a, proximity: .open) })
        peer.tell("pilot 1 b", "proximity 1 seated")
        #expect(comes(link) { $0?.connectors.first == ControllerReading(pilot: .b, proximity: .seated) })
        peer.tell("stop open")
        #expect(comes(link) { $0?.isEmergencyStopClosed == false && $0?.areInterlocksClosed == true })
        peer.tell("stop closed", "chain open")
        #expect(comes(link) { $0?.isEmergencyStopClosed == true && $0?.areInterlocksClosed == false })
        #expect(link.trouble == nil)
    }

    @Test("The pilot's orders arrive, the newest at once, and stand")
    func orders() throws {
        let peer = try Peer()
        defer { withExtendedLifetime(peer) {} }
        let link = try link(peer.device)
        #expect(peer.line() == "pilots 0")
        link.order(.digital, connector: 0)
        #expect(peer.line() == "pilots 1")
        link.order(.unavailable, connector: 0)
        #expect(peer.line() == "pilots 2")
        peer.tell("follow on", "pilot 1 b")
        link.order(.digital, connector: 0)
        #expect(comes(link) { $0?.connectors.first?.pilot == .c })
    }

    @Test(
        "A controller that is not heard reads as gone within its time, and is taken again when it is back",
        arguments: ["silent", "corrupt", "replay", "half"])
    func unheard(mood: String) throws {
        let peer = try Peer()
        defer { withExtendedLifetime(peer) {} }
        let link = try link(peer.device)
        #expect(comes(link) { $0 != nil })
        let before = monotonic()
        peer.tell("be \(mood)")
        #expect(comes(link) { $0 == nil })
        // Not sooner than the page says, less one frame that was under way.
        #expect(monotonic() - before > .milliseconds(390))
        #expect(link.trouble?.contains("no power is allowed") == true)
        if mood == "corrupt" { #expect(link.trouble?.contains("no frame") == true) }
        peer.tell("be well")
        #expect(comes(link) { $0 != nil })
        #expect(link.trouble == nil)
    }

    @Test("Noise between the frames is read over")
    func noise() throws {
        let peer = try Peer()
        defer { withExtendedLifetime(peer) {} }
        let link = try link(peer.device)
        peer.tell("be noisy", "pilot 1 d")
        #expect(comes(link) { $0?.connectors.first?.pilot == .d })
    }

    @Test("A controller that is set up for another board is named, and nothing that it says counts")
    func otherBoard() throws {
        let peer = try Peer()
        defer { withExtendedLifetime(peer) {} }
        let link = try link(peer.device)
        #expect(comes(link) { $0 != nil })
        peer.tell("connectors 2")
        #expect(comes(link) { $0 == nil })
        #expect(link.trouble?.contains("speaks of 2 connectors") == true)
    }

    @Test("A port that is pulled out is said, and so is one that is not there")
    func noPort() throws {
        let peer = try Peer()
        defer { withExtendedLifetime(peer) {} }
        let pulled = try link(peer.device)
        #expect(comes(pulled) { $0 != nil })
        peer.end()
        #expect(comes(pulled) { $0 == nil })
        #expect(pulled.trouble?.contains("cable") == true)
        let absent = try link("/dev/no-such-port")
        #expect(holds(absent) { _ in absent.trouble?.contains("does not exist") == true })
    }

    @Test("The port is ours alone: a second link to it says who is in the way")
    func exclusive() throws {
        let peer = try Peer()
        defer { withExtendedLifetime(peer) {} }
        let first = try link(peer.device)
        #expect(comes(first) { $0 != nil })
        let second = try link(peer.device)
        #expect(holds(second) { _ in second.trouble?.contains("fuser") == true })
        #expect(comes(first) { $0 != nil })
    }
}
