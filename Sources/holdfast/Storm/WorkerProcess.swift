// A process of this program that plays storms for another one, so that a storm that kills or hangs it is told and not the end of all.

import Foundation

/// A worker: what it says arrives line by line, and what it dies of is known.
final class WorkerProcess {
    /// What a worker has said.
    enum Answer: Equatable {
        /// A line.
        case line(String)
        /// Nothing more: it has ended.
        case ended
        /// Nothing for as long as somebody waited.
        case silent
    }

    /// How a worker ended.
    enum End: Equatable {
        case well
        /// It died in what it was doing.
        case died(String)
        /// Somebody ended it from outside: the storm has nothing to do with it.
        case stopped
    }

    private let process = Process()
    private let output = Pipe()
    private let input: Pipe?
    private var rest = Data()
    private static let chunk = 65_536

    /// Starts one; `isAsked` gives it a standard input for questions.
    init(_ arguments: [String], isAsked: Bool = false) throws {
        process.executableURL = URL(
            fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        process.arguments = arguments
        // The trace of a trap takes longer than a hundred storms; whoever repeats the storm by itself gets it.
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        process.standardOutput = output
        input = isAsked ? Pipe() : nil
        if let input { process.standardInput = input }
        try process.run()
    }

    /// Writes a line to it.
    func ask(_ line: String) throws {
        try input?.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
    }

    /// The next line that it says.
    func answer(within seconds: Int) -> Answer {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var buffer = [UInt8](repeating: 0, count: Self.chunk)
        while true {
            if let end = rest.firstIndex(of: 0x0A) {
                let line = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
                rest = rest[(end + 1)...]
                return .line(line)
            }
            let left = (deadline - ContinuousClock.now) / .milliseconds(1)
            guard left > 0 else { return .silent }
            var wanted = pollfd(fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&wanted, 1, Int32(min(left.rounded(.up), 1e9))) > 0 else { continue }
            let count = read(wanted.fd, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return .ended }
            rest.append(contentsOf: buffer[..<count])
        }
    }

    /// Waits for its end.
    func end() -> End {
        process.waitUntilExit()
        let status = process.terminationStatus
        switch process.terminationReason {
        case .uncaughtSignal where status == SIGINT || status == SIGTERM: return .stopped
        case .uncaughtSignal: return .died("the process died of signal \(status) in it")
        default: return status == 0 ? .well : .died("the process ended with code \(status) in it")
        }
    }

    /// Ends it, whatever it is doing.
    func endNow() {
        _ = kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
