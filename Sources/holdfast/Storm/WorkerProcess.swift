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
        if let input {
            process.standardInput = input
            // Storms that kill are played again and again: their last words are those of the first.
            process.standardError = FileHandle.nullDevice
        }
        try process.run()
    }

    /// Writes a line to it.
    func ask(_ line: String) throws {
        try input?.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
    }

    /// The next line that it says; silent where it has computed for so many seconds without one, or waited for so long without
    /// computing. The wall's clock alone says nothing on a machine that others use as well.
    func answer(within seconds: Int) -> Answer {
        var buffer = [UInt8](repeating: 0, count: Self.chunk)
        let began = Doings(of: process.processIdentifier)
        var (last, idleSince) = (began, ContinuousClock.now)
        while true {
            if let end = rest.firstIndex(of: 0x0A) {
                let line = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
                rest = rest[(end + 1)...]
                return .line(line)
            }
            var wanted = pollfd(fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&wanted, 1, Self.looksEvery) > 0 else {
                let now = Doings(of: process.processIdentifier)
                if now.isRunnable || now.computed > last.computed { idleSince = .now }
                last = now
                let hasComputed = now.computed - began.computed >= Double(seconds)
                if hasComputed || ContinuousClock.now - idleSince >= .seconds(seconds) { return .silent }
                continue
            }
            let count = read(wanted.fd, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return .ended }
            rest.append(contentsOf: buffer[..<count])
        }
    }

    /// How often it is looked at while it says nothing, in milliseconds.
    private static let looksEvery: Int32 = 200

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

/// What a process has done so far, by the kernel's own account (proc(5), `stat`).
private struct Doings {
    /// Processor time of all its threads, in seconds.
    var computed = 0.0
    /// Whether a thread of it computes, or would if the machine had time for it.
    var isRunnable = false

    /// Of a process that is gone: nothing.
    init(of process: Int32) {
        let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
        // Behind the name, which may hold anything but the last bracket: the state, and 11 fields on user and system time.
        func fields(_ path: String) -> [Substring] {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8), let name = text.lastIndex(of: ")")
            else { return [] }
            return text[text.index(after: name)...].split(separator: " ")
        }
        let whole = fields("/proc/\(process)/stat")
        guard whole.count > 12, let user = Double(whole[11]), let system = Double(whole[12]) else { return }
        computed = (user + system) / ticks
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        isRunnable = threads.contains { fields("/proc/\(process)/task/\($0)/stat").first == "R" }
    }
}
