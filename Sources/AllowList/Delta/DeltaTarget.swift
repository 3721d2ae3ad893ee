// The list that a delta leads to, made page by page while it is read: nothing of it lies in memory but its directory.

internal import Crypto

/// A base list with a delta applied, as the bytes of the target. Whoever installs it verifies it like any other list.
public final class DeltaTarget<Base: ListBytes>: ListBytes {
    /// Where the merge stands at the beginning of a page.
    private struct Place {
        var base: UInt64
        var delete: Int
        var upsert: Int
    }
    private let delta: ListDelta
    private var base: ListReader<Base>
    private var places: [Place] = []
    private var front: [UInt8] = []
    private var cached: (page: Int, records: [ListRecord]) = (-1, [])

    /// Merges once to make the directory, which must be the signed one.
    ///
    /// Throws `wrong_base` for another base, `delta_mismatch` when the result is not what was signed, and whatever a
    /// damaged base says.
    public init(_ delta: ListDelta, on base: ListReader<Base>) throws(ListRefusal) {
        guard base.headerHash == delta.baseHash, base.header.salt == delta.header.salt else { throw .wrongBase }
        self.delta = delta
        self.base = base
        var directory = ByteWriter(capacity: Int(min(delta.header.directoryLength, 1 << 26)))
        var place = Place(base: 0, delete: 0, upsert: 0)
        var produced: UInt64 = 0
        for _ in 0..<delta.header.pageCount {
            places.append(place)
            let records = try page(from: &place)
            guard let first = records.first else { throw .deltaMismatch }
            produced += UInt64(records.count)
            directory.put(first.tag.bytes)
            directory.put(Array(SHA256.hash(data: ListOrder.page(records[...], delta.header.pageSize))))
        }
        // An empty target has no page, but what is deleted must have been there all the same.
        while try absorbDeleted(&place) {}
        // Nothing may be left over, and every deletion must have met its entry.
        guard produced == delta.header.recordCount, place.base == base.header.recordCount,
            place.delete == delta.deletes.count, place.upsert == delta.upserts.count,
            Array(SHA256.hash(data: directory.bytes)) == delta.header.directoryHash
        else { throw .deltaMismatch }
        var front = ByteWriter(capacity: Int(delta.header.pagesOffset))
        front.put(delta.start)
        front.put(directory.bytes)
        front.pad(to: Int(delta.header.pagesOffset))
        self.front = front.bytes
    }

    /// How long the target is.
    public var count: UInt64 { delta.header.fileLength }

    /// Reads bytes of the target; false where the base can no longer be read.
    public func read(_ length: Int, at offset: UInt64, into buffer: inout [UInt8]) -> Bool {
        guard length >= 0, offset <= count, UInt64(length) <= count - offset else { return false }
        buffer.removeAll(keepingCapacity: true)
        var position = offset
        let end = offset + UInt64(length)
        while position < end {
            if position < UInt64(front.count) {
                let stop = min(end, UInt64(front.count))
                buffer += front[Int(position)..<Int(stop)]
                position = stop
            } else {
                let size = UInt64(delta.header.pageSize)
                let number = (position - UInt64(front.count)) / size
                let begin = UInt64(front.count) + number * size
                guard let page = page(number: Int(number)) else { return false }
                let stop = min(end, begin + size)
                buffer += page[Int(position - begin)..<Int(stop - begin)]
                position = stop
            }
        }
        return true
    }

    private func page(number: Int) -> [UInt8]? {
        guard places.indices.contains(number) else { return nil }
        var place = places[number]
        guard let records = try? page(from: &place) else { return nil }
        return ListOrder.page(records[...], delta.header.pageSize)
    }

    /// The next page of the merge: the base without what is deleted or replaced, and the upserts in their places.
    private func page(from place: inout Place) throws(ListRefusal) -> [ListRecord] {
        var records: [ListRecord] = []
        records.reserveCapacity(Int(delta.header.recordsPerPage))
        while UInt64(records.count) < delta.header.recordsPerPage {
            let old = try record(place.base)
            let new = place.upsert < delta.upserts.count ? delta.upserts[place.upsert] : nil
            if let old, new.map({ old.tag < $0.tag }) ?? true {
                place.base += 1
                if place.delete < delta.deletes.count, delta.deletes[place.delete] == old.tag {
                    place.delete += 1
                } else {
                    records.append(old)
                }
            } else if let new {
                if old?.tag == new.tag { place.base += 1 }
                place.upsert += 1
                records.append(new)
            } else {
                break
            }
        }
        // What is deleted behind the last entry of the target belongs to its last page.
        while try absorbDeleted(&place) {}
        return records
    }

    private func absorbDeleted(_ place: inout Place) throws(ListRefusal) -> Bool {
        guard place.delete < delta.deletes.count, let old = try record(place.base),
            old.tag == delta.deletes[place.delete],
            place.upsert >= delta.upserts.count || old.tag < delta.upserts[place.upsert].tag
        else { return false }
        place.base += 1
        place.delete += 1
        return true
    }

    private func record(_ index: UInt64) throws(ListRefusal) -> ListRecord? {
        guard index < base.header.recordCount else { return nil }
        let perPage = base.header.recordsPerPage
        let number = Int(index / perPage)
        if cached.page != number { cached = (number, try base.records(onPage: number)) }
        return cached.records[Int(index % perPage)]
    }
}
