// A flight recording on the desk: the lives it holds, what each was like, and why one cannot be played.

import Foundation
import Post
import Runtime

/// Why a recording cannot be used: one sentence, what, where and what to do.
public struct RecordingProblem: Error, CustomStringConvertible {
    /// The sentence.
    public let description: String
    /// Whether the file is not there at all.
    public let isMissing: Bool

    init(_ description: String, isMissing: Bool = false) {
        self.description = description
        self.isMissing = isMissing
    }
}

/// A recording that was read.
public struct Recording: Sendable {
    /// The file.
    public let path: String
    /// The lives that can be played or say why not, oldest first.
    let lives: [Result<FlightLife, CanonicalError>]
    /// Its bytes without empty room: what an export writes.
    public let bytes: [UInt8]
    private let found: FlightReader.Recording

    /// Reads a recording, the ring of a running daemon or a copy of one.
    public init(path: String) throws(RecordingProblem) {
        // Who names the state folder means the recording in it.
        let inside = path + "/recording"
        let isAbove =
            FlightCopy.isFolder(path) && !FlightCopy.holdsRecording(path) && FlightCopy.holdsRecording(inside)
        let path = isAbove ? inside : path
        guard FileManager.default.fileExists(atPath: path) else {
            throw RecordingProblem(
                "There is no recording at \(path): the daemon keeps it as `flight` beside its socket, or where its configuration says (flight_recording).",
                isMissing: true)
        }
        let bytes: [UInt8]
        do {
            bytes = try FlightCopy.read(path: path)
        } catch {
            throw RecordingProblem(
                "The recording \(path) cannot be read: \(error.localizedDescription) Read it as the daemon's own user or as root.",
                isMissing: true)
        }
        try self.init(bytes, path: path)
    }

    /// A recording in memory.
    public init(_ bytes: [UInt8], path: String) throws(RecordingProblem) {
        guard let found = FlightReader.read(bytes) else {
            throw RecordingProblem(Self.whatIsWrong(with: bytes, path))
        }
        self.path = path
        self.found = found
        lives = found.lives
        self.bytes = FlightCopy.trimmed(bytes)
    }

    /// Whether the file at a path begins as a recording does.
    public static func isRecording(path: String) -> Bool {
        if FlightCopy.isFolder(path) { return FlightCopy.holdsRecording(path) }
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        let bytes = (try? file.read(upToCount: 16_384)).map { [UInt8]($0) } ?? []
        return FlightReader.isRecording(bytes)
    }

    /// What every form of a recording begins with, before the digit of its form.
    private static let magic = "HOLDFLT"

    /// Whether a path is meant as a recording: one that can be read, one by its first bytes, or one by its name.
    public static func isMeant(path: String) -> Bool {
        if isRecording(path: path) { return true }
        guard !FlightCopy.isFolder(path), let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        return path.hasSuffix(".flight")
            || (try? file.read(upToCount: magic.utf8.count)).map { $0.elementsEqual(magic.utf8) } ?? false
    }

    /// Why bytes are no recording that this program reads, and what to do.
    private static func whatIsWrong(with bytes: [UInt8], _ path: String) -> String {
        let again = "Take a copy with `holdfast record export`."
        guard !bytes.isEmpty else { return "The recording \(path) is empty. \(again)" }
        guard bytes.starts(with: magic.utf8), bytes.count > magic.utf8.count else {
            let isBegun = magic.utf8.starts(with: bytes)
            return isBegun
                ? "The recording \(path) is cut off inside its head: it has \(bytes.count) bytes. \(again)"
                : "\(path) does not begin as a flight recording does: its head is damaged, or it is another file. \(again)"
        }
        let form = bytes[magic.utf8.count]
        guard form == UInt8(ascii: "1") || form == UInt8(ascii: "2") else {
            let name = magic + String(decoding: [form], as: UTF8.self)
            return
                "\(path) is a recording of another form (\(name)) than this program reads (HOLDFLT1, HOLDFLT2): play it with the program that belongs to the post."
        }
        return "The recording \(path) is cut off before its first block: it has \(bytes.count) bytes. \(again)"
    }

    /// How many lives it holds the start of.
    public var lifeCount: Int { lives.count }

    /// What is missing, as sentences; empty if it is whole.
    public var damages: [String] {
        var sentences: [String] = []
        if found.isTruncated {
            sentences.append("\(path) is cut off: it is shorter than its header says. What is there is played.")
        }
        if found.hasGap {
            sentences.append(
                "\(path) lacks blocks between others: what is before a gap is played, and on from the next state behind it."
            )
        }
        if found.damagedBlocks > 0 {
            let blocks = found.damagedBlocks == 1 ? "a block that is" : "\(found.damagedBlocks) blocks that are"
            sentences.append(
                "\(path) has \(blocks) damaged: what is before is played, and on from the next state behind it.")
        }
        if found.torn > 0 {
            let records = found.torn == 1 ? "a record" : "\(found.torn) records"
            sentences.append("\(path) has \(records) torn by a crash or damaged: played up to there.")
        }
        return sentences
    }

    /// Whether it can no longer be trusted to hold all that happened: more than the torn end of a killed process.
    public var isDamaged: Bool {
        found.isTruncated || found.hasGap || found.damagedBlocks > 0
            || found.breaks.contains { $0 < found.records.count }
    }

    /// Events of a life whose start the ring has come round over.
    public var eventsWithoutStart: Int { found.eventsWithoutStart }

    /// The lives before the newest in which a bench wrote down what was done to its world, and of which scenarios can be made.
    public var earlierLivesWithDeeds: [Int] {
        lives.indices.dropLast().filter { index in
            guard let life = try? lives[index].get(), life.state == nil else { return false }
            return life.records.contains { $0.kind == .deed }
        }.map { $0 + 1 }
    }

    /// The life with that number, from 1; nil means the newest.
    func life(_ number: Int?) throws(RecordingProblem) -> (number: Int, life: FlightLife) {
        guard !lives.isEmpty else {
            throw RecordingProblem(
                "\(path) holds neither the start of a life of the daemon nor a state of its core, so nothing of it can be played: take the copy sooner after the incident, or give the recorder a larger file."
            )
        }
        let number = number ?? lives.count
        guard lives.indices.contains(number - 1) else {
            throw RecordingProblem("\(path) holds the lives 1 to \(lives.count), and no life \(number).")
        }
        switch lives[number - 1] {
        case .success(let life): return (number, life)
        case .failure(let error):
            throw RecordingProblem(
                "\(path), life \(number), is of a version of the recording that this program does not read. \(error)"
            )
        }
    }
}

extension FlightLife {
    /// How long after the start of this life, for people.
    func clock(_ instant: Instant) -> String {
        let milliseconds = (instant - began).microseconds / 1_000
        return "+" + String(format: "%.3f s", Double(milliseconds) / 1_000)
    }
}
