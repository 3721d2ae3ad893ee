// One life of the process in a recording, or what is left of it: from the daemon's start, or from where the core was written down.

public import Post

/// What a recording holds of one life of the process.
public struct FlightLife: Sendable {
    /// The longest name of a program that is kept, in bytes.
    static let programAtMost = 80

    /// What the post was made of.
    public var configuration: PostConfiguration
    /// The core as it was where the replay begins; nil: it begins with the life itself, and a fresh core.
    public var state: PostCore?
    /// The program that recorded it, such as `holdfastd 0.1.0`; empty if the recording does not say.
    public var program: String
    /// When it began, on the clock of this life.
    public var began: Instant
    /// Its records up to the first that is missing, without the one that begins it.
    public var records: ArraySlice<FlightRecord>
    /// Whether something is missing after `records` that more records of this life follow.
    public var isCutShort: Bool

    /// When the last thing in it happened.
    public var ended: Instant { records.last?.at ?? began }
    /// The core as it is before the first of `records`.
    public var core: PostCore { state ?? PostCore(configuration: configuration) }
}

extension FlightReader.Recording {
    /// The lives, oldest first; one that another version of the encoding has written is an error. Where the beginning of a
    /// life is gone, or something is missing in it, what follows the next state that was written down is one of its own.
    public var lives: [Result<FlightLife, CanonicalError>] {
        let starts = starts
        return starts.enumerated().map { number, start in
            let end = number + 1 < starts.count ? starts[number + 1] : records.count
            return Result { () throws(CanonicalError) in try life(from: start, until: end) }
        }
    }

    /// Where a replay may begin: each life, and the first state behind each gap and before the first life.
    private var starts: [Int] {
        var starts: [Int] = []
        var isLost = true
        for index in records.indices {
            if breaks.contains(index) { isLost = true }
            switch records[index].kind {
            case .life: break
            case .snapshot where isLost: break
            case .snapshot, .event, .actions, .deed: continue
            }
            starts.append(index)
            isLost = false
        }
        return starts
    }

    private func life(from start: Int, until end: Int) throws(CanonicalError) -> FlightLife {
        // What is torn right before the next life is that life's beginning, and no loss of this one.
        let goesOn = end < records.count ? records[end].kind == .snapshot : isEndDamaged
        let broken = breaks.first { $0 > start && ($0 < end || ($0 == end && goesOn)) }
        var reader = CanonicalReader(records[start].bytes)
        try reader.readVersion()
        var state: PostCore?
        let configuration: PostConfiguration
        if records[start].kind == .snapshot {
            let core = try reader.readCore()
            (state, configuration) = (core, core.configuration)
        } else {
            configuration = try reader.readConfiguration()
        }
        var program: [UInt8] = []
        while !reader.isAtEnd { program.append(UInt8(truncatingIfNeeded: try reader.number())) }
        return FlightLife(
            configuration: configuration, state: state, program: String(decoding: program, as: UTF8.self),
            began: records[start].at, records: records[(start + 1)..<(broken ?? end)], isCutShort: broken != nil)
    }

    /// Events before anything from which a replay may begin.
    public var eventsWithoutStart: Int {
        records[..<(starts.first ?? records.endIndex)].reduce(0) { $0 + ($1.kind == .event ? 1 : 0) }
    }
}
