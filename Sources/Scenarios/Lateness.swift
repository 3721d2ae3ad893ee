// How late something came that was to come in time: the story is played again, with more time for it alone.

import Simulator
import StrictYAML
import Traces

extension ScenarioPlayer {
    /// So many times its limit something that did not come in time is waited for.
    private static let waitsTimes: Int64 = 10
    /// Something that was to be so at once is waited for so long, in microseconds: 10 s, an engineering default.
    private static let waitsForWhatIsAtOnce: Int64 = 10_000_000

    /// Of what comes late the course is shown until so long after it came, in microseconds: 5 s, an engineering default.
    private static let showsAnother: Int64 = 5_000_000
    private static let note =
        "The story failed at the thick red line. What it waited for came later: the plots go on until it was there."

    /// Says of the expectation at which a play ended when it came true, if it did within ten times its limit. Anything else that goes
    /// wrong meanwhile is not told: the play was over before.
    static func addLateness(to result: inout ScenarioResult, of scenario: Scenario, path: String) throws {
        guard let failed = result.checks.last, !failed.isMet,
            let index = scenario.timeline.lastIndex(where: { $0.position.line == failed.line }),
            case .expect(var expectation) = scenario.timeline[index].deed
        else { return }
        let limit = expectation.within
        expectation.within = limit > 0 ? limit * waitsTimes : waitsForWhatIsAtOnce
        var patient = scenario
        patient.timeline = Array(scenario.timeline[...index])
        patient.timeline[index].deed = .expect(expectation)
        (patient.atEnd, patient.calmWithin) = ([], nil)
        patient.lastsAnother = min(patient.lastsAnother, showsAnother)
        let again = try ScenarioPlayer(patient, path: path, isTraced: !result.traces.isEmpty)
        let longer = again.play()
        guard let check = again.checks.last(where: { $0.line == failed.line }), let measured = check.measured else {
            return
        }
        let number = result.checks.count - 1
        if check.isMet {
            result.checks[number].cameAfter = measured
            result.checks[number].found +=
                limit > 0 ? "; it came after \(span(measured))" : "; it came \(span(measured)) later"
            if let course = longer.traces.first?.trace { result.traces[0].trace = course }
            if !result.traces.isEmpty { result.traces[0].trace.note = note }
        } else if measured >= expectation.within {
            result.checks[number].found += "; nor did it come within \(span(expectation.within))"
        }
        result.tellTraces()
    }
}
