// What each line does when its holder hangs, is killed or ends: the software's part of the evidence.

import BoardProfiles
import Devices
import Foundation
import GPIODriver
import Glibc
import Post

private let chip = SimulatedChip(label: "holdfast-rig")

/// The child's life: holds the post's lines with power allowed and feeds the watchdog until it is ended.
func holdPower(_ profile: BoardProfile) {
    signal(SIGTERM) { _ in hasToEnd = 1 }
    let post = PostLines(profile)
    wellWired()
    live(post, milliseconds: 30)
    try? post.connectors[0].permissive.allow(.charge)
    try? post.connectors[0].indicator.show(.charging)
    say("holding")
    while hasToEnd == 0 { live(post, milliseconds: 20) }
}

private nonisolated(unsafe) var hasToEnd: sig_atomic_t = 0

/// A process that holds the lines.
private func holder(_ profilePath: String) -> Process? {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    process.arguments = [profilePath, "hold"]
    process.standardOutput = pipe
    guard (try? process.run()) != nil else { return nil }
    var said = ""
    while !said.contains("holding") {
        let data = pipe.fileHandleForReading.availableData
        guard !data.isEmpty else { return nil }
        said += String(decoding: data, as: UTF8.self)
    }
    return process
}

/// How often the watchdog's line changed while watched.
private func watchdogEdges(milliseconds: Int) -> Int {
    let ends = nanoseconds() + Int64(milliseconds) * 1_000_000
    var level = chip.isHigh("WATCHDOG")
    var edges = 0
    while nanoseconds() < ends {
        let now = chip.isHigh("WATCHDOG")
        if now != level { edges += 1 }
        level = now
        pause(milliseconds: 2)
    }
    return edges
}

func killChecks(_ checks: inout Checks, _ profilePath: String, _ profile: BoardProfile) {
    checks.group("A holder that hangs, is killed, or ends")
    chip.pull("K1_DRIVE", up: false)
    chip.pull("K2_DRIVE", up: false)
    guard let hung = holder(profilePath) else { return checks.check(false, "a holder starts") }
    checks.check(chip.isHigh("K1_DRIVE") && chip.isHigh("K2_DRIVE"), "the holder drives both coils", chip.levels)
    checks.check(watchdogEdges(milliseconds: 500) >= 8, "and toggles the watchdog's line", "")
    let busy = PostLines(profile)
    checks.check(
        !busy.isWhole && busy.failures.contains { $0.error == .busy && $0.line == "K1_DRIVE" },
        "another process gets none of its lines, by name", "\(busy.failures)")
    checks.check(chip.isHigh("K1_DRIVE"), "and does not disturb them", "")

    kill(hung.processIdentifier, SIGSTOP)
    pause(milliseconds: 50)
    checks.check(watchdogEdges(milliseconds: 300) == 0, "hung (SIGSTOP): the watchdog's line stands still", "")
    checks.check(chip.isHigh("K1_DRIVE"), "hung: the coil is still driven, only the gate opens it", "")
    kill(hung.processIdentifier, SIGCONT)
    checks.check(watchdogEdges(milliseconds: 300) > 0, "resumed: it toggles again", "")

    chip.pull("LAMP_BLUE", up: true)
    say("        driven:  \(chip.levels)")
    kill(hung.processIdentifier, SIGKILL)
    hung.waitUntilExit()
    pause(milliseconds: 20)
    say("        killed:  \(chip.levels)")
    checks.check(!chip.isHigh("K1_DRIVE") && !chip.isHigh("K2_DRIVE"), "killed: the pulls open both contactors", "")
    checks.check(chip.isHigh("LAMP_BLUE"), "killed: a line with a pull-up stays high", "")
    checks.check(watchdogEdges(milliseconds: 300) == 0, "killed: the watchdog's line stands still", "")

    guard let again = holder(profilePath) else { return checks.check(false, "a holder starts again") }
    checks.check(
        chip.isHigh("K1_DRIVE"), "started again it takes every line and allows power only then", chip.levels)
    chip.pull("K1_DRIVE", up: true)
    kill(again.processIdentifier, SIGKILL)
    again.waitUntilExit()
    pause(milliseconds: 20)
    checks.check(
        chip.isHigh("K1_DRIVE"),
        "killed with the pull the wrong way the contactor stays closed: profiles forbid it", "")
    chip.pull("K1_DRIVE", up: false)

    guard let polite = holder(profilePath) else { return checks.check(false, "a holder starts a third time") }
    kill(polite.processIdentifier, SIGTERM)
    polite.waitUntilExit()
    checks.check(
        !chip.isHigh("K1_DRIVE") && !chip.isHigh("K2_DRIVE"), "ended: both contactors are open", chip.levels)
}
