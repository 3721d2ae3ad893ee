// The last configuration that was good, kept with the state: a bad file falls back to it to hold outputs safe.

import DaemonConfiguration
import Foundation
import StrictYAML

/// The files that a board was read from.
public struct BoardFiles: Sendable {
    /// The board profile; nil where there is no board.
    public var profile: String?
    /// The register maps that it names.
    public var registerMaps: [String]
    private let contents: [String: Data]

    /// A board that was just read from these files; left out: no board.
    public init(profile: String? = nil, registerMaps: [String] = []) {
        self.profile = profile
        self.registerMaps = registerMaps
        contents = Dictionary(
            ([profile].compactMap(\.self) + registerMaps).compactMap { path in
                FileManager.default.contents(atPath: path).map { (path, $0) }
            }, uniquingKeysWith: { $1 })
    }

    /// Those that say something else now.
    var changed: [String] {
        contents.keys.sorted().filter { FileManager.default.contents(atPath: $0) != contents[$0] }
    }
}

/// The copy of the last good configuration and of its board. Only the board is ever used, and never to charge with.
enum LastGood {
    static let name = "last-good.yaml"
    /// Where the board's copy lies; its register maps lie in the folder `meters` beside that of the profile, where they
    /// are looked for first.
    static let board = "last-good/boards/board.yaml"
    static let maps = "last-good/meters"

    /// Keeps copies of the files. What cannot be kept is missed only on a bad day, so failing is no error.
    static func keep(_ path: String, _ files: BoardFiles, in folder: String) {
        copy(path, to: folder + "/" + name)
        guard let profile = files.profile else { return }
        // What is kept of an earlier board stays until the new one is there: the copy itself may be in use.
        guard profile != folder + "/" + board else { return }
        copy(profile, to: folder + "/" + board)
        for map in files.registerMaps {
            copy(map, to: folder + "/" + maps + "/" + (map as NSString).lastPathComponent)
        }
    }

    private static func copy(_ path: String, to target: String) {
        let manager = FileManager.default
        guard let data = manager.contents(atPath: path), data.count < 1 << 20,
            manager.contents(atPath: target) != data
        else { return }
        makeFolder(of: target)
        try? data.write(to: URL(fileURLWithPath: target), options: .atomic)
    }

    /// The configurations that were kept in these folders.
    static func find(in folders: [String]) -> [DaemonConfiguration] {
        folders.compactMap { try? DaemonConfiguration.read(path: $0 + "/" + name) }
    }

    /// The same configuration with the board that was kept in its state folder; nil where none was.
    static func withKeptBoard(_ configuration: DaemonConfiguration) -> DaemonConfiguration? {
        let kept = configuration.stateFolder + "/" + board
        guard case .hardware = configuration.backend, FileManager.default.fileExists(atPath: kept) else {
            return nil
        }
        var configuration = configuration
        configuration.backend = .hardware(profile: kept)
        return configuration
    }

    /// In a file that is bad as a whole, a line of these keys still says where things are: a path.
    static func line(_ key: String, of path: String) -> String? {
        value(of: key, in: path).flatMap {
            $0.hasPrefix("/") && $0.utf8.count <= 100 && !$0.contains(" ") ? $0 : nil
        }
    }

    /// The port on loopback that such a file names.
    static func loopbackPort(of path: String) -> Int? {
        value(of: "loopback_port", in: path).flatMap { Int($0) }.flatMap { (1...65_535).contains($0) ? $0 : nil }
    }

    private static func value(of key: String, in path: String) -> String? {
        guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.read(upToCount: 1 << 18)
        else {
            return nil
        }
        for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
        where line.hasPrefix(key + ":") {
            return line.dropFirst(key.count + 1).trimmingCharacters(in: .whitespaces)
        }
        return nil
    }
}
