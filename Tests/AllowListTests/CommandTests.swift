// `holdfast allowlist` as the office, the air-gapped signer and the bench run it: the built program, no daemon.

import Foundation
import Testing

@testable import AllowList

/// A folder of an office, and the program.
private struct Desk {
    let folder: String
    private let program = CorpusTests.folder.deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent(".build/debug/holdfast").path

    init() throws {
        folder = "/tmp/holdfast-desk-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    func write(_ name: String, _ text: String) throws {
        try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    }
    /// Runs a command; words with a dot or beginning with `keys` or `state` are files of the desk.
    func allowlist(_ words: String) throws -> (code: Int32, output: String) {
        let arguments = words.split(separator: " ").map { word in
            word.contains(".") || word == "keys" || word == "state" ? folder + "/" + word : String(word)
        }
        return try run(program, ["allowlist"] + arguments)
    }
    func bytes(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
    }
}

@Suite("The allowlist commands")
struct CommandTests {
    @Test(
        "each option of issue is judged by its own name, before anything is read",
        arguments: [
            ("--stream zz", "--stream zz: 32 hexadecimal digits"), ("--stream 0011", "--stream 0011"),
            ("--only-for zz", "--only-for zz: 64 hexadecimal digits"),
            ("--soft-days 9223372036854775807", "--soft-days 9223372036854775807: a number from 0 to 3650"),
            ("--hard-days 3651", "--hard-days 3651"),
            ("--soft-days 40", "--soft-days 40 is later than --hard-days 35"),
            ("--issued-at 9223372036854775807", "'--issued-at <issued-at>': A time from 1970 to 9999"),
            ("--issued-at yesterday", "'--issued-at <issued-at>': A day (2026-12-31)"),
            ("--page-size 77", "--page-size 77: 1024, 2048 or 4096"),
        ])
    func issueOptions(_ option: String, _ said: String) throws {
        let desk = try Desk()
        defer { try? FileManager.default.removeItem(atPath: desk.folder) }
        try desk.write("one.csv", "free:ALICE\n")
        #expect(try desk.allowlist("keygen --out keys").code == 0)
        let result = try desk.allowlist("issue --in one.csv --keys keys --version-number 1 --out l1.pal \(option)")
        #expect(result.code == 64 && result.output.contains(said), "\(result)")
        #expect(!result.output.contains("one.csv:"), "\(result)")
        #expect(!FileManager.default.fileExists(atPath: desk.folder + "/l1.pal"))
    }

    @Test(
        "a driver who stands twice, or whose dates run backwards, is named with the line or the number of the token"
    )
    func duplicates() throws {
        let desk = try Desk()
        defer { try? FileManager.default.removeItem(atPath: desk.folder) }
        #expect(try desk.allowlist("keygen --out keys").code == 0)
        let token = #"{"uid":"04A1B2C3D4E5F6","type":"RFID","valid":true,"whitelist":"ALWAYS"}"#
        let left = token.replacingOccurrences(of: "true", with: "false")
        for (name, text, said) in [
            (
                "two.csv", "token\r\n# office\r\nfree:ALICE,,\r\nfree:BOB\r\n\r\nfree:ALICE\r\n",
                "line 6: free:ALICE stands in line 3"
            ),
            ("dates.csv", "free:ALICE\nfree:BOB,2000000000,1900000000\n", "line 2: "),
            ("two.json", "[\(left),\(token),\(token)]", "token 3: "),
        ] {
            try desk.write(name, text)
            let result = try desk.allowlist("issue --in \(name) --keys keys --version-number 1 --out l.pal")
            #expect(result.code == 65 && result.output.contains(said), "\(name): \(result)")
        }
    }

    @Test("from keys to a tap: bundle, list, delta, deny object, installation, each refusal with its exit code")
    func office() throws {
        let desk = try Desk()
        defer { try? FileManager.default.removeItem(atPath: desk.folder) }
        try desk.write("one.csv", "free:ALICE\n04A1B2C3D4E5F6,,,0,3\n")
        try desk.write("two.csv", "free:ALICE\nfree:BOB\n")
        func expect(_ code: Int32, _ words: String, _ said: String = "") throws {
            let result = try desk.allowlist(words)
            #expect(result.code == code && (said.isEmpty || result.output.contains(said)), "\(words): \(result)")
        }
        try expect(0, "keygen --out keys")
        try expect(73, "keygen --out keys", "not overwritten")
        for name in ["r1.k", "r2.k", "r3.k"] { try expect(0, "keygen --role root --out \(name)") }
        try expect(0, "keygen --role deny --out d.k")
        try expect(
            0,
            "bundle new --keys keys --root r1.k.public --root r2.k.public --root r3.k.public --list-key keys/./list-keys --deny-key d.k.public --out b1.pab"
        )
        try expect(65, "bundle verify b1.pab", "unsigned")
        try expect(0, "bundle sign b1.pab --secret r1.k.secret")
        try expect(65, "bundle verify b1.pab", "too_few_signatures")
        try expect(0, "bundle sign b1.pab --secret r3.k.secret")
        try expect(0, "bundle verify b1.pab --json", "\"good\"")
        try expect(0, "issue --in one.csv --keys keys --version-number 1 --out l1.pal", "2 entries")
        try expect(
            0, "issue --in two.csv --keys keys --version-number 2 --previous l1.pal --unsigned --out l2.pal",
            "adds 1, removes 1")
        try expect(65, "verify l2.pal --keys keys --json", "\"unsigned\"")
        try expect(0, "request l2.pal --out l2.request", "524 bytes")
        // The signer behind the air gap is any Ed25519 signer.
        let secret = try #require(
            AllowList.bytes(
                hexadecimal: String(decoding: try desk.bytes("keys/list-secret").dropLast(), as: UTF8.self)))
        try desk.write(
            "l2.signature", hexadecimal(try #require(KeyMaker.sign(try desk.bytes("l2.request"), secret))))
        try expect(0, "attach l2.pal --signature l2.signature --public keys/./list-keys")
        try expect(0, "verify l2.pal --keys keys --bundle b1.pab --installed l1.pal", "good")
        try expect(65, "verify l1.pal --keys keys --installed l2.pal", "rollback")
        try expect(0, "diff l1.pal l2.pal --keys keys", "1 added, 1 removed")
        try expect(0, "delta make l1.pal l2.pal --keys keys --out c.pad")
        try expect(0, "delta apply l1.pal c.pad --keys keys --out again.pal")
        #expect(try desk.bytes("again.pal") == desk.bytes("l2.pal"))
        try expect(0, "lookup l2.pal free:bob --keys keys --explain", "page       0 of 1")
        try expect(1, "lookup l2.pal free:carol --keys keys", "not listed")
        try expect(0, "deny add free:bob --to denied.txt", "1 tokens")
        try expect(
            0, "deny sign --in denied.txt --list l2.pal --keys keys --sequence 1 --secret d.k.secret --out d.pan")
        try expect(1, "lookup l2.pal free:bob --keys keys --bundle b1.pab --deny d.pan", "denied")
        try expect(0, "install l1.pal --keys keys --state state")
        try expect(0, "install c.pad --keys keys --state state", "version 2")
        try expect(65, "install l1.pal --keys keys --state state", "rollback")
        try expect(0, "scrub state/allow-list.b.pal --keys keys", "0 damaged")
        try expect(66, "verify nothing.pal --keys keys")
        try expect(0, "simulate l2.pal --keys keys --hours 15 --json", "worst_kwh")
        try desk.write("policy.json", #"{"site_exposure_kwh": {"fresh": 200, "stale": 100, "expired": 50}}"#)
        try expect(
            0,
            "issue --in two.csv --policy policy.json --keys keys --version-number 3 --previous l2.pal --out l3.pal")
        let fleet = "simulate l3.pal --keys keys --posts 8 --hours 15"
        try expect(0, fleet, "caps of posts and sites let  1600 kWh")
        try expect(0, "\(fleet) --posts-per-site 8", "caps of posts and sites let  200 kWh")
        try expect(0, "\(fleet) --posts-per-site 8", "with posts_on_site: 8 on every post; without it 1600 kWh")
    }

    @Test("a fleet that joins changes nobody else's number: the delta of one new driver has one entry")
    func fleets() throws {
        let desk = try Desk()
        defer { try? FileManager.default.removeItem(atPath: desk.folder) }
        #expect(try desk.allowlist("keygen --out keys").code == 0)
        func tokens(_ fleets: [(String, Int)]) -> String {
            let all = fleets.flatMap { fleet, count in
                (0..<count).map {
                    #"{"uid":"\#(fleet)\#($0)","type":"OTHER","valid":true,"whitelist":"ALWAYS","group_id":"\#(fleet)"}"#
                }
            }
            return "[\(all.joined(separator: ","))]"
        }
        try desk.write("one.json", tokens([("bakery", 40), ("zoo", 40)]))
        try desk.write("two.json", tokens([("aardvark", 1), ("bakery", 40), ("ZOO", 0), ("zoo", 40)]))
        let issue = "issue --keys keys --version-number"
        #expect(try desk.allowlist("\(issue) 1 --in one.json --out l1.pal").code == 0)
        #expect(try desk.allowlist("\(issue) 2 --in two.json --previous l1.pal --out l2.pal").code == 0)
        let delta = try desk.allowlist("delta make l1.pal l2.pal --keys keys --out c.pad")
        #expect(delta.code == 0 && delta.output.contains("0 removed, 1 added or changed"), "\(delta)")
    }

    @Test("what a post would refuse is not made: with a bundle, issue and deny sign judge the key they sign with")
    func judgedAtOnce() throws {
        let desk = try Desk()
        defer { try? FileManager.default.removeItem(atPath: desk.folder) }
        try desk.write("one.csv", "free:ALICE\n")
        func expect(_ code: Int32, _ words: String, _ said: String = "") throws {
            let result = try desk.allowlist(words)
            #expect(result.code == code && (said.isEmpty || result.output.contains(said)), "\(words): \(result)")
        }
        try expect(0, "keygen --out keys")
        for (role, name) in [("root", "r.k"), ("list", "n.k"), ("deny", "d.k")] {
            try expect(0, "keygen --role \(role) --out \(name)")
        }
        let new = "bundle new --threshold 1"
        try expect(64, "\(new) --keys keys --root r.k.public --list-days 9 --out b0.pab", "--list-key")
        try expect(
            64, "\(new) --keys keys --root r.k.public --list-key n.k.public --list-scope 00ff --out b0.pab",
            "--list-scope")
        try expect(
            0,
            "\(new) --keys keys --root r.k.public --list-key keys/./list-keys --list-from 2026-01-01 --list-days 400 --deny-key d.k.public --deny-days 50 --issued-at 2026-01-01 --out b1.pab"
        )
        try expect(0, "bundle sign b1.pab --secret r.k.secret")
        try expect(0, "bundle verify b1.pab", "good from 2026-01-01T00:00:00Z, good until 2027-02-05T00:00:00Z")
        try expect(0, "bundle new --previous b1.pab --list-key n.k.public --out b2.pab")
        try expect(0, "bundle sign b2.pab --secret r.k.secret")
        let issue = "issue --in one.csv --keys keys"
        try expect(0, "\(issue) --version-number 1 --issued-at 2026-01-09 --bundle b1.pab --out l1.pal")
        try expect(
            65, "\(issue) --version-number 2 --issued-at 2027-03-01 --bundle b1.pab --out l2.pal", "key_out_of_date"
        )
        try expect(
            65, "\(issue) --version-number 2 --issued-at 2025-12-31 --bundle b1.pab --out l2.pal", "key_out_of_date"
        )
        // Its key was withdrawn by the second bundle; the list before is known all the same.
        try expect(
            65, "\(issue) --version-number 2 --issued-at 2026-01-09 --bundle b2.pab --out l2.pal", "unknown_issuer")
        try expect(
            65,
            "\(issue) --version-number 2 --issued-at 2026-01-09 --secret d.k.secret --bundle b2.pab --out l2.pal",
            "wrong_role")
        try expect(
            65, "\(issue) --version-number 1 --secret n.k.secret --previous l1.pal --bundle b2.pab --out l2.pal",
            "equivocation")
        #expect(!FileManager.default.fileExists(atPath: desk.folder + "/l2.pal"))
        try expect(
            0, "\(issue) --version-number 2 --secret n.k.secret --previous l1.pal --bundle b2.pab --out l2.pal")
        let deny = "deny sign --list l1.pal --keys keys --bundle b1.pab --sequence 1"
        try expect(65, "\(deny) --secret d.k.secret --issued-at 2026-02-20 --out d.pan", "key_out_of_date")
        try expect(65, "\(deny) --secret keys/./list-secret --issued-at 2026-01-20 --out d.pan", "wrong_role")
        #expect(!FileManager.default.fileExists(atPath: desk.folder + "/d.pan"))
        try expect(0, "\(deny) --secret d.k.secret --issued-at 2026-01-20 --out d.pan", "good until 2026-02-20")
    }

    @Test("a list without --previous has a salt of its own, and the office is told what that means")
    func otherSalt() throws {
        let desk = try Desk()
        defer { try? FileManager.default.removeItem(atPath: desk.folder) }
        try desk.write("old.csv", (0..<101).map { "free:OLD\($0)\n" }.joined())
        try desk.write("new.csv", (0..<101).map { "free:NEW\($0)\n" }.joined())
        #expect(try desk.allowlist("keygen --out keys").code == 0)
        let first = try desk.allowlist("issue --in old.csv --keys keys --version-number 1 --out l1.pal")
        #expect(first.code == 0 && !first.output.contains("salt"), "\(first)")
        let other = try desk.allowlist("issue --in new.csv --keys keys --version-number 2 --out l2.pal")
        #expect(other.code == 0 && other.output.contains("without --previous it has a salt of its own"), "\(other)")
        #expect(try desk.allowlist("install l1.pal --keys keys --state state").code == 0)
        let held = try desk.allowlist("install l2.pal --keys keys --state state")
        #expect(held.code == 77 && held.output.contains("suspicious_shrinkage"), "\(held)")
        let difference = try desk.allowlist("diff l1.pal l2.pal --keys keys")
        #expect(difference.output.contains("101 added, 101 removed (another salt"), "\(difference)")
    }

    @Test("OCPI tokens and SendLocalList become entries, and what is left out is said; mistakes have their place")
    func imports() throws {
        let desk = try Desk()
        defer { try? FileManager.default.removeItem(atPath: desk.folder) }
        _ = try desk.allowlist("keygen --out keys")
        try desk.write(
            "ocpi.json",
            #"[{"uid":"04A1B2C3D4E5F6","type":"RFID","valid":true,"whitelist":"ALWAYS","group_id":"F"},{"uid":"a","type":"APP_USER","valid":true,"whitelist":"NEVER"},{"uid":"b","type":"OTHER","valid":false,"whitelist":"ALLOWED"},{"uid":"DE-ABC-C1","type":"EMAID","valid":true,"whitelist":"ALLOWED"},{"uid":"aa:bb:cc:dd","type":"RFID","valid":true,"whitelist":"ALLOWED"}]"#
        )
        try desk.write(
            "ocpp.json",
            #"[2,"1","SendLocalList",{"versionNumber":1,"updateType":"Full","localAuthorizationList":[{"idToken":{"idToken":"DEABC1","type":"eMAID"},"idTokenInfo":{"status":"Accepted"}},{"idTag":"X","idTagInfo":{"status":"Blocked"}}]}]"#
        )
        try desk.write("bad.json", #"[{"uid":"a b","type":"RFID","valid":true,"whitelist":"ALWAYS"}]"#)
        try desk.write("policy.json", #"{"guest_floor": 1}"#)
        let ocpi = try desk.allowlist("issue --in ocpi.json --keys keys --version-number 1 --out a.pal")
        #expect(ocpi.code == 0 && ocpi.output.contains("3 entries") && ocpi.output.contains("NEVER"))
        #expect(
            ocpi.output.contains("1 cards are no UIDs") && ocpi.output.contains("token 5: aa:bb:cc:dd"), "\(ocpi)")
        #expect(try desk.allowlist("lookup a.pal contract:DE-ABC-C1 --keys keys").code == 0)
        #expect(try desk.allowlist("issue --in ocpp.json --keys keys --version-number 1 --out b.pal").code == 0)
        #expect(try desk.allowlist("lookup b.pal contract:DEABC1 --keys keys").code == 0)
        let bad = try desk.allowlist("issue --in bad.json --keys keys --version-number 1 --out c.pal")
        #expect(bad.code == 65 && bad.output.contains("token 1"))
        let policy = try desk.allowlist(
            "issue --in ocpi.json --policy policy.json --keys keys --version-number 1 --out d.pal")
        #expect(policy.code == 65 && policy.output.contains("guest_floor"))
        #expect(!FileManager.default.fileExists(atPath: desk.folder + "/c.pal"))
    }
}
