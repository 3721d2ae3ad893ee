// Status on loopback: wished for, never needed. A port that another program has costs a warning, not the post.

import Console
import Logging
import ServiceLifecycle

/// Whoever shows in the status that loopback is not served.
protocol LoopbackWarned: Sendable {
    /// Keeps that loopback is served (nil) or why it is not; says whether that is news.
    func changeLoopback(to trouble: String?) -> Bool
}

/// The console on loopback as a service that never ends the daemon: while its port cannot be had, it tries again.
struct LoopbackService: Service {
    /// How long it waits before it tries again. Engineering default: a restart of whatever has the port takes less.
    static let retryAfter = Duration.seconds(30)

    let routes: ConsoleRoutes
    let port: Int
    let post: any LoopbackWarned
    let logger: Logger

    func run() async throws {
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            do {
                let application = routes.onLoopback(port: port, logger: quiet(logger)) { _ in
                    if post.changeLoopback(to: nil) { logger.notice("loopback_port \(port) is served now") }
                }
                return try await application.run()
            } catch is CancellationError {
                return
            } catch {
                let sentence =
                    "loopback_port \(port) cannot be served (\(ConsoleRoutes.reason(of: error))): stop the program that has it (ss -ltnp), or name another port; all else works, and it is tried again every \(Self.retryAfter.components.seconds) s."
                if post.changeLoopback(to: sentence) { logger.warning("\(sentence)") }
            }
            try? await cancelWhenGracefulShutdown { try await ContinuousClock().sleep(for: Self.retryAfter) }
        }
    }
}
