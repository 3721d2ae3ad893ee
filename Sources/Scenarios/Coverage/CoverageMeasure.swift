// Measures the coverage of the catalogue: debug builds alone, since reactions are switched off to see a story fail.

#if HOLDFAST_SEAMS
    import Foundation
    import Post
    public import Simulator
    import StrictYAML

    extension Coverage {
        /// Plays every scenario below a folder that names a row, once as it is and once without each of its reactions.
        /// - Parameter bytes: Makes what stories whose devices answer as bytes are played over.
        public static func measure(
            folder: String, bytes: @escaping @Sendable () throws -> FarLinkMaker? = { nil }
        ) async throws -> Coverage {
            let files = ScenarioRun.files(at: folder)
            var named: [(path: String, scenario: Scenario)] = []
            for path in files {
                let scenario = try scenarioDocument.read(path: path)
                if !scenario.rows.isEmpty { named.append((path, scenario)) }
            }
            let found = await withTaskGroup(of: (Int, Entry).self) { group in
                for (index, (path, scenario)) in named.enumerated() {
                    group.addTask {
                        (index, entry(path, scenario, name: String(path.dropFirst(folder.count + 1)), bytes))
                    }
                }
                var entries: [Int: Entry] = [:]
                for await (index, entry) in group { entries[index] = entry }
                return entries
            }
            return Coverage(
                rows: Catalogue.rows.map { row in
                    let entries = named.indices.filter { named[$0].scenario.rows.contains(row.number) }
                    var result = Row(
                        number: row.number, cause: row.cause, entries: entries.compactMap { found[$0] })
                    result.departure = row.departure
                    switch row.standIn {
                    case .none: break
                    case .proved(let how): result.proved = how
                    case .missing(let why): result.missing = why
                    }
                    return result
                })
        }

        private static func entry(
            _ path: String, _ scenario: Scenario, name: String, _ bytes: () throws -> FarLinkMaker?
        ) -> Entry {
            let faults = scenario.faultsExpected
            guard !scenario.isLong else {
                return Entry(
                    scenario: name, passes: true, reaction: scenario.reaction, asserts: scenario.asserted,
                    hasFault: !faults.isEmpty)
            }
            let result = ScenarioRun.play(path: path, bytes: bytes)
            var isNoticed: Bool?
            for fault in faults {
                let without = ScenarioRun.play(
                    path: path, without: FaultSet(bits: 1 << UInt128(fault.rawValue)), bytes: bytes)
                isNoticed = (isNoticed ?? true) && without.verdict != .passed
            }
            for row in Catalogue.rows where scenario.rows.contains(row.number) {
                guard let habit = row.habit else { continue }
                let without = ScenarioRun.play(path: path, without: FaultSet(), habits: [habit], bytes: bytes)
                isNoticed = (isNoticed ?? true) && without.verdict != .passed
            }
            let tightest = result.tightest
            return Entry(
                scenario: name, passes: result.verdict == .passed, reaction: scenario.reaction,
                asserts: scenario.asserted, hasFault: !faults.isEmpty, limit: tightest?.limit,
                measured: tightest?.measured, disarmingIsNoticed: isNoticed)
        }
    }
#endif
