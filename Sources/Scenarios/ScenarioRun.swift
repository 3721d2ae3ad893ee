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
    public static func play(
        path: String, seed: UInt64? = nil, isTraced: Bool = false, farLink: FarLinkMaker? = nil
    ) -> ScenarioResult {
        attempt(path) { scenario in
            var scenario = scenario
            if let seed { scenario.seed = seed }
            scenario.farLink = farLink
            var result =
                try scenario.compare.isEmpty
                ? ScenarioPlayer.play(scenario, path: path, isTraced: isTraced)
                : ScenarioPlayer.compare(scenario, path: path, isTraced: isTraced)
            result.seed = scenario.seed
            result.isSeedOverridden = seed != nil
            result.isOverBytes = farLink != nil
            return result
        }
    }

    /// Reads a file and plays it; what cannot be read or played is an outcome too.
    private static func attempt(_ path: String, _ play: (Scenario) throws -> ScenarioResult) -> ScenarioResult {
        do {
            return try play(try scenarioDocument.read(path: path))
        } catch let problems as Problems {
            return broken(path, problems.written(as: .text))
        } catch {
            return broken(path, "\(error)")
        }
    }

    #if HOLDFAST_SEAMS
        /// Plays one file with rows of the fault table, or habits, switched off. Not in release builds.
        public static func play(
            path: String, without faults: FaultSet, habits: [Habit] = [], seed: UInt64? = nil,
            isTraced: Bool = false
        ) -> ScenarioResult {
            attempt(path) { scenario in
                var scenario = scenario
                if let seed { scenario.seed = seed }
                for habit in habits { habit.spoil(&scenario.site.limits) }
                let player = try ScenarioPlayer(scenario, path: path, isTraced: isTraced)
                player.disarm(faults)
                habits.forEach(player.drop)
                var result = player.play()
                (result.seed, result.isSeedOverridden) = (scenario.seed, seed != nil)
                result.without = faults.codes + habits.map(\.rawValue)
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

    /// The scenario files of a path: itself, or every `.yaml` below a folder, sorted.
    public static func files(at path: String) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return [] }
        guard isFolder.boolValue else { return [path] }
        let below = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return below.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted().map { path + "/" + $0 }
    }
}
