// A real HTTPS mirror on the loopback, with a certificate of its own and faults that files switch on.

import Foundation

/// A mirror of its own certificate, in a folder of its own.
final class Mirror {
    let folder: String
    let certificate: String
    let address: String
    private let server = Process()

    /// Serves the folder; with a queue, one file of it after the other.
    init(in folder: String, queue: [String] = []) throws {
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        certificate = folder + "/certificate.pem"
        let made = Process()
        made.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        made.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout",
            folder + "/key.pem", "-out", certificate, "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost",
        ]
        made.standardError = FileHandle.nullDevice
        try made.run()
        made.waitUntilExit()
        server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        var arguments = [
            "python3", root + "/Tests/BlackBoxTests/mirror.py", folder, certificate, folder + "/key.pem",
        ]
        if !queue.isEmpty {
            try queue.joined(separator: "\n").write(
                toFile: folder + "/queue", atomically: true, encoding: .utf8)
            arguments.append(folder + "/queue")
        }
        server.arguments = arguments
        let said = Pipe()
        server.standardOutput = said
        server.standardError = FileHandle.nullDevice
        try server.run()
        let port = String(decoding: said.fileHandleForReading.availableData, as: UTF8.self)
        address = "https://localhost:\(port.trimmingCharacters(in: .whitespacesAndNewlines))"
    }

    deinit {
        // It may have inherited a mask in which SIGTERM waits.
        kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()
    }
}
