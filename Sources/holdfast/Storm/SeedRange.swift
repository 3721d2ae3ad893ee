// A range of seeds as people write it: `1..2000` or one number.

import ArgumentParser
import Foundation
import Scenarios

/// Seeds from a first to a last.
struct SeedRange: CustomStringConvertible {
    var range: ClosedRange<UInt64>

    init(_ range: ClosedRange<UInt64>) { self.range = range }

    /// Reads one number, or two with `..` between them.
    /// - Throws: `ValidationError`, with what was meant to be there.
    init(_ text: String) throws {
        let ends = text.components(separatedBy: "..").map { UInt64($0) }
        guard ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1],
            last <= CampaignPart.greatestSeed
        else {
            throw ValidationError(
                "\(text) is no range of seeds: write one number, or two such as 1..2000, of 0 to \(CampaignPart.greatestSeed)."
            )
        }
        guard first <= last else {
            throw ValidationError(
                "\(text) holds no seed: the first is not above the last, as in \(last)..\(first).")
        }
        range = first...last
    }

    var description: String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)..\(range.upperBound)"
    }
}
