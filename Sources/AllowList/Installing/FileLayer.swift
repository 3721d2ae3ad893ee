// What installing a list asks of a file system, and the real one; tests have one that crashes.

internal import Glibc

/// A file operation that failed; what was there before is still there.
public struct FileProblem: Error, Hashable, Sendable {
    /// Which operation: `create`, `write`, `fsync`, `rename`, `fsync folder`, `copy`.
    public var step: String
    /// The file's name in its folder.
    public var name: String
    /// The error number (errno); 0: the content is not what it must be.
    public var number: Int32

    /// A problem at a step with a file.
    public init(step: String, name: String, number: Int32) {
        self.step = step
        self.name = name
        self.number = number
    }
}

/// One folder of files. Names are plain names in that folder.
///
/// Obligations: what `synchronise` returned for survives a power loss, and nothing else has to; `rename` replaces
/// whole or not at all, and is durable only after `synchroniseFolder`.
public protocol FileLayer: AnyObject {
    /// An open file.
    associatedtype Bytes: ListBytes
    /// Opens a file; nil when it is not there or cannot be read.
    func open(_ name: String) -> Bytes?
    /// Whether a file has that name, readable or not. Only a certain "no" is false.
    func contains(_ name: String) -> Bool
    /// Makes a new empty file; one of that name is removed first.
    func create(_ name: String) throws(FileProblem)
    /// Writes all the bytes behind what the file holds.
    func append(_ bytes: [UInt8], to name: String) throws(FileProblem)
    /// Makes the file's content durable.
    func synchronise(_ name: String) throws(FileProblem)
    /// Gives a file another name, in place of whatever has it.
    func rename(_ name: String, to newName: String) throws(FileProblem)
    /// Makes the names in the folder durable.
    func synchroniseFolder() throws(FileProblem)
    /// Removes a file if it is there. Failing to is no harm.
    func remove(_ name: String)
}

extension FileLayer {
    /// Puts new bytes in the place of a file's, all or nothing, durable when it returns.
    func replace(_ name: String, with bytes: [UInt8]) throws(FileProblem) {
        let temporary = ".\(name).new"
        try create(temporary)
        try append(bytes, to: temporary)
        try synchronise(temporary)
        try rename(temporary, to: name)
        try synchroniseFolder()
    }

    /// A whole file of at most so many bytes; nil when there is none.
    func contents(_ name: String, atMost limit: Int) throws(FileProblem) -> [UInt8]? {
        guard let file = open(name) else {
            if contains(name) { throw FileProblem(step: "read", name: name, number: 0) }
            return nil
        }
        var bytes: [UInt8] = []
        guard file.count <= UInt64(limit), file.read(Int(file.count), at: 0, into: &bytes) else {
            throw FileProblem(step: "read", name: name, number: 0)
        }
        return bytes
    }
}

/// A real folder.
public final class FolderOnDisk: FileLayer {
    private let path: String

    /// The folder at a path, which must exist.
    public init(path: String) { self.path = path }

    /// Opens a file for reading.
    public func open(_ name: String) -> ListFile? { try? ListFile(path: path + "/" + name) }

    /// Whether lstat(2) finds it, or cannot tell.
    public func contains(_ name: String) -> Bool {
        var facts = stat()
        return lstat(path + "/" + name, &facts) == 0 || errno != ENOENT
    }

    /// Makes a new empty file, never through a link that somebody left there.
    public func create(_ name: String) throws(FileProblem) {
        remove(name)
        try with(name, O_WRONLY | O_CREAT | O_EXCL, "create") { [path] descriptor in
            var facts = stat()
            // Root may be at work here; whoever owns the folder must be able to read it later.
            if geteuid() == 0, stat(path, &facts) == 0 { _ = fchown(descriptor, facts.st_uid, facts.st_gid) }
            return 0
        }
    }

    /// Writes all the bytes behind what is there.
    public func append(_ bytes: [UInt8], to name: String) throws(FileProblem) {
        try with(name, O_WRONLY | O_APPEND, "write") { descriptor in
            var done = 0
            while done < bytes.count {
                let wrote = bytes.withUnsafeBytes { buffer in
                    Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, bytes.count - done)
                }
                if wrote < 0, errno == EINTR { continue }
                guard wrote > 0 else { return -1 }
                done += wrote
            }
            return 0
        }
    }

    /// fsync(2).
    public func synchronise(_ name: String) throws(FileProblem) {
        try with(name, O_RDONLY, "fsync") { fsync($0) }
    }

    /// rename(2).
    public func rename(_ name: String, to newName: String) throws(FileProblem) {
        guard Glibc.rename(path + "/" + name, path + "/" + newName) == 0 else {
            throw FileProblem(step: "rename", name: name, number: errno)
        }
    }

    /// fsync(2) of the folder.
    public func synchroniseFolder() throws(FileProblem) {
        try with(".", O_RDONLY | O_DIRECTORY, "fsync folder") { fsync($0) }
    }

    /// unlink(2).
    public func remove(_ name: String) { unlink(path + "/" + name) }

    private func with(
        _ name: String, _ flags: Int32, _ step: String, _ act: (Int32) -> Int32
    ) throws(FileProblem) {
        let descriptor = Glibc.open(path + "/" + name, flags | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw FileProblem(step: step, name: name, number: errno) }
        defer { close(descriptor) }
        guard act(descriptor) == 0 else { throw FileProblem(step: step, name: name, number: errno) }
    }
}
