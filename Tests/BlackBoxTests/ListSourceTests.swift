// Lists on their way in, by every way that there is: the tool, a delta, a watched folder, mirrors; and pages that rot.

import ControlClient
import Foundation
import Testing

@Suite("Where lists come from", .serialized)
struct ListSourceTests {
    func list(_ bench: Bench) async throws -> [String: Any] {
        try #require(try await bench.status()["list"] as? [String: Any])
    }

    private func counts(_ bench: Bench) async throws -> [String: Int] {
        let counts = try await list(bench)["counts"] as? [String: Any]
        return counts?["refused"] as? [String: Int] ?? [:]
    }

    func metrics(_ bench: Bench) async throws -> String { try await bench.client.get("/metrics").text }

    private func install(_ bench: Bench, _ name: String, _ more: String...) throws -> (
        code: Int32, output: String, errors: String
    ) {
        try run(
            "holdfast", ["allowlist", "install", bench.folder + "/" + name] + more,
            environment: ["HOLDFAST_SOCKET": bench.socket])
    }

    /// Drivers for two pages, and fewer than the install guard minds.
    let many = (0..<90).map { "free:DRIVER\($0)" }

    func fingerprint(_ bench: Bench, _ name: String) throws -> String {
        let facts = try run(
            "holdfast",
            ["allowlist", "inspect", bench.folder + "/" + name, "--keys", bench.folder + "/keys", "--json"])
        let told = try #require(try JSONSerialization.jsonObject(with: Data(facts.output.utf8)) as? [String: Any])
        return try #require(told["fingerprint"] as? String, "\(facts)")
    }

    @Test(
        "the tool gives a running post a new list between two taps; a session goes on, and the next driver is let in"
    )
    func hotSwap() async throws {
        let bench = try Bench()
        try await bench.start()
        try await bench.charge("free:ALICE")
        try bench.issue("next.pal", version: 2, ["free:ALICE", "free:CAROL"])
        // The folder is named, its lock is taken: the file goes to the daemon.
        let done = try install(
            bench, "next.pal", "--keys", bench.folder + "/keys", "--state", bench.folder + "/state", "--json")
        #expect(done.code == 0 && done.output.contains("\"version\":2"), "\(done)")
        #expect(try await list(bench)["version"] as? Int == 2)
        #expect(try await bench.state() == "charging")
        try await bench.charge("free:CAROL", at: 2)
        // An older one is refused by name, with the exit code of its kind, and changes nothing.
        let older = try install(bench, "list.pal", "--json")
        #expect(older.code == 65 && older.output.contains("\"rollback\""), "\(older)")
        #expect(try await metrics(bench).contains("holdfast_allow_list_refused_total{reason=\"rollback\"} 1"))
        #expect(bench.log.contains("allow_list_refused"))
        // By every way it says what drivers are to be told.
        let sentence = "You need not do anything"
        #expect(older.output.contains(sentence) && bench.log.contains(sentence), "\(older)")
        let answered = try await bench.refusal {
            try await $0.put("/v1/allow-list", file: bench.folder + "/list.pal")
        }
        #expect(answered?.driver.hasPrefix(sentence) == true, "\(String(describing: answered))")
        let told = try await list(bench)["refused"] as? [String: Any]
        #expect((told?["driver"] as? String)?.hasPrefix(sentence) == true, "\(told ?? [:])")
        #expect(try await bench.state() == "charging")
    }

    @Test("a list that removes unusually many waits for somebody who names its fingerprint")
    func confirmed() async throws {
        let bench = try Bench()
        try bench.issue("many.pal", version: 2, (0..<200).map { "free:DRIVER\($0)" })
        try bench.issue("few.pal", version: 3, ["free:ALICE"])
        try await bench.start()
        for (name, refusal) in [("many.pal", "suspicious_growth"), ("few.pal", "suspicious_shrinkage")] {
            let held = try install(bench, name, "--json")
            #expect(held.code == 77 && held.output.contains(refusal), "\(held)")
            #expect(try install(bench, name, "--confirm", String(repeating: "0", count: 64)).code == 77)
            #expect(try install(bench, name, "--confirm", try fingerprint(bench, name)).code == 0)
        }
        #expect(try await list(bench)["version"] as? Int == 3)
    }

    @Test("a delta leads to the list that was signed; one from another list is refused")
    func delta() async throws {
        let bench = try Bench()
        let keys = bench.folder + "/keys"
        try bench.issue("second.pal", version: 2, ["free:ALICE", "free:BOB"] + many)
        try (["free:ALICE", "free:CAROL"] + many).joined(separator: "\n").write(
            toFile: bench.folder + "/third.csv", atomically: true, encoding: .utf8)
        // A delta needs lists of one salt.
        for arguments in [
            [
                "issue", "--in", "third.csv", "--previous", "second.pal", "--version-number", "3", "--out",
                "third.pal",
            ],
            ["delta", "make", "second.pal", "third.pal", "--out", "good.pad"],
        ] {
            let words = arguments.map { $0.contains(".") ? bench.folder + "/" + $0 : $0 }
            let done = try run("holdfast", ["allowlist"] + words + ["--keys", keys])
            #expect(done.code == 0, "\(done)")
        }
        try await bench.start()
        _ = try await bench.client.put("/v1/allow-list", file: bench.folder + "/second.pal")
        let answer = try await bench.client.put("/v1/allow-list", file: bench.folder + "/good.pad")
        #expect(answer.text.contains("\"version\":3"), "\(answer.text)")
        // The same again starts from a list that is no longer in use.
        let again = try await bench.refusal {
            try await $0.put("/v1/allow-list", file: bench.folder + "/good.pad")
        }
        #expect(again?.code == "wrong_base")
        try await bench.charge("free:CAROL")
    }

    @Test(
        "a folder: what lies in it is taken, what is refused is named once, and nothing in it is changed or followed"
    )
    func folder() async throws {
        let bench = try Bench()
        let stick = bench.folder + "/stick"
        try bench.allowList(", folders: [\(stick)]")
        try await bench.start()
        try bench.issue("second.pal", version: 2, ["free:CAROL"])
        try bench.issue("third.pal", version: 3, ["free:DAVE"])
        // The stick comes while the post runs.
        let files = FileManager.default
        try files.createDirectory(atPath: stick, withIntermediateDirectories: true)
        var broken = try Data(contentsOf: URL(fileURLWithPath: bench.folder + "/third.pal"))
        broken[100] ^= 1
        try broken.write(to: URL(fileURLWithPath: stick + "/broken.pal"))
        try files.createSymbolicLink(atPath: stick + "/link.pal", withDestinationPath: bench.folder + "/third.pal")
        #expect(mkfifo(stick + "/pipe.pal", 0o600) == 0)
        try files.copyItem(atPath: bench.folder + "/second.pal", toPath: stick + "/second.pal")
        try await bench.until("the list of the stick is in use") {
            try await self.list(bench)["version"] as? Int == 2
        }
        try await bench.until("the broken one is named") { try await self.counts(bench) == ["bad_signature": 1] }
        #expect(try files.contentsOfDirectory(atPath: stick).count == 4)
        // A file that is still being written is tried again when it is whole.
        let whole = try Data(contentsOf: URL(fileURLWithPath: bench.folder + "/third.pal"))
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: stick + "/third.pal"))
        try await bench.until("the torn one is named") { try await self.counts(bench)["truncated"] == 1 }
        try whole.write(to: URL(fileURLWithPath: stick + "/third.pal"))
        try await bench.until("the whole one is in use") { try await self.list(bench)["version"] as? Int == 3 }
        #expect(try await counts(bench) == ["bad_signature": 1, "truncated": 1])
        #expect(bench.terminate() == 0)
    }

    @Test("a mirror on a line that breaks off again and again: the list goes on from where it ended each time")
    func brokenOff() async throws {
        let bench = try Bench()
        let mirror = try Mirror(in: bench.folder + "/mirror")
        let drivers = (0..<20_000).map { "free:DRIVER\($0)" }
        // Nobody is surprised by so many: they were there before.
        try bench.issue("first.pal", version: 1, drivers)
        try bench.issue("second.pal", version: 2, after: "first.pal", drivers)
        try FileManager.default.removeItem(atPath: bench.folder + "/state")
        let install = [
            "allowlist", "install", bench.folder + "/first.pal", "--keys", bench.folder + "/keys", "--state",
            bench.folder + "/state",
        ]
        #expect(try run("holdfast", install).code == 0)
        try FileManager.default.copyItem(
            atPath: bench.folder + "/second.pal", toPath: mirror.folder + "/allow-list.pal")
        // 660 kB in pieces of 250 kB: no single answer ever brings it whole.
        try "250000".write(toFile: mirror.folder + "/cut", atomically: true, encoding: .utf8)
        try bench.allowList(
            ", mirrors: {addresses: [\"\(mirror.address)\"], every: 24h, authorities_file: \(mirror.certificate)}")
        try await bench.start()
        try await bench.until("the list is in use") { try await self.list(bench)["version"] as? Int == 2 }
        #expect(try await list(bench)["entries"] as? Int == 20_000)
        #expect(try await counts(bench) == [:])
        #expect(bench.terminate() == 0)
    }

    @Test("mirrors: one that is dead and one whose certificate nobody knows are passed over; the third will do")
    func mirrors() async throws {
        let bench = try Bench()
        let (good, foreign) = (try Mirror(in: bench.folder + "/good"), try Mirror(in: bench.folder + "/foreign"))
        try bench.issue("second.pal", version: 2, ["free:CAROL"])
        for mirror in [good, foreign] {
            try FileManager.default.copyItem(
                atPath: bench.folder + "/second.pal", toPath: mirror.folder + "/allow-list.pal")
        }
        let dead = "https://localhost:1"
        try bench.allowList(
            ", mirrors: {addresses: [\"\(dead)\", \"\(foreign.address)\", \"\(good.address)/\"], every: 1s, authorities_file: \(good.certificate)}"
        )
        try await bench.start()
        try await bench.until("the list of the mirror is in use") {
            try await self.list(bench)["version"] as? Int == 2
        }
        try await bench.until("each mirror's state is told") {
            (try await self.list(bench)["mirrors"] as? [[String: Any]])?.count == 3
        }
        let told = try #require(try await list(bench)["mirrors"] as? [[String: Any]])
        for mirror in told {
            let (address, trouble) = (mirror["address"] as? String, mirror["trouble"] as? String)
            switch address {
            case dead: #expect(trouble?.contains("cannot be reached") == true, "\(mirror)")
            case foreign.address: #expect(trouble?.contains("certificate") == true, "\(mirror)")
            default: #expect(trouble == nil && mirror["answered_at"] != nil, "\(mirror)")
            }
        }
        // An older list, and the same again, are no news.
        #expect(try await counts(bench) == [:])
        try FileManager.default.removeItem(atPath: good.folder + "/allow-list.pal")
        try FileManager.default.copyItem(atPath: bench.list, toPath: good.folder + "/allow-list.pal")
        try await bench.until("the older one is refused by name") {
            try await (self.counts(bench)["rollback"] ?? 0) > 0
        }
        #expect(try await list(bench)["version"] as? Int == 2)
        #expect(bench.terminate() == 0)
    }

    @Test(
        "a page that rots: the list before answers as a stale one, each time told; the same list sent again mends it"
    )
    func damagedPage() async throws {
        let bench = try Bench()
        // Once in ninety salts a card sorts before the first page; then no damage can touch it.
        for version in 2..<9 {
            try bench.issue("second.pal", version: version, many)
            let asked = try run(
                "holdfast",
                [
                    "allowlist", "lookup", bench.folder + "/second.pal", "free:ALICE", "--keys",
                    bench.folder + "/keys",
                    "--explain",
                ])
            if asked.output.contains(" of 2") { break }
        }
        try await bench.start()
        _ = try await bench.client.put("/v1/allow-list", file: bench.folder + "/second.pal")
        try rot(bench, bench.folder + "/second.pal")
        // ALICE was on the list before, and the page that no longer names her is damaged.
        try await bench.charge("free:ALICE")
        let connector = try await bench.connector()
        #expect((connector["session"] as? [String: Any])?["allowance_watt_hours"] as? Int == 40_000)
        #expect(try await list(bench)["damaged_pages"] as? Int == 1)
        #expect(bench.log.contains("page_damaged") && bench.log.contains("the list before answered"))
        let answered = "holdfast_allow_list_damaged_look_ups_total{answered_by=\"previous_list\"} 1"
        #expect(try await metrics(bench).contains(answered))
        _ = try await bench.client.put("/v1/allow-list", file: bench.folder + "/second.pal")
        #expect(try await list(bench)["damaged_pages"] as? Int == 0)
        _ = try await bench.client.post("/v1/sim/plug", json: #"{"connector":2}"#)
        _ = try await bench.client.post("/v1/sim/tap", json: #"{"token":"free:CAROL","waits":true}"#)
        try await bench.until("the journal has the refusal") { bench.log.contains("unknown_token") }
    }

    @Test("the scrub finds rot where nobody looks: the list counts as damaged and stale until it is sent anew")
    func scrub() async throws {
        let bench = try Bench()
        try bench.allowList(", scrub_every: 1s")
        try bench.issue("second.pal", version: 2, many)
        try await bench.start()
        _ = try await bench.client.put("/v1/allow-list", file: bench.folder + "/second.pal")
        try await bench.until("a scrub went through") { try await self.list(bench)["scrubbed_at"] is Int }
        #expect(try await metrics(bench).contains("holdfast_allow_list_damaged 0"))
        try rot(bench, bench.folder + "/second.pal")
        try await bench.until("the scrub has found it") {
            try await self.list(bench)["is_damaged"] as? Bool == true
        }
        #expect(try await list(bench)["step"] as? String == "stale")
        #expect(bench.log.contains("list_damaged") && bench.log.contains("asked for anew"))
        #expect(try await metrics(bench).contains("holdfast_allow_list_scrubs_total{outcome=\"damaged\"} 1"))
        _ = try await bench.client.put("/v1/allow-list", file: bench.folder + "/second.pal")
        #expect(try await list(bench)["is_damaged"] as? Bool == false)
        #expect(try await list(bench)["step"] as? String != "stale")
    }

    @Test("a mirror that drips is given up after half a minute, and the next one brings the list")
    func dripping() async throws {
        let bench = try Bench()
        let (slow, good) = (try Mirror(in: bench.folder + "/slow"), try Mirror(in: bench.folder + "/good"))
        try bench.issue("second.pal", version: 2, ["free:CAROL"])
        for mirror in [slow, good] {
            try FileManager.default.copyItem(
                atPath: bench.folder + "/second.pal", toPath: mirror.folder + "/allow-list.pal")
        }
        _ = FileManager.default.createFile(atPath: slow.folder + "/drip", contents: nil)
        // Both certificates count.
        let both = bench.folder + "/both.pem"
        try
            (String(contentsOfFile: slow.certificate, encoding: .utf8)
            + String(contentsOfFile: good.certificate, encoding: .utf8))
            .write(toFile: both, atomically: true, encoding: .utf8)
        try bench.allowList(
            ", mirrors: {addresses: [\"\(slow.address)\", \"\(good.address)\"], every: 24h, authorities_file: \(both)}"
        )
        try await bench.start()
        try await bench.until("the list of the second is in use") {
            try await self.list(bench)["version"] as? Int == 2
        }
        let told = try #require(try await list(bench)["mirrors"] as? [[String: Any]])
        #expect((told[0]["trouble"] as? String)?.contains("less than") == true, "\(told)")
        #expect(bench.terminate() == 0)
    }

    @Test("a fleet that joins the list in mid-session: its driver stops nobody's session, the colleague does")
    func groupsAcrossLists() async throws {
        let bench = try Bench()
        let keys = bench.folder + "/keys"
        func issue(_ version: Int, _ drivers: [(String, String)]) throws {
            let tokens = drivers.map {
                #"{"uid":"\#($0.0)","type":"OTHER","valid":true,"whitelist":"ALWAYS","group_id":"\#($0.1)"}"#
            }
            let path = bench.folder + "/fleets-\(version)"
            try "[\(tokens.joined(separator: ","))]".write(
                toFile: path + ".json", atomically: true, encoding: .utf8)
            let before = version > 2 ? ["--previous", bench.folder + "/fleets-\(version - 1).pal"] : []
            let done = try run(
                "holdfast",
                [
                    "allowlist", "issue", "--in", path + ".json", "--keys", keys, "--version-number", "\(version)",
                    "--out", path + ".pal",
                ] + before)
            #expect(done.code == 0, "\(done)")
        }
        let bakery = [("BOB1", "bakery"), ("BOB2", "bakery"), ("ZOE", "zoo")]
        try issue(2, bakery)
        try issue(3, bakery + [("ALF", "aardvark")])
        try await bench.start()
        _ = try await bench.client.put("/v1/allow-list", file: bench.folder + "/fleets-2.pal")
        try await bench.charge("free:BOB1")
        _ = try await bench.client.put("/v1/allow-list", file: bench.folder + "/fleets-3.pal")
        // The stranger gets a grant of his own, for the other connector.
        _ = try await bench.client.post("/v1/sim/tap", json: #"{"token":"free:ALF","waits":true}"#)
        #expect(try await bench.connector()["refused"] as? String == nil)
        #expect(try await bench.state() == "charging")
        #expect(try bench.holdfast("sim", "tap", "free:BOB2").code == 0)
        try await bench.until("the colleague has stopped it") { try await bench.state() == "finishing" }
        #expect(try await bench.sessions().first?["stop_reason"] as? String == "local")
    }

    @Test("a folder with more lists than are looked at at once: the newest is in use first, and the rest is told")
    func manyFiles() async throws {
        let bench = try Bench()
        let stick = bench.folder + "/stick"
        for version in 2..<72 {
            try bench.issue("v\(version).pal", version: version, ["free:ALICE", "free:V\(version)"])
        }
        try FileManager.default.createDirectory(atPath: stick, withIntermediateDirectories: true)
        for version in 2..<72 {
            // Names that sort the other way round.
            try FileManager.default.copyItem(
                atPath: bench.folder + "/v\(version).pal", toPath: stick + "/list-\(900 - version).pal")
        }
        try bench.allowList(", folders: [\(stick)]")
        try await bench.start()
        try await bench.until("the newest is in use") { try await self.list(bench)["version"] as? Int == 71 }
        #expect(bench.log.contains("70 new files lie here; 64 are looked at at once"))
        try await bench.until("the six older ones have had their turn") {
            try await self.counts(bench) == ["rollback": 6]
        }
        #expect(try await list(bench)["version"] as? Int == 71)
        #expect(bench.terminate() == 0)
    }

    @Test(
        "a folder's list that the disk had no place for is tried again, and one that was found damaged is taken anew"
    )
    func triedAgain() async throws {
        let bench = try Bench()
        let stick = bench.folder + "/stick"
        try bench.allowList(", scrub_every: 1s, folders: [\(stick)]")
        try bench.issue("second.pal", version: 2, many)
        try await bench.start()
        // Something stands where what comes in is written.
        let inTheWay = bench.folder + "/state/.allow-list.upload-folder"
        try FileManager.default.createDirectory(atPath: inTheWay, withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: stick, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: bench.folder + "/second.pal", toPath: stick + "/second.pal")
        try await bench.until("the disk's trouble is named") { try await self.counts(bench) == ["disk_failed": 1] }
        try FileManager.default.removeItem(atPath: inTheWay)
        try await bench.until("it is in use") { try await self.list(bench)["version"] as? Int == 2 }
        try rot(bench, bench.folder + "/second.pal")
        try await bench.until("it is found damaged and taken from the folder again") {
            let isFound = try await self.metrics(bench).contains(
                "holdfast_allow_list_scrubs_total{outcome=\"damaged\"} 1")
            guard isFound else { return false }
            return try await self.list(bench)["is_damaged"] as? Bool == false
        }
        #expect(try await counts(bench) == ["disk_failed": 1])
        #expect(bench.terminate() == 0)
    }

    @Test("a list that the scrub finds damaged is fetched anew from a mirror, without anybody")
    func mended() async throws {
        let bench = try Bench()
        let mirror = try Mirror(in: bench.folder + "/mirror")
        try bench.issue("second.pal", version: 2, many)
        try FileManager.default.copyItem(
            atPath: bench.folder + "/second.pal", toPath: mirror.folder + "/allow-list.pal")
        try bench.allowList(
            ", scrub_every: 1s, mirrors: {addresses: [\"\(mirror.address)\"], every: 24h, authorities_file: \(mirror.certificate)}"
        )
        try await bench.start()
        try await bench.until("the list is in use") { try await self.list(bench)["version"] as? Int == 2 }
        try rot(bench, bench.folder + "/second.pal")
        try await bench.until("it is found and fetched again") {
            let isFound = try await self.metrics(bench).contains(
                "holdfast_allow_list_scrubs_total{outcome=\"damaged\"} 1")
            guard isFound else { return false }
            return try await self.list(bench)["is_damaged"] as? Bool == false
        }
        #expect(try await list(bench)["version"] as? Int == 2)
        #expect(bench.terminate() == 0)
    }

    /// Turns a bit in each page of the file that is in use, as a disk does: under the daemon's open file.
    func rot(_ bench: Bench, _ original: String) throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: original))
        for slot in ["a", "b"] {
            let path = bench.folder + "/state/allow-list.\(slot).pal"
            guard (try? Data(contentsOf: URL(fileURLWithPath: path))) == bytes else { continue }
            let handle = try #require(FileHandle(forUpdatingAtPath: path))
            for place in [bytes.count - 2_040, bytes.count - 2_040 - 2_048] {
                try handle.seek(toOffset: UInt64(place))
                handle.write(Data([bytes[place] ^ 1]))
            }
            try handle.close()
            return
        }
        Issue.record("no slot holds \(original)")
    }
}
