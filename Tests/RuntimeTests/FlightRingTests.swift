// The flight recorder: what was stored is read back after a wrap, a torn tail, a flipped bit and a SIGKILL.

import Foundation
import Post
import Runtime
import Testing

extension FlightRing {
    fileprivate func append(_ kind: FlightKind, at microseconds: Int64, _ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append(kind, at: Instant(microseconds: microseconds), $0) }
    }
}

private func record(_ kind: FlightKind, _ microseconds: Int64, _ bytes: [UInt8]) -> FlightRecord {
    FlightRecord(kind: kind, at: Instant(microseconds: microseconds), bytes: bytes)
}

/// The bytes that record number `number` holds in these tests; their lengths differ.
private func content(_ number: Int) -> [UInt8] {
    (0..<(number * 7 % 90)).map { UInt8(truncatingIfNeeded: number &+ $0) }
}

@Suite("The flight recorder")
struct FlightRingTests {
    @Test("records come back as they went in")
    func roundTrip() throws {
        let ring = try FlightRing(size: 1 << 17)
        ring.append(.life, at: 0, [1, 2, 3])
        ring.append(.event, at: -5, [])
        ring.append(.actions, at: .max, Array(repeating: 7, count: 5_000))
        let recording = try #require(FlightReader.read(ring.copy()))
        #expect(
            recording.records == [
                record(.life, 0, [1, 2, 3]), record(.event, -5, []),
                record(.actions, .max, Array(repeating: 7, count: 5_000)),
            ])
        #expect(recording.torn == 0 && !recording.hasGap)
        ring.append(.event, at: 0, Array(repeating: 0, count: 20_000))
        #expect(ring.dropped == 1)
    }

    @Test("a ring that has come round many times holds the newest records, without a gap")
    func wraps() throws {
        let ring = try FlightRing(size: 1 << 17)
        for number in 0..<50_000 { ring.append(.event, at: Int64(number), content(number)) }
        let recording = try #require(FlightReader.read(ring.copy()))
        let first = try #require(recording.records.first).at.microseconds
        #expect(recording.records.count > 1_000)
        #expect(recording.records == (Int(first)..<50_000).map { record(.event, Int64($0), content($0)) })
        #expect(recording.torn == 0 && !recording.hasGap)
    }

    @Test("a file is gone on with: an earlier life's records stand before those of this one")
    func lives() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/flight"
        do {
            let ring = try FlightRing(path: path, size: 1 << 17)
            for number in 0..<100 { ring.append(.event, at: Int64(number), content(number)) }
        }
        let ring = try FlightRing(path: path, size: 1 << 17)
        ring.append(.life, at: 0, [9])
        let recording = try #require(FlightReader.read([UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))))
        #expect(recording.records.count == 101)
        #expect(recording.records.last == record(.life, 0, [9]))
    }

    @Test("torn anywhere in its last record, a recording ends before it and says so")
    func tornTail() throws {
        let ring = try FlightRing(size: 1 << 17)
        for number in 1...20 { ring.append(.event, at: Int64(number), content(number)) }
        let before = ring.copy()
        let last = Array(repeating: UInt8(0xC3), count: 60)
        ring.append(.event, at: 21, last)
        let after = ring.copy()
        let changed = before.indices.filter { before[$0] != after[$0] }
        let from = try #require(changed.first)
        // Any prefix of the stores may be all that a crash left; any one byte may be what is missing.
        for place in changed {
            var prefix = before
            prefix.replaceSubrange(from...place, with: after[from...place])
            var hole = after
            hole[place] = before[place]
            for torn in [prefix, hole] where torn != after {
                let recording = try #require(FlightReader.read(torn))
                #expect(recording.records.prefix(20).map(\.at.microseconds) == Array(1...20).map(Int64.init))
                #expect(recording.records.count == 20, "byte \(place)")
            }
        }
    }

    @Test("a flipped bit never makes a record that was not stored")
    func flippedBits() throws {
        let ring = try FlightRing(size: 1 << 17)
        var stored = Set<FlightRecord>()
        for number in 0..<500 {
            ring.append(.event, at: Int64(number), content(number))
            stored.insert(record(.event, Int64(number), content(number)))
        }
        let bytes = ring.copy()
        var dice = Dice(state: 7)
        for _ in 0..<400 {
            var damaged = bytes
            let place = Int(dice.next() % 50_000)
            damaged[place] ^= 1 << UInt8(dice.next() % 8)
            guard let recording = FlightReader.read(damaged) else { continue }
            for found in recording.records { #expect(stored.contains(found)) }
        }
        #expect(FlightReader.read([]) == nil)
        #expect(FlightReader.read(Array(repeating: 0xFF, count: 100_000)) == nil)
    }

    @Test("SIGKILL while recording: everything up to the last finished record is there", arguments: 0..<8)
    func killed(_ number: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/flight"
        let microseconds = UInt32(2_000 + number * 1_711)
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, microseconds = microseconds as UInt32] in
            let ring = try FlightRing(path: path, size: 1 << 17)
            ring.append(.life, at: 0, [])
            let thread = Thread {
                usleep(microseconds)
                kill(getpid(), SIGKILL)
            }
            for number in 0..<Int.max {
                if number == 100 { thread.start() }
                ring.append(.event, at: Int64(number), content(number))
            }
        }
        let recording = try #require(FlightReader.read([UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))))
        let events = recording.records.filter { $0.kind == .event }
        let first = try #require(events.first).at.microseconds
        #expect(events == (0..<events.count).map { record(.event, first + Int64($0), content(Int(first) + $0)) })
        #expect(recording.torn <= 1)
    }

    @Test("a folder that may not be written to is an error with a sentence")
    func noFolder() throws {
        let failure = #expect(throws: FlightRing.Failure.self) { _ = try FlightRing(path: "/nowhere/flight") }
        #expect(failure?.description.contains("/nowhere/flight") == true)
    }
}
