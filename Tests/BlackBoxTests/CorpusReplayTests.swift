// The attack corpus against a running post and against the tool: each file gets its named verdict and changes nothing.

import ControlClient
import Foundation
import Testing

@Suite("The attack corpus against the built programs", .serialized)
struct CorpusReplayTests {
    /// A case of cases.txt with the verdict written by hand.
    private struct Attack {
        var name = "", file = "", bundle = "", installed = "", scope = "", verdict = ""
        var kind: Substring { file.suffix(3) }
        /// Cases that arrive at a post in the same state.
        var setting: String { [String(kind), bundle, installed, scope].joined(separator: " ") }
    }

    /// Whoever sends bytes of no kind is told that they are no list: only the first bytes could say what else.
    private static let toldOfLists = [
        "bundle-flip-magic": "not_a_list", "deny-flip-magic": "not_a_list", "delta-flip-magic": "not_a_list",
    ]

    private let corpus = "/tmp/holdfast-corpus-\(UUID().uuidString.prefix(8))"

    /// The cases that are files, by the state of the post that they need.
    private func settings() throws -> [[Attack]] {
        #expect(try run("holdfast", ["allowlist", "corpus", "--out", corpus]).code == 0)
        func lines(_ path: String) throws -> [[Substring]] {
            try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
                .map { $0.split(separator: " ") }
        }
        let verdicts = Dictionary(
            uniqueKeysWithValues: try lines(root + "/Tests/AllowListTests/corpus-verdicts.txt").map {
                ($0[0], $0[1])
            })
        // Nobody vouches for the clock of the machine that tests.
        let attacks = try lines(corpus + "/cases.txt").filter { words in
            !words.contains { $0.hasPrefix("steps=") || $0.hasPrefix("vouched=") }
        }.map { words in
            var attack = Attack(name: String(words[0]), verdict: String(verdicts[words[0]] ?? ""))
            for word in words.dropFirst() {
                let value = String(word.drop { $0 != "=" }.dropFirst())
                switch word.prefix(while: { $0 != "=" }) {
                case "file": attack.file = value
                case "bundle": attack.bundle = value
                case "installed": attack.installed = value
                default: attack.scope = value
                }
            }
            return attack
        }
        return Dictionary(grouping: attacks, by: \.setting).sorted { $0.key < $1.key }.map(\.value)
            .filter { $0.contains { $0.verdict != "good" } }
    }

    @Test("sent to a running post: refused by name, and the list, its answers and its files stay what they were")
    func sent() async throws {
        defer { try? FileManager.default.removeItem(atPath: corpus) }
        var refused = 0
        for attacks in try settings() {
            let bench = try Bench()
            try await prepare(bench, attacks[0])
            let before = try await facts(bench)
            for attack in attacks where attack.verdict != "good" {
                let refusal = try await bench.refusal {
                    try await $0.put("/v1/allow-list", file: corpus + "/" + attack.file)
                }
                #expect(refusal?.code == Self.toldOfLists[attack.name] ?? attack.verdict, "\(attack.name)")
                #expect(try await facts(bench) == before, "\(attack.name) changed the post")
                let list = try await bench.status()["list"] as? [String: Any]
                #expect((list?["refused"] as? [String: Any])?["code"] as? String == refusal?.code, "\(attack.name)")
                refused += 1
            }
            try await ask(bench, attacks[0])
            // The same post takes the harmless neighbour: it was the attack that was refused, not the sender.
            guard let good = attacks.first(where: { $0.verdict == "good" && !$0.name.hasSuffix("same-again") })
            else {
                continue
            }
            _ = try await bench.client.put("/v1/allow-list", file: corpus + "/" + good.file)
        }
        #expect(refused > 130, "\(refused)")
    }

    @Test(
        "laid into a watched folder: each is refused once, by the same name, and nothing changes",
        .timeLimit(.minutes(10)))
    func laid() async throws {
        defer { try? FileManager.default.removeItem(atPath: corpus) }
        var refused = 0
        for attacks in try settings() {
            let bad = attacks.filter { $0.verdict != "good" }
            let bench = try Bench()
            let folder = bench.folder + "/watched"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try await prepare(bench, attacks[0], ", folders: [\(folder)]")
            let before = try await facts(bench)
            for attack in bad {
                try FileManager.default.copyItem(
                    atPath: corpus + "/" + attack.file, toPath: folder + "/" + attack.file)
            }
            try await bench.until("all \(bad.count) are named: \(attacks[0].setting)") {
                try await refusals(bench).values.reduce(0, +) >= bad.count
            }
            #expect(try await refusals(bench) == verdicts(bad[...]), "\(attacks[0].setting)")
            refused += bad.count
            #expect(try await facts(bench) == before, "\(attacks[0].setting) changed the post")
        }
        #expect(refused > 130, "\(refused)")
    }

    @Test("served by mirrors: each is refused by the same name, and nothing changes", .timeLimit(.minutes(10)))
    func served() async throws {
        defer { try? FileManager.default.removeItem(atPath: corpus) }
        var refused = 0
        for attacks in try settings() where attacks[0].kind == "pal" || attacks[0].kind == "pan" {
            // A mirror's list that is cut off before its name is whole is an empty answer.
            let bad = attacks.filter { $0.verdict != "good" }
            let bench = try Bench()
            let names = bad.map { corpus + "/" + $0.file }
            let mirror = try Mirror(in: bench.folder + "/mirror", queue: names)
            let eight = (0..<8).map { "\"\(mirror.address)/\($0)\"" }.joined(separator: ", ")
            try await prepare(
                bench, attacks[0],
                ", mirrors: {addresses: [\(eight)], every: 1s, authorities_file: \(mirror.certificate)}")
            let before = try await facts(bench)
            _ = FileManager.default.createFile(atPath: mirror.folder + "/go", contents: nil)
            let expected = verdicts(bad[...])
            try await bench.until("all \(bad.count) are named: \(attacks[0].setting)") {
                try await refusals(bench).values.reduce(0, +) >= bad.count
            }
            #expect(try await refusals(bench) == expected, "\(attacks[0].setting)")
            #expect(try await facts(bench) == before, "\(attacks[0].setting) changed the post")
            refused += bad.count
        }
        #expect(refused > 100, "\(refused)")
    }

    private func verdicts(_ attacks: ArraySlice<Attack>) -> [String: Int] {
        attacks.reduce(into: [:]) { $0[Self.toldOfLists[$1.name] ?? $1.verdict, default: 0] += 1 }
    }

    /// How often each name has been given.
    private func refusals(_ bench: Bench) async throws -> [String: Int] {
        let list = try await bench.status()["list"] as? [String: Any]
        return (list?["counts"] as? [String: Any])?["refused"] as? [String: Int] ?? [:]
    }

    @Test(
        "installed by the tool: the same names as JSON, the exit code of its kind, and a folder that stays as it was"
    )
    func installed() throws {
        defer { try? FileManager.default.removeItem(atPath: corpus) }
        var refused = 0
        for attacks in try settings() where ["pal", "pad"].contains(attacks[0].kind) {
            let state = corpus + "/state"
            try? FileManager.default.removeItem(atPath: state)
            if !attacks[0].installed.isEmpty {
                #expect(try install(attacks[0].installed, state, bundle: "bundle-1.pab", "").code == 0)
            }
            let before = try contents(state)
            for attack in attacks where attack.verdict != "good" {
                let done = try install(attack.file, state, bundle: attack.bundle, attack.scope)
                let verdict = Self.toldOfLists[attack.name] ?? attack.verdict
                #expect(done.code == (verdict.hasPrefix("suspicious") ? 77 : 65), "\(attack.name): \(done)")
                #expect(done.output.contains("\"\(verdict)\""), "\(attack.name): \(done)")
                #expect(try contents(state) == before, "\(attack.name) changed the folder")
                refused += 1
            }
        }
        #expect(refused > 85, "\(refused)")
    }

    @Test("a sender that hangs up half-way changes nothing, and the next is heard")
    func interrupted() async throws {
        let bench = try Bench()
        try await bench.start()
        let before = try await facts(bench)
        try bench.issue("next.pal", version: 2, ["free:ALICE", "free:BOB", "free:CAROL"])
        // Half a list, and the connection ends.
        let sender = Process()
        sender.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        sender.arguments = [
            "python3", "-c",
            """
            import os, socket, sys, time
            data = open(sys.argv[2], 'rb').read()
            out = socket.socket(socket.AF_UNIX); out.connect(sys.argv[1])
            out.sendall(b'PUT /v1/allow-list HTTP/1.1\\r\\nHost: h\\r\\nContent-Length: %d\\r\\n\\r\\n' % len(data))
            out.sendall(data[:len(data) // 2])
            # It hangs up once the post has begun to write: before that there is nothing to forget.
            while not os.path.exists(sys.argv[3]): time.sleep(0.01)
            out.close()
            """, bench.socket, bench.folder + "/next.pal", bench.folder + "/state/.allow-list.upload",
        ]
        try sender.run()
        sender.waitUntilExit()
        #expect(sender.terminationStatus == 0)
        try await bench.until("the torn delivery is forgotten") {
            try !FileManager.default.contentsOfDirectory(atPath: bench.folder + "/state").contains(
                ".allow-list.upload")
        }
        let after = try await facts(bench)
        #expect(after == before, "\(after.difference(from: before))")
        _ = try await bench.client.put("/v1/allow-list", file: bench.folder + "/next.pal")
        let list = try #require(try await bench.status()["list"] as? [String: Any])
        #expect(list["version"] as? Int == 2)
    }

    @Test(
        "whoever sends more than the head says, or a head that nobody trusts, is told so before the rest has come")
    func cutShort() async throws {
        let bench = try Bench()
        try await bench.start()
        try bench.issue("next.pal", version: 2, ["free:ALICE", "free:BOB", "free:CAROL"])
        let list = try Data(contentsOf: URL(fileURLWithPath: bench.folder + "/next.pal"))
        var altered = list
        altered[100] ^= 1
        for (begin, code) in [
            (list + Data(count: 70_000), "trailing_bytes"), (altered.prefix(4_096), "bad_signature"),
        ] {
            try begin.write(to: URL(fileURLWithPath: bench.folder + "/begin"))
            let sender = Process()
            sender.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            sender.arguments = [
                "python3", "-c",
                """
                import socket, sys
                out = socket.socket(socket.AF_UNIX); out.settimeout(20); out.connect(sys.argv[1])
                out.sendall(b'PUT /v1/allow-list HTTP/1.1\\r\\nHost: h\\r\\nContent-Length: 400000000\\r\\n\\r\\n')
                out.sendall(open(sys.argv[2], 'rb').read())
                told = b''
                while sys.argv[3].encode() not in told:
                    told += out.recv(4096) or sys.exit('nothing more comes: ' + repr(told))
                """, bench.socket, bench.folder + "/begin", code,
            ]
            try sender.run()
            sender.waitUntilExit()
            #expect(sender.terminationStatus == 0, "\(code)")
            let left = try FileManager.default.contentsOfDirectory(atPath: bench.folder + "/state")
            #expect(!left.contains(".allow-list.upload"), "\(code)")
        }
    }

    // The post and what it knows

    /// A post in the state that a case needs, running.
    private func prepare(_ bench: Bench, _ attack: Attack, _ sources: String = "") async throws {
        let state = bench.folder + "/state"
        try FileManager.default.removeItem(atPath: state)
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        let isBundle = attack.kind == "pab"
        // What is in use was installed under the first bundle, before another came into force.
        try configure(bench, bundle: isBundle ? attack.installed : "bundle-1.pab", attack.scope, sources)
        let list = ["pal", "pad"].contains(attack.kind) ? attack.installed : "list-6.pal"
        if !list.isEmpty {
            try FileManager.default.copyItem(atPath: corpus + "/" + list, toPath: state + "/allow-list.pal")
        }
        try await bench.start()
        if attack.kind == "pan" {
            _ = try await bench.client.put("/v1/allow-list", file: corpus + "/" + attack.installed)
        }
        guard !isBundle, attack.bundle != "bundle-1.pab" else { return }
        #expect(bench.terminate() == 0)
        try FileManager.default.removeItem(atPath: state + "/trust-bundle.pab")
        // Bundles of one number that differ: no post gets from one to the other, so its mark goes too.
        try forgetBundle(state)
        try configure(bench, bundle: attack.bundle, attack.scope, sources)
        try await bench.start()
    }

    private func configure(_ bench: Bench, bundle: String, _ scope: String, _ sources: String = "") throws {
        try bench.configure()
        let text = try String(contentsOfFile: bench.configuration, encoding: .utf8)
        try text.split(separator: "\n").map { line in
            guard line.hasPrefix("allow_list:") else { return String(line) }
            let scopes = scope.isEmpty ? "" : ", scopes: [\"\(scope)\"]"
            return
                "allow_list: {bundle_file: \(corpus)/\(bundle), pepper_file: \(corpus)/pepper\(scopes)\(sources)}"
        }.joined(separator: "\n").write(toFile: bench.configuration, atomically: true, encoding: .utf8)
    }

    private func forgetBundle(_ state: String) throws {
        let python = Process()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let forget =
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); "
            + "c.execute(\"DELETE FROM fact WHERE name = 'trust_bundle_mark'\"); c.commit()"
        python.arguments = ["python3", "-c", forget, state + "/records.sqlite"]
        try python.run()
        python.waitUntilExit()
        #expect(python.terminationStatus == 0)
    }

    private struct Facts: Equatable {
        var list: Data
        var files: [String: Data]

        /// What is not as before, for whoever reads that a test failed.
        func difference(from before: Facts) -> String {
            let names = Set(files.keys).union(before.files.keys).filter { files[$0] != before.files[$0] }.sorted()
            return "list \(String(decoding: list, as: UTF8.self)), before "
                + "\(String(decoding: before.list, as: UTF8.self)); files that differ: \(names)"
        }
    }

    /// What the post says of its list, but for the last refusal, and every file of its trust.
    private func facts(_ bench: Bench) async throws -> Facts {
        var list = try await bench.status()["list"] as? [String: Any] ?? [:]
        for told in ["refused", "counts", "mirrors"] { list[told] = nil }
        let files = try contents(bench.folder + "/state").filter { name, _ in
            ["allow-list", ".allow-list", "trust-bundle", ".trust-bundle", "deny", ".deny"].contains {
                name.hasPrefix($0)
            }
        }
        return Facts(list: try JSONSerialization.data(withJSONObject: list, options: .sortedKeys), files: files)
    }

    /// Drivers at the reader: whom the list names is let in, whom it does not is not, whom the deny object names neither.
    private func ask(_ bench: Bench, _ attack: Attack) async throws {
        let list = try await bench.status()["list"] as? [String: Any]
        let hasList = list?["version"] as? Int != nil
        var expected: [(String, String?)] = [("X1", hasList ? "unknown_token" : "no_list")]
        if attack.kind == "pan" { expected.append(("D7", "blocked_token")) }
        expected.append(("D8", hasList ? nil : "no_list"))
        try await bench.until("in service") { try await bench.state() == "available" }
        for (driver, wanted) in expected {
            _ = try await bench.client.post("/v1/sim/tap", json: #"{"token":"free:\#(driver)","waits":true}"#)
            let refused = try await bench.connector()["refused"] as? String
            #expect(refused == wanted, "\(attack.setting): \(driver)")
        }
    }

    private func install(_ file: String, _ state: String, bundle: String, _ scope: String) throws -> (
        code: Int32, output: String, errors: String
    ) {
        try run(
            "holdfast",
            [
                "allowlist", "install", corpus + "/" + file, "--keys", corpus, "--bundle", corpus + "/" + bundle,
                "--state", state, "--json",
            ] + (scope.isEmpty ? [] : ["--scope", scope]))
    }

    private func contents(_ folder: String) throws -> [String: Data] {
        guard FileManager.default.fileExists(atPath: folder) else { return [:] }
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name != ".lock" {
            files[name] = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
        }
        return files
    }
}
