// A folder in memory that keeps what is durable apart from what is only written, and can lose power.

@testable import AllowList

/// A file system that does no more than it must: what was not synchronised may be lost, torn or reordered.
final class CrashingFolder: FileLayer {
    private final class File {
        var durable: [UInt8] = []
        var written: [UInt8] = []
    }
    private enum Change {
        case create(String, File)
        case rename(String, String)
        case remove(String)
    }
    private var names: [String: File] = [:]
    private var durableNames: [String: File] = [:]
    private var changes: [Change] = []
    /// How many operations that change something have begun.
    private(set) var operations = 0
    /// How many times something was synchronised.
    private(set) var synchronisations = 0
    /// From this operation on everything fails: the power is about to go.
    var cut = Int.max
    /// The synchronisation that silently does nothing.
    var forgotten: Int?

    func open(_ name: String) -> ListInMemory? { names[name].map { ListInMemory($0.written) } }

    func contains(_ name: String) -> Bool { names[name] != nil }
    func create(_ name: String) throws(FileProblem) {
        try begin("create", name)
        let file = File()
        names[name] = file
        changes.append(.create(name, file))
    }
    func append(_ bytes: [UInt8], to name: String) throws(FileProblem) {
        guard operations < cut else {
            // The write that the power loss interrupts has reached some of the disk.
            names[name]?.written += bytes.prefix(bytes.count / 2)
            throw FileProblem(step: "write", name: name, number: 5)
        }
        try begin("write", name)
        names[name]?.written += bytes
    }
    func synchronise(_ name: String) throws(FileProblem) {
        try begin("fsync", name)
        guard isRemembered(), let file = names[name] else { return }
        file.durable = file.written
    }
    func rename(_ name: String, to newName: String) throws(FileProblem) {
        try begin("rename", name)
        names[newName] = names.removeValue(forKey: name)
        changes.append(.rename(name, newName))
    }
    func synchroniseFolder() throws(FileProblem) {
        try begin("fsync folder", ".")
        guard isRemembered() else { return }
        durableNames = names
        changes = []
    }
    func remove(_ name: String) {
        guard operations < cut, names[name] != nil else { return }
        operations += 1
        names[name] = nil
        changes.append(.remove(name))
    }

    /// The power goes and comes back. Each change that was not synchronised is kept or lost as `random` says.
    func crash(_ random: inout Dice) {
        for change in changes where random.isHeads {
            switch change {
            case .create(let name, let file): durableNames[name] = file
            case .rename(let old, let new):
                if let file = durableNames.removeValue(forKey: old) ?? file(created: old) {
                    durableNames[new] = file
                }
            case .remove(let name): durableNames[name] = nil
            }
        }
        for name in durableNames.keys.sorted() {
            guard let file = durableNames[name] else { continue }
            file.durable = Self.torn(file.durable, file.written, &random)
            file.written = file.durable
        }
        names = durableNames
        changes = []
        cut = Int.max
        forgotten = nil
    }

    /// Damages a file on the medium.
    func flip(_ name: String, at position: Int) {
        names[name]?.written[position] ^= 1
        names[name]?.durable[position] ^= 1
    }
    /// Takes a file away, as somebody with the disk in his hands would.
    func lose(_ name: String) {
        names[name] = nil
        durableNames[name] = nil
    }
    /// Puts a file there, as somebody with the disk in his hands would.
    func plant(_ bytes: [UInt8], as name: String) {
        let file = File()
        file.durable = bytes
        file.written = bytes
        names[name] = file
        durableNames[name] = file
    }

    /// The file that a name was given to since the folder was last synchronised: its rename may outlive that.
    private func file(created name: String) -> File? {
        for change in changes.reversed() {
            if case .create(name, let file) = change { return file }
        }
        return nil
    }
    private func begin(_ step: String, _ name: String) throws(FileProblem) {
        guard operations < cut else { throw FileProblem(step: step, name: name, number: 5) }
        operations += 1
    }
    private func isRemembered() -> Bool {
        synchronisations += 1
        return synchronisations - 1 != forgotten
    }
    /// Every sector of 512 bytes that was not synchronised is there, or holds what was there before.
    private static func torn(_ durable: [UInt8], _ written: [UInt8], _ random: inout Dice) -> [UInt8] {
        if durable == written { return durable }
        var result = durable
        for start in stride(from: 0, to: written.count, by: 512) where random.isHeads {
            let end = min(start + 512, written.count)
            if result.count < end { result += [UInt8](repeating: 0, count: end - result.count) }
            result.replaceSubrange(start..<end, with: written[start..<end])
        }
        return result
    }
}

/// Seeded heads and tails; the first two seeds are all tails and all heads.
struct Dice {
    private let seed: UInt64
    private var state: UInt64
    init(_ seed: UInt64) {
        self.seed = seed
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    }
    var isHeads: Bool {
        mutating get {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return seed == 0 ? false : seed == 1 ? true : state >> 63 == 1
        }
    }
}
