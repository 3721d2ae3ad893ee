// One request and its answer on a connection of their own, within a bound of time and size.

internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// What is asked.
struct Request: Sendable {
    enum Body: Sendable {
        case none
        case bytes([UInt8])
        case file(SentFile)
    }

    var method: HTTPMethod
    var path: String
    var body: Body
    var headers: HTTPHeaders

    init(_ method: HTTPMethod, _ path: String, type: String? = nil, body: Body = .none) {
        self.method = method
        self.path = path
        self.body = body
        headers = ["Host": "localhost", "Connection": "close", "Accept": "application/json"]
        if let type { headers.add(name: "Content-Type", value: type) }
        switch body {
        case .none: break
        case .bytes(let bytes): headers.add(name: "Content-Length", value: String(bytes.count))
        case .file(let file): headers.add(name: "Content-Length", value: String(file.byteCount))
        }
    }

    var head: HTTPRequestHead { HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers) }
}

extension ControlClient {
    /// The answer to the request; a status of 400 or more is thrown as the daemon's refusal.
    func exchange(_ request: Request) async throws(ControlError) -> ControlAnswer {
        let (channel, answer) = try await connect { (channel, promise: EventLoopPromise<ControlAnswer>) in
            AnswerCollector(promise, limitBytes: maximumAnswerBytes, socketPath: socketPath, timeout: timeout)
        }
        do {
            let collected = try await withTaskCancellationHandler {
                try await send(request, on: channel)
                return try await answer.get()
            } onCancel: {
                channel.pipeline.fireErrorCaught(ControlError.cancelled)
            }
            guard collected.status < 400 else { throw ControlError.refused(Refusals.refusal(in: collected)) }
            return collected
        } catch {
            channel.close(promise: nil)
            throw explained(error)
        }
    }

    /// A connection whose last handler `makeHandler` makes, and the future of the promise that it was given.
    func connect<Result: Sendable, Handler: ChannelHandler>(
        _ makeHandler: @escaping @Sendable (any Channel, EventLoopPromise<Result>) -> Handler
    ) async throws(ControlError) -> (any Channel, EventLoopFuture<Result>) {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: Result.self)
        do {
            let channel = try await ClientBootstrap(group: loop)
                .connectTimeout(.milliseconds(timeout.milliseconds))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        try channel.pipeline.syncOperations.addHandler(makeHandler(channel, promise))
                    }
                }
                .connect(unixDomainSocketPath: socketPath).get()
            return (channel, promise.futureResult)
        } catch {
            promise.fail(error)
            throw explained(error)
        }
    }

    /// Writes the request. A daemon that answers before it has taken everything closes its end: writing then fails,
    /// and the answer, which is what counts, is there already.
    func send(_ request: Request, on channel: any Channel) async throws {
        do {
            try await channel.writeAndFlush(HTTPClientRequestPart.head(request.head))
            switch request.body {
            case .none: break
            case .bytes(let bytes):
                try await channel.writeAndFlush(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: bytes))))
            case .file(let file):
                var offset = 0
                while offset < file.byteCount {
                    let bytes = try file.bytes(from: offset, atMost: min(65_536, file.byteCount - offset))
                    guard !bytes.isEmpty else { break }
                    offset += bytes.count
                    try await channel.writeAndFlush(
                        HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: bytes))))
                    channel.pipeline.fireUserInboundEventTriggered(AnswerCollector.Progress())
                }
            }
            try await channel.writeAndFlush(HTTPClientRequestPart.end(nil))
        } catch let error as ControlError {
            throw error
        } catch {
            return
        }
    }
}

/// Gathers one answer; fails its promise at the deadline, past the size, and when the connection ends early.
final class AnswerCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    /// Part of the request has gone out: the deadline starts anew.
    struct Progress: Sendable {}

    private let promise: EventLoopPromise<ControlAnswer>
    private let limitBytes: Int
    private let socketPath: String
    private let timeout: Duration
    private var deadline: Scheduled<Void>?
    private var answer = ControlAnswer(status: 0, body: [])
    private var isDone = false

    init(_ promise: EventLoopPromise<ControlAnswer>, limitBytes: Int, socketPath: String, timeout: Duration) {
        self.promise = promise
        self.limitBytes = limitBytes
        self.socketPath = socketPath
        self.timeout = timeout
    }

    func channelActive(context: ChannelHandlerContext) {
        startDeadline(context)
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is Progress { startDeadline(context) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answer.status = Int(head.status.code)
        case .body(let buffer):
            guard answer.body.count + buffer.readableBytes <= limitBytes else {
                return finish(context, .failure(ControlError.answerTooLarge(limitBytes: limitBytes)))
            }
            answer.body += buffer.readableBytesView
        case .end:
            finish(context, .success(answer))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(context, .failure(ControlError.connectionLost(path: socketPath)))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(context, .failure(error))
    }

    private func startDeadline(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        let error = ControlError.timedOut(path: socketPath, milliseconds: timeout.milliseconds)
        deadline = context.eventLoop.scheduleTask(in: .milliseconds(timeout.milliseconds)) {
            channel.pipeline.fireErrorCaught(error)
        }
    }

    private func finish(_ context: ChannelHandlerContext, _ result: Result<ControlAnswer, any Error>) {
        guard !isDone else { return }
        isDone = true
        deadline?.cancel()
        promise.completeWith(result)
        context.close(promise: nil)
    }
}
