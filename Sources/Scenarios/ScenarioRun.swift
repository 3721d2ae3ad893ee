// Runs files and folders of scenarios and sums up.

import Foundation
public import Simulator
import StrictYAML

#if HOLDFAST_SEAMS
    // The seam alone has a type of the core in what is public.
    public import Post
#else
    import Post
#endif

/// The outcome of many scenarios.
public struct ScenarioRun: Sendable {
    /// Each outcome, in the order of the paths.
    public var results: [ScenarioResult] = []

    /// How many passed.
    public var passed: Int { results.filter { $0.verdict == .passed }.count }
    /// How many did not.
    public var failed: Int { results.count - passed }
    /// Whether a file could not be run at all.
    public var hasErrors: Bool { results.contains { $0.verdict == .error } }
    /// Whether a path was named where nothing is.
    public var hasMissing: Bool { results.contains(where: \.isMissing) }

    /// Writes down that there is nothing to play at a path.
    public mutating func add(missing path: String) {
        var result = Self.broken(
            path, "There is no scenario at \(path): name a .yaml file or a folder that holds some.")
        result.isMissing = true
        results.append(result)
    }

    /// An empty run.
    public init() {}

    /// Plays one file.
    /// - Parameters:
    ///   - isTold: Whether somebody wants to read how it went; a story of more than a day is not told.
    ///   - farLink: What stands between processes and their far devices in every story; nil: what the story asks for.
    ///   - bytes: Makes what a story whose devices answer as bytes is played over; called for such a story alone.
    public static func play(
        path: String, seed: UInt64? = nil, isTraced: Bool = false, isTold: Bool = false,
        farLink: FarLinkMaker? = nil, bytes: () throws -> FarLinkMaker? = { nil }
    ) -> ScenarioResult {
        attempt(path, seed, farLink, bytes) { scenario in
            let isTraced = isTraced || isTold && !scenario.isLong
            return try scenario.compare.isEmpty
                ? ScenarioPlayer.play(scenario, path: path, isTraced: isTraced)
                : ScenarioPlayer.compare(scenario, path: path, isTraced: isTraced)
        }
    }

    /// Reads a file and plays it; what cannot be read or played is an outcome too.
    private static func attempt(
        _ path: String, _ seed: UInt64?, _ farLink: FarLinkMaker?, _ bytes: () throws -> FarLinkMaker?,
        _ play: (inout Scenario) throws -> ScenarioResult
    ) -> ScenarioResult {
        do {
            var scenario = try scenarioDocument.read(path: path)
            if let seed { scenario.seed = seed }
            scenario.farLink = try farLink ?? (scenario.devices == .bytes ? bytes() : nil)
            var result = try play(&scenario)
            result.isSeedOverridden = seed != nil
            result.isOverBytes = farLink != nil && scenario.devices == .called
            return result
        } catch let problems as Problems {
            return broken(path, problems.written(as: .text))
        } catch {
            return broken(path, "\(error)")
        }
    }

    #if HOLDFAST_SEAMS
        /// Plays one file with rows of the fault table, or habits, switched off, or with a defect put into every post. Not in
        /// release builds.
        public static func play(
            path: String, without faults: FaultSet, habits: [Habit] = [], with defect: SeededDefect? = nil,
            seed: UInt64? = nil, isTraced: Bool = false, farLink: FarLinkMaker? = nil,
            bytes: () throws -> FarLinkMaker? = { nil }
        ) -> ScenarioResult {
            attempt(path, seed, farLink, bytes) { scenario in
                for habit in habits { habit.spoil(&scenario.site.limits) }
                let player = try ScenarioPlayer(scenario, path: path, isTraced: isTraced)
                player.disarm(faults)
                habits.forEach(player.drop)
                if let defect { player.seed(defect) }
                var result = player.play()
                result.without = faults.codes + habits.map(\.rawValue)
                result.defect = defect.map { Int($0.rawValue) }
                return result
            }
        }

        /// The faults that a scenario expects by name: what it must not pass without.
        public static func faultsExpected(path: String) throws -> [Fault] {
            try scenarioDocument.read(path: path).faultsExpected
        }
    #endif

    private static func broken(_ path: String, _ complaint: String) -> ScenarioResult {
        ScenarioResult(
            path: path, title: path, verdict: .error, checks: [], complaints: [complaint], lastEvents: [],
            virtualMicroseconds: 0, hash: 0)
    }

    /// How much there is to play in a file, in no unit: more of it takes longer; 0 where it cannot be read.
    public static func weight(path: String) -> Double { (try? scenarioDocument.read(path: path))?.weight ?? 0 }

    /// The scenario files of a path: itself, or every `.yaml` below a folder, sorted.
    public static func files(at path: String) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return [] }
        guard isFolder.boolValue else { return [path] }
        let below = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return below.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted().map { path + "/" + $0 }
    }
}
