// Reads the signed list for each tap and does nothing else: no tap waits behind a commit, no loop behind a read.

public import Post
import Synchronization
import Threads

/// Who can read a list. Belongs to the look-up thread; may wait for one bounded read of the disk.
public protocol ListReader: AnyObject {
    /// What the list says of the token now.
    func lookUp(_ token: String, name: TokenName) -> LookUpAnswer
}

/// The thread that looks tokens up.
public final class LookUpThread: Sendable {
    /// After this long an open look-up no longer keeps a reader from trying again. The core's own limit is 500 ms.
    public static let openForMilliseconds: Int64 = 500

    /// How a tap was taken.
    public enum Taken: Hashable, Sendable {
        /// It is being looked up.
        case takenIn
        /// An earlier tap at this reader is still open.
        case busy
    }

    private struct Tap {
        var token: String
        var name: TokenName
        /// When it arrived, on the machine's monotonic clock.
        var presentedAt: Int64
    }
    private struct State {
        var waiting: [Tap?] = Array(repeating: nil, count: PostConfiguration.readersAtMost)
        var openSince: [Int64?] = Array(repeating: nil, count: PostConfiguration.readersAtMost)
        var next: (@Sendable () -> (any ListReader)?)?
    }
    private final class Own {
        var reader: (any ListReader)?
    }
    private let state = Mutex(State())
    private let worker: WorkThread<Own>
    private let inbox: LiveInbox
    private let naming: @Sendable (String) -> TokenName

    /// Starts the thread without a list.
    ///
    /// - Parameters:
    ///   - inbox: Where answers go.
    ///   - naming: The post's own name for a token: a keyed pseudonym that outlives lists.
    public init(inbox: LiveInbox, naming: @escaping @Sendable (String) -> TokenName) throws(LiveError) {
        guard let worker = WorkThread<Own>() else { throw .noDescriptor }
        self.worker = worker
        self.inbox = inbox
        self.naming = naming
        do {
            try worker.start("look-ups", owned: Own()) { [weak self] own in self?.work(own) }
        } catch {
            throw .noThread(error.description)
        }
    }

    /// The list to read from now on; it is opened by the look-up thread itself, between two look-ups. Where that
    /// fails (nil), the one in use stays in use.
    public func install(_ list: @escaping @Sendable () -> (any ListReader)?) {
        state.withLock { $0.next = list }
        worker.wake()
    }

    /// The name of a token, for commands that name one.
    public func name(_ token: String) -> TokenName { naming(token) }

    /// A card was shown at a reader. Never waits; may be called from any thread.
    public func present(_ token: String, reader: ReaderID) -> Taken {
        let place = Int(reader.index)
        guard place < PostConfiguration.readersAtMost else { return .busy }
        let now = LoopClock.monotonicNanoseconds
        let name = naming(token)
        let isTaken = state.withLock { state -> Bool in
            if let since = state.openSince[place], now - since < Self.openForMilliseconds * 1_000_000 {
                return false
            }
            state.waiting[place] = Tap(token: token, name: name, presentedAt: now)
            state.openSince[place] = now
            return true
        }
        guard isTaken else { return .busy }
        inbox.post(.tokenPresented(reader, name))
        worker.wake()
        return .takenIn
    }

    /// Ends the thread.
    public func stop() { worker.stop() }

    private func work(_ own: Own) {
        while true {
            let next = state.withLock { state in
                defer { state.next = nil }
                return state.next
            }
            if let opened = next?() { own.reader = opened }
            let tap = state.withLock { state -> (Int, Tap)? in
                for place in state.waiting.indices {
                    guard let tap = state.waiting[place] else { continue }
                    state.waiting[place] = nil
                    return (place, tap)
                }
                return nil
            }
            guard let (place, tap) = tap else { return }
            let answer =
                own.reader?.lookUp(tap.token, name: tap.name) ?? LookUpAnswer(token: tap.name, verdict: .noList)
            state.withLock { if $0.waiting[place] == nil { $0.openSince[place] = nil } }
            inbox.answer(answer, reader: ReaderID(UInt8(place)), presentedAt: tap.presentedAt)
        }
    }
}
