// The page of the documentation about what explorations do not meet, made from the table of reasons.

import Post

/// The page `Documentation/Exploration.md`.
public let reasonsPage: String = {
    var text = """
        # What an exploration does not meet, and why

        `holdfast explore` plays the core of one connector in every order of moves, until nothing new appears. Not every move means
        something in every state, and not every state is reached by every alphabet. Each such pair and state has its reason here: one
        without, and a reason for what is met, fails `holdfast explore` (exit code 1) and `make test`. Reasons speak of the small
        world of the exploration (`Sources/Exploration`), in which devices speak every 250 ms and one thing is wrong at a time.

        This page is made from the table (`Sources/Exploration/Reasons.swift`). To write it anew:
        `HOLDFAST_WRITE_DOCUMENTATION=1 swift test --filter ExplorationTests`.

        ## States that are never reached

        | State | Alphabet | Plug held by | Why |
        |---|---|---|---|

        """
    func where_(_ alphabet: Alphabet?, _ holder: LockHolder?) -> String {
        "\(alphabet.map { "\($0)" } ?? "both") | \(holder.map { "\($0)" } ?? "both")"
    }
    for reason in StateReason.all {
        text += "| `\(reason.state)` | \(where_(reason.alphabet, reason.holder)) | \(reason.why) |\n"
    }
    text += """

        ## Moves that mean nothing

        | Moves | States | Alphabet | Plug held by | Why |
        |---|---|---|---|---|

        """
    for reason in PairReason.all {
        let moves = reason.moves.map(\.name).joined(separator: ", ")
        let states = reason.states.map { "`\($0)`" }.joined(separator: ", ")
        text += "| \(moves) | \(states) | \(where_(reason.alphabet, reason.holder)) | \(reason.why) |\n"
    }
    return text
}()
