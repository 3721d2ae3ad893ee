// Signatures and hashes checked by programs that are not ours: openssl and sha256sum.

import Foundation
import Testing

@testable import AllowList

/// Runs a program; returns its exit code and output.
private func run(_ program: String, _ arguments: [String]) throws -> (code: Int32, output: String) {
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
    }

    @Test("a verifier in another language, written from the format document, gives the same verdicts")
    func python() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("python-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let office = try Office(count: 200)
        let file = try office.file()
        let key = hexadecimal(try #require(KeyMaker.open(of: office.secret)))
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "verify_list.py"
        ).path
        func verdicts(_ bytes: [UInt8]) throws -> (ours: String, theirs: String) {
            let url = folder.appendingPathComponent("list.pal")
            try Data(bytes).write(to: url)
            var ours = "good"
            do {
                var reader = try office.open(bytes)
                try reader.verifyEveryPage()
            } catch let refusal as ListRefusal { ours = refusal.rawValue }
            let said = try run("python3", [script, url.path, key]).output
            return (ours, said.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        func flipped(_ position: Int) -> [UInt8] {
            var bytes = file
            bytes[position] ^= 1
            return bytes
        }
        let cases = [
            file, flipped(0), flipped(50), flipped(300), flipped(515), flipped(521), flipped(560), flipped(2_000),
            flipped(4_100),
            flipped(5_000), flipped(8_200), flipped(9_000), flipped(file.count - 1), flipped(12_400),
            Array(file.dropLast()),
            file + [0], Array(file[..<1_000]), Array(file[..<9_000]),
        ]
        for bytes in cases {
            let (ours, theirs) = try verdicts(bytes)
            #expect(ours == theirs)
        }
    }
}
