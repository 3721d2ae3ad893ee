// A thread that owns something which may wait, such as the disk, and works whenever it is woken.

import Synchronization
import Threads

/// A thread with something of its own. Nobody else touches what it owns.
final class WorkThread<Owned>: Sendable {
    private struct Control {
        var isStopping = false
    }
    private let control = Mutex(Control())
    private let pipe: WakePipe
    private let thread: Mutex<MachineThread?> = Mutex(nil)

    /// A thread that is not started yet; nil if the process has no descriptor left.
    init?() {
        guard let pipe = WakePipe() else { return nil }
        self.pipe = pipe
    }

    /// Starts it. `work` is called after every wake, when `period` milliseconds have passed without one (-1:
    /// never), and once more after `stop`, to finish what waits.
    func start(
        _ name: String, owned: sending Owned, period: Int64 = -1, work: @escaping @Sendable (Owned) -> Void
    ) throws(MachineThread.CannotStart) {
        let handOver = Mutex<Owned?>(owned)
        let started = try MachineThread(name) { [self] in
            guard
                let own = handOver.withLock({ held -> sending Owned? in
                    var taken: Owned?
                    swap(&taken, &held)
                    return taken
                })
            else { return }
            while true {
                work(own)
                if control.withLock({ $0.isStopping }) { break }
                _ = pipe.wait(milliseconds: period, others: [])
            }
            work(own)
        }
        thread.withLock { $0 = started }
    }

    /// There is work.
    func wake() { pipe.wake() }

    /// Lets it finish what waits, and waits for its end.
    func stop() {
        control.withLock { $0.isStopping = true }
        pipe.wake()
        let taken = thread.withLock { held -> MachineThread? in
            defer { held = nil }
            return held
        }
        taken?.join()
    }
}
