// A support archive: what is in it, with the daemon up and down, and that no card and no key ever is.

import Foundation
import Testing

@Suite("support archive")
struct SupportBundleTests {
    private struct Told: Decodable {
        struct Part: Decodable {
            var name: String
            var bytes, redactions: Int
            var missing: String?
        }
        var file: String
        var parts: [Part]
    }

    /// Makes an archive of a post whose log, configuration and board hold secrets of every kind.
    private func archive(_ bench: Bench, _ name: String) throws -> (told: Told, texts: [String: Data]) {
        let file = "\(bench.folder)/\(name).tar.gz"
        let answer = try run(
            "holdfast",
            [
                "bundle", "--config", bench.configuration, "--socket", bench.socket, "--log",
                bench.folder + "/journal",
                "--out", file, "--json",
            ])
        #expect(answer.code == 0, "\(answer.output)\(answer.errors)")
        #expect(answer.errors.contains("configuration.yaml: "), "it does not say how far it is")
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let decoder = JSONDecoder()
        let told = try decoder.decode(Told.self, from: Data(answer.output.utf8))
        let folder = "\(bench.folder)/\(name)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let tar = Process()
        tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        tar.arguments = ["tar", "--extract", "--file", file, "--directory", folder]
        try tar.run()
        tar.waitUntilExit()
        #expect(tar.terminationStatus == 0)
        var texts: [String: Data] = [:]
        for path in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? [] {
            let data = FileManager.default.contents(atPath: folder + "/" + path)
            if let data { texts[URL(fileURLWithPath: path).lastPathComponent] = data }
        }
        return (told, texts)
    }

    @Test("it holds what support needs, with the daemon up and down, and none of the secrets that lie around it")
    func whole() async throws {
        let bench = try Bench(speed: 1)
        let pepper = try String(contentsOfFile: bench.folder + "/keys/pepper", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(pepper.count == 64)
        let secrets = [
            pepper, pepper.uppercased(), "ALICE", "hunter2", "04A1B2C3D4E5F6",
            "c2VjcmV0LWtleS1pbi1iYXNlLTY0LXdoaWNoLWlzLWxvbmc",
        ]
        try bench.configure(
            "price: {currency: EUR, minor_units_per_kwh: 49}\n# the mirror was https://office:hunter2@lists.example/a, pepper: \(pepper)"
        )
        try """
        2026-01-01 holdfastd: a driver showed free:ALICE, then card:04A1B2C3D4E5F6
        2026-01-01 holdfastd: token=ALICE password: hunter2 Authorization: Bearer hunter2
        2026-01-01 holdfastd: key \(pepper.uppercased()) c2VjcmV0LWtleS1pbi1iYXNlLTY0LXdoaWNoLWlzLWxvbmc
        -----BEGIN EC PRIVATE KEY-----
        hunter2
        -----END EC PRIVATE KEY-----
        2026-01-01 holdfastd: connector 1 is charging
        """.write(toFile: bench.folder + "/journal", atomically: true, encoding: .utf8)
        try await bench.start()
        #expect(try bench.holdfast("sim", "plug").code == 0)
        #expect(try bench.holdfast("sim", "tap", "free:ALICE").code == 0)
        let (up, upTexts) = try archive(bench, "up")
        let present = Set(up.parts.filter { $0.missing == nil }.map(\.name))
        #expect(
            present == [
                "configuration.yaml", "status.json", "sessions.json", "recording.flight", "journal.txt",
                "doctor.json",
            ],
            "\(up.parts)")
        #expect(String(decoding: upTexts["status.json"] ?? Data(), as: UTF8.self).contains("connectors"))
        bench.kill()
        let (down, downTexts) = try archive(bench, "down")
        let missing = down.parts.filter { $0.missing != nil }.map(\.name)
        #expect(missing == ["board-profile.yaml", "status.json", "sessions.json"], "\(down.parts)")
        #expect(String(decoding: downTexts["doctor.json"] ?? Data(), as: UTF8.self).contains("FAIL"))
        for texts in [upTexts, downTexts] {
            #expect(
                String(decoding: texts["journal.txt"] ?? Data(), as: UTF8.self).contains("connector 1 is charging"))
            #expect(
                String(decoding: texts["configuration.yaml"] ?? Data(), as: UTF8.self).contains(
                    "minor_units_per_kwh: 49"))
            for (name, data) in texts {
                let text = String(decoding: data, as: UTF8.self)
                for secret in secrets { #expect(!text.contains(secret), "\(secret) in \(name)") }
            }
        }
    }

    @Test(
        "where nothing is, the archive says what is missing and why; where it cannot be written, one sentence does")
    func nothing() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("holdfast-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let words = ["bundle", "--config", folder + "/none.yaml", "--socket", folder + "/none.sock", "--out"]
        let answer = try run("holdfast", words + [folder + "/a.tar.gz"])
        #expect(answer.code == 0, "\(answer.errors)")
        #expect(answer.errors.contains("configuration.yaml: missing: there is no \(folder)/none.yaml"))
        #expect(try run("holdfast", words + [folder + "/no/a.tar.gz"]).code == 74)
        #expect(try run("holdfast", words + [folder + "/a.tar.gz", "--lines", "0"]).code == 64)
    }
}
