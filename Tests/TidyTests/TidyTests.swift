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

private func offences(_ folder: String, _ pattern: String, except folders: [String] = []) throws -> [String] {
    let expression = try Regex(pattern)
    return swiftFiles(in: folder).flatMap { file -> [String] in
        if folders.contains(where: { file.path.hasPrefix($0 + "/") }) { return [] }
        return file.code.compactMap { line in
            line.text.contains(expression) ? "\(file.path):\(line.number): \(line.text)" : nil
        }
    }
}

/// A collection whose order is another one in every process: by its name, or as `[Key: Value]`.
private let unordered = #"\b(Dictionary|Set)\b\s*[<(.]|\[[A-Z][\w.]*\s*:\s*[A-Z][\w.<>]*[?]?\]|\[:\]"#

@Suite("Rules of the house")
struct TidyTests {
    @Test("the core imports nothing")
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
        "core and world go through nothing in an order that differs between two runs",
        arguments: ["Post", "Simulator"])
    func ordered(_ room: String) throws {
        let found = try offences("Sources/\(room)", unordered)
        #expect(found.isEmpty, "Sources/\(room) must be deterministic: \(found)")
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
            "Sources",
            // FileHandle's write traps where nobody reads.
            #"\btry!|\bas!|@unchecked Sendable|nonisolated\(unsafe\)|\b(Task\.|u)sleep\(|\.standard(Output|Error)\.write\("#,
            // What a C library hands over cannot always be said in Swift.
            except: ["Sources/GPIODriver", "Sources/ModbusDriver"])
        #expect(found.isEmpty, "\(found)")
    }

    @Test("every file opens with the line that says what it is for, and stays readable")
    func filesAreReadable() {
        for file in swiftFiles(in: "Sources") + swiftFiles(in: "Tests") {
            #expect(file.lines.first?.hasPrefix("// ") == true, "\(file.path) does not say what it is for")
            #expect(file.lines.count <= 500, "\(file.path) has \(file.lines.count) lines; find its seam")
        }
    }

    @Test("in the tool the drivers are for the commands that stand at a board, and for no other (decision 7)")
    func driversInTheTool() throws {
        let found = try offences("Sources/holdfast", #"^import (ModbusDriver|GPIODriver|HardwarePlant|BringUp)$"#)
        let atBoards = ["Meter", "Doctor", "Bringup"]
        let others = found.filter { line in !atBoards.contains { line.hasPrefix("Sources/holdfast/\($0)") } }
        #expect(!found.isEmpty && others.isEmpty, "\(others)")
    }

    @Test("whatever the tool says as JSON goes through the one encoder that gives keys their style")
    func jsonHasOneStyle() throws {
        // The office's policy file has keys that are spelled out.
        let found =
            try offences("Sources/holdfast", #"JSONEncoder\(\)"#, except: ["Sources/holdfast/AllowList"])
            + offences("Sources/Scenarios", #"JSONEncoder\(\)"#)
        #expect(found.isEmpty, "Use JSONStyle.encoder: \(found)")
    }

    @Test("every trap of the libraries names a test that is there")
    func trapsAreSprung() throws {
        let table = try String(contentsOf: root.appendingPathComponent("hardware/Traps.md"), encoding: .utf8)
        let tests = swiftFiles(in: "Tests")
        var (rows, missing): (Int, [String]) = (0, [])
        for row in table.split(separator: "\n") where row.hasPrefix("| ") && !row.hasPrefix("| trap ") {
            rows += 1
            let proofs = row.split(separator: "|").last?.trimmingCharacters(in: .whitespaces) ?? ""
            if proofs.hasPrefix("none: ") { continue }
            // `File`: "title", "title"; `Other`: "title"
            for part in proofs.split(separator: "; `") {
                let named = part.split(separator: "`")
                let text = tests.filter { $0.path.hasSuffix("/\(named[0]).swift") }.flatMap(\.lines)
                    .joined(separator: "\n")
                let titles = part.split(separator: "\"").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
                if titles.isEmpty { missing.append(String(part)) }
                missing += titles.filter { !text.contains($0) }.map { "\(named[0]): \($0)" }
            }
            if !proofs.contains("`: \"") { missing.append(String(row)) }
        }
        #expect(rows > 40 && missing.isEmpty, "\(missing.joined(separator: "\n"))")
    }

    @Test("nothing is left unfinished in the sources")
    func nothingUnfinished() throws {
        let found = try offences("Sources", "TODO|FIXME|XXX|not implemented")
        #expect(found.isEmpty, "\(found)")
    }

    @Test(
        "the direction of the arrows: every room imports only what stands before it in the package, and says so there"
    )
    func arrowsPointDown() throws {
        let rooms = try PackageRoom.all(
            in: String(contentsOf: root.appendingPathComponent("Package.swift"), encoding: .utf8))
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: root.appendingPathComponent("Sources").path)
        #expect(
            Set(rooms.map(\.name)).isSuperset(of: folders), "a folder of Sources that the package does not know")
        let names = rooms.map(\.name)
        for (position, room) in rooms.enumerated() {
            let below = names[..<position]
            for dependency in room.dependencies where names.contains(dependency) {
                #expect(
                    below.contains(dependency),
                    "\(room.name) depends on \(dependency), which stands below it in Package.swift")
            }
            for other in names where other != room.name && !room.dependencies.contains(other) {
                let found = try offences("Sources/\(room.name)", Self.importing(other))
                #expect(found.isEmpty, "\(room.name) imports \(other) and does not depend on it: \(found)")
            }
        }
    }

    /// An import in any of its forms.
    private static func importing(_ room: String) -> String {
        let kinds = "(struct|class|enum|protocol|func|var|let|typealias)"
        return
            #"^\s*(@\w+(\([^)]*\))?\s+)*((public|package|internal|fileprivate|private)\s+)?import\s+(\#(kinds)\s+)?"#
            + NSRegularExpression.escapedPattern(for: room) + #"(\.|\s|$)"#
    }

    @Test(
        "every form of an import is seen",
        arguments: [
            "import Post", "public import Post", "internal import Post", "@testable import Post",
            "import struct Post.Fault",
            "  @_exported public import Post",
        ])
    func importsAreSeen(_ line: String) throws {
        #expect(line.contains(try Regex(Self.importing("Post"))))
        #expect(!line.contains(try Regex(Self.importing("Pos"))))
    }

    @Test(
        "an unordered collection is seen, and a label in brackets is none",
        arguments: [
            ("var all: Set<Int>", true), ("Dictionary(uniqueKeysWithValues: x)", true),
            ("let map: [String: Int] = [:]", true),
            ("level[keyPath: path]", false), ("resettable(x)", false), ("posts[index: 1]", false),
        ])
    func collectionsAreSeen(_ line: String, _ isFound: Bool) throws {
        #expect(line.contains(try Regex(unordered)) == isFound)
    }
}

/// A target of the package, as `Package.swift` writes it.
private struct PackageRoom {
    var name: String
    var dependencies: [String]

    /// Every target but the tests, in the order of the file.
    static func all(in manifest: String) throws -> [PackageRoom] {
        let beginning = try Regex(#"\.(target|executableTarget|systemLibrary|testTarget)\("#)
        let starts = manifest.ranges(of: beginning)
        return starts.enumerated().compactMap { index, range -> PackageRoom? in
            let end = index + 1 < starts.count ? starts[index + 1].lowerBound : manifest.endIndex
            let text = manifest[range.lowerBound..<end]
            guard !text.hasPrefix(".testTarget"), let name = quoted(in: text, after: "name:").first else {
                return nil
            }
            return PackageRoom(name: name, dependencies: quoted(in: text, after: "dependencies:"))
        }
    }

    /// The words in quotation marks after a label: one, or those of a list in brackets.
    private static func quoted(in text: Substring, after label: String) -> [String] {
        guard let start = text.range(of: label)?.upperBound else { return [] }
        let rest = text[start...].drop { $0.isWhitespace }
        var depth = 0
        var words: [String] = []
        for (number, part) in rest.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
            if number % 2 == 1 {
                words.append(String(part))
                if depth == 0 { return words }
                continue
            }
            for sign in part {
                if sign == "[" { depth += 1 }
                if sign == "]" { depth -= 1 }
                if sign == "]", depth == 0 { return words }
            }
        }
        return words
    }
}
