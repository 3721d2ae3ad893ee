// The exploration reaches what it should, breaks no rule, explains what it does not meet, and notices a core that is broken on purpose.

import Exploration
import Foundation
import Post
import Testing

@Suite("Every order of events at small scale")
struct ExplorationTests {
    /// All four explorations, each played once for all tests and beside the others: they share nothing.
    private static let found: [[Alphabet: Task<Exploration, Never>]] = LockHolder.allCases.map { holder in
        Dictionary(
            uniqueKeysWithValues: Alphabet.allCases.map { alphabet in
                (
                    alphabet,
                    Task.detached {
                        var explorer = Explorer(holder, alphabet)
                        return explorer.run()
                    }
                )
            })
    }

    private func exploration(_ holder: LockHolder, _ alphabet: Alphabet) async throws -> Exploration {
        let index = try #require(LockHolder.allCases.firstIndex(of: holder))
        return try await #require(Self.found[index][alphabet]).value
    }

    @Test(
        "closed, no rule broken, and a reason for every pair that means nothing and every state that is not reached",
        arguments: LockHolder.allCases, Alphabet.allCases)
    func explored(holder: LockHolder, alphabet: Alphabet) async throws {
        let found = try await exploration(holder, alphabet)
        #expect(found.isClosed)
        #expect(found.findings.isEmpty, "\(found.findings)")
        #expect(found.disagreements.isEmpty, "\(found.disagreements.joined(separator: "\n"))")
    }

    @Test("a pair without a reason is told, and so is a reason for a pair that is met")
    func unexplained() async throws {
        let people = try await exploration(.vehicle, .people)
        // The reasons of another lock and alphabet do not fit: some are missing, some are met.
        let told = people.disagreements(asIf: .post, .troubles)
        #expect(
            told.contains("draw plug means something in charging, and the table gives a reason why it does not"))
        #expect(told.contains("plug in means nothing in finished, and nobody says why"))
        #expect(told.contains("preparing.lock is never reached, and nobody says why"))
    }

    @Test("the page about it has the reasons as the table has them")
    func page() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Documentation/Exploration.md")
        if ProcessInfo.processInfo.environment["HOLDFAST_WRITE_DOCUMENTATION"] == "1" {
            try Data(reasonsPage.utf8).write(to: page)
        }
        #expect(
            try String(contentsOf: page, encoding: .utf8) == reasonsPage,
            "out of date: HOLDFAST_WRITE_DOCUMENTATION=1 swift test --filter ExplorationTests")
    }

    @Test("a core that forgets its emergency stop is found within the first thousands of situations")
    func broken() {
        var explorer = Explorer(.vehicle, .troubles, atMost: 20_000, without: .emergencyStop)
        let found = explorer.run()
        #expect(!found.findings.isEmpty)
    }

    @Test("the graph names every state that was reached")
    func graph() async throws {
        let found = try await exploration(.vehicle, .people)
        #expect(found.dot.hasPrefix("digraph"))
        for state in ["charging", "preparing.insulation", "stopping.rampDown"] {
            #expect(found.dot.contains("\"\(state)\""))
        }
    }
}
