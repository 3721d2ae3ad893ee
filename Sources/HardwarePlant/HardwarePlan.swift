// A board profile with its register maps, read and fitted to the post's configuration before anything is driven.

public import BoardProfiles
import Foundation
public import Post
public import RegisterMaps
import StrictYAML

/// What a real post is made of: a checked value that may be handed to the loop's thread.
public struct HardwarePlan: Sendable {
    /// The lines, buses and devices of the board.
    public var profile: BoardProfile
    /// The post as the core knows it.
    public var post: PostConfiguration
    /// The register maps that the profile names.
    public var maps: [String: RegisterMap]

    /// Where the register maps are looked for besides the folder `meters` beside the profile's own folder.
    public static let standardFolders = ["/etc/holdfast/meters", "/usr/share/holdfast/meters"]

    /// Reads a profile and the maps it names. Throws every mistake at once, a sentence each.
    ///
    /// - Parameters:
    ///   - path: The profile.
    ///   - post: The post's configuration, which it must fit.
    ///   - isBench: Whether devices may be simulated.
    public init(profile path: String, post: PostConfiguration, isBench: Bool = false) throws(HardwareProblems) {
        do {
            profile = try BoardProfile.read(path: path)
        } catch {
            throw HardwareProblems(error.written(as: .text).split(separator: "\n").map { String($0) })
        }
        self.post = post
        maps = [:]
        var problems = Self.misfits(profile, post, path)
        if !profile.simulated.isEmpty, !isBench {
            problems.append(
                "The board profile \(path) asks for simulated devices "
                    + "(\(profile.simulated.map(\.rawValue).joined(separator: ", "))), which this program does not have: "
                    + "use holdfastd-bench, or take the key simulated out of the profile.")
        }
        let folders = Self.mapFolders(beside: path)
        for (name, kind) in Self.namedMaps(profile) {
            switch Self.map(name, kind, folders) {
            case .success(let map): maps[name] = map
            case .failure(let found): problems += found.sentences
            }
        }
        if !problems.isEmpty { throw HardwareProblems(problems) }
    }

    /// A plan of parts that were read elsewhere.
    public init(profile: BoardProfile, post: PostConfiguration, maps: [String: RegisterMap]) {
        self.profile = profile
        self.post = post
        self.maps = maps
    }

    /// Where the register maps of a profile are looked for.
    public static func mapFolders(beside path: String) -> [String] {
        let beside = URL(fileURLWithPath: path).deletingLastPathComponent().deletingLastPathComponent()
        return [beside.appendingPathComponent("meters").path] + standardFolders
    }

    /// Every map that the profile names, with the kind of device that it must describe; each once.
    private static func namedMaps(_ profile: BoardProfile) -> [(name: String, kind: DeviceKind)] {
        var named: [(name: String, kind: DeviceKind)] = []
        func add(_ device: BusDeviceWiring?, _ kind: DeviceKind) {
            guard let device, !named.contains(where: { $0.name == device.map && $0.kind == kind }) else { return }
            named.append((device.map, kind))
        }
        for connector in profile.connectors {
            add(connector.meter, .dcMeter)
            add(connector.insulation, .insulationMonitor)
            add(connector.thermometers, .thermometers)
        }
        for stage in profile.stages { add(stage.device, .powerStage) }
        return named
    }

    /// The files of the register maps that a plan of this profile was read from.
    public func mapFiles(beside path: String) -> [String] {
        let folders = Self.mapFolders(beside: path)
        return maps.keys.sorted().compactMap { Self.mapFile($0, folders) }
    }

    private static func mapFile(_ name: String, _ folders: [String]) -> String? {
        folders.map { "\($0)/\(name).yaml" }.first { FileManager.default.fileExists(atPath: $0) }
    }

    private static func map(
        _ name: String, _ kind: DeviceKind, _ folders: [String]
    ) -> Result<RegisterMap, HardwareProblems> {
        guard let path = mapFile(name, folders) else {
            return .failure(
                HardwareProblems([
                    "There is no register map \(name) in \(folders.joined(separator: ", ")): see holdfast meter list."
                ]))
        }
        do throws(Problems) {
            let map = try registerMapDocument.read(path: path)
            guard map.kind == kind else {
                return .failure(
                    HardwareProblems([
                        "\(path) describes a \(map.kind.rawValue), but the profile uses it for a \(kind.rawValue)."
                    ]))
            }
            return .success(map)
        } catch {
            return .failure(
                HardwareProblems(
                    error.list.map { "\(path):\($0.position.line):\($0.position.column): \($0.sentence)" }))
        }
    }

    /// Where profile and configuration do not speak of the same post.
    private static func misfits(_ profile: BoardProfile, _ post: PostConfiguration, _ path: String) -> [String] {
        var problems: [String] = []
        func count(_ what: String, _ configured: Int, _ wired: Int) {
            guard configured != wired else { return }
            problems.append(
                "The configuration has \(configured) \(what), the board profile \(path) has \(wired): "
                    + "list the same ones in both, in the same order.")
        }
        count("connectors", post.connectors.count, profile.connectors.count)
        count("stages", post.stages.count, profile.stages.count)
        count("readers", post.readers.count, profile.readers.count)
        for (index, (connector, wiring)) in zip(post.connectors, profile.connectors).enumerated() {
            switch (connector.lockHolder, wiring.lock) {
            case (.post, nil):
                problems.append(
                    "Connector \(index + 1) is configured with lock: post, but the board profile \(path) has no lock "
                        + "for it: wire one, or say lock: vehicle.")
            case (.vehicle, .some):
                problems.append(
                    "The board profile \(path) has a lock for connector \(index + 1), which is configured with "
                        + "lock: vehicle: say lock: post, or take the lock out of the profile.")
            case (.post, .some), (.vehicle, nil): break
            }
        }
        return problems
    }
}

/// Why a post cannot be made of its profile: a sentence for each mistake.
public struct HardwareProblems: Error, Hashable, Sendable, CustomStringConvertible {
    /// What, where, and what to do.
    public var sentences: [String]

    init(_ sentences: [String]) { self.sentences = sentences }

    /// All of them, a line each.
    public var description: String { sentences.joined(separator: "\n") }
}
