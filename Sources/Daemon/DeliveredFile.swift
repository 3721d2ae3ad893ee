// A list on its way in, written aside until it is whole.

import AllowList
import Glibc

/// A list that is being written aside, by the deliveries' queue.
final class DeliveredFile: Sendable {
    let path: String
    private let descriptor: Int32
    private let disk: DiskQueue
    private let written = Count()

    /// Makes the file, with room for what is announced: a full disk says so before anything is sent for nothing.
    init(_ path: String, _ length: UInt64, _ disk: DiskQueue) async throws(InstallProblem) {
        self.path = path
        self.disk = disk
        descriptor = try await disk.run { () throws(InstallProblem) in
            unlink(path)
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw Self.failed("create", errno) }
            // The copy that is verified needs the same room once more.
            var room = statvfs()
            if fstatvfs(descriptor, &room) == 0, UInt64(room.f_bavail) * UInt64(room.f_frsize) < 2 * length {
                close(descriptor)
                unlink(path)
                throw Self.failed("write", ENOSPC)
            }
            return descriptor
        }
    }

    deinit { close(descriptor) }

    var count: UInt64 { written.now }

    func append(_ bytes: [UInt8]) async throws(InstallProblem) {
        let descriptor = descriptor
        try await disk.run { () throws(InstallProblem) in
            var done = 0
            while done < bytes.count {
                let wrote = bytes.withUnsafeBytes { buffer in
                    write(descriptor, buffer.baseAddress.map { $0 + done }, bytes.count - done)
                }
                if wrote < 0, errno == EINTR { continue }
                guard wrote > 0 else { throw Self.failed("write", errno) }
                done += wrote
            }
        }
        written.add(UInt64(bytes.count))
    }

    func remove() async {
        let path = path
        await disk.perform { unlink(path) }
    }

    private static func failed(_ step: String, _ number: Int32) -> InstallProblem {
        .disk(FileProblem(step: step, name: ListSource.Lane.socket.fileName, number: number))
    }
}
