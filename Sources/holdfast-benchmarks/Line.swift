// One line of the report: what was measured, the figure, its unit.

import Foundation

/// Prints a figure with its unit under a name.
func report(_ name: String, _ value: Double, _ unit: String, decimals: Int = 1) {
    let padded = name.padding(toLength: max(52, name.count), withPad: " ", startingAt: 0)
    print(padded + String(format: "%12.\(decimals)f ", value) + unit)
}

/// How long something takes, in seconds.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    let began = ContinuousClock.now
    try body()
    return (ContinuousClock.now - began) / .seconds(1)
}

/// The value below which that share of the sorted values lies.
func percentile(_ share: Double, of sorted: [Double]) -> Double {
    guard !sorted.isEmpty else { return 0 }
    return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
}
