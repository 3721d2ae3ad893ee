// The files that commands write: whole or not at all, and never over somebody's work unless that was asked for.

import ArgumentParser
import CommandOutput
import Foundation

/// What commands share that write a file which people edit afterwards.
struct Overwriting: ParsableArguments {
    @Flag(help: "Write over a file that is there already.") var force = false

    /// Ends the command with 73 (EX_CANTCREAT) where the file is there and nobody has said that it may go; asked before any work.
    func mayWrite(_ path: String) throws {
        guard !force, FileManager.default.fileExists(atPath: path) else { return }
        complain("\(path) is there already: name another file, or write over it with --force.")
        throw ExitCode(73)
    }
}

/// Makes sure that a file can be made before hours of work are put into it; what is there stays as it is.
func tryFile(_ path: String) throws {
    guard let obstacle = obstacle(to: path) else { return }
    complain("Cannot make \(path): \(obstacle)")
    throw ExitCode(73)
}

/// Why a file cannot be made, and what to do; nil: it can, as far as one sees.
private func obstacle(to path: String) -> String? {
    let folder = (path as NSString).deletingLastPathComponent
    let place = folder.isEmpty ? "." : folder
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
        return "there is no folder \(place). Make it, or name another one."
    }
    guard isFolder.boolValue else { return "\(place) is no folder. Name one that is." }
    guard FileManager.default.isWritableFile(atPath: place) else {
        return "you may not write into \(place). Name another folder, or ask for the right."
    }
    guard !FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) || !isFolder.boolValue else {
        return "it is a folder. Name a file in it."
    }
    return nil
}

/// Writes a file whole or not at all; what keeps it from that is said, and ends the command with 74.
func writeFile(_ data: Data, to path: String) throws {
    do {
        try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
        complain("Cannot write \(path): \(obstacle(to: path) ?? error.localizedDescription)")
        throw ExitCode(74)
    }
}
