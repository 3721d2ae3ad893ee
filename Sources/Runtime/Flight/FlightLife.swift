// One life of the process in a recording: from the start of the daemon to its end, or to where the recording ends.

public import Post

/// What a recording holds of one life of the process.
public struct FlightLife: Sendable {
    /// The longest name of a program that is kept, in bytes.
    static let programAtMost = 80

    /// What the post was made of.
    public var configuration: PostConfiguration
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
}

extension FlightReader.Recording {
    /// The lives whose start it holds, oldest first; one that another version of the encoding has written is an error.
    public var lives: [Result<FlightLife, CanonicalError>] {
        let starts = records.indices.filter { records[$0].kind == .life }
        return starts.enumerated().map { number, start in
            let end = number + 1 < starts.count ? starts[number + 1] : records.count
            return Result { () throws(CanonicalError) in try life(from: start, until: end) }
        }
    }

    private func life(from start: Int, until end: Int) throws(CanonicalError) -> FlightLife {
        let broken = breaks.first { $0 > start && $0 < end }
        var reader = CanonicalReader(records[start].bytes)
        try reader.readVersion()
        let configuration = try reader.readConfiguration()
        var program: [UInt8] = []
        while !reader.isAtEnd { program.append(UInt8(truncatingIfNeeded: try reader.number())) }
        return FlightLife(
            configuration: configuration, program: String(decoding: program, as: UTF8.self),
            began: records[start].at, records: records[(start + 1)..<(broken ?? end)], isCutShort: broken != nil)
    }

    /// Events of a life whose start the ring has come round over: nothing can be played of it.
    public var eventsWithoutStart: Int {
        records.prefix { $0.kind != .life }.reduce(0) { $0 + ($1.kind == .event ? 1 : 0) }
    }
}
