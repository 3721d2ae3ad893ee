// The files a traced run leaves behind: a page for people, dumps and events for their tools.

import ArgumentParser
import CommandOutput
import Foundation
import Traces

/// Writes a trace; what keeps it from that ends the command with 74. Returns the page's path.
/// - Parameter name: Of the files, without their endings; nil: that of the trace's source.
func leaveBehindTrace(
    of trace: Trace, in folder: String, named name: String? = nil, repeatWith: String
) throws -> String {
    do {
        let own = URL(fileURLWithPath: trace.source).deletingPathExtension().lastPathComponent
        return try writeArtifacts(trace, into: folder, name: name ?? own, repeatWith: repeatWith)
    } catch {
        let why = (error as? OutputProblem)?.description ?? error.localizedDescription
        complain("Cannot write into \(folder): \(why)")
        throw ExitCode(74)
    }
}

/// Writes every form of a trace into a folder; returns the page's path.
/// - Throws: What the file system says.
private func writeArtifacts(
    _ trace: Trace, into folder: String, name: String, repeatWith: String
) throws -> String {
    var trace = trace
    trace.program = Holdfast.identity.text
    let place = URL(fileURLWithPath: folder)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    func write(_ data: Data, _ ending: String) throws -> String {
        let file = place.appendingPathComponent("\(name).\(ending)")
        try put(data, at: file.path)
        return file.path
    }
    _ = try write(Data(trace.valueChangeDump(.gtkwave).utf8), "vcd")
    _ = try write(Data(trace.waveSaveFile(dumpFile: "\(name).vcd").utf8), "gtkw")
    _ = try write(Data(trace.valueChangeDump(.sigrok).utf8), "sigrok.vcd")
    _ = try write(try trace.traceEvents(), "trace.json")
    _ = try write(Data(try trace.eventLines().utf8), "ndjson")
    return try write(Data(try trace.report(repeatWith: repeatWith).utf8), "html")
}
