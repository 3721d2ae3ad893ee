// The bench's hardware in a mapped file: a killed daemon finds meter, plug, battery and welds as they were.

import Glibc
import Post
import Simulator

/// A mapped file with one record of 64 bytes a connector. What was stored is there after SIGKILL.
///
/// The file begins with a magic word and the world's seed: one of another seed is another world's, and is begun
/// anew. Not sendable: it belongs to the loop's thread.
final class WorldFile {
    private static let magic: UInt64 = 0x3144_4C52_4F57_4648  // "HFWORLD1", little-endian
    private static let header = 64
    private static let record = 64
    private let base: UnsafeMutableRawPointer
    private let length: Int

    /// Maps the file; nil where it cannot be made.
    init?(path: String, seed: UInt64, connectors: Int) {
        length = Self.header + Self.record * connectors
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return nil }
        defer { close(file) }
        guard posix_fallocate(file, 0, off_t(length)) == 0,
            let mapped = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), mapped != MAP_FAILED
        else { return nil }
        base = mapped
        guard base.load(as: UInt64.self) != Self.magic || base.load(fromByteOffset: 8, as: UInt64.self) != seed
        else {
            return
        }
        memset(base, 0, length)
        base.storeBytes(of: seed, toByteOffset: 8, as: UInt64.self)
        base.storeBytes(of: Self.magic, as: UInt64.self)
    }

    deinit { munmap(base, length) }

    /// A connector as it was stored last.
    func load(_ connector: Int) -> ConnectorMemory {
        let place = Self.header + Self.record * connector
        var memory = ConnectorMemory()
        memory.contactJoules = base.load(fromByteOffset: place, as: Double.self)
        memory.share = base.load(fromByteOffset: place + 8, as: Double.self)
        let plug = base.load(fromByteOffset: place + 16, as: UInt64.self)
        memory.vehicle = plug & 0xFFFF == 0 ? nil : Int(plug & 0xFFFF) - 1
        memory.targetPerMille = Int(plug >> 16 & 0xFFFF)
        memory.isPlusWelded = plug >> 32 & 1 == 1
        memory.isMinusWelded = plug >> 33 & 1 == 1
        memory.manners = Int(plug >> 34 & 0xFF)
        // 0, as in a file of an earlier version: as the profile has it.
        let figures = [24, 32, 40].map { base.load(fromByteOffset: place + $0, as: Int64.self) }
        memory.wattHours = figures[0] > 0 ? figures[0] : nil
        memory.steadyMilliamperes = figures[1] > 0 ? figures[1] : nil
        memory.asksMilliamperes = figures[2] > 0 ? figures[2] - 1 : nil
        return memory
    }

    /// Stores a connector: words, each of which a kill leaves old or new, never torn; the plug comes last.
    func store(_ memory: ConnectorMemory, _ connector: Int) {
        let place = Self.header + Self.record * connector
        base.storeBytes(of: memory.contactJoules, toByteOffset: place, as: Double.self)
        base.storeBytes(of: memory.share, toByteOffset: place + 8, as: Double.self)
        base.storeBytes(of: memory.wattHours ?? 0, toByteOffset: place + 24, as: Int64.self)
        base.storeBytes(of: memory.steadyMilliamperes ?? 0, toByteOffset: place + 32, as: Int64.self)
        base.storeBytes(of: memory.asksMilliamperes.map { $0 + 1 } ?? 0, toByteOffset: place + 40, as: Int64.self)
        let vehicle = UInt64(memory.vehicle.map { $0 + 1 } ?? 0)
        let welds = (memory.isPlusWelded ? UInt64(1) << 32 : 0) | (memory.isMinusWelded ? UInt64(1) << 33 : 0)
        base.storeBytes(
            of: vehicle & 0xFFFF | UInt64(UInt16(clamping: memory.targetPerMille)) << 16 | welds
                | UInt64(UInt8(clamping: memory.manners)) << 34,
            toByteOffset: place + 16, as: UInt64.self)
    }
}
