// The bench side of the rig: the simulator's own view of each line, and the checks that are counted.

import Foundation
import Glibc

/// A simulated chip as the simulator sees it, whatever number it has now.
struct SimulatedChip {
    let label: String
    private let names: [String]

    init(label: String) {
        self.label = label
        names = read("/run/gpio/\(label)/lines").split(separator: "\n").map(String.init)
    }

    private var device: String { "/run/gpio/\(label)/device" }

    /// The number that the kernel gave it: `gpiochip0`.
    var number: String? {
        try? FileManager.default.contentsOfDirectory(atPath: device + "/").first { $0.hasPrefix("gpiochip") }
    }

    private func file(_ line: String, _ what: String) -> String {
        "\(device)/\(number ?? "none")/sim_gpio\(names.firstIndex(of: line) ?? 99)/\(what)"
    }

    /// The voltage on the line: true is high.
    func isHigh(_ line: String) -> Bool { read(file(line, "value")).hasPrefix("1") }
    /// What the line is pulled to.
    func isPulledUp(_ line: String) -> Bool { read(file(line, "pull")).hasPrefix("pull-up") }
    /// Drives an input from outside, or changes what a line is pulled to.
    func pull(_ line: String, up: Bool) { write(file(line, "pull"), up ? "pull-up" : "pull-down") }

    /// The file that drives a line, open for `pull(_:up:)`: for what is measured.
    func openPull(_ line: String) -> Int32 { open(file(line, "pull"), O_WRONLY) }

    /// The levels of every line, named.
    var levels: String { names.map { "\($0)=\(isHigh($0) ? 1 : 0)" }.joined(separator: " ") }

    /// Takes the chip away under its users, or gives it back.
    func bind(_ isBound: Bool) {
        let name = URL(fileURLWithPath: device).resolvingSymlinksInPath().lastPathComponent
        write("/sys/bus/platform/drivers/gpio-sim/\(isBound ? "bind" : "unbind")", name)
    }
}

/// Drives a line by a file that is open already.
func pull(_ file: Int32, up: Bool) {
    let text: StaticString = up ? "pull-up" : "pull-down"
    _ = text.withUTF8Buffer { pwrite(file, $0.baseAddress, $0.count, 0) }
}

/// A file's text; empty if it cannot be read.
func read(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

private func write(_ path: String, _ text: String) {
    let file = open(path, O_WRONLY)
    guard file >= 0 else { return say("cannot open \(path)") }
    defer { close(file) }
    if text.withCString({ write(file, $0, strlen($0)) }) < 0 { say("cannot write \(text) to \(path): \(errno)") }
}

/// A line of output, at once.
func say(_ text: String) {
    let line = text + "\n"
    _ = line.withCString { write(1, $0, strlen($0)) }
}

/// Counts what is checked.
struct Checks {
    private(set) var failed = 0
    private(set) var passed = 0

    /// Says what holds, or does not and why.
    mutating func check(_ holds: Bool, _ what: String, _ found: @autoclosure () -> String = "") {
        if holds { passed += 1 } else { failed += 1 }
        say(holds ? "  ok    \(what)" : "  FAIL  \(what): \(found())")
    }

    /// Begins a group of checks.
    func group(_ name: String) { say(name) }
}

/// Waits on the wall.
func pause(milliseconds: Int) {
    poll(nil, 0, Int32(milliseconds))
}

/// Nanoseconds of CLOCK_MONOTONIC.
func nanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// What poll(2) says of descriptors after at most so long.
func events(_ descriptors: [Int32], milliseconds: Int32) -> Int16 {
    var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN | POLLPRI), revents: 0) }
    poll(&polled, nfds_t(polled.count), milliseconds)
    return polled.reduce(0) { $0 | $1.revents }
}

/// What a program prints.
func output(of program: String, _ arguments: [String]) -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardOutput = pipe
    guard (try? process.run()) != nil else { return "" }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
}
