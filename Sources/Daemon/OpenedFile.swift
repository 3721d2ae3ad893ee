// A file of a watched folder, opened with nobody's trust.

// `stat` belongs to whichever of Glibc and CDispatch the compiler has met first.
import CDispatch
import Glibc

/// A plain file that is open for reading; never one behind a link, never a pipe.
final class OpenedFile: Sendable {
    let descriptor: Int32
    private let facts: stat

    init?(_ path: String) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        var facts = stat()
        let isPlain = fstat(descriptor, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
        self.facts = facts
        guard isPlain else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }

    func stamp(_ name: String) -> WatchedFolder.Stamp {
        WatchedFolder.Stamp(
            name: name, inode: UInt64(facts.st_ino), size: Int64(facts.st_size),
            changedSeconds: facts.st_mtim.tv_sec, changedNanoseconds: facts.st_mtim.tv_nsec)
    }

    /// The number that a bundle (at 32) or a list (at 48) says it has: unverified, and only for the order.
    func number(at offset: Int) -> UInt64 {
        var number: UInt64 = 0
        let got = withUnsafeMutableBytes(of: &number) { pread(descriptor, $0.baseAddress, 8, off_t(offset)) }
        return got == 8 ? UInt64(bigEndian: number) : 0
    }

    /// The next bytes, at most so many; none at the end, nil where it cannot be read.
    func next(_ most: Int) -> [UInt8]? {
        var isBroken = false
        let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
            var got = read(descriptor, buffer.baseAddress, most)
            while got < 0, errno == EINTR { got = read(descriptor, buffer.baseAddress, most) }
            isBroken = got < 0
            count = max(0, got)
        }
        return isBroken ? nil : bytes
    }
}
