// `holdfast meter`: read a device by its register map, with nothing else running.

import ArgumentParser
import CommandOutput
import Foundation
import ModbusDriver
import Post
import RegisterMaps
import StrictYAML

struct MeterGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "meter", abstract: "Read meters and other Modbus devices by their register maps.",
        discussion: "EXAMPLES\n  holdfast meter list\n  holdfast meter read --help",
        subcommands: [MeterRead.self, MeterList.self])
}

/// Where the register maps are.
struct MapFolder: ParsableArguments {
    /// Where the package puts them; beside a checkout, they are in it.
    static let standardFolders = ["/usr/share/holdfast/meters", "hardware/meters"]

    @Option(
        help: ArgumentHelp(
            "Folder of the register maps. Default: the first of \(standardFolders.joined(separator: ", ")).",
            valueName: "folder"))
    var maps: String?

    var folder: String {
        maps ?? Self.standardFolders.first { FileManager.default.fileExists(atPath: $0) } ?? Self.standardFolders[0]
    }

    /// The names of the maps there; ends the command if there is no such folder.
    func names() throws -> [String] {
        guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            complain("There is no folder \(folder): name the folder of the register maps with --maps.")
            throw ExitCode(66)
        }
        return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }

    /// A map by its name, or a file of one; ends the command with each mistake in it.
    func map(_ profile: String) throws -> RegisterMap {
        let isFile = profile.contains("/") || profile.hasSuffix(".yaml")
        if !isFile {
            let names = try names()
            guard names.contains(profile) else {
                let hint = Nearest.word(to: profile, among: names).map { " Did you mean \($0)?" } ?? ""
                complain("There is no register map \(profile) in \(folder).\(hint) See: holdfast meter list")
                throw ExitCode(66)
            }
        }
        let path = isFile ? profile : folder + "/" + profile + ".yaml"
        do {
            return try registerMapDocument.read(path: path)
        } catch {
            for problem in error.list {
                complain("\(path):\(problem.position.line):\(problem.position.column): \(problem.sentence)")
            }
            throw ExitCode(error.list.contains { $0.code == .noSuchFile } ? 66 : 65)
        }
    }
}

struct MeterList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the register maps.",
        discussion: "EXAMPLES\n  holdfast meter list --json")
    @OptionGroup var maps: MapFolder
    @Flag(help: "Print the list as JSON.")
    var json = false

    struct Row: Encodable {
        var name: String
        var kind: String
        var title: String
        var checked: String
        var sources: [String]
    }

    func run() async throws {
        let rows = try maps.names().map { name in
            let map = try maps.map(name)
            return Row(
                name: name, kind: map.kind.rawValue, title: map.title, checked: map.checked, sources: map.sources)
        }
        if json { return printJSON(rows) }
        let width = rows.map(\.name.count).max() ?? 0
        for row in rows {
            let name = row.name.padding(toLength: width, withPad: " ", startingAt: 0)
            print("\(name)  \(row.kind.padding(toLength: 18, withPad: " ", startingAt: 0))  \(row.title)")
        }
    }
}
