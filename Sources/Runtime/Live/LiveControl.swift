// What other threads may ask of a running post. Every call is bounded: it is taken in, or refused as busy at once.

public import Post
import Synchronization

/// A turn of the loop, for jobs that run on its thread.
public struct LoopTurn {
    /// When.
    public let now: Instant
    /// What stands behind the devices; a bench looks for its own kind here.
    public let plant: any LivePlant
    let post: (Event) -> Void
    let acknowledge: (Int64) -> Void
    let note: (String) -> Void

    /// Steps an event as if a device had said it.
    public func step(_ event: Event) { post(event) }
    /// The cloud has acknowledged a record.
    public func acknowledged(_ number: Int64) { acknowledge(number) }
    /// Writes into the flight recording what is about to be done to a simulated world.
    public func willDo(_ deed: String) { note(deed) }
}

/// The handle of a running loop.
public final class LiveControl: Sendable {
    /// Where bus threads put their samples.
    public let inbox: LiveInbox
    /// What can be read.
    public let board: LiveBoard

    private struct Awaited {
        var lastNumber: UInt32 = 0
        var open: [(number: CommandNumber, continuation: CheckedContinuation<Refusal?, any Error>)] = []
        var isClosed = false
    }
    private let awaited = Mutex(Awaited())

    /// A handle for a loop that is still to be made, so that the threads beside it can be made first.
    public init() throws(LiveError) {
        guard let inbox = LiveInbox() else { throw .noDescriptor }
        self.inbox = inbox
        board = LiveBoard()
    }

    /// Gives the post an operator's command and waits for its answer.
    ///
    /// - Returns: Nil if it was done, else why not.
    /// - Throws: `LiveError.busy` when 64 commands wait already, `.stopped` when the loop has ended.
    public func send(_ command: OperatorCommand) async throws -> Refusal? {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Refusal?, any Error>) in
            let number = awaited.withLock { awaited -> CommandNumber? in
                guard !awaited.isClosed, awaited.open.count < LiveInbox.commandsAtMost else { return nil }
                awaited.lastNumber &+= 1
                let number = CommandNumber(awaited.lastNumber)
                awaited.open.append((number, continuation))
                return number
            }
            guard let number else {
                let isClosed = awaited.withLock { $0.isClosed }
                return continuation.resume(throwing: isClosed ? LiveError.stopped : .busy)
            }
            do {
                try inbox.offer(.command(number, command))
            } catch {
                finish(number, .failure(error))
            }
        }
    }

    /// Runs something on the loop's thread, between two events. It must not wait.
    public func onLoop<Answer: Sendable>(
        _ body: @escaping @Sendable (LoopTurn) throws -> Answer
    ) async throws -> Answer {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Answer, any Error>) in
            do {
                try inbox.offer { turn in
                    guard let turn else { return continuation.resume(throwing: LiveError.stopped) }
                    continuation.resume(with: Result { try body(turn) })
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// The cloud has acknowledged a record. One that the loop has no room to hear of is delivered again.
    public func acknowledged(_ number: Int64) {
        try? inbox.offer { $0?.acknowledged(number) }
    }

    /// The loop has the core's answer to a command.
    func answered(_ number: CommandNumber, _ refusal: Refusal?) { finish(number, .success(refusal)) }

    /// The loop has ended, or never was: whoever waits learns of it.
    public func close() {
        let left = awaited.withLock { awaited in
            awaited.isClosed = true
            defer { awaited.open = [] }
            return awaited.open
        }
        for open in left { open.continuation.resume(throwing: LiveError.stopped) }
        for job in inbox.close() { job(nil) }
        board.close()
    }

    private func finish(_ number: CommandNumber, _ result: Result<Refusal?, any Error>) {
        let found = awaited.withLock { awaited -> CheckedContinuation<Refusal?, any Error>? in
            guard let index = awaited.open.firstIndex(where: { $0.number == number }) else { return nil }
            return awaited.open.remove(at: index).continuation
        }
        found?.resume(with: result)
    }
}
