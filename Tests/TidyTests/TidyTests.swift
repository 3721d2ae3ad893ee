// The rules of the house as a test: what must not appear in which room, and how long a file may be.

import Foundation
import Testing

/// The repository's root, three folders above this file.
private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// A source file, its lines, and its path within the repository.
struct SourceFile: CustomTestStringConvertible {
    let path: String
    let lines: [Substring]
    var testDescription: String { path }
    /// The lines without their comments.
    var code: [(number: Int, text: Substring)] {
        lines.enumerated().compactMap { index, line in
            let trimmed = line.drop { $0 == " " }
            return trimmed.hasPrefix("//") ? nil : (index + 1, line)
        }
    }
}

private func swiftFiles(in folder: String) -> [SourceFile] {
    let start = root.appendingPathComponent(folder)
    guard let walk = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil) else { return [] }
    return walk.compactMap { entry -> SourceFile? in
        guard let url = entry as? URL, url.pathExtension == "swift",
            let text = try? String(contentsOf: url, encoding: .utf8)
        else { return nil }
        let path = url.path.replacingOccurrences(of: root.path + "/", with: "")
        return SourceFile(path: path, lines: text.split(separator: "\n", omittingEmptySubsequences: false))
    }
    .sorted { $0.path < $1.path }
}

private func offences(_ folder: String, _ pattern: String, except: String? = nil) throws -> [String] {
    let expression = try Regex(pattern)
    return swiftFiles(in: folder).flatMap { file -> [String] in
        if let except, file.path.contains(except) { return [] }
        return file.code.compactMap { line in
            line.text.contains(expression) ? "\(file.path):\(line.number): \(line.text)" : nil
        }
    }
}

@Suite("Rules of the house")
struct TidyTests {
    @Test("the core imports nothing but its own test seams")
    func coreImportsNothing() throws {
        let found = try offences("Sources/Post", #"^\s*(@\w+\s+)?(public |package |internal )?import "#)
        #expect(found.isEmpty, "Sources/Post may import nothing: \(found)")
    }

    @Test("the core has no floating point and no unordered collection")
    func coreIsIntegers() throws {
        let found = try offences("Sources/Post", #"\b(Double|Float|Float32|Float64|Dictionary|Set)\b[<(.\[ ]?"#)
        #expect(found.isEmpty, "Sources/Post is integers and arrays: \(found)")
    }

    @Test(
        "the core cannot be made to trap by hand", arguments: [#"\bfatalError\("#, #"\bprecondition"#, #"\btry!"#])
    func coreDoesNotTrap(_ pattern: String) throws {
        let found = try offences("Sources/Post", pattern)
        #expect(found.isEmpty, "A trap opens contactors under load; report a defect instead: \(found)")
    }

    @Test(
        "core and world read no clock, draw no chance of their own and start no task",
        arguments: ["Sources/Post", "Sources/Simulator"])
    func pureRoomsArePure(_ folder: String) throws {
        let found = try offences(
            folder,
            #"import Foundation|import Dispatch|\bDate\(|\bUUID\(|SystemRandomNumberGenerator|ContinuousClock|SuspendingClock|\bTask\s*[.{(]|clock_gettime|\.shuffled\(\)|\.randomElement\(\)"#
        )
        #expect(found.isEmpty, "\(folder) must be deterministic: \(found)")
    }

    @Test("the world computes with + - x / and square root: the rest differs between processors")
    func worldArithmetic() throws {
        let found = try offences("Sources/Simulator", #"(^|[^\w.])(exp|log|log10|pow|sin|cos|tan|tanh)\("#)
        #expect(found.isEmpty, "\(found)")
    }

    @Test("no shortcut around the compiler outside drivers and tests")
    func noShortcuts() throws {
        let found = try offences(
            "Sources", #"\btry!|\bas!|@unchecked Sendable|nonisolated\(unsafe\)|Task\.sleep\(|\busleep\("#,
            except: "Driver")
        #expect(found.isEmpty, "\(found)")
    }

    @Test("every file opens with the line that says what it is for, and stays readable")
    func filesAreReadable() {
        for file in swiftFiles(in: "Sources") + swiftFiles(in: "Tests") {
            #expect(file.lines.first?.hasPrefix("// ") == true, "\(file.path) does not say what it is for")
            #expect(file.lines.count <= 500, "\(file.path) has \(file.lines.count) lines; find its seam")
        }
    }

    @Test("nothing is left unfinished in the sources")
    func nothingUnfinished() throws {
        let found = try offences("Sources", "TODO|FIXME|XXX|not implemented")
        #expect(found.isEmpty, "\(found)")
    }

    @Test("the direction of the arrows: no room imports one above it")
    func arrowsPointDown() throws {
        // From the bottom up; a room may import what stands before it.
        let order = [
            "Post", "Catalog", "Devices", "AllowList", "Ledger", "Runtime", "Simulator", "StrictYAML",
            "BoardProfiles", "GPIODriver", "Scenarios",
            "DaemonConfiguration", "Console", "Mirrors", "Daemon",
        ]
        for (position, room) in order.enumerated() {
            for above in order[(position + 1)...] {
                let found = try offences("Sources/\(room)", #"^\s*(public )?import \#(above)\s*$"#)
                #expect(found.isEmpty, "\(room) imports \(above), which stands above it: \(found)")
            }
        }
    }
}
