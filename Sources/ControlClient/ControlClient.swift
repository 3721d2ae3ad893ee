// The client of the daemon's local API: one request a connection, over the daemon's Unix socket.

internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// An answer of the daemon with a status below 400.
public struct ControlAnswer: Hashable, Sendable {
    /// The HTTP status, 200...399.
    public var status: Int
    /// The body: JSON, unless the path is known to answer otherwise.
    public var body: [UInt8]

    /// The body as text; bytes that are not UTF-8 are replaced.
    public var text: String { String(decoding: body, as: UTF8.self) }
}

/// Asks the daemon. A value: copies share nothing, and each request has a connection of its own.
public struct ControlClient: Hashable, Sendable {
    /// Where the daemon's package puts its socket.
    public static let standardSocketPath = "/run/holdfast/holdfast.sock"

    /// The daemon's socket.
    public var socketPath: String
    /// The longest a request may take, from connecting to the answer's last byte. Engineering default: 5 s.
    public var timeout: Duration
    /// The largest answer that is taken. Engineering default: 8 MiB, some ten thousand sessions.
    public var maximumAnswerBytes: Int

    /// A client of the daemon behind that socket.
    public init(
        socketPath: String = Self.standardSocketPath, timeout: Duration = .seconds(5),
        maximumAnswerBytes: Int = 8 * 1_024 * 1_024
    ) {
        self.socketPath = socketPath
        self.timeout = timeout
        self.maximumAnswerBytes = maximumAnswerBytes
    }

    /// Asks for what is at `path`, such as `/v1/status`.
    public func get(_ path: String) async throws(ControlError) -> ControlAnswer {
        try await exchange(Request(.GET, path))
    }

    /// Sends a command; `json` is its body.
    public func post(_ path: String, json: [UInt8] = Array("{}".utf8)) async throws(ControlError) -> ControlAnswer {
        try await exchange(Request(.POST, path, type: "application/json", body: .bytes(json)))
    }

    /// Sends a command; `json` is its body.
    public func post(_ path: String, json: String) async throws(ControlError) -> ControlAnswer {
        try await post(path, json: Array(json.utf8))
    }

    /// Sends a file piece by piece, never holding it whole. The timeout runs between two pieces, and again for the
    /// answer: a large file on a slow disk is no fault.
    public func put(_ path: String, file: String) async throws(ControlError) -> ControlAnswer {
        let source = try SentFile(file)
        return try await exchange(Request(.PUT, path, type: "application/octet-stream", body: .file(source)))
    }

    /// The daemon's events from `path` on, as they happen; see `ControlEvents`.
    /// - Parameter lastEventID: the last event already seen: the stream goes on after it. Nil: from now on.
    public func events(_ path: String, after lastEventID: String? = nil) -> ControlEvents {
        ControlEvents(client: self, path: path, lastEventID: lastEventID)
    }

    /// The daemon's error for `error`, which the system or the channel gave.
    func explained(_ error: any Error) -> ControlError {
        switch error {
        case let error as ControlError: return error
        case let error as IOError:
            switch error.errnoCode {
            case SystemError.noSuchFile, SystemError.notADirectory: return .noSocket(path: socketPath)
            case SystemError.connectionRefused: return .nobodyListens(path: socketPath)
            case SystemError.notPermitted, SystemError.accessDenied: return .notPermitted(path: socketPath)
            case SystemError.brokenPipe, SystemError.connectionReset: return .connectionLost(path: socketPath)
            default: return .unreachable(path: socketPath, reason: SystemError.text(error.errnoCode))
            }
        case ChannelError.connectTimeout: return .timedOut(path: socketPath, milliseconds: timeout.milliseconds)
        case SocketAddressError.unixDomainSocketPathTooLong: return .pathTooLong(path: socketPath)
        case HTTPParserError.invalidEOFState, is ChannelError: return .connectionLost(path: socketPath)
        case is HTTPParserError: return .notTheDaemon(path: socketPath, reason: "no HTTP")
        case is CancellationError: return .cancelled
        default: return .unreachable(path: socketPath, reason: "\(error)")
        }
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
