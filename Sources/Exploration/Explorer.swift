// Every situation that one connector can get into, under every order of moves, until no new one appears.

public import Post

/// What an exploration tells apart: the shape of the machines, what the post says of itself, and the small world.
/// Instants, energies and session numbers are left out: one representative of each situation is played on.
struct Situation: Hashable {
    let shape: ConnectorShape?
    let phase: ConnectorPhase
    let waiting: Waiting
    let faults: FaultSet
    let isRefused: Bool
    let degree: PowerDegree?
    let world: SmallWorld

    /// The state of the machine, such as `preparing.insulation`.
    var state: String { shape?.description ?? "absent" }
}

/// What an exploration came to.
public struct Exploration: Sendable {
    /// The moves that were played.
    public let alphabet: Alphabet
    /// Who held the plug.
    public let holder: LockHolder
    /// Situations found, the first included.
    public internal(set) var situations = 0
    /// Moves that led anywhere, into situations already known included.
    public internal(set) var transitions = 0
    /// Whether no new situation appeared any more; else the bound was met first.
    public internal(set) var isClosed = false
    /// What was broken, each with the shortest path there: one for each kind of finding.
    public internal(set) var findings: [Finding] = []
    /// Between states of the machine: the moves that lead from the one to the other.
    public internal(set) var edges: [Edge: Set<Move>] = [:]
    /// Which moves were played in which state of the machine.
    public internal(set) var played: [String: Set<Move>] = [:]

    /// A change from one state of the machine to another.
    public struct Edge: Hashable, Sendable, Comparable {
        /// The state before, such as `preparing.insulation`.
        public var from: String
        /// The state after.
        public var to: String
        /// In the order of their names.
        public static func < (left: Edge, right: Edge) -> Bool { (left.from, left.to) < (right.from, right.to) }
    }

    /// States of the machine that no order of moves reached.
    public var neverReached: [String] { ConnectorShape.everyDescription.filter { played[$0] == nil } }

    /// Pairs of a state that was reached and a move that never meant anything there.
    public var neverPlayed: [(state: String, moves: [Move])] {
        played.keys.sorted().map { state in (state, alphabet.moves.filter { played[state]?.contains($0) != true }) }
    }
}

/// Explores one post breadth first, so that the first path found to a situation is a shortest one.
public struct Explorer {
    private let moves: [Move]
    private let bound: Int
    private let first: SmallPost
    private var frontier: [(post: SmallPost, index: Int)]
    private var known: [Situation: Int] = [:]
    /// How each situation was reached first.
    private var trail: [(parent: Int, move: Move)] = [(-1, .wait)]
    private var result: Exploration

    /// An exploration of a post whose plug is held by `holder`, under one alphabet.
    ///
    /// - Parameters:
    ///   - holder: Who locks the plug.
    ///   - alphabet: What may happen.
    ///   - bound: The most situations to look at.
    public init(_ holder: LockHolder, _ alphabet: Alphabet, atMost bound: Int = 1_000_000) {
        self.init(SmallPost(SmallPost.configuration(holder)), holder, alphabet, bound)
    }

    #if HOLDFAST_SEAMS
        /// The same with a row of the fault table switched off. Debug builds only.
        public init(_ holder: LockHolder, _ alphabet: Alphabet, atMost bound: Int, without fault: Fault) {
            self.init(SmallPost(SmallPost.configuration(holder), without: fault), holder, alphabet, bound)
        }
    #endif

    private init(_ first: SmallPost, _ holder: LockHolder, _ alphabet: Alphabet, _ bound: Int) {
        moves = alphabet.moves
        result = Exploration(alphabet: alphabet, holder: holder)
        self.bound = bound
        self.first = first
        frontier = [(first, 0)]
        known[first.situation] = 0
    }

    /// Plays every move from every situation until nothing new appears or the bound is met.
    ///
    /// - Parameter progress: Told after each depth: situations known, and those whose moves are still to be played.
    public mutating func run(progress: (_ known: Int, _ ahead: Int) -> Void = { _, _ in }) -> Exploration {
        while !frontier.isEmpty, known.count < bound {
            var next: [(post: SmallPost, index: Int)] = []
            for (post, index) in frontier where known.count < bound { expand(post, index, into: &next) }
            frontier = next
            progress(known.count, next.count)
        }
        result.situations = known.count
        result.isClosed = frontier.isEmpty
        return result
    }

    private mutating func expand(_ post: SmallPost, _ index: Int, into next: inout [(post: SmallPost, index: Int)])
    {
        let from = post.situation.state
        for move in moves {
            var future = post
            guard future.play(move) else { continue }
            result.transitions += 1
            result.played[from, default: []].insert(move)
            if let complaint = future.complaint {
                note(complaint, path(to: index) + [move])
                continue
            }
            let situation = future.situation
            let to = situation.state
            if from != to { result.edges[Exploration.Edge(from: from, to: to), default: []].insert(move) }
            guard known[situation] == nil else { continue }
            known[situation] = trail.count
            next.append((future, trail.count))
            trail.append((index, move))
        }
    }

    private mutating func note(_ what: String, _ path: [Move]) {
        guard !result.findings.contains(where: { $0.what == what }) else { return }
        var post = first
        let states = path.map { move in
            _ = post.play(move)
            return (move, post.situation.state)
        }
        result.findings.append(Finding(what: what, path: states))
    }

    private func path(to index: Int) -> [Move] {
        var (position, moves): (Int, [Move]) = (index, [])
        while position > 0 {
            moves.append(trail[position].move)
            position = trail[position].parent
        }
        return moves.reversed()
    }
}
