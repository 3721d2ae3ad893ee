// `holdfast explore`: every situation one connector can get into, by playing the core under every order of events.

public import ArgumentParser
import CommandOutput
public import Exploration
import Foundation
import Post
import Scenarios

extension Alphabet: ExpressibleByArgument {}

struct ExploreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explore", abstract: "Play the core in every order of events, until nothing new appears.",
        discussion: """
            One connector, one stage, one reader. Driver, vehicle, records and restarts move in every order: in one \
            exploration with cloud, site and operator (people), in another with one trouble at a time (troubles), since \
            all of them together would not come to an end. Situations are told apart by the states of the machines, what the post \
            says of itself, and the surroundings; instants and energies are not. The eleven rules are checked after \
            every event, and a judge that knows nothing of the core looks at plug, record and voltage.

            A pair of state and move that means nothing, and a state that is never reached, has a reason in a table \
            (--pairs; Documentation/Exploration.md). One without, and a reason for what is met, counts as found.

            EXAMPLES
              holdfast explore --alphabet people
              holdfast explore --alphabet troubles --lock vehicle --pairs
              holdfast explore --lock post --dot states.dot && dot -Tsvg states.dot > states.svg

            Exit codes: 0 no rule broken and nothing left to play, 1 something was found, 16 the bound of --at-most was met \
            before that, 64 usage.
            """)

    @Option(help: ArgumentHelp("Who holds the plug; left out: both are explored.", valueName: "vehicle|post"))
    var lock: Holder?

    @Option(help: ArgumentHelp("What may happen; left out: both are explored.", valueName: "people|troubles"))
    var alphabet: Alphabet?

    @Option(help: ArgumentHelp("Stop after this many situations.", valueName: "count"))
    var atMost = 200_000

    @Option(help: ArgumentHelp("Write the machine's states as a graph in DOT.", valueName: "file"))
    var dot: String?

    @Flag(help: "Name also every move that never meant anything in a state, and say why.")
    var pairs = false

    @Flag(help: "Print what was found as JSON.")
    var json = false

    enum Holder: String, ExpressibleByArgument, CaseIterable {
        case vehicle, post
    }

    func validate() throws {
        guard atMost > 0 else { throw ValidationError("--at-most is 1 or more, not \(atMost).") }
    }

    func run() throws {
        let holders = lock.map { [$0] } ?? Holder.allCases
        var (told, isBroken, isClosed): ([Told], Bool, Bool) = ([], false, true)
        let all = holders.flatMap { holder in (alphabet.map { [$0] } ?? Alphabet.allCases).map { (holder, $0) } }
        for (index, (holder, alphabet)) in all.enumerated() {
            var explorer = Explorer(holder == .post ? .post : .vehicle, alphabet, atMost: atMost)
            let progress = ProgressLine()
            let found = explorer.run { progress.show("\($0) situations, \($1) to go on from") }
            progress.clear()
            isClosed = isClosed && found.isClosed
            isBroken = isBroken || !found.findings.isEmpty || !found.disagreements.isEmpty
            if json { told.append(Told(holder, found)) } else { tell(found, holder) }
            if let dot, index == 0 { try writeFile(Data(found.dot.utf8), to: dot) }
        }
        if json { printJSON(told) }
        if isBroken { throw ExitCode(1) }
        if !isClosed { throw ExitCode(StormEnding.incomplete.exitCode) }
    }

    private func tell(_ found: Exploration, _ holder: Holder) {
        print(
            "\(found.alphabet), plug held by the \(holder): \(found.situations) situations, \(found.transitions) transitions"
        )
        print(
            found.isClosed
                ? "  closed: no order of these moves leads anywhere new"
                : "  not closed: the bound of \(atMost) situations was met first (--at-most)")
        let reached = ConnectorShape.everyDescription.count - found.neverReached.count
        print("  states of the machine: \(reached) of \(ConnectorShape.everyDescription.count) reached")
        for state in found.neverReached {
            let why = found.isClosed ? found.reason(neverReached: state) ?? "NOBODY SAYS WHY" : "not closed"
            print("    never reached: \(state). \(why)")
        }
        let unplayed = found.neverPlayed.reduce(0) { $0 + $1.moves.count }
        print("  pairs of state and move that mean nothing: \(unplayed)\(pairs ? "" : " (--pairs names them)")")
        if pairs {
            for group in found.pairsByReason {
                print("    \(group.why ?? (found.isClosed ? "NOBODY SAYS WHY" : "Not met before the bound was."))")
                for (move, states) in group.moves {
                    print("      \(move.name): \(states.joined(separator: ", "))")
                }
            }
        }
        for disagreement in found.disagreements { print("  UNEXPLAINED  \(disagreement)") }
        for finding in found.findings {
            print("  FOUND  \(finding.what), after")
            for (move, state) in finding.path { print("           \(move.name) -> \(state)") }
        }
        if found.findings.isEmpty { print("  no rule broken") }
    }

    private struct Told: Encodable {
        var alphabet: String
        var lock: String
        var situations: Int
        var transitions: Int
        var closed: Bool
        var never_reached: [String]
        var never_played: [String: [String]]
        /// Why, for each state and move, and for each state that is never reached; left out where nobody says.
        var reasons: [Reason]
        var disagreements: [String]
        struct Reason: Encodable {
            var state: String
            var move: String?
            var why: String
        }
        var findings: [Found]
        struct Found: Encodable {
            var what: String
            var path: [String]
        }

        init(_ holder: Holder, _ found: Exploration) {
            alphabet = found.alphabet.rawValue
            lock = holder.rawValue
            (situations, transitions, closed) = (found.situations, found.transitions, found.isClosed)
            never_reached = found.neverReached
            never_played = Dictionary(
                uniqueKeysWithValues: found.neverPlayed.map { ($0.state, $0.moves.map(\.name)) })
            disagreements = found.disagreements
            reasons =
                found.neverReached.compactMap { state in
                    found.reason(neverReached: state).map { Reason(state: state, why: $0) }
                }
                + found.neverPlayed.flatMap { state, moves in
                    moves.compactMap { move in
                        found.reason(for: move, in: state).map { Reason(state: state, move: move.name, why: $0) }
                    }
                }
            findings = found.findings.map {
                Found(what: $0.what, path: $0.path.map { "\($0.move.name) -> \($0.state)" })
            }
        }
    }
}
