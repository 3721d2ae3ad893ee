// The daemon's trust from outside: bundles that follow each other, revocation within the hour, keys withdrawn.

import ControlClient
import Foundation
import Testing

@Suite("What the daemon trusts", .serialized)
struct TrustTests {
    /// A bench whose post trusts a bundle of two roots instead of the plain key, with a deny key.
    private func bench(_ dates: String...) throws -> Bench {
        let bench = try Bench(speed: 100)
        for (role, name) in [("root", "r1"), ("root", "r2"), ("deny", "deny"), ("list", "second")] {
            try tool(bench, "keygen", "--role", role, "--out", bench.folder + "/" + name)
        }
        let order = [
            "bundle", "new", "--keys", bench.folder + "/keys", "--root", bench.folder + "/r1.public", "--root",
            bench.folder + "/r2.public", "--list-key", bench.folder + "/keys/list-keys", "--deny-key",
            bench.folder + "/deny.public", "--out", bench.folder + "/first.pab",
        ]
        let made = try run("holdfast", ["allowlist"] + order + dates)
        #expect(made.code == 0, "\(made.errors)")
        try sign(bench, "first.pab")
        let text = try String(contentsOfFile: bench.configuration, encoding: .utf8)
        try text.replacingOccurrences(
            of: "allow_list: {", with: "allow_list: {bundle_file: \(bench.folder)/first.pab, "
        ).write(toFile: bench.configuration, atomically: true, encoding: .utf8)
        return bench
    }

    private func tool(_ bench: Bench, _ arguments: String...) throws {
        let done = try run("holdfast", ["allowlist"] + arguments)
        #expect(done.code == 0, "\(arguments): \(done.errors)")
    }

    private func sign(_ bench: Bench, _ name: String) throws {
        for root in ["r1", "r2"] {
            try tool(
                bench, "bundle", "sign", bench.folder + "/" + name, "--secret", bench.folder + "/\(root).secret")
        }
    }

    private func deny(_ bench: Bench, _ sequence: Int, _ tokens: String, by key: String = "deny.secret") throws {
        try tokens.write(toFile: bench.folder + "/denied.csv", atomically: true, encoding: .utf8)
        try tool(
            bench, "deny", "sign", "--keys", bench.folder + "/keys", "--in", bench.folder + "/denied.csv", "--list",
            bench.list, "--sequence", "\(sequence)", "--secret", bench.folder + "/" + key, "--out",
            bench.folder + "/deny-\(sequence).pan")
    }

    private func put(_ bench: Bench, _ name: String) async throws -> String {
        try await bench.client.put("/v1/allow-list", file: bench.folder + "/" + name).text
    }

    @Test("a denied card is refused at the next tap and after a restart; an older object changes nothing")
    func denied() async throws {
        let bench = try bench()
        try await bench.start()
        try deny(bench, 2, "free:ALICE\n")
        #expect(try await put(bench, "deny-2.pan").contains("\"denied\":1"))
        try deny(bench, 1, "")
        let older = try await bench.refusal {
            try await $0.put("/v1/allow-list", file: bench.folder + "/deny-1.pan")
        }
        #expect(older?.code == "rollback")
        // The list's own key may grant; it may not deny in the deny key's name, nor the deny key grant.
        try deny(bench, 3, "free:BOB\n", by: "keys/list-secret")
        let wrong = try await bench.refusal {
            try await $0.put("/v1/allow-list", file: bench.folder + "/deny-3.pan")
        }
        #expect(wrong?.code == "wrong_role")
        bench.kill()
        try await bench.start()
        #expect(try bench.holdfast("sim", "plug", "1").code == 0)
        try await bench.until("plugged in") { try await bench.state() == "occupied" }
        #expect(try bench.holdfast("sim", "tap", "free:ALICE").code == 0)
        try await bench.until("refused") { bench.log.contains("blocked") }
        #expect(try await bench.state() == "occupied")
        try await bench.charge("free:BOB", at: 2)
    }

    @Test("a bundle that follows is taken, one too far ahead is not; the list of a withdrawn key still serves")
    func bundles() async throws {
        let bench = try bench()
        try await bench.start()
        let (first, second, third) = ("first.pab", "second.pab", "third.pab")
        for (before, next) in [(first, second), (second, third)] {
            try tool(
                bench, "bundle", "new", "--previous", bench.folder + "/" + before, "--list-key",
                bench.folder + "/second.public", "--out", bench.folder + "/" + next)
            try sign(bench, next)
        }
        let gap = try await bench.refusal { try await $0.put("/v1/allow-list", file: bench.folder + "/" + third) }
        #expect(gap?.code == "bundle_gap")
        #expect(try await put(bench, second).contains("\"trust_bundle\":2"))
        #expect(try await put(bench, third).contains("\"trust_bundle\":3"))
        try bench.issue("more.pal", version: 2, ["free:EVE"])
        let stolen = try await bench.refusal {
            try await $0.put("/v1/allow-list", file: bench.folder + "/more.pal")
        }
        #expect(stolen?.code == "unknown_issuer")
        bench.kill()
        try await bench.start()
        let list = try #require(try await bench.status()["list"] as? [String: Any])
        #expect(list["freshness"] as? String == "expired" && list["version"] as? Int == 1)
        // Never "deny all": the lowest step still gives a driver enough for the next site.
        try await bench.charge("free:ALICE")
    }

    @Test("a mirror brings the next bundle, then who is denied; what is there already is no news")
    func mirrored() async throws {
        let bench = try bench()
        let mirror = try Mirror(in: bench.folder + "/mirror")
        try tool(
            bench, "bundle", "new", "--previous", bench.folder + "/first.pab", "--out",
            mirror.folder + "/trust-bundle-2.pab")
        for root in ["r1", "r2"] {
            try tool(
                bench, "bundle", "sign", mirror.folder + "/trust-bundle-2.pab", "--secret",
                bench.folder + "/\(root).secret")
        }
        try deny(bench, 1, "free:ALICE\n")
        for (from, to) in [("deny-1.pan", "deny.pan"), ("list.pal", "allow-list.pal")] {
            try FileManager.default.copyItem(atPath: bench.folder + "/" + from, toPath: mirror.folder + "/" + to)
        }
        try bench.allowList(
            ", mirrors: {addresses: [\"\(mirror.address)\"], every: 1s, authorities_file: \(mirror.certificate)}")
        try await bench.start()
        var list: [String: Any] = [:]
        try await bench.until("bundle and deny object are in force, and the mirror was of use") {
            list = try await bench.status()["list"] as? [String: Any] ?? [:]
            let mirror = (list["mirrors"] as? [[String: Any]])?.first
            return list["trust_bundle"] as? Int == 2 && list["deny_object"] as? Int == 1
                && mirror?["answered_at"] != nil
        }
        func taken() -> Int { bench.log.components(separatedBy: "allow_list_taken").count - 1 }
        #expect(taken() == 2, "\(bench.log)")
        let answered = (list["mirrors"] as? [[String: Any]])?.first?["answered_at"] as? Int ?? 0
        try await bench.until("it was asked again") {
            let list = try await bench.status()["list"] as? [String: Any]
            return ((list?["mirrors"] as? [[String: Any]])?.first?["answered_at"] as? Int ?? 0) > answered
        }
        #expect(taken() == 2)
        #expect(bench.terminate() == 0)
    }

    private func version(_ bench: Bench) async throws -> Int? {
        (try await bench.status()["list"] as? [String: Any])?["version"] as? Int
    }

    private func refusals(_ bench: Bench) async throws -> [String: Int] {
        let list = try await bench.status()["list"] as? [String: Any]
        return (list?["counts"] as? [String: Any])?["refused"] as? [String: Int] ?? [:]
    }

    private func told(_ bench: Bench) async throws -> String? {
        let list = try await bench.status()["list"] as? [String: Any]
        return (list?["mirrors"] as? [[String: Any]])?.first?["trouble"] as? String
    }

    private func copy(_ bench: Bench, _ name: String, to path: String) throws {
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.copyItem(atPath: bench.folder + "/" + name, toPath: path)
    }

    @Test(
        "a mirror whose deny object lags, or may not be taken, or is a page: its newer list comes in all the same, and each is told once"
    )
    func eachOnItsOwn() async throws {
        let bench = try bench()
        let mirror = try Mirror(in: bench.folder + "/mirror")
        try bench.allowList(
            ", mirrors: {addresses: [\"\(mirror.address)\"], every: 1s, authorities_file: \(mirror.certificate)}")
        try bench.issue("second.pal", version: 2, ["free:EVE"])
        try bench.issue("third.pal", version: 3, ["free:EVE"])
        try bench.issue("fourth.pal", version: 4, ["free:EVE"])
        try deny(bench, 1, "")
        try deny(bench, 5, "free:BOB\n")
        // Signed by a key that may not deny.
        try deny(bench, 6, "", by: "keys/list-secret")
        try await bench.start()
        _ = try await put(bench, "deny-5.pan")
        try copy(bench, "deny-1.pan", to: mirror.folder + "/deny.pan")
        try copy(bench, "second.pal", to: mirror.folder + "/allow-list.pal")
        try await bench.until("the list beside an older deny object is in use") { try await version(bench) == 2 }
        try await bench.until("the mirror is told to lag") {
            try await told(bench)?.contains("lags behind") == true
        }
        #expect(try await refusals(bench) == ["rollback": 1])
        // What it has of the list lags too: no news either.
        try copy(bench, "list.pal", to: mirror.folder + "/allow-list.pal")
        try await bench.until("that is told once") { try await refusals(bench) == ["rollback": 2] }
        try copy(bench, "deny-6.pan", to: mirror.folder + "/deny.pan")
        try copy(bench, "third.pal", to: mirror.folder + "/allow-list.pal")
        try await bench.until("the list beside a refused deny object is in use") { try await version(bench) == 3 }
        try await bench.until("the mirror's trouble is told") {
            try await told(bench)?.contains("wrong_role") == true
        }
        // A host that answers everything with a page.
        try Data(repeating: 0x3C, count: 5_000).write(to: URL(fileURLWithPath: mirror.folder + "/instead"))
        try FileManager.default.removeItem(atPath: mirror.folder + "/deny.pan")
        try copy(bench, "fourth.pal", to: mirror.folder + "/allow-list.pal")
        try await bench.until("the list beside pages is in use") { try await version(bench) == 4 }
        // Bundle and deny object once each; the delta of each list in use has a name of its own.
        try await bench.until("several rounds later") { try await refusals(bench)["not_a_list"] ?? 0 >= 4 }
        #expect(try await refusals(bench) == ["rollback": 2, "wrong_role": 1, "not_a_list": 4])
        try await bench.until("seven lines are written, and no more") {
            bench.log.components(separatedBy: "allow_list_refused").count - 1 == 7
        }
        #expect(bench.terminate() == 0)
    }

    @Test("a file that waits in a folder is taken when the bundle that it needs has come another way")
    func waitsForBundle() async throws {
        let bench = try bench()
        let stick = bench.folder + "/stick"
        try FileManager.default.createDirectory(atPath: stick, withIntermediateDirectories: true)
        try bench.allowList(", folders: [\(stick)]")
        try await bench.start()
        try tool(
            bench, "bundle", "new", "--previous", bench.folder + "/first.pab", "--out", bench.folder + "/second.pab"
        )
        try sign(bench, "second.pab")
        try "free:EVE\n".write(toFile: bench.folder + "/eve.csv", atomically: true, encoding: .utf8)
        try tool(
            bench, "issue", "--in", bench.folder + "/eve.csv", "--keys", bench.folder + "/keys", "--version-number",
            "2", "--minimum-bundle", "2", "--out", stick + "/second.pal")
        try await bench.until("it is named") { try await refusals(bench) == ["bundle_too_old": 1] }
        _ = try await put(bench, "second.pab")
        try await bench.until("it is in use") { try await version(bench) == 2 }
        #expect(try await refusals(bench) == ["bundle_too_old": 1])
        #expect(bench.terminate() == 0)
    }

    @Test("without a daemon the tool asks the post's records: nothing older, and bundles and deny objects too")
    func withoutDaemon() async throws {
        let bench = try bench()
        let state = ["--keys", bench.folder + "/keys", "--state", bench.folder + "/state"]
        func install(_ name: String) throws -> (code: Int32, output: String, errors: String) {
            try run("holdfast", ["allowlist", "install", bench.folder + "/" + name, "--json"] + state)
        }
        try await bench.start()
        for version in 2..<5 {
            try bench.issue("v\(version).pal", version: version, ["free:EVE", "free:V\(version)"])
        }
        for version in 2..<4 { _ = try await put(bench, "v\(version).pal") }
        try deny(bench, 1, "")
        try deny(bench, 2, "free:BOB\n")
        _ = try await put(bench, "deny-1.pan")
        #expect(bench.terminate() == 0)
        // The slot of version 2 stays what it was: it answers for damaged pages.
        let older = try install("list.pal")
        #expect(older.code == 65 && older.output.contains("\"rollback\""), "\(older)")
        #expect(try install("v4.pal").code == 0)
        #expect(try install("deny-2.pan").output.contains("\"denied\" : \"1\""))
        #expect(try install("deny-1.pan").output.contains("\"rollback\""))
        try tool(
            bench, "bundle", "new", "--previous", bench.folder + "/first.pab", "--out", bench.folder + "/second.pab"
        )
        try sign(bench, "second.pab")
        #expect(try install("second.pab").output.contains("\"trust_bundle\" : \"2\""))
        #expect(!FileManager.default.fileExists(atPath: bench.folder + "/state/allow-list.pal"))
        try await bench.start()
        let list = try #require(try await bench.status()["list"] as? [String: Any])
        #expect(
            list["version"] as? Int == 4 && list["trust_bundle"] as? Int == 2 && list["deny_object"] as? Int == 2)
        #expect(list["is_demoted"] as? Bool == false)
        // A folder that never had a post takes no bundle without the first one.
        let fresh = try run(
            "holdfast",
            [
                "allowlist", "install", bench.folder + "/second.pab", "--keys", bench.folder + "/keys", "--state",
                bench.folder + "/fresh",
            ])
        #expect(fresh.code == 64 && fresh.errors.contains("--bundle"), "\(fresh)")
        let walked = try run(
            "holdfast",
            [
                "allowlist", "install", bench.folder + "/second.pab", "--keys", bench.folder + "/keys", "--state",
                bench.folder + "/fresh", "--bundle", bench.folder + "/first.pab",
            ])
        #expect(walked.code == 0 && walked.output.contains("trust bundle 2"), "\(walked)")
    }

    /// What of the post's trust is lost, by name.
    private func lost(_ bench: Bench) async throws -> [String] {
        let list = try await bench.status()["list"] as? [String: Any]
        return (list?["lost"] as? [[String: Any]] ?? []).compactMap { $0["code"] as? String }
    }

    @Test("a card that is denied while it charges: the session ends in the orderly way, the next begins for others")
    func deniedInSession() async throws {
        let bench = try bench()
        try await bench.start()
        try await bench.charge("free:ALICE")
        try deny(bench, 1, "free:BOB\n")
        _ = try await put(bench, "deny-1.pan")
        #expect(try await bench.state() == "charging", "somebody else was denied")
        try deny(bench, 2, "free:ALICE\n")
        _ = try await put(bench, "deny-2.pan")
        try await bench.until("it ends") { try await bench.state() == "finishing" }
        #expect(bench.log.contains("denied_in_session"))
        let session = try #require(try await bench.sessions().first)
        #expect(session["stop_reason"] as? String == "de_authorized" && session["stopped_utc_ms"] as? Int != nil)
        #expect((session["energy_watt_hours"] as? Int ?? 0) > 0 && session["fault"] == nil)
        try await bench.charge("free:BOB", at: 2)
    }

    @Test("files of trust that are gone, damaged or put back are named; nothing older gets in, a delivery mends it")
    func lostTrust() async throws {
        let bench = try bench()
        try await bench.start()
        let state = bench.folder + "/state/"
        try tool(
            bench, "bundle", "new", "--previous", bench.folder + "/first.pab", "--out", bench.folder + "/second.pab"
        )
        try sign(bench, "second.pab")
        try deny(bench, 1, "free:BOB\n")
        try deny(bench, 2, "free:ALICE\n")
        for name in ["second.pab", "deny-1.pan", "deny-2.pan"] { _ = try await put(bench, name) }
        bench.kill()
        let first = try Data(contentsOf: URL(fileURLWithPath: bench.folder + "/first.pab"))
        for harm in ["bundle_missing", "bundle_damaged", "bundle_not_the_newest"] {
            try FileManager.default.removeItem(atPath: state + "trust-bundle.pab")
            if harm != "bundle_missing" {
                let put = harm == "bundle_damaged" ? Data("rubbish".utf8) : first
                try put.write(to: URL(fileURLWithPath: state + "trust-bundle.pab"))
            }
            try await bench.start()
            // The image's own bundle is where the way to the newest begins again; it is not in force.
            #expect(try await lost(bench) == ["bundle_not_the_newest"], "\(harm)")
            let list = try #require(try await bench.status()["list"] as? [String: Any])
            #expect(list["freshness"] as? String == "expired" && list["version"] as? Int == 1, "never: deny all")
            let refused = try await bench.refusal { try await $0.put("/v1/allow-list", file: bench.list) }
            #expect(refused?.code == "bundle_not_the_newest")
            #expect(try await put(bench, "second.pab").contains("\"trust_bundle\":2"))
            #expect(try await lost(bench).isEmpty)
            bench.kill()
        }
        try FileManager.default.removeItem(atPath: state + "deny.pan")
        try await bench.start()
        #expect(try await lost(bench) == ["deny_missing"])
        let list = try #require(try await bench.status()["list"] as? [String: Any])
        #expect(list["step"] as? String == "stale")
        let older = try await bench.refusal {
            try await $0.put("/v1/allow-list", file: bench.folder + "/deny-1.pan")
        }
        #expect(older?.code == "rollback")
        _ = try await put(bench, "deny-2.pan")
        #expect(try await lost(bench).isEmpty)
    }

    private func clock(_ bench: Bench) async throws -> (isBelieved: Bool, ahead: Int, by: String?) {
        let clock = try #require(try await bench.status()["clock"] as? [String: Any])
        let floor = try #require(clock["not_before"] as? Int)
        return (
            clock["is_believed"] as? Bool == true, floor - Int(Date().timeIntervalSince1970),
            clock["not_before_by"] as? String
        )
    }

    private func freshness(_ bench: Bench) async throws -> String {
        let list = try #require(try await bench.status()["list"] as? [String: Any])
        return try #require(list["freshness"] as? String)
    }

    /// The second bundle, with these keys in the place of the first one's.
    private func withdraw(_ bench: Bench, _ keys: String...) throws {
        let order = [
            "bundle", "new", "--previous", bench.folder + "/first.pab", "--out", bench.folder + "/second.pab",
        ]
        let made = try run(
            "holdfast", ["allowlist"] + order + keys.map { $0.hasPrefix("--") ? $0 : bench.folder + $0 })
        #expect(made.code == 0, "\(made.errors)")
        try sign(bench, "second.pab")
    }

    @Test(
        "a list from 2099 holds the time until a bundle withdraws its key, and no longer; a restart changes neither"
    )
    func poisonedByList() async throws {
        let bench = try bench()
        try await bench.start()
        func issue(_ version: Int, _ more: String...) async throws {
            try "free:ALICE,,2070-01-01\n".write(
                toFile: bench.folder + "/dated.csv", atomically: true, encoding: .utf8)
            let order = [
                "issue", "--in", bench.folder + "/dated.csv", "--keys", bench.folder + "/keys", "--version-number",
                "\(version)", "--out", bench.folder + "/\(version).pal",
            ]
            let done = try run("holdfast", ["allowlist"] + order + more)
            #expect(done.code == 0, "\(done.errors)")
            #expect(try await put(bench, "\(version).pal").contains("\"version\":\(version)"))
        }
        try await issue(2, "--issued-at", "2099-01-01T00:00:00Z")
        try await issue(3)
        for isRestarted in [false, true] {
            if isRestarted {
                bench.kill()
                try await bench.start()
            }
            let poisoned = try await clock(bench)
            #expect(!poisoned.isBelieved && poisoned.ahead > 365 * 86_400)
            #expect(poisoned.by?.hasPrefix("list key ") == true)
            #expect(try await freshness(bench) == "expired")
            let warnings = try await bench.status()["warnings"] as? [String] ?? []
            #expect(warnings.contains { $0.contains("bundle must withdraw it") }, "\(warnings)")
        }
        try withdraw(bench, "--list-key", "/second.public")
        #expect(try await put(bench, "second.pab").contains("\"trust_bundle\":2"))
        #expect(try await clock(bench).ahead < 60)
        try await issue(4, "--secret", bench.folder + "/second.secret")
        for isRestarted in [false, true] {
            if isRestarted {
                bench.kill()
                try await bench.start()
            }
            let healed = try await clock(bench)
            #expect(healed.isBelieved && healed.ahead < 60, "\(healed)")
            #expect(try await freshness(bench) == "fresh")
        }
        try await bench.charge("free:ALICE")
    }

    @Test("a deny key that is a year ahead lifts the time by a day, and by nothing once it is withdrawn")
    func poisonedByDenyKey() async throws {
        let bench = try bench()
        try await bench.start()
        let ahead = Int(Date().timeIntervalSince1970) + 365 * 86_400
        for sequence in 1...2 {
            try tool(
                bench, "deny", "sign", "--keys", bench.folder + "/keys", "--list", bench.list, "--sequence",
                "\(sequence)", "--issued-at", "\(ahead + sequence)", "--secret", bench.folder + "/deny.secret",
                "--out",
                bench.folder + "/ahead.pan")
            #expect(try await put(bench, "ahead.pan").contains("\"deny_object\":\(sequence)"))
        }
        let poisoned = try await clock(bench)
        #expect((86_400 - 60...86_460).contains(poisoned.ahead) && poisoned.by?.hasPrefix("deny key ") == true)
        try tool(bench, "keygen", "--role", "deny", "--out", bench.folder + "/other")
        try withdraw(bench, "--deny-key", "/other.public")
        #expect(try await put(bench, "second.pab").contains("\"trust_bundle\":2"))
        let healed = try await clock(bench)
        #expect(healed.isBelieved && healed.ahead < 60, "\(healed)")
        #expect(try await freshness(bench) == "fresh")
    }

    @Test("a bundle that is due and keys that end soon are warned of a month ahead, in status, journal and metrics")
    func dates() async throws {
        let bench = try bench("--days", "20", "--deny-days", "25")
        try await bench.start()
        let warnings = try await bench.status()["warnings"] as? [String] ?? []
        #expect(warnings.contains { $0.contains("Trust bundle 1 is due to be replaced") }, "\(warnings)")
        #expect(warnings.contains { $0.contains("No deny key of trust bundle 1") }, "\(warnings)")
        try await bench.until("the journal has them") {
            bench.log.contains("trust_bundle_due") && bench.log.contains("deny_keys_end")
        }
        let metrics = try await bench.client.get("/metrics").text
        #expect(
            metrics.contains("holdfast_trust_bundle 1\n") && metrics.contains("holdfast_trust_bundle_due_seconds "))
        try withdraw(bench, "--deny-key", "/deny.public")
        _ = try await put(bench, "second.pab")
        let after = try await bench.status()["warnings"] as? [String] ?? []
        #expect(!after.contains { $0.contains("rust bundle") }, "\(after)")
        try await bench.until("the journal has their end") { bench.log.contains("allow_list_warning_over") }
    }

    @Test("a list that its bundle has withdrawn is called so, and lists that are gone or rotten are named as lost")
    func causes() async throws {
        let bench = try bench()
        try await bench.start()
        try withdraw(bench, "--list-key", "/second.public")
        _ = try await put(bench, "second.pab")
        var status = try await bench.status()
        #expect((status["allow_list"] as? String)?.contains("withdrawn by the trust bundle") == true)
        #expect((status["list"] as? [String: Any])?["demotion"] as? String == "withdrawn")
        #expect(
            (status["warnings"] as? [String] ?? []).contains { $0.contains("has been withdrawn by trust bundle 2") }
        )
        for isThere in [true, false] {
            bench.kill()
            for slot in ["a", "b"] {
                let path = bench.folder + "/state/allow-list.\(slot).pal"
                if isThere, FileManager.default.fileExists(atPath: path) {
                    try Data("rubbish".utf8).write(to: URL(fileURLWithPath: path))
                } else {
                    try? FileManager.default.removeItem(atPath: path)
                }
            }
            try await bench.start()
            #expect(try await lost(bench) == [isThere ? "list_damaged" : "list_missing"])
            status = try await bench.status()
            #expect((status["nobody_let_in"] as? [String: Any])?["code"] as? String == "no_list")
        }
    }
}
