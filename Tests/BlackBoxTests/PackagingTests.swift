// What a post is given: the daemon without anything to inject faults with.

import Foundation
import Testing

@Suite("packaging")
struct PackagingTests {
    @Test("the daemon holds neither the simulated world nor a fault to inject; its bench twin holds both")
    func noSimulator() throws {
        let clean = try search("holdfastd")
        #expect(clean.code == 0, "\(clean.output)")
        // The same search, pointed at a program that does hold them: were it blind, this would pass too.
        let bench = try search("holdfastd-bench")
        #expect(bench.code == 1)
        #expect(bench.output.contains("symbols of Simulator"))
        #expect(bench.output.contains("the button is pressed and stays in"))
    }

    private func search(_ program: String) throws -> (code: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: root + "/hardware/debian/holds-no-simulator")
        process.arguments = [programs + "/" + program, programs + "/holdfast"]
        let pipe = Pipe()
        (process.standardOutput, process.standardError) = (pipe, pipe)
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }
}
