// Plays a recording through a fresh core: the same events must give the same actions, bit for bit.

public import Post

/// How a replay went.
public enum ReplayVerdict: Hashable, Sendable {
    /// Every digest was the recorded one.
    case same(events: Int)
    /// The same up to an event whose handling was never finished: the process died in it, or right after.
    case endsInside(Event, events: Int)
    /// The same up to where the recording is damaged.
    case damaged(events: Int)
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

/// One event played again, and what the core does about it now.
public struct ReplayStep: Sendable {
    /// Its number in its life, from 1.
    public var number: Int
    /// When it happened.
    public var at: Instant
    /// The event.
    public var event: Event
    /// What the core does now.
    public var actions: Actions
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
        switch recording.lives.last {
        case nil:
            return .unplayable(
                "The recording holds neither the start of the daemon's life nor a state of its core: give the recorder a larger file."
            )
        case .failure(let error): return .unplayable("\(error)")
        case .success(let life):
            var player = LifePlayer(life)
            while let step = player.next() { didStep?(step.event, step.actions, step.at) }
            return player.verdict
        }
    }
}

/// Plays a life event by event: whoever compares two asks each for its next.
public struct LifePlayer {
    private let life: FlightLife
    private var position: Int
    private var actions = Actions()
    private var number = 0
    /// The core, as it is after the event that was played last.
    public private(set) var core: PostCore
    /// How the replay has gone so far; what it came to once `next` gives nothing more.
    public private(set) var verdict = ReplayVerdict.same(events: 0)

    /// A player at the beginning of a life.
    public init(_ life: FlightLife) {
        self.life = life
        position = life.records.startIndex
        core = life.core
    }

    /// Plays the next event and compares what the core does with what it did; nil at the end or after a difference.
    public mutating func next() -> ReplayStep? {
        while case .same = verdict, position < life.records.endIndex {
            let record = life.records[position]
            position += 1
            var reader = CanonicalReader(record.bytes)
            guard record.kind == .event else { continue }
            guard let (event, now) = try? reader.readEvent() else {
                verdict = .damaged(events: number)
                break
            }
            number += 1
            actions.removeAll()
            core.handle(event, at: now, into: &actions)
            compare(event, at: now)
            return ReplayStep(number: number, at: now, event: event, actions: actions)
        }
        if case .same = verdict, life.isCutShort { verdict = .damaged(events: number) }
        return nil
    }

    /// The digest stands right after its event, if handling it was ever finished.
    private mutating func compare(_ event: Event, at now: Instant) {
        let following = life.records[position...].first { $0.kind != .deed }
        guard let following, following.kind == .actions else {
            verdict =
                following == nil && !life.isCutShort
                ? .endsInside(event, events: number) : .damaged(events: number)
            return
        }
        var reader = CanonicalReader(following.bytes)
        guard (try? reader.word()) == FlightRecorder.digest(of: actions) else {
            verdict = .diverged(Divergence(number: number, at: now, event: event, actions: actions.list))
            return
        }
        verdict = .same(events: number)
    }
}
