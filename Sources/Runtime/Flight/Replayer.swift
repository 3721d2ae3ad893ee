// Plays a recording through a fresh core: the same events must give the same actions, bit for bit.

public import Post

/// How a replay went.
public enum ReplayVerdict: Hashable, Sendable {
    /// Every digest was the recorded one.
    case same(events: Int)
    /// The same up to an event whose handling was never finished: the process died in it, or right after.
    case endsInside(Event, events: Int)
    /// The core did something else than it did then: the first event at which it did.
    case diverged(Divergence)
    /// The recording cannot be played; the sentence says why and what to do.
    case unplayable(String)
}

/// The first difference between then and now.
public struct Divergence: Hashable, Sendable {
    /// The number of the event in its life, from 1.
    public var number: Int
    /// When it happened.
    public var at: Instant
    /// The event.
    public var event: Event
    /// What the core does now.
    public var actions: [Action]
}

/// Plays recordings.
public enum Replayer {
    /// Plays the newest life in a recording.
    ///
    /// - Parameters:
    ///   - recording: What was read.
    ///   - didStep: Called for each event with the actions that it gives now.
    public static func play(
        _ recording: FlightReader.Recording, didStep: ((Event, Actions, Instant) -> Void)? = nil
    ) -> ReplayVerdict {
        guard let begin = recording.records.lastIndex(where: { $0.kind == .life }) else {
            return .unplayable(
                "The recording no longer holds the start of the daemon's life: give the recorder a larger file.")
        }
        var reader = CanonicalReader(recording.records[begin].bytes)
        do {
            try reader.readVersion()
            var core = PostCore(configuration: try reader.readConfiguration())
            return try play(recording.records[(begin + 1)...], &core, didStep)
        } catch {
            return .unplayable("\(error)")
        }
    }

    private static func play(
        _ records: ArraySlice<FlightRecord>, _ core: inout PostCore, _ didStep: ((Event, Actions, Instant) -> Void)?
    ) throws(CanonicalError) -> ReplayVerdict {
        var actions = Actions()
        var number = 0
        /// The event that was handled last, until its digest has been compared.
        var open: Event?
        for record in records {
            var reader = CanonicalReader(record.bytes)
            switch record.kind {
            case .event:
                let (event, now) = try reader.readEvent()
                number += 1
                actions.removeAll()
                core.handle(event, at: now, into: &actions)
                didStep?(event, actions, now)
                open = event
            case .actions:
                guard let event = open else { continue }
                open = nil
                guard try reader.word() == FlightRecorder.digest(of: actions) else {
                    return .diverged(
                        Divergence(number: number, at: record.at, event: event, actions: actions.list))
                }
            case .life: break
            }
        }
        if let open { return .endsInside(open, events: number) }
        return .same(events: number)
    }
}
