// The core alone: events a second with every rule on, allocations an event, and what the hash of a run costs.

import CAllocationCount
import Post

enum CoreBenchmarks {
    static func run() {
        let idle = RecordedPost.idle(hours: 24)
        let charge = RecordedPost.charge()
        throughput("core, two idle connectors", idle)
        throughput("core, two connectors that charge", charge)
        allocations(charge)
        hash(charge)
    }

    /// A whole recording, from boot to unplugged, through a new core each time for about a second; the best counts, since
    /// others use the machine too.
    private static func throughput(_ name: String, _ steps: [RecordedStep]) {
        var actions = Actions()
        var deadlines = 0
        var (total, best) = (0.0, Double.infinity)
        while total < 1 {
            var core = PostCore(configuration: .twoConnectors)
            let took = processorSeconds { deadlines += feed(steps[...], to: &core, &actions) }
            total += took
            best = min(best, took)
        }
        precondition(deadlines >= 0)
        report(name + ", every rule on", Double(steps.count) / best / 1e6, "M events/s", decimals: 2)
    }

    /// Events in, actions out, and the next deadline after each, as the runtime has it.
    private static func feed(_ steps: ArraySlice<RecordedStep>, to core: inout PostCore, _ actions: inout Actions)
        -> Int
    {
        var deadlines = 0
        for position in steps.indices {
            actions.removeAll()
            let step = steps[position]
            core.handle(step.event, at: step.at, into: &actions)
            if core.nextDeadline != nil { deadlines += 1 }
        }
        return deadlines
    }

    /// Counted over the warm two thirds of a charge, in which both sessions go on; then with one allocation put in, to
    /// see that the count moves.
    private static func allocations(_ steps: [RecordedStep]) {
        var core = PostCore(configuration: .twoConnectors)
        var actions = Actions()
        let third = steps.count / 3
        _ = feed(steps[..<third], to: &core, &actions)
        let before = allocation_count()
        _ = feed(steps[third...], to: &core, &actions)
        let counted = allocation_count() - before
        report(
            "allocations of the warm core", Double(counted) / Double(steps.count - third), "an event", decimals: 3)
        let again = allocation_count()
        let one = UnsafeMutablePointer<UInt8>.allocate(capacity: 64)
        let moved = allocation_count() - again
        one.deallocate()
        report("  the count moves with one allocation put in by", Double(moved), "", decimals: 0)
    }

    private static func hash(_ steps: [RecordedStep]) {
        var hash = RollingHash()
        var count = 0
        var took = 0.0
        while took < 0.5 {
            took += processorSeconds { for step in steps { hash.absorb(step.event, at: step.at) } }
            count += steps.count
        }
        precondition(hash.value != 0)
        report("rolling hash", took / Double(count) * 1e9, "ns an event")
    }
}
