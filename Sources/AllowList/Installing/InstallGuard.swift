// The install guard: a list that changes unusually much needs a second key, or a person who means it.

/// How many drivers a list adds to the installed one and removes from it.
public struct ListChange: Hashable, Sendable {
    /// Drivers that the installed list lacks.
    public var added: UInt64
    /// Drivers that the new list lacks.
    public var removed: UInt64
    /// Whether the two were compared driver by driver. With another salt or stream nobody can be told apart, and everybody
    /// counts as removed and added.
    public var isExact: Bool

    /// What changes from one list to another; both are read whole.
    public init<Old: ListBytes, New: ListBytes>(
        from old: ListReader<Old>, to new: ListReader<New>
    ) throws(ListRefusal) {
        guard old.header.salt == new.header.salt, old.header.listID == new.header.listID else {
            (added, removed, isExact) = (new.header.recordCount, old.header.recordCount, false)
            return
        }
        added = 0
        removed = 0
        isExact = true
        var before = RecordStream(old)
        var after = RecordStream(new)
        var (left, right) = (try before.next(), try after.next())
        while left != nil || right != nil {
            if let tag = left?.tag, right.map({ tag < $0.tag }) ?? true {
                removed += 1
                left = try before.next()
            } else if let tag = right?.tag, left.map({ tag < $0.tag }) ?? true {
                added += 1
                right = try after.next()
            } else {
                (left, right) = (try before.next(), try after.next())
            }
        }
    }

    /// Changes of so many drivers always pass.
    static let alwaysPasses: UInt64 = 100

    /// The refusal, if this is more than the installed list lets pass.
    ///
    /// Whoever makes the list chooses its salt: it must not be a way around the guard. Where no more are installed than may
    /// change anyway, the numbers of entries are compared.
    func refusal(_ limits: GuardLimits, of installed: UInt64) -> ListRefusal? {
        func isTooMuch(_ count: UInt64, _ permille: UInt16) -> Bool {
            count > Self.alwaysPasses
                && count.multipliedReportingOverflow(by: 1_000).partialValue > UInt64(permille) * installed
        }
        let isByNumbers = !isExact && installed <= Self.alwaysPasses
        let added = isByNumbers ? self.added - min(self.added, self.removed) : self.added
        let removed = isByNumbers ? 0 : self.removed
        if limits.removedPermille < 1_000, isTooMuch(removed, limits.removedPermille) {
            return .suspiciousShrinkage
        }
        if limits.addedPermille < .max, isTooMuch(added, limits.addedPermille) { return .suspiciousGrowth }
        return nil
    }
}

extension ListAudience {
    /// Whether a list may follow the one that left this mark: not older, not a fork, not of another living stream.
    public func admits<Source: ListBytes>(
        _ reader: ListReader<Source>, after mark: HighWater?
    ) throws(ListRefusal) {
        try judge(reader.header, hash: reader.headerHash, after: mark)
    }

    /// Two list keys may change what they like; one may not change unusually much. What the issuer says has changed
    /// since the installed list must be what has changed. A damaged installed list is no reason to refuse a new one.
    public func guardAgainst<New: ListBytes, Old: ListBytes>(
        _ new: ListReader<New>, in old: ListReader<Old>
    ) throws(ListRefusal) {
        guard new.headerHash != old.headerHash, let change = try? ListChange(from: old, to: new) else { return }
        let header = new.header
        if change.isExact, header.previousHash == old.headerHash {
            guard header.added == change.added, header.removed == change.removed else { throw .miscounted }
        }
        if new.signers.count < 2, let refusal = change.refusal(old.policy.installGuard, of: old.header.recordCount)
        {
            throw refusal
        }
    }
}

/// The entries of a list one after the other, a page in memory at a time.
package struct RecordStream<Source: ListBytes> {
    private var reader: ListReader<Source>
    private var page: [ListRecord] = []
    private var pageNumber = 0
    private var position = 0

    package init(_ reader: ListReader<Source>) { self.reader = reader }

    /// The next entry; nil behind the last. Throws where a page is damaged.
    package mutating func next() throws(ListRefusal) -> ListRecord? {
        if position == page.count {
            guard pageNumber < Int(reader.header.pageCount) else { return nil }
            page = try reader.records(onPage: pageNumber)
            pageNumber += 1
            position = 0
        }
        defer { position += 1 }
        return page[position]
    }
}
