// One line of the report: what was measured, the figure, its unit.

import CDispatch
import Foundation
import Glibc

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

/// How much processor time the whole process takes for something, in seconds: what others do on the machine meanwhile
/// does not count. For work of one thread it is what a machine of its own would need.
func processorSeconds(_ body: () throws -> Void) rethrows -> Double {
    let before = processorSecondsUsed()
    try body()
    return processorSecondsUsed() - before
}

/// The same for something that waits.
func processorSeconds(_ body: () async throws -> Void) async rethrows -> Double {
    let before = processorSecondsUsed()
    try await body()
    return processorSecondsUsed() - before
}

private func processorSecondsUsed() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The value below which that share of the sorted values lies.
func percentile(_ share: Double, of sorted: [Double]) -> Double {
    guard !sorted.isEmpty else { return 0 }
    return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
}
