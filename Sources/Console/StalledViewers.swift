// Cuts connections whose other end has stopped reading: they would hold a viewer's place, and the daemon's end.

import HummingbirdCore
import NIOCore

enum StalledViewers {
    /// How long what was written may lie unread, or a connection without an answer. Engineering default: 10 s, five
    /// of the event stream's ticks.
    static let cutAfter: TimeAmount = .seconds(10)

    /// HTTP/1.1 over connections that are cut when nothing written arrives.
    static func cut(after: TimeAmount) -> HTTPServerBuilder {
        .http1(
            configuration: .init(
                additionalChannelHandlers: [IdleStateHandler(writeTimeout: after), CutWhenStalled()]))
    }
}

/// Closes the connection when the handler before it says that writing has stalled.
final class CutWhenStalled: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event as? IdleStateHandler.IdleStateEvent == .write else {
            return context.fireUserInboundEventTriggered(event)
        }
        context.close(promise: nil)
    }
}
