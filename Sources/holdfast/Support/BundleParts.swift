// The parts of a support archive while they are gathered: each cleaned as it comes in, each told on standard error.

import CommandOutput
import Foundation
import Scenarios

/// What has been gathered so far.
struct Parts {
    let redaction: Redaction
    private(set) var files: [(name: String, data: Data)] = []
    private(set) var told: [SupportBundle.Part] = []

    init(redaction: Redaction) { self.redaction = redaction }

    /// A text, cleaned.
    mutating func add(text: String, as name: String) {
        let (clean, count) = redaction.redacted(text)
        take(Data(clean.utf8), name, redactions: count)
    }

    /// Bytes that hold no secret.
    mutating func add(_ bytes: [UInt8], as name: String) { take(Data(bytes), name, redactions: 0) }

    /// A text file, cleaned, or its last lines.
    mutating func add(file: String, as name: String, lastLines: Int? = nil) {
        guard let data = FileManager.default.contents(atPath: file) else {
            let isThere = FileManager.default.fileExists(atPath: file)
            return miss(name, isThere ? "\(file) may not be read by this user" : "there is no \(file)")
        }
        var text = String(decoding: data, as: UTF8.self)
        if let lastLines {
            text = text.split(separator: "\n", omittingEmptySubsequences: false).suffix(lastLines)
                .joined(separator: "\n")
        }
        add(text: text, as: name)
    }

    /// A part that cannot be had, and why.
    mutating func miss(_ name: String, _ why: String) {
        // What went wrong is told by others, in whose sentences may be what they were asked.
        let why = redaction.redacted(why).text
        told.append(SupportBundle.Part(name: name, bytes: 0, redactions: 0, missing: why))
        complain("\(name): missing: \(why)")
    }

    private mutating func take(_ data: Data, _ name: String, redactions: Int) {
        files.append((name, data))
        told.append(SupportBundle.Part(name: name, bytes: data.count, redactions: redactions, missing: nil))
        let cleaned = redactions == 0 ? "" : ", \(redactions) secrets taken out"
        complain("\(name): \(data.count) bytes\(cleaned)")
    }
}

/// The first of these places that holds a flight recording that can be played.
func newestRecording(of places: [String]) -> [UInt8]? {
    for place in places {
        if let found = try? Recording(path: place), found.lifeCount > 0 { return found.bytes }
    }
    return nil
}

/// Programs of the system that do a part of the work.
enum OtherProgram {
    /// Why one of them was of no help.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// What it says on standard output.
    static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        do { try process.run() } catch {
            throw Problem(description: "\(program) cannot be started: \(error.localizedDescription).")
        }
        // What it complains of is short: a pipe holds it until it has ended.
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let complained = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let last = complained.split(separator: "\n").last.map(String.init) ?? "no reason given"
            throw Problem(description: "\(program) ended with \(process.terminationStatus): \(last).")
        }
        return String(decoding: said, as: UTF8.self)
    }
}
