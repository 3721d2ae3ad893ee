// What the control loop's latency does while slaves misbehave, the disk is slow and the network floods. Asserts nothing.

import CDispatch
import Foundation
import Glibc
import Synchronization

/// What `holdfast-benchmarks loop` measures, by turns: a quiet post and one under every load; from the repository's root.
enum LoopBenchmarks {
    private static let rounds = 3
    private static let samples = 5_000
    private static let faults = [
        "tcp": ["silent", "slow", "late", "unit", "length", "exception", "twice", "reset", "never-accepts"],
        "rtu": ["silent", "slow", "late", "crc", "unit", "length", "exception", "echo", "twice"],
    ]

    static func run() async throws {
        let bench = try MeasuredDaemon(drivers: 10, realTime: true)
        defer { bench.remove() }
        var results: [Bool: [[Double]]] = [:]
        for round in 1...rounds {
            for isLoaded in [false, true] {
                guard let figures = try await measure(bench, isLoaded: isLoaded) else { continue }
                let name = "loop, round \(round), " + (isLoaded ? "every load" : "quiet")
                show(name, figures)
                results[isLoaded, default: []].append(figures)
            }
        }
        guard let quiet = results[false], let loaded = results[true] else { return print("loop: nothing measured") }
        // What a bare thread meets in the same moments is the machine's doing; what the loop meets besides is the daemon's.
        for (who, first) in [("loop", 0), ("bare thread", 5)] {
            for (index, word) in ["p50", "p99", "p99.9"].enumerated() {
                let (one, other) = (middle(quiet, first + index), middle(loaded, first + index))
                print(
                    String(
                        format: "%@, %@, median of the rounds: quiet %.0f us, every load %.0f us, ratio %.2f",
                        who as NSString, word as NSString, one, other, other / max(1, one)))
            }
        }
    }

    private static func middle(_ rounds: [[Double]], _ index: Int) -> Double {
        let sorted = rounds.map { $0[index] }.sorted()
        return sorted[sorted.count / 2]
    }

    private static func show(_ what: String, _ figures: [Double]) {
        print(
            String(
                format:
                    "%@: p50 %.0f us, p99 %.0f us, p99.9 %.0f us, longest %.0f us; longest turn %.0f us (%d edges); bare thread: p50 %.0f us, p99 %.0f us, p99.9 %.0f us, longest %.0f us",
                what as NSString, figures[0], figures[1], figures[2], figures[3], figures[4], samples, figures[5],
                figures[6], figures[7], figures[8]))
        fflush(nil)
    }

    /// The same number of slaves both times: that behave, or that do not.
    private static func measure(_ bench: MeasuredDaemon, isLoaded: Bool) async throws -> [Double]? {
        let slaves = try ["tcp", "rtu"].flatMap { transport in
            try (faults[transport] ?? []).map { try Slave(transport, isLoaded ? $0 : "none") }
        }
        let post = try bench.launchUnderLoad(samples, heldMilliseconds: isLoaded ? 500 : 0, slaves.map(\.place))
        let load = isLoaded ? Load(folder: bench.folder, port: bench.loopbackPort) : nil
        // The loads begin once the vehicles charge is not waited for: they are there all the time.
        let said = await Task.detached { post.output.fileHandleForReading.readDataToEndOfFile() }.value
        post.process.waitUntilExit()
        load?.stop()
        if let load { print("  " + load.sentence) }
        for slave in slaves { slave.stop() }
        let text = String(decoding: said, as: UTF8.self)
        guard let line = text.split(separator: "\n").last(where: { $0.hasPrefix("measured ") }) else {
            print("loop: not measured: \(text)")
            return nil
        }
        let figures = line.split(separator: " ").dropFirst().compactMap { Double($0) }
        return figures.count == 9 ? figures : nil
    }
}

/// A slave of the driver's tests, in a process of its own.
private final class Slave {
    let place: String
    private let process = Process()
    private let input = Pipe()

    init(_ transport: String, _ fault: String) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["Tests/ModbusDriverTests/slaves.py", transport, fault, "--percent", "20"]
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var said = ""
        while !said.hasSuffix("\n") {
            let byte = output.fileHandleForReading.readData(ofLength: 1)
            guard !byte.isEmpty else { throw POSIXError(.ECHILD) }
            said += String(decoding: byte, as: UTF8.self)
        }
        place = said.split(separator: " ").last.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
    }

    func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}

/// A disk that is written through and a local interface that is flooded: with requests, with garbage, with connections
/// that say nothing.
private final class Load {
    private final class Counts: Sendable {
        let isOver = Atomic<Bool>(false)
        let running = Atomic<Int>(0)
        let requests = Atomic<Int>(0)
        let garbage = Atomic<Int>(0)
        let connections = Atomic<Int>(0)
        let megabytes = Atomic<Int>(0)
    }
    private let counts = Counts()

    init(folder: String, port: UInt16) {
        let counts = counts
        start { Self.write(folder + "/load", counts) }
        for _ in 0..<4 { start { Self.ask(port, counts) } }
        for _ in 0..<2 { start { Self.babble(port, counts) } }
        start { Self.connect(port, counts) }
    }

    private func start(_ body: @escaping @Sendable () -> Void) {
        counts.running.add(1, ordering: .relaxed)
        Thread.detachNewThread { [counts] in
            body()
            counts.running.subtract(1, ordering: .relaxed)
        }
    }

    func stop() {
        counts.isOver.store(true, ordering: .relaxed)
        while counts.running.load(ordering: .relaxed) > 0 { poll(nil, 0, 10) }
    }

    var sentence: String {
        "meanwhile \(counts.requests.load(ordering: .relaxed)) requests, "
            + "\(counts.garbage.load(ordering: .relaxed)) pieces of garbage, "
            + "\(counts.connections.load(ordering: .relaxed)) connections, "
            + "\(counts.megabytes.load(ordering: .relaxed)) MB written through to the disk"
    }

    private static func write(_ path: String, _ counts: Counts) {
        let block = [UInt8](repeating: 0x5A, count: 1 << 20)
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer {
            close(file)
            unlink(path)
        }
        var place: off_t = 0
        while !counts.isOver.load(ordering: .relaxed) {
            guard pwrite(file, block, block.count, place) > 0, fsync(file) == 0 else { return }
            place = (place + off_t(block.count)) % (64 << 20)
            counts.megabytes.add(1, ordering: .relaxed)
        }
    }

    private static func ask(_ port: UInt16, _ counts: Counts) {
        let request = Array("GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
        var answer = [UInt8](repeating: 0, count: 65_536)
        while !counts.isOver.load(ordering: .relaxed) {
            let link = connected(port)
            guard link >= 0 else { continue }
            while !counts.isOver.load(ordering: .relaxed),
                send(link, request, request.count, Int32(MSG_NOSIGNAL)) > 0,
                recv(link, &answer, answer.count, 0) > 0
            {
                counts.requests.add(1, ordering: .relaxed)
            }
            close(link)
        }
    }

    private static func babble(_ port: UInt16, _ counts: Counts) {
        let garbage = (0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) }
        while !counts.isOver.load(ordering: .relaxed) {
            let link = connected(port)
            guard link >= 0 else { continue }
            while !counts.isOver.load(ordering: .relaxed),
                send(link, garbage, garbage.count, Int32(MSG_NOSIGNAL)) > 0
            {
                counts.garbage.add(1, ordering: .relaxed)
            }
            close(link)
        }
    }

    private static func connect(_ port: UInt16, _ counts: Counts) {
        var held: [Int32] = []
        while !counts.isOver.load(ordering: .relaxed) {
            let link = connected(port)
            if link >= 0 {
                held.append(link)
                counts.connections.add(1, ordering: .relaxed)
            }
            if held.count >= 100 {
                for link in held { close(link) }
                held = []
            }
        }
        for link in held { close(link) }
    }

    /// A connection that gives up after a second of silence; waits a moment where nobody listens yet.
    private static func connected(_ port: UInt16) -> Int32 {
        let link = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(link, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        let code = withUnsafeMutableBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                Glibc.connect(link, $0.baseAddress, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if code == 0 { return link }
        close(link)
        poll(nil, 0, 20)
        return -1
    }
}
