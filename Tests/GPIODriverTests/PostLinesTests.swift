// Tests of a post's lines where there is no chip, and of what people are told. The rig tests the rest on a kernel's chip.

import BoardProfiles
import Devices
import Foundation
import Glibc
import Post
import Testing

@testable import GPIODriver

private let boards = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("hardware/boards")

@Suite("A post's lines")
struct PostLinesTests {
    @Test(
        "where the lines are missing nothing traps, every device says so, and each failure names its line (row 88)",
        arguments: ["rig", "beagle-am62"])
    func noChip(_ name: String) throws {
        var profile = try BoardProfile.read(path: boards.appendingPathComponent("\(name).yaml").path)
        // A name that no machine has, should this one have a chip.
        profile.interlocks.door.line.name = "holdfast-test-missing"
        let post = PostLines(profile)
        #expect(!post.isWhole)
        #expect(post.failures.contains { $0.line == "holdfast-test-missing" && $0.consumer == "holdfast:door" })
        for failure in post.failures { #expect(failure.description.contains(failure.line)) }
        #expect(throws: DeviceError.gone) { try post.interlocks.read() }
        for connector in post.connectors {
            #expect(throws: DeviceError.gone) { try connector.permissive.allow(.test) }
            #expect(throws: DeviceError.gone) { try connector.permissive.withdraw() }
            #expect(throws: DeviceError.gone) { _ = try connector.permissive.readBack() }
        }
        #expect(throws: DeviceError.gone) { try post.watchdog.feed() }
        let serviceAt = try #require(post.serviceAt)
        #expect(serviceAt - monotonicNanoseconds() <= HeldLines.lookEvery, "lines are looked for every second")
        post.takeEdges()
        post.service()
    }

    @Test("consumers fit the 31 bytes that the kernel keeps, for every line of every board")
    func consumersFit() throws {
        let profile = try BoardProfile.read(path: boards.appendingPathComponent("beagle-am62.yaml").path)
        let consumers = PostLines(profile).failures.map(\.consumer)
        try #require(!consumers.isEmpty)
        #expect(Set(consumers).count == consumers.count, "each is told from the others")
        for consumer in consumers { #expect(consumer.utf8.count < 32 && consumer.hasPrefix("holdfast:")) }
        #expect(HeldLines.consumer(String(repeating: "x", count: 99)).utf8.count == 31)
    }

    @Test(
        "an error number becomes what the runtime acts on, and a sentence that says what to do",
        arguments: [
            (EBUSY, DeviceError.busy, "gpioinfo"), (ENOENT, .gone, "gpioinfo"), (ENODEV, .gone, "every second"),
            (ENOTUNIQ, .system(ENOTUNIQ), "label"), (EACCES, .system(EACCES), "group"),
            (EINVAL, .system(EINVAL), "CONFIG_GPIO_CDEV_V1"), (ENOTSUP, .unsupported, "error"),
            (EIO, .system(EIO), "error 5"),
        ])
    func failures(_ code: Int32, _ error: DeviceError, _ says: String) {
        let failure = LineFailure(line: "K1_DRIVE", consumer: "holdfast:K1-drive", code: code)
        #expect(failure.error == error)
        #expect(failure.description.contains("K1_DRIVE") && failure.description.contains(says))
    }

    @Test("every indication has a colour of its own, and none is dark")
    func lampColours() {
        let colours = Indication.allCases.map { indication -> [Bool] in
            let colour = LampLines.colours(of: indication)
            return [colour.red, colour.green, colour.blue]
        }
        #expect(Set(colours).count == Indication.allCases.count)
        #expect(!colours.contains([false, false, false]))
    }
}
