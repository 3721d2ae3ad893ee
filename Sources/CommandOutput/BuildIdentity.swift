// Which build a program is: the build ID that the linker left in it.

import Foundation

/// The GNU build ID of the running program (ELF note of type 3, System V ABI and binutils' `--build-id`), hexadecimal: the same
/// where every byte of code is. "unknown" where the linker left none.
public let buildIdentity: String = buildID(ofProgram: "/proc/self/exe") ?? "unknown"

/// The same of a program in a file; nil where the file is none, or has none.
public func buildID(ofProgram path: String) -> String? {
    guard let program = FileHandle(forReadingAtPath: path), let head = try? program.read(upToCount: 1 << 20) else {
        return nil
    }
    return ElfNotes([UInt8](head)).buildID
}

/// Which program it is: name and version for people, and the build, which tells two programs of one version apart.
public struct ProgramIdentity: Hashable, Sendable {
    /// Name and version: `holdfast 0.1.0`.
    public var release: String
    /// The first twelve digits of the build identity; nil where it is not known.
    public var build: String?

    /// How many digits of a build identity are told: as many as tell every two builds of a lifetime apart.
    static let digits = 12

    /// The running program, under that name and version.
    public init(running release: String) {
        self.init(release, build: buildIdentity == "unknown" ? nil : buildIdentity)
    }

    /// A program of that build.
    public init(_ release: String, build: String?) {
        self.release = release
        self.build = build.map { String($0.prefix(Self.digits)) }
    }

    /// A program by its text, as recordings keep it.
    public init(_ text: String) {
        guard let mark = text.range(of: Self.opens), text.hasSuffix(")") else {
            (release, build) = (text, nil)
            return
        }
        release = String(text[..<mark.lowerBound])
        build = String(text[mark.upperBound...].dropLast())
    }

    private static let opens = " (build "

    /// `holdfast 0.1.0 (build 5c1e07ad92f4)`.
    public var text: String { release + (build.map { "\(Self.opens)\($0))" } ?? "") }

    /// What `--version` answers, without the name: `0.1.0 (build 5c1e07ad92f4)`.
    public var versionAndBuild: String { String(text.drop { $0 != " " }.dropFirst()) }

    /// Whether one of the programs in the running one's folder, by their names, is of this build.
    public func isBuild(ofNeighbours names: [String]) -> Bool {
        guard let build, let folder = Bundle.main.executableURL?.deletingLastPathComponent().path else {
            return false
        }
        return names.contains { buildID(ofProgram: folder + "/" + $0)?.hasPrefix(build) == true }
    }
}

/// The notes in the first bytes of an ELF file. Numbers are in the order of the processor that runs it.
struct ElfNotes {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var buildID: String? {
        guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]), let width = [1: 4, 2: 8][number(at: 4, 1) ?? 0] else {
            return nil
        }
        // e_phoff, e_phentsize and e_phnum; of a segment p_type, p_offset and p_filesz.
        let isWide = width == 8
        guard let table = number(at: isWide ? 32 : 28, width), let size = number(at: isWide ? 54 : 42, 2),
            let count = number(at: isWide ? 56 : 44, 2)
        else { return nil }
        for segment in 0..<count {
            let start = table + segment * size
            guard number(at: start, 4) == 4, let offset = number(at: start + (isWide ? 8 : 4), width),
                let length = number(at: start + (isWide ? 32 : 16), width)
            else { continue }
            if let found = buildID(from: offset, to: offset + length) { return found }
        }
        return nil
    }

    private func buildID(from start: Int, to end: Int) -> String? {
        var place = start
        while place + 12 <= end, let name = number(at: place, 4), let size = number(at: place + 4, 4),
            let kind = number(at: place + 8, 4)
        {
            let content = place + 12 + (name + 3) / 4 * 4
            guard content + size <= bytes.count else { return nil }
            if kind == 3, bytes[(place + 12)...].starts(with: Array("GNU\0".utf8)) {
                return bytes[content..<content + size].map { byte in
                    (byte < 16 ? "0" : "") + String(byte, radix: 16)
                }.joined()
            }
            place = content + (size + 3) / 4 * 4
        }
        return nil
    }

    /// A number of so many bytes, the least first; nil beyond what was read, or where it is larger than the file can be.
    private func number(at offset: Int, _ width: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - width else { return nil }
        let value = bytes[offset..<offset + width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return value < 1 << 32 ? Int(value) : nil
    }
}
