// Status on loopback: wished for, never needed. A port that another program has costs a warning, not the post.

import Console
import Logging
import ServiceLifecycle
import Synchronization

/// Whether loopback is served, for whoever shows it in the status.
final class LoopbackState: Sendable {
    private let kept = Mutex<String?>(nil)
    /// Why it is not served; nil while it is, or where nobody asks for it.
    var trouble: String? { kept.withLock { $0 } }

    /// Keeps that loopback is served (nil) or why it is not; says whether that is news.
    func change(to trouble: String?) -> Bool {
        kept.withLock { kept in
            defer { kept = trouble }
            return kept != trouble
        }
    }
}

/// The console on loopback as a service that never ends the daemon: while its port cannot be had, it tries again.
struct LoopbackService: Service {
    /// How long it waits before it tries again. Engineering default: a restart of whatever has the port takes less.
    static let retryAfter = Duration.seconds(30)

    let routes: ConsoleRoutes
    let port: Int
    let state: LoopbackState
    let logger: Logger

    func run() async throws {
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            do {
                let application = routes.onLoopback(port: port, logger: quiet(logger)) { _ in
                    if state.change(to: nil) { logger.notice("loopback_port \(port) is served now") }
                }
                return try await application.run()
            } catch is CancellationError {
                return
            } catch {
                let sentence =
                    "loopback_port \(port) cannot be served (\(ConsoleRoutes.reason(of: error))): stop the program that has it (ss -ltnp), or name another port; all else works, and it is tried again every \(Self.retryAfter.components.seconds) s."
                if state.change(to: sentence) { logger.warning("\(sentence)") }
            }
            try? await cancelWhenGracefulShutdown { try await ContinuousClock().sleep(for: Self.retryAfter) }
        }
    }
}
