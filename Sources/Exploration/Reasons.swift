// Why a pair of state and move means nothing, and why a state is never reached: one table, held against what is found.

public import Post

/// Why some moves never mean anything in some states.
public struct PairReason: Sendable {
    /// The moves.
    public let moves: [Move]
    /// The states of the machine, such as `preparing.insulation`.
    public let states: [String]
    /// Under which alphabet alone; nil: under each that has the moves.
    public let alphabet: Alphabet?
    /// With which lock alone; nil: with both.
    public let holder: LockHolder?
    /// Why, as a sentence.
    public let why: String

    init(
        _ moves: [Move], in states: [String], under alphabet: Alphabet? = nil, lock holder: LockHolder? = nil,
        _ why: String
    ) {
        (self.moves, self.states, self.alphabet, self.holder, self.why) = (moves, states, alphabet, holder, why)
    }

    func holds(_ alphabet: Alphabet, _ holder: LockHolder) -> Bool {
        (self.alphabet ?? alphabet) == alphabet && (self.holder ?? holder) == holder
    }
}

/// Why a state is never reached.
public struct StateReason: Sendable {
    /// The state.
    public let state: String
    /// Under which alphabet alone; nil: under each.
    public let alphabet: Alphabet?
    /// With which lock alone; nil: with both.
    public let holder: LockHolder?
    /// Why, as a sentence.
    public let why: String

    init(_ state: String, under alphabet: Alphabet? = nil, lock holder: LockHolder? = nil, _ why: String) {
        (self.state, self.alphabet, self.holder, self.why) = (state, alphabet, holder, why)
    }

    func holds(_ alphabet: Alphabet, _ holder: LockHolder) -> Bool {
        (self.alphabet ?? alphabet) == alphabet && (self.holder ?? holder) == holder
    }
}

extension StateReason {
    /// Every reason.
    public static let all: [StateReason] = [
        StateReason("preparing.stage", "The stage belongs to this connector alone: nobody has to be waited for."),
        StateReason(
            "preparing.lock", lock: .vehicle, "The vehicle holds the plug: the post has no bolt to wait for."),
        StateReason(
            "stopping.release", lock: .vehicle, "The vehicle lets the plug go: the post has no bolt to wait for."),
        StateReason(
            "preparing.outputDead", under: .people, lock: .vehicle,
            "The vehicle asks for the cable check at an instant at which every device has spoken, so the output is known to be dead at once."
        ),
        StateReason(
            "suspended.by post", under: .troubles,
            "Only a limit of nothing makes the post pause, and limits are moves of the other alphabet."),
    ]
}

extension PairReason {
    private static let cableCheck = [
        "preparing.outputDead", "preparing.contactors", "preparing.testVoltage", "preparing.insulation",
        "preparing.testDown",
    ]
    private static let preCharge = ["preparing.preChargeRequest", "preparing.preCharge"]
    private static let beforeCableCheck = ["preparing.lock", "preparing.vehicle"]
    private static let energised = ["charging", "suspended.by vehicle", "suspended.by post"]

    /// Every reason.
    public static let all: [PairReason] = people + vehicle + records

    private static let people: [PairReason] = [
        PairReason(
            [.plugIn],
            in: beforeCableCheck + cableCheck + preCharge + energised + ["stopping.rampDown"],
            "A vehicle is plugged in, and a plug that is drawn or not felt ends the state at once."),
        PairReason(
            [.plugIn], in: ["plugged", "finished", "stopping.discharge"], under: .people,
            "A vehicle is plugged in, and a plug that is drawn ends the state at once. Only lost or lying lines (troubles) hide that it is gone."
        ),
        PairReason(
            [.plugIn, .drawPlug], in: ["stopping.opening"], under: .people, lock: .post,
            "The post's bolt holds the plug until the stop is over."),
        PairReason(
            [.plugIn], in: ["stopping.release"], under: .people, lock: .post,
            "The bolt holds the plug until it has moved, which ends the state."),
        PairReason(
            [.drawPlug],
            in: ["preparing.vehicle"] + cableCheck + preCharge + energised + [
                "stopping.rampDown", "stopping.release",
            ],
            lock: .post, "The post's bolt holds the plug."),
        PairReason(
            [.drawPlug], in: ["vacant"], under: .people,
            "No plug is in. Only lost or lying lines (troubles) hide one that is."),
    ]

    private static let vehicle: [PairReason] = [
        PairReason(
            [.vehicleGoesOn, .vehiclePauses, .vehicleStops, .vehicleLeavesStateC], in: ["vacant"],
            "Nobody is plugged in or, behind lost or lying lines, somebody who was asked for nothing yet."),
        PairReason(
            [.vehicleGoesOn, .vehiclePauses, .vehicleStops, .vehicleLeavesStateC],
            in: ["finished", "stopping.release"],
            "The vehicle was told that the session is over, and has come to its end."),
        PairReason(
            [.vehicleGoesOn], in: cableCheck, under: .people,
            "The vehicle waits for the outcome of the cable check. One that goes on unheard (troubles) may have stopped."
        ),
        PairReason(
            [.vehicleGoesOn], in: ["charging"], under: .people,
            "The vehicle charges and waits for nothing; that it wants to end, or pauses, ends the state as it is said."
        ),
        PairReason(
            [.vehiclePauses], in: cableCheck, "The vehicle is not past its cable check, and pauses only a charge."),
        PairReason(
            [.vehiclePauses], in: beforeCableCheck + ["plugged"], under: .people,
            "A vehicle that was in a charge is finished, not plugged. Only lost lines (troubles) make one appear anew."
        ),
        PairReason(
            [.vehiclePauses], in: preCharge, under: .people,
            "The vehicle is not past its pre-charge; that it is ends the state as it is said."),
        PairReason(
            [.vehiclePauses], in: ["suspended.by vehicle"], under: .people,
            "The vehicle pauses already; that it goes on ends the state as it is said."),
    ]

    private static let records: [PairReason] = [
        PairReason(
            [.startRecorded, .startFailed, .startSpent, .stopRecorded, .stopFailed, .sampleFailed],
            in: ["starting"],
            "This life has asked its records for nothing yet, and what an earlier one asked for is nobody's."),
        PairReason(
            [.startRecorded, .startFailed, .startSpent], in: ["preparing.preCharge"] + energised,
            "The start is durable: without that nobody gets as far as pre-charge."),
        PairReason(
            [.stopRecorded, .stopFailed],
            in: beforeCableCheck + cableCheck + preCharge + energised + ["stopping.rampDown"],
            "No session begins while the stop of an earlier one is owed, and the books of this one are open still."),
        PairReason(
            [.stopRecorded, .stopFailed], in: ["stopping.opening", "stopping.discharge"], under: .people,
            "Books close as the contacts are seen to be dead, which ends the state. Only contacts that stay live or are not read (troubles) have them closed before."
        ),
    ]
}

extension Exploration {
    /// Why a state was never reached, by the table; nil where the table does not say.
    public func reason(neverReached state: String) -> String? { reasons.why(neverReached: state) }

    /// Why a move never meant anything in a state, by the table; nil where the table does not say.
    public func reason(for move: Move, in state: String) -> String? { reasons.why(move, in: state) }

    private var reasons: Reasons { Reasons(alphabet, holder) }

    /// What the table of reasons and this exploration disagree in, as sentences: a pair or a state without a reason, a reason for one
    /// that was met. Of an exploration that is not closed only the latter can be said.
    public var disagreements: [String] { disagreements(asIf: holder, alphabet) }

    /// The same by the reasons of another lock or alphabet, so that a test sees it notice.
    public func disagreements(asIf holder: LockHolder, _ alphabet: Alphabet) -> [String] {
        let reasons = Reasons(alphabet, holder)
        var sentences: [String] = []
        for reason in reasons.ofStates where played[reason.state] != nil {
            sentences.append("\(reason.state) is reached, and the table gives a reason why it is not")
        }
        for reason in reasons.ofPairs {
            for state in reason.states {
                for move in reason.moves where played[state]?.contains(move) == true {
                    sentences.append(
                        "\(move.name) means something in \(state), and the table gives a reason why it does not")
                }
            }
        }
        guard isClosed else { return sentences }
        for state in neverReached where reasons.why(neverReached: state) == nil {
            sentences.append("\(state) is never reached, and nobody says why")
        }
        for (state, moves) in neverPlayed {
            for move in moves where reasons.why(move, in: state) == nil {
                sentences.append("\(move.name) means nothing in \(state), and nobody says why")
            }
        }
        return sentences
    }

    /// The pairs that mean nothing, by the reason for it: in the order of the table, those without one last.
    public var pairsByReason: [(why: String?, moves: [(move: Move, states: [String])])] {
        var groups: [(why: String?, moves: [(move: Move, states: [String])])] = []
        for (state, moves) in neverPlayed {
            for move in moves {
                let why = reason(for: move, in: state)
                let group = groups.firstIndex { $0.why == why } ?? groups.endIndex
                if group == groups.endIndex { groups.append((why, [])) }
                let row = groups[group].moves.firstIndex { $0.move == move } ?? groups[group].moves.endIndex
                if row == groups[group].moves.endIndex { groups[group].moves.append((move, [])) }
                groups[group].moves[row].states.append(state)
            }
        }
        let order = PairReason.all.map(\.why)
        func rank(_ why: String?) -> Int { why.flatMap { order.firstIndex(of: $0) } ?? order.count }
        return groups.sorted { rank($0.why) < rank($1.why) }
    }
}

/// The reasons that hold under one alphabet with one lock.
private struct Reasons {
    let ofStates: [StateReason]
    let ofPairs: [PairReason]

    init(_ alphabet: Alphabet, _ holder: LockHolder) {
        ofStates = StateReason.all.filter { $0.holds(alphabet, holder) }
        ofPairs = PairReason.all.filter { $0.holds(alphabet, holder) }
    }

    func why(neverReached state: String) -> String? { ofStates.first { $0.state == state }?.why }

    func why(_ move: Move, in state: String) -> String? {
        ofPairs.first { $0.states.contains(state) && $0.moves.contains(move) }?.why
    }
}
