// The state folder of a simulated post: files in memory, behind the same protocol as the real folder.

import AllowList

/// A file of a simulated post. Who has it open reads what is in it now, as on a disk.
final class FileInMemory: ListBytes {
    var bytes: [UInt8] = []
    var count: UInt64 { UInt64(bytes.count) }

    func read(_ length: Int, at offset: UInt64, into buffer: inout [UInt8]) -> Bool {
        guard length >= 0, offset <= count, UInt64(length) <= count - offset else { return false }
        buffer.removeAll(keepingCapacity: true)
        buffer += bytes[Int(offset)..<Int(offset) + length]
        return true
    }
}

/// A folder of such files. A process that dies leaves what it has written; what a loss of power leaves is the crash
/// sweep's subject, in the tests of the list.
final class FolderInMemory: FileLayer {
    private var files: [String: FileInMemory] = [:]
    /// Changes that still succeed; nil: all of them. The process dies at the next.
    var changesLeft: Int?

    func open(_ name: String) -> FileInMemory? { files[name] }
    func contains(_ name: String) -> Bool { files[name] != nil }
    func create(_ name: String) throws(FileProblem) {
        try change("create", name)
        files[name] = FileInMemory()
    }
    func append(_ bytes: [UInt8], to name: String) throws(FileProblem) {
        try change("write", name)
        files[name]?.bytes += bytes
    }
    func synchronise(_ name: String) throws(FileProblem) { try change("fsync", name) }
    func rename(_ name: String, to newName: String) throws(FileProblem) {
        try change("rename", name)
        files[newName] = files.removeValue(forKey: name)
    }
    func synchroniseFolder() throws(FileProblem) { try change("fsync folder", ".") }
    func remove(_ name: String) { if changesLeft != 0 { files[name] = nil } }

    private func change(_ step: String, _ name: String) throws(FileProblem) {
        guard let left = changesLeft else { return }
        guard left > 0 else { throw FileProblem(step: step, name: name, number: 5) }
        changesLeft = left - 1
    }
}
