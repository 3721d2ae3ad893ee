// What a bench engineer does to the simulated post by hand: plug, tap, press, break and mend.

import Console
import Foundation
import Post
import Runtime
import Simulator

extension BenchRequest {
    /// What was done, for the flight recording: the same words as in the request. Cards are never in it.
    func note(_ verb: String, _ seed: UInt64) -> String? {
        var note = self
        (note.verb, note.seed, note.token) = (verb, seed, nil)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return (try? encoder.encode(note)).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// The bench's verbs.
func benchRoutes(_ control: LiveControl, _ lookUps: LookUpThread, _ post: PostConfiguration) -> [ExtraRoute] {
    let routes = BenchRoutes(control: control, lookUps: lookUps, post: post)
    return [routes.tap, routes.look, routes.injected] + routes.deeds
}

/// One bench's way into its world: every deed is done on the loop's thread and written into the flight recording.
private struct BenchRoutes {
    let control: LiveControl
    let lookUps: LookUpThread
    let post: PostConfiguration

    /// What people and faults do to the world.
    var deeds: [ExtraRoute] {
        [
            deed("plug", BenchDeeds.plug), deed("unplug", BenchDeeds.unplug), deed("vehicle", BenchDeeds.vehicle),
            deed("press", BenchDeeds.press), deed("release", BenchDeeds.release),
            deed("inject", BenchDeeds.inject), deed("heal", BenchDeeds.heal),
        ]
    }

    /// A card is shown. Who waits is told how long the core took to decide.
    var tap: ExtraRoute {
        ExtraRoute(path: "sim/tap") { bytes throws(ConsoleProblem) in
            let request = try BenchRequest(bytes, post)
            guard let token = request.token else {
                throw BenchRequest.refusal("There is no token.", "Name one, such as free:ALICE or 04A1B2C3D4E5F6.")
            }
            guard !post.readers.isEmpty else {
                throw BenchRequest.refusal(
                    "This post has no reader.", "List one under readers in the configuration.")
            }
            if let objection = try await onWorld({ BenchDeeds.readerIsGone(request, $0) }) {
                throw ConsoleProblem(
                    status: 409, code: "not_possible", message: objection.why, whatToDo: objection.whatToDo)
            }
            let decided = request.waits == true ? Decision(control.board) : nil
            switch lookUps.present(token, reader: ReaderID(UInt8(clamping: (request.reader ?? 1) - 1))) {
            case .takenIn: return await decided?.json ?? "{\"done\":true}"
            case .busy:
                throw ConsoleProblem(
                    status: 409, code: "reader_busy", message: "The reader still looks up an earlier card.",
                    whatToDo: "Try again in a second.")
            }
        }
    }

    /// What is so at the contacts.
    var look: ExtraRoute {
        ExtraRoute(path: "sim/look") { bytes throws(ConsoleProblem) in
            _ = try BenchRequest(bytes, post)
            return try await onWorld { json(WorldLook($0)) } ?? "{}"
        }
    }

    /// What was broken and is not whole again.
    var injected: ExtraRoute {
        ExtraRoute(path: "sim/injected") { bytes throws(ConsoleProblem) in
            _ = try BenchRequest(bytes, post)
            return try await onWorld { json(InjectedFault.present(in: $0)) } ?? "[]"
        }
    }

    /// What somebody finds in the world, on the loop's thread; nil where this post is not simulated or nothing is found.
    private func onWorld<Found: Sendable>(
        _ look: @escaping @Sendable (World) -> Found?
    ) async throws(ConsoleProblem) -> Found? {
        do {
            return try await control.onLoop { turn in (turn.plant as? any WorldPlant).flatMap { look($0.world) } }
        } catch {
            throw busy(error)
        }
    }

    private func deed(
        _ verb: String, _ body: @escaping @Sendable (BenchRequest, World) -> Objection?
    ) -> ExtraRoute {
        ExtraRoute(path: "sim/\(verb)") { bytes throws(ConsoleProblem) in
            let request = try BenchRequest(bytes, post)
            let objection: Objection?
            do {
                objection = try await control.onLoop { turn in
                    guard let plant = turn.plant as? any WorldPlant else {
                        return Objection("This post is not simulated.", "Start holdfastd-bench in its place.")
                    }
                    let objection =
                        BenchDeeds.aims(request, verb, at: plant.realUnits) ?? body(request, plant.world)
                    if objection == nil {
                        plant.remember()
                        if let note = request.note(verb, plant.world.seed) { turn.note(note) }
                    }
                    return objection
                }
            } catch {
                throw busy(error)
            }
            if let objection {
                throw ConsoleProblem(
                    status: 409, code: "not_possible", message: objection.why, whatToDo: objection.whatToDo)
            }
            return "{\"done\":true}"
        }
    }
}

private func busy(_ error: any Error) -> ConsoleProblem {
    ConsoleProblem(status: 503, code: "busy", message: "\(error)", whatToDo: "Try again in a moment.")
}

/// Waits for the core's decision on the next tap.
private struct Decision {
    private let board: LiveBoard
    private let tapsBefore: UInt64
    private let reportsBefore: UInt64
    private let changes: AsyncStream<Void>?

    /// What came of a card.
    private struct Told: Encodable {
        struct Entry: Encodable {
            var what: String
            var connector: Int?
            var sentence: String
            /// Why somebody was refused.
            var refused: String?
        }
        var done = true
        /// From the card's arrival.
        var decided_after_nanoseconds: Int64
        /// What the post reported as it decided.
        var entries: [Entry]
    }

    /// To be made before the card is shown.
    init(_ board: LiveBoard) {
        self.board = board
        changes = board.changes()
        let snapshot = board.snapshot
        (tapsBefore, reportsBefore) = (snapshot.figures.taps, snapshot.newestReport)
    }

    /// What the post decided and after how long; nil if it stops before.
    var json: String? {
        get async {
            guard let changes else { return nil }
            for await _ in changes {
                let figures = board.snapshot.figures
                guard figures.taps > tapsBefore else { continue }
                let entries = board.reports(after: reportsBefore).reports.map { numbered in
                    let line = Wording.line(numbered.report)
                    var entry = Told.Entry(what: line.code, connector: line.connector, sentence: line.sentence)
                    if case .refused(let refusal, _) = numbered.report { entry.refused = refusal.code }
                    return entry
                }
                return Console.json(
                    Told(decided_after_nanoseconds: figures.lastTapNanoseconds, entries: entries))
            }
            return nil
        }
    }
}
