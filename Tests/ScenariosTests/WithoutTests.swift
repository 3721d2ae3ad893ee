// A scenario that passes without the reaction it is about proves nothing: each must fail when its row is switched off.

import Foundation
import Post
import Scenarios
import Testing

private let simulations = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Simulations").path

/// A scenario and a fault that it expects by name.
struct Reliance: CustomTestStringConvertible {
    let path: String
    let fault: Fault
    var testDescription: String { "\(path.dropFirst(simulations.count + 1)) without \(fault.code)" }

    static let all: [Reliance] = ScenarioRun.files(at: simulations).flatMap { path in
        ((try? ScenarioRun.faultsExpected(path: path)) ?? []).map { Reliance(path: path, fault: $0) }
    }
}

@Suite("Scenarios without the reaction they are about")
struct WithoutTests {
    #if HOLDFAST_SEAMS
        @Test("fails", arguments: Reliance.all)
        func fails(_ reliance: Reliance) {
            let result = ScenarioRun.play(
                path: reliance.path, without: FaultSet(bits: 1 << UInt128(reliance.fault.rawValue)))
            #expect(result.verdict != .passed)
            #expect(result.verdict != .error, "\(result.complaints)")
            #expect(result.repeatCommand == "holdfast replay \(reliance.path) --without \(reliance.fault.code)")
        }

        @Test(
            "fails without a habit that answers no fault",
            arguments: [
                ("process/killed-while-charging", Habit.closesOpenSessions),
                ("process/killed-while-preparing", .closesOpenSessions),
                ("authorization/card-tapped-twice", .onePerTap), ("sessions/card-lapses", .cardLapses),
                ("authorization/cloud-slow", .cloudBudget),
            ])
        func habits(_ story: String, _ habit: Habit) {
            let path = "\(simulations)/\(story).yaml"
            #expect(ScenarioRun.play(path: path).verdict == .passed)
            let result = ScenarioRun.play(path: path, without: FaultSet(), habits: [habit])
            #expect(result.verdict == .failed)
            #expect(result.repeatCommand == "holdfast replay \(path) --without \(habit.rawValue)")
        }

        @Test("there are such scenarios")
        func some() { #expect(Reliance.all.count >= 30) }
    #endif
}
