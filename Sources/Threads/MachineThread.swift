// A thread of the machine's own, for code that must not share one with the concurrency runtime.

import Glibc
import Synchronization

/// A thread that runs one closure and can be joined once.
public final class MachineThread: Sendable {
    private let thread: Mutex<pthread_t?>

    /// What can go wrong when a thread is made.
    public struct CannotStart: Error, CustomStringConvertible {
        /// The system's number of the error.
        public let code: Int32
        /// What the thread was for.
        public let name: String
        /// Says it, and what to do.
        public var description: String {
            "The thread for \(name) cannot be started (error \(code)): "
                + "look at the limits on threads and memory of the service."
        }
    }

    private final class Body {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    /// Starts a thread. It has the priority of whoever starts it.
    ///
    /// - Parameters:
    ///   - name: What `top -H` shows, at most 15 bytes.
    ///   - run: All that it does; what it holds is the thread's own from now on.
    public init(_ name: String, _ run: sending @escaping () -> Void) throws(CannotStart) {
        let body = Unmanaged.passRetained(
            Body {
                Self.showName(name)
                run()
            })
        var made = pthread_t()
        let code = pthread_create(
            &made, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            body.release()
            throw CannotStart(code: code, name: name)
        }
        thread = Mutex(made)
    }

    /// What `top -H` and a debugger show. Linux keeps 15 bytes.
    private static func showName(_ name: String) {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = name.withCString { write(file, $0, min(strlen($0), 15)) }
        close(file)
    }

    deinit {
        // Never joined: let the system take it back when it ends.
        if let left = thread.withLock({ $0 }) { pthread_detach(left) }
    }

    /// Waits for the thread's end. A second call returns at once.
    public func join() {
        let taken = thread.withLock { held -> pthread_t? in
            defer { held = nil }
            return held
        }
        if let taken { pthread_join(taken, nil) }
    }
}
