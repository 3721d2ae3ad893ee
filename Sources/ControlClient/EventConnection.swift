// One connection of the event stream: bytes into events, a bounded queue, and how it ended.

internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// An open event stream. Ends for its reader when it is released.
final class EventConnection: Sendable {
    enum Part: Sendable {
        case event(ControlEvent)
        case ended(ControlError)
    }

    /// A reader that falls further behind loses the connection, and goes on after the last event it took: the
    /// daemon keeps them, the tool need not. Engineering default.
    static let queuedAtMost = 4_096

    private let parts: AsyncStream<Part>
    private let channel: any Channel

    init(_ parts: AsyncStream<Part>, _ channel: any Channel) {
        self.parts = parts
        self.channel = channel
    }

    deinit { channel.close(promise: nil) }

    /// The next event, or the end; nil when the task is cancelled. One reader at a time.
    func next() async -> Part? {
        var iterator = parts.makeAsyncIterator()
        return await iterator.next()
    }
}

extension ControlEvents {
    /// Opens the stream after that event; throws unless the daemon answers with one.
    func open(after lastEventID: String?) async throws(ControlError) -> EventConnection {
        var request = Request(.GET, path)
        request.headers.replaceOrAdd(name: "Accept", value: "text/event-stream")
        if let lastEventID { request.headers.add(name: "Last-Event-ID", value: lastEventID) }
        let (parts, continuation) = AsyncStream<EventConnection.Part>.makeStream(
            bufferingPolicy: .bufferingOldest(EventConnection.queuedAtMost))
        let (client, silence) = (client, silenceAtMost)
        let (channel, opened) = try await client.connect { (channel, promise: EventLoopPromise<Void>) in
            EventCollector(promise, continuation, client: client, silenceAtMost: silence)
        }
        do {
            try await withTaskCancellationHandler {
                try await client.send(request, on: channel)
                try await opened.get()
            } onCancel: {
                channel.pipeline.fireErrorCaught(ControlError.cancelled)
            }
        } catch {
            channel.close(promise: nil)
            throw client.explained(error)
        }
        return EventConnection(parts, channel)
    }
}

/// Turns the answer's body into events. Succeeds its promise when the answer is an event stream.
final class EventCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private enum State {
        case opening
        case refused(ControlAnswer)
        case streaming
        case done
    }

    private let promise: EventLoopPromise<Void>
    private let parts: AsyncStream<EventConnection.Part>.Continuation
    private let client: ControlClient
    private let silenceAtMost: Duration
    private var state = State.opening
    private var parser = EventParser()
    private var deadline: Scheduled<Void>?

    init(
        _ promise: EventLoopPromise<Void>, _ parts: AsyncStream<EventConnection.Part>.Continuation,
        client: ControlClient, silenceAtMost: Duration
    ) {
        self.promise = promise
        self.parts = parts
        self.client = client
        self.silenceAtMost = silenceAtMost
    }

    func channelActive(context: ChannelHandlerContext) {
        startDeadline(client.timeout, context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), .opening): opened(by: head, context)
        case (.body(let buffer), .streaming): heard(buffer, context)
        case (.body(let buffer), .refused(var answer)):
            guard answer.body.count + buffer.readableBytes <= client.maximumAnswerBytes else { return }
            answer.body += buffer.readableBytesView
            state = .refused(answer)
        case (.end, .refused(let answer)): finish(context, ControlError.refused(Refusals.refusal(in: answer)))
        case (.end, _): finish(context, ControlError.connectionLost(path: client.socketPath))
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(context, ControlError.connectionLost(path: client.socketPath))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { finish(context, error) }

    private func opened(by head: HTTPResponseHead, _ context: ChannelHandlerContext) {
        guard head.status.code < 400 else {
            state = .refused(ControlAnswer(status: Int(head.status.code), body: []))
            return
        }
        guard head.headers.first(name: "Content-Type")?.hasPrefix("text/event-stream") == true else {
            return finish(context, ControlError.notTheDaemon(path: client.socketPath, reason: "no event stream"))
        }
        state = .streaming
        startDeadline(silenceAtMost, context)
        promise.succeed()
    }

    private func heard(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
        startDeadline(silenceAtMost, context)
        for byte in buffer.readableBytesView {
            switch parser.take(byte) {
            case .nothing: break
            case .event(let event):
                if case .dropped = parts.yield(.event(event)) {
                    return finish(context, ControlError.connectionLost(path: client.socketPath))
                }
            case .tooLarge:
                return finish(context, ControlError.answerTooLarge(limitBytes: EventParser.eventBytesAtMost))
            }
        }
    }

    private func startDeadline(_ delay: Duration, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        let error = ControlError.timedOut(path: client.socketPath, milliseconds: delay.milliseconds)
        deadline = context.eventLoop.scheduleTask(in: .milliseconds(delay.milliseconds)) {
            channel.pipeline.fireErrorCaught(error)
        }
    }

    private func finish(_ context: ChannelHandlerContext, _ error: any Error) {
        switch state {
        case .done: return
        case .streaming:
            // A full queue drops this too; the end of the stream then says the same.
            parts.yield(.ended(client.explained(error)))
        case .opening, .refused: promise.fail(error)
        }
        state = .done
        deadline?.cancel()
        parts.finish()
        context.close(promise: nil)
    }
}
