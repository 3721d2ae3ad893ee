// A server on a Unix socket that behaves as a test tells it, well or badly.

import ControlClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A request as the server saw it.
struct SeenRequest: Sendable {
    var method: HTTPMethod
    var path: String
    var headers: HTTPHeaders
    var body: [UInt8]
}

/// What the server does with a request.
enum Reply: Sendable {
    case answer(status: Int, body: String)
    /// An event stream of this text, after which the connection is closed or kept open without a word.
    case stream(String, thenCloses: Bool)
    /// The head of an answer of a hundred bytes, and the end of the connection.
    case half
    /// Nothing, for ever.
    case silence
    /// Bytes that are not HTTP.
    case garbage
}

/// A daemon for tests: one socket in a folder of its own, removed at the end.
final class FakeDaemon: Sendable {
    let socketPath: String
    private let folder: String
    private let server: any Channel
    private let seenRequests: SeenRequests

    final class SeenRequests: Sendable {
        let list = Mutex<[SeenRequest]>([])
    }

    var requests: [SeenRequest] { seenRequests.list.withLock(\.self) }

    init(_ reply: @escaping @Sendable (SeenRequest) -> Reply) async throws {
        folder = try temporaryFolder()
        socketPath = folder + "/holdfast.sock"
        let seen = SeenRequests()
        seenRequests = seen
        server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: false)
                    try channel.pipeline.syncOperations.addHandler(Answering(seen, reply))
                }
            }
            .bind(unixDomainSocketPath: socketPath).get()
    }

    func stop() async {
        try? await server.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let seen: SeenRequests
        private let reply: @Sendable (SeenRequest) -> Reply
        private var request: SeenRequest?

        init(_ seen: SeenRequests, _ reply: @escaping @Sendable (SeenRequest) -> Reply) {
            self.seen = seen
            self.reply = reply
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                request = SeenRequest(method: head.method, path: head.uri, headers: head.headers, body: [])
            case .body(let buffer): request?.body += buffer.readableBytesView
            case .end:
                guard let request else { return }
                seen.list.withLock { $0.append(request) }
                perform(reply(request), context)
            }
        }

        private func perform(_ reply: Reply, _ context: ChannelHandlerContext) {
            switch reply {
            case .answer(let status, let body):
                write(status, ["Content-Length": String(body.utf8.count)], body, context)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            case .stream(let text, let thenCloses):
                write(200, ["Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"], text, context)
                context.flush()
                if thenCloses { context.close(promise: nil) }
            case .half:
                write(200, ["Content-Length": "100"], "half", context)
                context.flush()
                context.close(promise: nil)
            case .silence: break
            case .garbage:
                guard
                    let first = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
                else { return }
                first.writeAndFlush(NIOAny(ByteBuffer(string: "SSH-2.0-OpenSSH_9.2\r\n\r\n")), promise: nil)
            }
        }

        private func write(_ status: Int, _ headers: HTTPHeaders, _ body: String, _ context: ChannelHandlerContext)
        {
            let head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            guard !body.isEmpty else { return }
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        }
    }
}

/// A new folder with a path short enough for a socket's address.
func temporaryFolder() throws -> String {
    let folder = NSTemporaryDirectory() + "holdfast-\(UInt32.random(in: .min ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
}

/// Runs a test against such a daemon and stops it afterwards.
func withDaemon(
    _ reply: @escaping @Sendable (SeenRequest) -> Reply, _ test: (FakeDaemon, ControlClient) async throws -> Void
) async throws {
    let daemon = try await FakeDaemon(reply)
    do {
        try await test(daemon, ControlClient(socketPath: daemon.socketPath))
    } catch {
        await daemon.stop()
        throw error
    }
    await daemon.stop()
}
