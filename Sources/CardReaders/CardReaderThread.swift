// A card reader, live: a thread waits for its device file; one that goes away is said, and tried again.

public import DeviceFiles
public import Devices
public import Post
import Synchronization

/// A card reader. Cards are handed out on its own thread.
public final class CardReaderThread: CardReader, Sendable {
    /// A reader that is not there is looked for this often. Engineering default.
    public static let openEvery: Interval = .seconds(1)

    private final class Shared: Sendable {
        let failure = Mutex<DeviceFileFailure?>(nil)
        let open: @Sendable () throws(DeviceFileFailure) -> DeviceFile
        let now: @Sendable () -> Instant
        let found: @Sendable (CardReading) -> Void
        let path: String
        init(
            _ path: String, _ open: @escaping @Sendable () throws(DeviceFileFailure) -> DeviceFile,
            _ now: @escaping @Sendable () -> Instant, _ found: @escaping @Sendable (CardReading) -> Void
        ) {
            self.path = path
            self.open = open
            self.now = now
            self.found = found
        }
    }
    private let shared: Shared
    private let thread: DeviceThread

    /// Starts a reader; nil if the process has no thread or no descriptor left.
    ///
    /// - Parameters:
    ///   - path: What its device file is called, for people.
    ///   - decoder: How it speaks.
    ///   - open: Opens the device file.
    ///   - now: The post's clock.
    ///   - found: Called for each tap, on the reader's thread; must not wait.
    public init?(
        path: String, decoder: some CardDecoder, now: @escaping @Sendable () -> Instant,
        open: @escaping @Sendable () throws(DeviceFileFailure) -> DeviceFile,
        found: @escaping @Sendable (CardReading) -> Void
    ) {
        let shared = Shared(path, open, now, found)
        let thread = DeviceThread("card reader") { turn in
            var same = SameCard()
            while !turn.isStopping { Self.serve(shared, turn, decoder, &same) }
        }
        guard let thread else { return nil }
        self.shared = shared
        self.thread = thread
    }

    deinit { thread.stop() }

    /// Ends it.
    public func stop() { thread.stop() }

    /// Why no card is read, and what to do; nil while the reader is there.
    public var trouble: String? {
        shared.failure.withLock { $0 }.map { "no card is read until it is back. \($0)" }
    }

    /// The reader has no way to show an answer: the connector's lamp does.
    public func answer(isAccepted: Bool) throws(DeviceError) { throw .unsupported }

    private static func serve(
        _ shared: Shared, _ turn: DeviceThread.Turn, _ fresh: some CardDecoder, _ same: inout SameCard
    ) {
        do throws(DeviceFileFailure) {
            let file = try shared.open()
            shared.failure.withLock { $0 = nil }
            var decoder = fresh
            while !turn.isStopping {
                guard turn.wait(for: file.descriptor, atMost: .seconds(60)) else { continue }
                guard let got = file.read(atMost: 1_536) else { throw DeviceFileFailure(shared.path, .lost) }
                let now = shared.now()
                for reading in decoder.take(got, at: now) {
                    if case .card(let card) = reading, !same.isNew(card, at: now) { continue }
                    shared.found(reading)
                }
            }
        } catch {
            shared.failure.withLock { $0 = error }
            _ = turn.wait(for: -1, atMost: openEvery)
        }
    }
}
