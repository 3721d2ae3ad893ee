// Reads the whole list in the background, page by page, so that rot is found before a driver stands on it.

import AllowList
import Runtime
import Synchronization
import Threads

/// The scrub. It has a thread of its own: a page that hangs on the disk holds up nothing else.
final class ListScrubber: Sendable {
    /// Pages in one go, and the pause after it: 256 pages a second, half a megabyte. Engineering default.
    static let pagesAtOnce = 64
    static let pauseMilliseconds: Int64 = 250

    private struct State {
        var list: InstalledList<ListFile>?
        /// Counts lists: what is found in one that is no longer in use is not told.
        var generation: UInt64 = 0
        var everySeconds: Int64 = 0
        /// On the machine's monotonic clock, in seconds.
        var nextAt: Int64 = 0
        var isStopping = false
    }
    private let state = Mutex(State())
    private let pipe: WakePipe
    private let thread: Mutex<MachineThread?> = Mutex(nil)

    init() throws(LiveError) {
        guard let pipe = WakePipe() else { throw .noDescriptor }
        self.pipe = pipe
    }

    /// The first scrub after a start begins so many seconds later, if it is not due before: a post that starts anew each night would
    /// never be scrubbed otherwise. Engineering default.
    static let firstAfterSeconds: Int64 = 10

    /// Starts the thread. `report` hears what is found, and in which list; `look` is called about once a second. Both on that thread.
    func start(
        look: @escaping @Sendable () -> Void, report: @escaping @Sendable ([ListEvent], UInt64) -> Void
    ) throws(LiveError) {
        do {
            let started = try MachineThread("list-scrub") { [self] in run(look, report) }
            thread.withLock { $0 = started }
        } catch {
            throw .noThread(error.description)
        }
    }

    /// The list to read from now on, from its first page; nil: none. One that has just been installed was read whole, so that its
    /// first scrub comes after one interval; nobody knows what became of one that a start has found.
    func watch(_ list: InstalledList<ListFile>?, everySeconds: Int64, isAnew: Bool = false) {
        state.withLock { state in
            // An hourly deny object puts the same list in use again; its scrub goes on.
            if let present = state.list, let list, present.headerHash == list.headerHash,
                state.everySeconds == everySeconds
            {
                return
            }
            state.list = list
            state.generation += 1
            state.everySeconds = everySeconds
            state.nextAt =
                TimeKeeper.machineSeconds() + (isAnew ? everySeconds : min(everySeconds, Self.firstAfterSeconds))
        }
        pipe.wake()
    }

    /// The number of the list that is read now.
    var generation: UInt64 { state.withLock { $0.generation } }

    /// Ends the thread.
    func stop() {
        state.withLock { $0.isStopping = true }
        pipe.wake()
        thread.withLock { held -> MachineThread? in
            defer { held = nil }
            return held
        }?.join()
    }

    private func run(_ look: () -> Void, _ report: ([ListEvent], UInt64) -> Void) {
        var lookAt: Int64 = 0
        while true {
            if lookAt <= TimeKeeper.machineSeconds() {
                look()
                lookAt = TimeKeeper.machineSeconds() + 1
            }
            let (isStopping, isDue) = state.withLock { state in
                (
                    state.isStopping,
                    state.list != nil && state.everySeconds > 0 && state.nextAt <= TimeKeeper.machineSeconds()
                )
            }
            guard !isStopping else { return }
            if isDue { step(report) }
            _ = pipe.wait(milliseconds: isDue ? Self.pauseMilliseconds : 1_000, others: [])
        }
    }

    /// The next pages. The list is read outside of the lock: whoever installs another never waits for the disk.
    private func step(_ report: ([ListEvent], UInt64) -> Void) {
        let (taken, generation) = state.withLock { ($0.list, $0.generation) }
        guard var list = taken else { return }
        list.scrub(pages: Self.pagesAtOnce)
        let events = list.takeEvents()
        let isOver = events.contains { if case .scrubbed = $0 { true } else { false } }
        state.withLock { state in
            guard state.generation == generation else { return }
            // One that is found damaged is read no more: it is asked for anew.
            state.list = list.isDamaged ? nil : list
            if isOver { state.nextAt = TimeKeeper.machineSeconds() + state.everySeconds }
        }
        if !events.isEmpty { report(events, generation) }
    }
}
