// The files that commands write: whole or not at all, where a link leads, straight into a device or a pipe, and never over
// somebody's work unless that was asked for.

import ArgumentParser
import CommandOutput
import Foundation

/// What commands share that write a file which people edit afterwards.
struct Overwriting: ParsableArguments {
    @Flag(help: "Write over a file that is there already.") var force = false

    /// Ends the command with 73 (EX_CANTCREAT) where the file is there and nobody has said that it may go; asked before any work.
    func mayWrite(_ path: String) throws {
        guard !force, case .file(_, isThere: true) = OutputPlace(path) else { return }
        complain("\(path) is there already: name another file, or write over it with --force.")
        throw ExitCode(73)
    }
}

/// Makes sure that a file can be made before hours of work are put into it; what is there stays as it is.
func tryFile(_ path: String) throws {
    guard case .nowhere(let obstacle) = OutputPlace(path) else { return }
    complain("Cannot make \(path): \(obstacle)")
    throw ExitCode(73)
}

/// Makes sure that files can be made in a folder, or the folder itself, before hours of work are put into them; 73 where not.
func tryFolder(_ path: String) throws {
    var place = path.isEmpty ? "." : path
    while !FileManager.default.fileExists(atPath: place) {
        let above = (place as NSString).deletingLastPathComponent
        place = above.isEmpty ? "." : above
    }
    guard let obstacle = obstacle(inFolder: place) else { return }
    complain("Cannot write into \(path): \(obstacle)")
    throw ExitCode(73)
}

/// Writes a file whole or not at all; what keeps it from that is said, and ends the command with 74.
func writeFile(_ data: Data, to path: String, mode: Int? = nil) throws {
    do { try put(data, at: path, mode: mode) } catch {
        complain("Cannot write \(path): \(error)")
        throw ExitCode(74)
    }
}

/// Why something cannot be written, and what to do.
struct OutputProblem: Error, CustomStringConvertible {
    let description: String
}

/// Where every command writes what a user has named: a file is replaced whole, the one that a link leads to included; a device or a
/// pipe takes what is written and stays what it is.
/// - Parameter mode: The permission bits of a file; nil: those that it has, or the usual ones.
func put(_ data: Data, at path: String, mode: Int? = nil) throws(OutputProblem) {
    do {
        switch OutputPlace(path) {
        case .file(let file, _):
            try data.write(to: URL(fileURLWithPath: file), options: .atomic)
            if let mode {
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
            }
        case .stream:
            guard let stream = FileHandle(forWritingAtPath: path) else {
                throw OutputProblem(description: String(cString: strerror(errno)) + ".")
            }
            try stream.write(contentsOf: data)
            try stream.close()
        case .ownOutput(let descriptor):
            // Behind what was printed, not before it and not over it.
            finishOutput()
            try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).write(contentsOf: data)
        case .nowhere(let obstacle): throw OutputProblem(description: obstacle)
        }
    } catch {
        throw error as? OutputProblem ?? OutputProblem(description: error.localizedDescription)
    }
}

/// Why nothing can be made in what is at a path, and what to do; nil: it can, as far as one sees.
private func obstacle(inFolder place: String) -> String? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder), isFolder.boolValue else {
        return "\(place) is no folder. Name one that is."
    }
    guard FileManager.default.isWritableFile(atPath: place) else {
        return "you may not write into \(place). Name another folder, or ask for the right."
    }
    return nil
}

/// What is at a path at which something is to be written.
private enum OutputPlace {
    /// A regular file, or room for one: under this name, which is no link.
    case file(String, isThere: Bool)
    /// A device or a pipe.
    case stream
    /// What this process prints into, by its descriptor: `/dev/stdout`, be it a terminal, a pipe, a socket or a file.
    case ownOutput(Int32)
    /// Nothing can be written there, as far as one sees: why, and what to do.
    case nowhere(String)

    init(_ path: String) {
        var found = stat()
        guard stat(path, &found) == 0 else {
            self =
                errno == ELOOP
                ? .nowhere("its links lead in a circle. Name a file.") : Self.room(path, isThere: false)
            return
        }
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
            var own = stat()
            guard fstat(descriptor, &own) == 0, own.st_dev == found.st_dev, own.st_ino == found.st_ino else {
                continue
            }
            self = .ownOutput(descriptor)
            return
        }
        switch found.st_mode & S_IFMT {
        case S_IFREG: self = Self.room(path, isThere: true)
        case S_IFDIR: self = .nowhere("it is a folder. Name a file in it.")
        case S_IFSOCK: self = .nowhere("it is a socket. Name a file.")
        default:
            let mayWrite = access(path, W_OK) == 0
            self = mayWrite ? .stream : .nowhere("you may not write into it. Name a file, or ask for the right.")
        }
    }

    /// The greatest number of links on one way (path_resolution(7)).
    private static let linksAtMost = 40

    /// The file that is, or will be, at the end of all links.
    private static func room(_ path: String, isThere: Bool) -> OutputPlace {
        var file = path
        for _ in 0..<linksAtMost {
            guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: file) else { break }
            let folder = (file as NSString).deletingLastPathComponent as NSString
            file = next.hasPrefix("/") ? next : folder.appendingPathComponent(next)
        }
        let folder = (file as NSString).deletingLastPathComponent
        let place = folder.isEmpty ? "." : folder
        guard FileManager.default.fileExists(atPath: place) else {
            return .nowhere("there is no folder \(place). Make it, or name another one.")
        }
        return obstacle(inFolder: place).map(OutputPlace.nowhere) ?? .file(file, isThere: isThere)
    }
}
