// How `holdfast replay` plays stories: one by its options, many side by side.

import ArgumentParser
import CommandOutput
import Foundation
import Post
import Scenarios
import Simulator
import StrictYAML

/// How each story of a run is played.
struct StoryPlay: Sendable {
    /// In place of the story's own seed.
    var seed: UInt64?
    /// Whether its course is wanted: for files, or for whoever looks at one story.
    var isTraced = false
    var isTold = false
    /// Whether it is played once more, to see that it comes out the same.
    var isTwice = false
    /// What stands between processes and their far devices in every story; nil: what the story asks for.
    var farLink: FarLinkMaker?
    /// Where the register maps are, for a story that asks for devices of bytes itself.
    var maps: String
    /// The share of each limit that a reaction must leave, in percent.
    var marginPercent: Int?
    #if HOLDFAST_SEAMS
        var disarmed = FaultSet()
        var habits: [Habit] = []
        var defect: SeededDefect?
        private var isSpoiled: Bool { !disarmed.isEmpty || !habits.isEmpty || defect != nil }

        /// Switches off what was named; a word that is neither a fault nor a habit ends the command with 64.
        mutating func leaveOut(_ codes: [String]) throws {
            for code in codes {
                if let habit = Habit(rawValue: code) {
                    habits.append(habit)
                } else if let fault = Fault.allCases.first(where: { $0.code == code }) {
                    disarmed.insert(fault)
                } else {
                    let known = Fault.allCases.map(\.code) + Habit.allCases.map(\.rawValue)
                    let near = Nearest.word(to: code, among: known)
                    complain("There is no fault or habit \(code).\(near.map { " Did you mean \($0)?" } ?? "")")
                    throw ExitCode(64)
                }
            }
        }
    #endif

    /// Plays a story.
    func play(_ file: String) throws -> ScenarioResult {
        var result = playOnce(file)
        if let marginPercent { result.demand(marginPercent: marginPercent) }
        guard isTwice, result.verdict != .error, var scenario = try? scenarioDocument.read(path: file) else {
            return result
        }
        scenario.farLink = try farLink ?? (scenario.devices == .bytes ? ByteLink.bytes(mapsAt: maps) : nil)
        if let difference = try PlayTwice.difference(scenario) {
            result.add(complaints: ["two plays of one seed differ"] + difference.lines, .failed)
        }
        return result
    }

    private func playOnce(_ file: String) -> ScenarioResult {
        let bytes: () throws -> FarLinkMaker? = { try ByteLink.bytes(mapsAt: maps) }
        #if HOLDFAST_SEAMS
            if isSpoiled {
                return ScenarioRun.play(
                    path: file, without: disarmed, habits: habits, with: defect, seed: seed, isTraced: isTraced,
                    farLink: farLink, bytes: bytes)
            }
        #endif
        return ScenarioRun.play(
            path: file, seed: seed, isTraced: isTraced, isTold: isTold, farLink: farLink, bytes: bytes)
    }
}

/// Does many things side by side and takes what each came to in their order, whatever the order in which they end.
/// - Parameters:
///   - order: The order in which they are begun: what takes longest first, or the last one is waited for alone.
///   - jobs: How many at a time.
///   - take: Is handed each outcome, from 0 on.
func sideBySide<Outcome: Sendable>(
    _ count: Int, jobs: Int, order: [Int], _ work: @escaping @Sendable (Int) throws -> Outcome,
    take: (Int, Outcome) throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: (number: Int, outcome: Outcome).self) { group in
        var waiting = order[...]
        func begin() {
            guard let number = waiting.popFirst() else { return }
            group.addTask { (number, try work(number)) }
        }
        for _ in 0..<jobs { begin() }
        var done: [Int: Outcome] = [:]
        var next = 0
        while let (number, outcome) = try await group.next() {
            begin()
            done[number] = outcome
            while let outcome = done.removeValue(forKey: next) {
                try take(next, outcome)
                next += 1
            }
        }
    }
}
