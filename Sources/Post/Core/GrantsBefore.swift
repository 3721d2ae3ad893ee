// What was granted before the grant that stands: its current may still flow for a moment.

/// The grants that were lowered lately. Whoever draws more than is granted now, and no more than one of these, is still on the
/// way down.
///
/// Two are kept: the highest, and the highest of those after it. A demand that creeps down in many steps counts for at most twice
/// the time that one fall takes, and never for less.
struct GrantsBefore: Sendable {
    private var highest = Lowered()
    private var later = Lowered()

    /// A grant, and until when it stood.
    private struct Lowered: Sendable {
        var milliamperes: Int32 = 0
        var until: Instant = .zero
    }

    /// A grant no longer stands. `window`: how long its current may take to fall.
    mutating func add(_ milliamperes: Int32, at now: Instant, window: Interval) {
        if now - highest.until >= window { (highest, later) = (later, Lowered()) }
        if now - highest.until >= window || milliamperes >= highest.milliamperes {
            (highest, later) = (Lowered(milliamperes: milliamperes, until: now), Lowered())
        } else {
            later = Lowered(milliamperes: max(milliamperes, later.milliamperes), until: now)
        }
    }

    /// The most that may still flow by what was granted before.
    @inline(__always)
    func most(at now: Instant, window: Interval) -> Int32 {
        if now - highest.until < window { return highest.milliamperes }
        return now - later.until < window ? later.milliamperes : 0
    }

    /// When less of it counts.
    @inline(__always)
    func includeDeadlines(in earliest: inout Earliest, window: Interval) {
        earliest.include(highest.until + window)
        earliest.include(later.until + window)
    }
}

extension GrantsBefore: Visitable {
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError) {
        try visitor.field(&highest.milliamperes)
        try visitor.field(&highest.until)
        try visitor.field(&later.milliamperes)
        try visitor.field(&later.until)
    }
}
