// What is going to happen, in order: by instant, and within one instant by the order in which it was planned.

import Post

/// Something that is going to happen. Small on purpose: entries are moved about in the heap.
struct Occurrence {
    /// What it is about; the meaning of `index` and `generation` is the kind's.
    enum Kind: UInt8 {
        case sampleStage, sampleMeter, sampleInsulation, sampleTemperature, vehicleTurn
        case stageCommand, insulationCommand, vehicleNotice
        case contactorPole, mirrorBounce, lockArrives, emergencyStopBounce
        case linesChanged, watchdog, limitHeartbeat, networkFlaps, linkNoticed, delivery, story, readMemory
        case framesMissed
    }
    var kind: Kind
    var post: UInt16
    var index: UInt8
    /// Tells an occurrence that is still meant from one that a later decision has overtaken; or names a place.
    var generation: UInt32
}

/// A binary heap keyed by `(instant, sequence)`. Allocates nothing once warm.
struct Scheduler {
    private struct Entry {
        var at: Int64
        var sequence: UInt64
        var occurrence: Occurrence
        func comesBefore(_ other: Entry) -> Bool {
            at != other.at ? at < other.at : sequence < other.sequence
        }
    }
    private var heap: [Entry] = []
    private var sequence: UInt64 = 0

    init() { heap.reserveCapacity(256) }

    /// When the next thing happens, or nil.
    var next: Instant? { heap.first.map { Instant(microseconds: $0.at) } }

    /// How many things are planned.
    var count: Int { heap.count }

    mutating func plan(_ occurrence: Occurrence, at instant: Instant) {
        sequence &+= 1
        let entry = Entry(at: instant.microseconds, sequence: sequence, occurrence: occurrence)
        heap.append(entry)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entry.comesBefore(heap[parent]) else { break }
            heap[child] = heap[parent]
            child = parent
        }
        heap[child] = entry
    }

    /// Takes out what happens next, if it happens by `limit`.
    mutating func take(until limit: Instant) -> (at: Instant, occurrence: Occurrence)? {
        guard let first = heap.first, first.at <= limit.microseconds else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty { sink(last) }
        return (Instant(microseconds: first.at), first.occurrence)
    }

    private mutating func sink(_ entry: Entry) {
        let count = heap.count
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < count else { break }
            if child + 1 < count, heap[child + 1].comesBefore(heap[child]) { child += 1 }
            guard heap[child].comesBefore(entry) else { break }
            heap[parent] = heap[child]
            parent = child
        }
        heap[parent] = entry
    }
}

/// Places for values that wait for their instant: handed out, emptied and handed out again, so nothing grows for ever.
struct Slots<Value> {
    private var values: [Value?] = []
    private var free: [UInt32] = []

    mutating func put(_ value: Value) -> UInt32 {
        if let place = free.popLast() {
            values[Int(place)] = value
            return place
        }
        values.append(value)
        return UInt32(values.count - 1)
    }

    mutating func take(_ place: UInt32) -> Value? {
        let value = values[Int(place)]
        values[Int(place)] = nil
        free.append(place)
        return value
    }
}
