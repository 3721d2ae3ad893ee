// The last configuration that was good, kept with the state: a bad file falls back to it to hold outputs safe.

import DaemonConfiguration
import Foundation
import StrictYAML

/// The copy of the last good configuration. Only its board part is ever used, and never to charge with.
enum LastGood {
    static let name = "last-good.yaml"

    /// Keeps a copy of the file. One that cannot be kept is missed only on a bad day, so failing is no error.
    static func keep(_ path: String, in folder: String) {
        guard let data = FileManager.default.contents(atPath: path), data.count < 1 << 20,
            FileManager.default.contents(atPath: folder + "/" + name) != data
        else { return }
        try? data.write(to: URL(fileURLWithPath: folder + "/" + name), options: .atomic)
    }

    /// The configuration that was kept in the first of these folders that has one.
    static func find(in folders: [String]) -> DaemonConfiguration? {
        for folder in folders {
            if let found = try? DaemonConfiguration.read(path: folder + "/" + name) { return found }
        }
        return nil
    }

    /// In a file that is bad as a whole, a line of these two keys still says where things are.
    static func line(_ key: String, of path: String) -> String? {
        guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.read(upToCount: 1 << 18)
        else {
            return nil
        }
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") where line.hasPrefix(key + ":") {
            let value = line.dropFirst(key.count + 1).trimmingCharacters(in: .whitespaces)
            if value.hasPrefix("/"), value.utf8.count <= 100, !value.contains(" ") { return value }
        }
        return nil
    }
}
