// What is going to happen, in order: by instant, and within an instant by the order in which it was planned.

import Post

/// Something that is going to happen in the world.
enum Happening: Sendable {
    /// A device of a post samples itself: far devices and the vehicle's message loop.
    case sample(post: Int, SampledDevice, index: Int, generation: UInt32)
    /// A contactor pole reaches the position it was driven to.
    case contactors(post: Int, connector: Int, generation: UInt32)
    /// A mirror contact bounces.
    case bounce(post: Int, connector: Int, left: Int)
    /// A lock motor arrives.
    case lock(post: Int, connector: Int, generation: UInt32)
    /// A far device's answer arrives.
    case deliver(post: Int, Event)
    /// A step of the story: a person, a fault, a network, decided by whoever drives the world.
    case story(Int)
    /// Something that a part of the site wants done then.
    case call(Int)
}

/// The devices that speak on their own.
enum SampledDevice: UInt8, CaseIterable, Sendable { case stage, meter, insulation, vehicle, temperature }

/// A priority queue keyed by `(instant, sequence)`.
struct Scheduler {
    private struct Entry {
        let at: Instant
        let sequence: UInt64
        let happening: Happening
        func isBefore(_ other: Entry) -> Bool {
            at.microseconds != other.at.microseconds ? at < other.at : sequence < other.sequence
        }
    }
    private var heap: [Entry] = []
    private var sequence: UInt64 = 0

    /// When the next thing happens, or nil.
    var next: Instant? { heap.first?.at }

    mutating func plan(_ happening: Happening, at instant: Instant) {
        sequence += 1
        heap.append(Entry(at: instant, sequence: sequence, happening: happening))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes out what happens next, if it is not later than `limit`.
    mutating func take(until limit: Instant) -> (at: Instant, happening: Happening)? {
        guard let first = heap.first, first.at <= limit else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return (first.at, first.happening)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < heap.count else { return }
            let right = left + 1
            let smaller = right < heap.count && heap[right].isBefore(heap[left]) ? right : left
            guard heap[smaller].isBefore(heap[parent]) else { return }
            heap.swapAt(smaller, parent)
            parent = smaller
        }
    }
}
