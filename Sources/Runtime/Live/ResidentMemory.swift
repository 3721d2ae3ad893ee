// How much memory of this process is resident: read by a slow thread of its own, told to the loop when it has changed.

import Glibc
import Post
import Synchronization

/// Reads how much memory of the process is resident, and tells the loop.
public final class ResidentMemory: Sendable {
    /// How often it is read. 10 s: engineering default; a leak that fills a machine sooner is the kernel's to end.
    static let readEveryMilliseconds: Int64 = 10_000
    /// A change of less is no event. 1 MiB: engineering default.
    static let toldFromBytes: Int64 = 1 << 20

    private final class Told {
        var bytes: Int64?
    }
    private let worker: WorkThread<Told>

    /// Starts the thread. Nil if the process has no descriptor or thread left: then the post does not watch its memory.
    public init?(inbox: LiveInbox) {
        guard let worker = WorkThread<Told>() else { return nil }
        self.worker = worker
        do {
            try worker.start("memory", owned: Told(), period: Self.readEveryMilliseconds) { told in
                guard let bytes = Self.bytes, abs(bytes - (told.bytes ?? .min / 2)) >= Self.toldFromBytes else {
                    return
                }
                told.bytes = bytes
                inbox.post(.memory(residentBytes: bytes))
            }
        } catch { return nil }
    }

    /// Ends the thread.
    public func stop() { worker.stop() }

    /// What is resident now, in bytes; nil where the kernel does not say.
    public static var bytes: Int64? {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var text = [UInt8](repeating: 0, count: 256)
        let count = text.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return nil }
        return bytes(
            statm: String(decoding: text[..<count], as: UTF8.self), pageSize: Int64(sysconf(Int32(_SC_PAGESIZE))))
    }

    /// The second number of proc(5)'s `statm` is the resident pages.
    static func bytes(statm: String, pageSize: Int64) -> Int64? {
        let numbers = statm.split(whereSeparator: \.isWhitespace)
        guard numbers.count > 1, pageSize > 0, let pages = Int64(numbers[1]), pages >= 0 else { return nil }
        let (bytes, overflow) = pages.multipliedReportingOverflow(by: pageSize)
        return overflow ? nil : bytes
    }
}
