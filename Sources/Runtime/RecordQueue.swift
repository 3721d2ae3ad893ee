// The requests that wait for the disk: in their order, none twice. The live post and the virtual one queue by these rules.

import Post

/// What waits to be made durable. A request that is made again while it waits takes its own place: a disk that takes its
/// time for each commit is behind by what is owed, not by how often that was asked for.
public struct RecordQueue: Sendable {
    /// Requests that may wait; a post asks for far fewer, since samples and repeated stops replace each other.
    public static let atMost = 256

    private var waiting: [RecordRequest] = []

    /// Nothing waits.
    public init() {}

    /// How many wait.
    public var count: Int { waiting.count }

    /// Takes a request in; returns whether there was room.
    public mutating func add(_ request: RecordRequest) -> Bool {
        if let place = waiting.firstIndex(where: { request.replaces($0) }) {
            waiting[place] = request
            return true
        }
        guard waiting.count < Self.atMost else { return false }
        waiting.append(request)
        return true
    }

    /// Takes out the one that has waited longest.
    public mutating func next() -> RecordRequest? { waiting.isEmpty ? nil : waiting.removeFirst() }
}

extension RecordRequest {
    /// Whether this request makes one that still waits superfluous.
    fileprivate func replaces(_ waiting: RecordRequest) -> Bool {
        switch (self, waiting) {
        case (.sample(let new), .sample(let old)): new.session == old.session
        case (.stop(let new), .stop(let old)): new.session == old.session
        case (.latch(let new, _), .latch(let old, _)): new == old
        case (.meter(let new), .meter(let old)): new.connector == old.connector
        case (.availability(let new, _), .availability(let old, _)): new == old
        default: false
        }
    }
}
