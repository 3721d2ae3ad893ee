// SIGKILL at random moments of a list's installation: the post has the old list or the new one, whole, and knows which.

import ControlClient
import Foundation
import Testing

@Suite("The allow-list of a killed post", .serialized)
struct ListKillTests {
    /// Kills over both ways of installation; HOLDFAST_LIST_KILLS=300 for the long run.
    private static let kills = Int(ProcessInfo.processInfo.environment["HOLDFAST_LIST_KILLS"] ?? "") ?? 30
    /// Five unclean starts in ten minutes keep a post in safe mode, so each state lives through four.
    private static let lives = 4

    /// How far an installation had come when it was killed, told from what it left.
    private enum Progress: String {
        case notBegun = "before it began", arriving = "while the list arrived"
        case copied = "while the copy was checked", inPlace = "with the list in place"
    }

    /// What was seen over all the kills.
    private struct Tally: CustomStringConvertible {
        var moments: [String: Int] = [:]
        var withNew = 0
        var count: Int { moments.values.reduce(0, +) }
        /// Kills that cut an installation in two.
        var inTheMidst: Int {
            moments[Progress.arriving.rawValue, default: 0] + moments[Progress.copied.rawValue, default: 0]
        }
        /// Whether more are to be killed: so many, and on a busy machine until one was in the midst.
        func wantsMore(than wanted: Int) -> Bool { count < wanted || (inTheMidst == 0 && count < 10 * wanted) }
        var description: String {
            moments.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
                + "; \(withNew) times the new list was in use afterwards"
        }
    }

    private var chance = Chance(state: 20_251_020)

    @Test(
        "killed while a list is sent: after each SIGKILL the old list or the new one, whole, and the mark in step")
    mutating func sent() async throws {
        let bench = try bench()
        var tally = Tally()
        while tally.wantsMore(than: Self.kills / 2) {
            try begin(bench)
            try await bench.start()
            // The time a whole installation takes here and now says how the moments are spread.
            var whole = try await seconds { _ = try await bench.client.put("/v1/allow-list", file: path(bench, 2)) }
            for new in 3..<3 + Self.lives {
                let (client, list) = (bench.client, path(bench, new))
                let sending = Task { _ = try? await client.put("/v1/allow-list", file: list) }
                try await ContinuousClock().sleep(for: .seconds(whole * chance.next()))
                bench.kill()
                await sending.value
                try await judge(bench, new, &tally)
                whole = try await seconds { _ = try await bench.client.put("/v1/allow-list", file: list) }
                #expect(try await version(bench) == new, "the next attempt must succeed")
            }
            bench.kill()
        }
        print("killed while a list was sent: \(tally)")
        #expect(tally.inTheMidst > 0)
    }

    @Test("killed while `allowlist install` runs: the same")
    mutating func installed() async throws {
        let bench = try bench()
        var tally = Tally()
        while tally.wantsMore(than: Self.kills / 2) {
            try begin(bench)
            var whole = try await seconds { try install(bench, 2) }
            for new in 3..<3 + Self.lives {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: programs + "/holdfast")
                process.arguments = order(bench, new)
                (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
                try process.run()
                try await ContinuousClock().sleep(for: .seconds(whole * chance.next()))
                Foundation.kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                try await judge(bench, new, &tally)
                #expect(bench.terminate() == 0)
                whole = try await seconds { try install(bench, new) }
            }
        }
        print("killed while `allowlist install` ran: \(tally)")
        #expect(tally.inTheMidst > 0)
    }

    /// A bench with lists of versions 1 to 6: as many drivers as make a kill hit something, and one of each version's own.
    private func bench() throws -> Bench {
        let bench = try Bench()
        let drivers = (0..<40_000).map { "free:DRIVER\($0)" }
        for version in 1..<3 + Self.lives {
            try bench.issue(
                "list-\(version).pal", version: version, after: version > 1 ? "list-\(version - 1).pal" : nil,
                drivers + ["free:ONLY\(version)"])
        }
        return bench
    }

    /// A new post with the first list.
    private func begin(_ bench: Bench) throws {
        try FileManager.default.removeItem(atPath: bench.folder + "/state")
        try install(bench, 1)
    }

    private func path(_ bench: Bench, _ version: Int) -> String { bench.folder + "/list-\(version).pal" }

    private func order(_ bench: Bench, _ version: Int) -> [String] {
        [
            "allowlist", "install", path(bench, version), "--keys", bench.folder + "/keys", "--state",
            bench.folder + "/state",
        ]
    }

    private func install(_ bench: Bench, _ version: Int) throws {
        let done = try run("holdfast", order(bench, version))
        #expect(done.code == 0, "\(done.errors)")
    }

    /// Starts the killed post and looks at what it has, from its own words, its files and its decisions.
    private func judge(_ bench: Bench, _ new: Int, _ tally: inout Tally) async throws {
        let moment = try progress(bench, new)
        tally.moments[moment.rawValue, default: 0] += 1
        let what = "kill \(tally.count), \(moment.rawValue)"
        try await bench.start()
        let list = try #require(try await bench.status()["list"] as? [String: Any])
        let version = list["version"] as? Int ?? 0
        #expect(version == new || version == new - 1, "\(what): version \(version) of \(new - 1), \(new)")
        #expect(list["entries"] as? Int == 40_001 && list["is_demoted"] as? Bool == false, "\(what): \(list)")
        #expect(list["refused"] == nil, "\(what): \(list)")
        let expected = try Data(contentsOf: URL(fileURLWithPath: path(bench, version)))
        #expect(
            try slots(bench).contains(expected), "\(what): list \(version) is in neither place as it was issued")
        // Drivers of one version only, at the reader.
        try await bench.until("in service") { try await bench.state() == "available" }
        let (listed, unlisted) = version == new ? (new, new - 1) : (new - 1, new)
        for (driver, expected) in [(unlisted, "unknown_token"), (listed, nil)] {
            _ = try await bench.client.post("/v1/sim/tap", json: #"{"token":"free:ONLY\#(driver)","waits":true}"#)
            let refused = try await bench.connector()["refused"] as? String
            #expect(refused == expected, "\(what): ONLY\(driver) got \(refused ?? "in") with list \(version)")
        }
        // The mark in step: what is in use is the newest that was ever installed, and nothing older is taken.
        let older = try await bench.refusal { try await $0.put("/v1/allow-list", file: path(bench, new - 1)) }
        #expect(older?.code == (version == new ? "rollback" : nil), "\(what): \(older?.code ?? "taken")")
        let left = try FileManager.default.contentsOfDirectory(atPath: bench.folder + "/state")
        #expect(!left.contains(".allow-list.upload"), "\(what): the torn upload is still there")
        if version == new { tally.withNew += 1 }
    }

    private func version(_ bench: Bench) async throws -> Int? {
        (try await bench.status()["list"] as? [String: Any])?["version"] as? Int
    }

    private func slots(_ bench: Bench) throws -> [Data] {
        ["a", "b"].compactMap {
            try? Data(contentsOf: URL(fileURLWithPath: bench.folder + "/state/allow-list.\($0).pal"))
        }
    }

    private func progress(_ bench: Bench, _ new: Int) throws -> Progress {
        let left = try FileManager.default.contentsOfDirectory(atPath: bench.folder + "/state")
        if try slots(bench).contains(where: { $0.count >= 56 && $0[55] == UInt8(new) }) { return .inPlace }
        if left.contains(".allow-list.incoming") { return .copied }
        return left.contains(".allow-list.upload") ? .arriving : .notBegun
    }

    private func seconds(_ act: () async throws -> Void) async rethrows -> Double {
        let began = ContinuousClock.now
        try await act()
        return (ContinuousClock.now - began) / .seconds(1)
    }
}

/// Seeded shares of a time, from nothing to a little more than the whole.
private struct Chance {
    var state: UInt64
    mutating func next() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 33 & 0xFFFF) / 65_536 * 1.1
    }
}
