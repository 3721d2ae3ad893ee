// From an edge to an output: an upper bound for our part of it; it says nothing of real boards.

import BoardProfiles
import Devices
import GPIODriver
import Post

private let chip = SimulatedChip(label: "holdfast-rig")

/// Measures from the moment the emergency stop's wire is cut until both coils are off, through the whole driver.
func latency(_ profile: BoardProfile) {
    var profile = profile
    profile.interlocks.emergencyStop.debounce = .zero
    let post = PostLines(profile)
    wellWired()
    live(post, milliseconds: 50)
    let pair = post.connectors[0].permissive
    let wire = chip.openPull("ESTOP_OK")
    var times: [Int64] = []
    for _ in 0..<300 {
        pull(wire, up: true)
        live(post, milliseconds: 3)
        guard (try? pair.allow(.charge)) != nil else { continue }
        let began = nanoseconds()
        pull(wire, up: false)
        while events(post.edgeDescriptors, milliseconds: 10) == 0 {}
        post.takeEdges()
        if (try? post.interlocks.read())?.emergencyStopPressed != false { try? pair.withdraw() }
        times.append((nanoseconds() - began) / 1_000)
    }
    times.sort()
    guard let longest = times.last else { return say("latency: nothing measured") }
    say(
        "wire cut to both coils off, \(times.count) times: median \(times[times.count / 2]) us, "
            + "p99 \(times[times.count * 99 / 100]) us, most \(longest) us (emulated processor)")
}
