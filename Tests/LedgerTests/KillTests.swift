// SIGKILL in the middle of writing: what was answered is there, and what is there is whole.

import Foundation
import GRDB
import Post
import Testing

@testable import Ledger

/// Writes sessions without end, and notes in a plain file each answer that it got.
private func writeWithoutEnd(path: String) throws -> Never {
    let ledger = try Ledger(path: path)
    let boot = try ledger.begin(noon).boot.bootNumber
    let notes = open(path + ".notes", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    func note(_ text: String) { _ = text.withCString { write(notes, $0, strlen($0)) } }
    var counter: UInt32 = 0
    while true {
        counter += 1
        guard try ledger.record(start(counter, boot: boot), noon) == .recorded else { exit(3) }
        note("start \(boot) \(counter)\n")
        for energy in 1...3 {
            _ = try ledger.record(sample(counter, boot: boot, Int64(energy) * 10))
            note("sample \(boot) \(counter) \(energy * 10)\n")
        }
        _ = try ledger.record(stop(counter, boot: boot, 40), noon)
        note("stop \(boot) \(counter)\n")
    }
}

@Suite("Killed while writing")
struct KillTests {
    /// Kills one writer after another on the same file; each is killed by a thread of its own at a seeded moment.
    @Test("30 kills at seeded moments: every answered record is there, the outbox has no gap")
    func killed() async throws {
        let folder = try TemporaryFolder()
        let path = folder.records
        var seed: UInt64 = 20_251_020
        for round in 0..<30 {
            // The first ones die while the tables are made; on a busy machine all thirty would.
            if round == 8 { _ = try Ledger(path: path) }
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let microseconds = UInt32(truncatingIfNeeded: seed >> 33) % 30_000 + 200
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, microseconds = microseconds as UInt32] in
                let thread = Thread {
                    usleep(microseconds)
                    kill(getpid(), SIGKILL)
                }
                thread.start()
                try writeWithoutEnd(path: path)
            }
        }
        let answered = try String(contentsOfFile: path + ".notes", encoding: .utf8).split(separator: "\n")
        let database = try DatabaseQueue(path: path)
        let found = try await database.read { database in
            Set(
                try Row.fetchAll(database, sql: "SELECT boot, counter, energy_wh, stop_reason FROM session").flatMap
                { row in
                    let name = "\(row["boot"] as Int64) \(row["counter"] as Int64)"
                    let energy = row["energy_wh"] as Int64
                    var facts = ["start \(name)"]
                    for step in stride(from: Int64(10), through: min(energy, 30), by: 10) {
                        facts.append("sample \(name) \(step)")
                    }
                    if row["stop_reason"] != nil { facts.append("stop \(name)") }
                    return facts
                })
        }
        // A note that was torn by the kill has no answer of its own to check.
        let missing = answered.dropLast().filter { !found.contains(String($0)) }
        #expect(missing.isEmpty, "answered, and gone: \(missing.prefix(5))")
        #expect(!answered.isEmpty, "the writers never got to write")
        let ledger = try Ledger(path: path)
        #expect(ledger.quarantined == nil)
        let owed = try ledger.outbox()
        #expect(try folder.count("SELECT count(*) FROM outbox") == Int(owed.newest))
        #expect(
            try folder.count(
                "SELECT count(*) FROM session WHERE (stop_reason IS NOT NULL) + 1 != "
                    + "(SELECT count(*) FROM outbox WHERE outbox.boot = session.boot AND outbox.counter = session.counter)"
            )
                == 0)
        #expect(try ledger.begin(noon).boot.bootNumber >= 2)
        print("killed 30 times, \(answered.count) answered records, \(owed.newest) in the outbox")
    }
}
