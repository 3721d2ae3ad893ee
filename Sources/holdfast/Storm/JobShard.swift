// Which part of a range of seeds one job of an array plays: by --shard, or by what the scheduler hands out.

import ArgumentParser
import Foundation

/// One of several equal parts.
struct JobShard: Equatable, CustomStringConvertible {
    /// Which part, from 0.
    var index: UInt64
    /// How many parts there are.
    var count: UInt64
    /// What said so, for whoever wonders.
    var source: String

    /// Reads `2/4`: the second of four.
    /// - Throws: `ValidationError`, with what was meant to be there.
    init(_ text: String) throws {
        let parts = text.components(separatedBy: "/").map { UInt64($0) }
        guard parts.count == 2, let number = parts[0], let count = parts[1], number >= 1, number <= count else {
            throw ValidationError(
                "\(text) is no shard: write the number of this job and how many there are, as in 2/4.")
        }
        (index, self.count, source) = (number - 1, count, "--shard")
    }

    /// As people write it: `2/4`.
    var description: String { "\(index + 1)/\(count)" }

    private init(index: UInt64, count: UInt64, source: String) {
        (self.index, self.count, self.source) = (index, count, source)
    }

    /// The shard of a job of Slurm's arrays, of Kubernetes' indexed jobs or of GNU parallel; nil outside of them.
    ///
    /// Only Slurm says how many jobs there are: in the others the whole range would be played by each of them, so that
    /// somebody must say it.
    /// - Throws: `ValidationError` where the index has no count or lies outside of it.
    static func ofJob(_ environment: [String: String]) throws -> JobShard? {
        func number(_ name: String) -> UInt64? { environment[name].flatMap { UInt64($0) } }
        if let task = number("SLURM_ARRAY_TASK_ID") {
            // --array=1-9:4 hands out 1, 5 and 9.
            let (first, step) = (number("SLURM_ARRAY_TASK_MIN") ?? 0, max(1, number("SLURM_ARRAY_TASK_STEP") ?? 1))
            return try made(
                "SLURM_ARRAY_TASK_ID", task >= first ? (task - first) / step : nil,
                number("SLURM_ARRAY_TASK_COUNT"),
                "SLURM_ARRAY_TASK_COUNT")
        }
        if let index = number("JOB_COMPLETION_INDEX") {
            return try made("JOB_COMPLETION_INDEX", index, number("JOB_COMPLETIONS"), "JOB_COMPLETIONS")
        }
        if let sequence = number("PARALLEL_SEQ") {
            return try made(
                "PARALLEL_SEQ", sequence >= 1 ? sequence - 1 : nil, number("PARALLEL_TOTAL_JOBS"),
                "PARALLEL_TOTAL_JOBS")
        }
        return nil
    }

    private static func made(
        _ indexName: String, _ index: UInt64?, _ count: UInt64?, _ countName: String
    ) throws -> JobShard {
        guard let index, let count, index < count else {
            throw ValidationError(
                """
                \(indexName) says that this is one job of several, and \(countName) \
                \(count == nil ? "does not say of how many" : "says that there are fewer"). \
                Set \(countName) to the number of jobs, or write --shard 2/4 for the second of four (GNU parallel: \
                --shard {#}/{##}); --shard 1/1 plays the whole range in this job.
                """)
        }
        return JobShard(index: index, count: count, source: indexName)
    }

    /// Its part of a range; nil where there are more jobs than seeds and this one has none. One seed is never cut: that is a
    /// storm that somebody plays again.
    func part(of range: ClosedRange<UInt64>) -> ClosedRange<UInt64>? {
        guard range.count > 1 else { return range }
        let width = UInt64(range.count)
        func start(_ index: UInt64) -> UInt64 {
            let (high, low) = width.multipliedFullWidth(by: index)
            return count.dividingFullWidth((high, low)).quotient
        }
        let (first, end) = (start(index), start(index + 1))
        return first < end ? (range.lowerBound + first)...(range.lowerBound + end - 1) : nil
    }
}
