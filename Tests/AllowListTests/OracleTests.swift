// Signatures and hashes checked by programs that are not ours: openssl and sha256sum.

import AllowListProofs
import Foundation
import Testing

@testable import AllowList

/// Runs a program of the system; returns its exit code and output.
func run(_ program: String, _ arguments: [String]) throws -> (code: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}

@Suite("Independent oracles")
struct OracleTests {
    @Test("openssl accepts the header's signature, and refuses it over a changed header")
    func openssl() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("oracle-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let office = try Office()
        let file = try office.file()
        func put(_ name: String, _ bytes: [UInt8]) throws -> String {
            let url = folder.appendingPathComponent(name)
            try Data(bytes).write(to: url)
            return url.path
        }
        // SubjectPublicKeyInfo of an Ed25519 key: a fixed prefix (RFC 8410) and the 32 bytes.
        let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        let key = try put("key.der", prefix + (try #require(KeyMaker.open(of: office.secret))))
        let signature = try put("signature", Array(file[528..<592]))
        let signed = try put("signed", Array("PAL-list-v1\0".utf8) + file[0..<512])
        let verify = [
            "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", key, "-sigfile", signature,
            "-in",
        ]
        #expect(try run("openssl", verify + [signed]).code == 0)
        var changed = Array("PAL-list-v1\0".utf8) + file[0..<512]
        changed[60] ^= 1
        #expect(try run("openssl", verify + [try put("changed", changed)]).code != 0)
        let header = try office.open(file).header
        let directory = try put(
            "directory",
            Array(file[Int(header.directoryOffset)..<Int(header.directoryOffset + header.directoryLength)]))
        #expect(try run("sha256sum", [directory]).output.hasPrefix(hexadecimal(header.directoryHash)))
        let signedHead = try put("head", Array(file[..<512]))
        #expect(try run("sha256sum", [signedHead]).output.hasPrefix(hexadecimal(try office.open(file).headerHash)))
    }

    /// What the short verifier can refuse: what one list and the keys alone can tell.
    private static let namesOfTheShortOne: Set<String> = [
        "truncated", "not_a_list", "bad_header", "unsigned", "bad_signature", "unknown_issuer", "unknown_format",
        "wrong_operator", "trailing_bytes", "policy_corrupt", "directory_corrupt", "page_corrupt", "unsorted",
    ]

    @Test("seventy lines of Python, written from the format document, verify every list and look drivers up in it")
    func shortVerifier() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("verifier-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
        let corpus = try AttackCorpus()
        for name in ["operator", "pepper"] {
            try Data(corpus.file(name)).write(to: URL(fileURLWithPath: path(name)))
        }
        let expected = try CorpusTests.expected()
        let script = CorpusTests.folder.appendingPathComponent("verify_list.py").path
        var verdicts: Set<String> = []
        for item in corpus.cases where item.file.hasSuffix(".pal") {
            try Data(corpus.file(item.file)).write(to: URL(fileURLWithPath: path("list.pal")))
            let keys = Self.listKeys(of: corpus.file(item.bundle))
            try keys.map { hexadecimal($0) + "\n" }.joined().write(
                toFile: path("keys"), atomically: true, encoding: .utf8)
            let said = try run(
                "python3",
                [
                    script, path("list.pal"), path("operator"), path("keys"), path("pepper"), "free:d7",
                    "free:NOBODY",
                ])
            let verdict = String(said.output.prefix { !$0.isWhitespace })
            let known = expected[item.name] ?? ""
            if known == "good" || Self.namesOfTheShortOne.contains(known) {
                #expect(verdict == known, "\(item.name): \(said.output)")
                verdicts.insert(verdict)
            }
            guard item.name == "list-good" else { continue }
            // Driver 7 of the corpus: no dates, profile 0, group 7 of 3.
            #expect(said.output == "good 100\nd7 0 0 0 1\nNOBODY not listed\n")
        }
        #expect(verdicts == Self.namesOfTheShortOne.union(["good"]))
    }

    /// The public list keys of a bundle, by the offsets of the format document.
    private static func listKeys(of bundle: [UInt8]) -> [[UInt8]] {
        stride(from: 4_096, to: 4_096 + 128 * Int(bundle[63]), by: 128).filter { bundle[$0 + 33] == 2 }.map {
            Array(bundle[$0..<$0 + 32])
        }
    }

    @Test("a verifier of every kind in another language gives each case of the corpus the verdict written by hand")
    func python() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("python-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let corpus = try AttackCorpus()
        for (name, bytes) in corpus.files { try Data(bytes).write(to: folder.appendingPathComponent(name)) }
        try Data(corpus.manifest.utf8).write(to: folder.appendingPathComponent("cases.txt"))
        let script = CorpusTests.folder.appendingPathComponent("judge_corpus.py").path
        let said = try run("python3", [script, folder.path])
        #expect(said.code == 0, "\(said.output.suffix(500))")
        var theirs: [String: String] = [:]
        for line in said.output.split(separator: "\n") {
            let words = line.split(separator: " ")
            theirs[String(words[0])] = String(words[1])
        }
        let expected = try CorpusTests.expected()
        let files = corpus.cases.filter { $0.steps.isEmpty }
        #expect(theirs.count == files.count)
        for item in files { #expect(theirs[item.name] == expected[item.name], "\(item.name)") }
    }
}
