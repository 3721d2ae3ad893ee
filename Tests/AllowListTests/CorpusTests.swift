// The attack corpus against the verdicts written by hand, by this build and by a verifier in another language.

import AllowListProofs
import Catalog
import Foundation
import Testing

@testable import AllowList

@Suite("The attack corpus")
struct CorpusTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    static func expected() throws -> [String: String] {
        let text = try String(contentsOf: folder.appendingPathComponent("corpus-verdicts.txt"), encoding: .utf8)
        var verdicts: [String: String] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            verdicts[String(words[0])] = String(words[1])
        }
        return verdicts
    }

    @Test("every case gets the verdict that was written by hand; a third of them are good")
    func verdicts() throws {
        let corpus = try AttackCorpus()
        let expected = try Self.expected()
        #expect(Set(corpus.cases.map(\.name)) == Set(expected.keys))
        #expect(corpus.cases.count == expected.count)
        for item in corpus.cases {
            let verdict = try corpus.verdict(item)
            #expect(verdict == expected[item.name], "\(item.name)")
        }
        let files = corpus.cases.filter { $0.steps.isEmpty }
        let good = files.count { expected[$0.name] == "good" }
        #expect(files.count >= 60 && good * 3 >= files.count, "\(good) of \(files.count) are good")
    }

    @Test("every name that a file can be refused by stands in the corpus")
    func complete() throws {
        // A key file, a page at a tap, a file that is not there: these are no files of the corpus.
        let elsewhere: Set<ListRefusal> = [.badKey, .unreadable]
        let met = Set(try Self.expected().values)
        let missing = ListRefusal.allCases.filter { !met.contains($0.rawValue) && !elsewhere.contains($0) }
        #expect(missing.isEmpty, "\(missing)")
    }

    @Test("the catalog knows every name, and says in English what the tool says")
    func catalog() throws {
        let english = Sentences(.english)
        let disk = FileProblem(step: "write", name: "a", number: 28)
        let losses: [InstallProblem] = TrustLoss.Kind.allCases.map { .trustLost(TrustLoss(kind: $0)) }
        let disks: [InstallProblem] = [.disk(disk), .unmarked(disk), .markDamaged(disk)]
        for problem in disks + losses + ListRefusal.allCases.map({ .refused($0) }) {
            let row = try #require(DeliveryRefusal(rawValue: problem.code), "\(problem.code)")
            let said = english.delivery(row)
            switch problem {
            case .refused, .markDamaged:
                let remedy = said.operatorAction.prefix(1).lowercased() + said.operatorAction.dropFirst()
                #expect(problem.sentence == said.whatHappened.dropLast() + ": " + remedy)
            case .disk, .unmarked, .trustLost: break
            }
            if case .trustLost = problem { continue }
            #expect(problem.driverSentence == said.driverAction, "\(problem.code)")
        }
    }

    @Test("every refusal has a name of its own, a sentence for the operator and one for the driver")
    func sentences() {
        #expect(Set(ListRefusal.allCases.map(\.rawValue)).count == ListRefusal.allCases.count)
        for refusal in ListRefusal.allCases {
            #expect(refusal.sentence.hasSuffix(".") && refusal.driverSentence.hasSuffix("."))
            #expect([65, 66, 77].contains(refusal.exitCode))
        }
        let disk = FileProblem(step: "write", name: "a", number: 28)
        let losses: [InstallProblem] = TrustLoss.Kind.allCases.map { .trustLost(TrustLoss(kind: $0)) }
        let problems =
            [.disk(disk), .unmarked(disk), .markDamaged(disk)] + losses + ListRefusal.allCases.map { .refused($0) }
        #expect(Set(problems.map(\.code)).count == problems.count)
        for problem in problems {
            #expect(problem.sentence.hasSuffix(".") && problem.driverSentence.hasSuffix("."), "\(problem.code)")
            #expect([65, 66, 74, 77].contains(problem.exitCode), "\(problem.code)")
        }
    }
}
