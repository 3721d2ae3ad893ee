// The machine's watchdog where there is none. The rig feeds a real one.

import BoardProfiles
import Foundation
import Post
import StrictYAML
import Testing

@testable import HardwarePlant

@Suite("The machine's own watchdog")
struct MachineWatchdogTests {
    private func watchdog(_ device: String) throws -> MachineWatchdog {
        let text =
            try String(contentsOfFile: rigProfile, encoding: .utf8)
            + "machine_watchdog: {device: \(device), resets_after: 30s}\n"
        let profile = try boardProfileDocument.read(text: text, file: "board.yaml")
        let wiring = try #require(profile.machineWatchdog)
        #expect(wiring.resetsAfter == .seconds(30))
        return MachineWatchdog(wiring)
    }

    @Test("a profile that names none leaves it to the system")
    func none() throws {
        #expect(try BoardProfile.read(path: rigProfile).machineWatchdog == nil)
    }

    @Test("one that is not there, or is something else, is said with what to do, and tried again each second")
    func absent() throws {
        let folder = NSTemporaryDirectory() + "holdfast-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/watchdog0"
        let watchdog = try watchdog(path)
        #expect(watchdog.trouble == nil)
        watchdog.feed(at: .zero)
        #expect(watchdog.trouble?.contains("\(path) does not exist") == true)
        try Data().write(to: URL(fileURLWithPath: path))
        watchdog.feed(at: .zero + .milliseconds(999))
        #expect(watchdog.trouble?.contains("does not exist") == true)
        watchdog.feed(at: .zero + .seconds(1))
        #expect(watchdog.trouble?.contains("\(path) is no watchdog") == true)
        // What is no watchdog is not written to.
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)).isEmpty)
        watchdog.stop()
    }
}
