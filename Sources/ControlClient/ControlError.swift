// Everything that can go wrong between a person at a terminal and the daemon, each with a sentence and a remedy.

/// A refusal that the daemon itself gave: the error object of the local API.
public struct ControlRefusal: Hashable, Sendable {
    /// The HTTP status, 400...599.
    public var status: Int
    /// The stable word for the reason, such as `no_such_connector`; empty if the answer had none.
    public var code: String
    /// What happened: a sentence.
    public var message: String
    /// What to do about it: a sentence; empty if the answer had none.
    public var whatToDo: String
    /// What a driver at the post is told: a sentence; empty if the answer had none.
    public var driver: String

    /// A refusal with these parts.
    public init(status: Int, code: String, message: String, whatToDo: String, driver: String = "") {
        self.status = status
        self.code = code
        self.message = message
        self.whatToDo = whatToDo
        self.driver = driver
    }
}

/// Why a request to the daemon had no good answer.
public enum ControlError: Error, Hashable, Sendable {
    /// There is no socket at that path.
    case noSocket(path: String)
    /// The socket is there and nobody listens on it.
    case nobodyListens(path: String)
    /// This user may not use the socket.
    case notPermitted(path: String)
    /// The path does not fit a socket's address (107 bytes on Linux).
    case pathTooLong(path: String)
    /// The socket could not be used for another reason, which the system names.
    case unreachable(path: String, reason: String)
    /// No whole answer within the bound.
    case timedOut(path: String, milliseconds: Int64)
    /// The daemon went away in the middle of an answer.
    case connectionLost(path: String)
    /// The answer is larger than the bound.
    case answerTooLarge(limitBytes: Int)
    /// What answers there does not speak the local API.
    case notTheDaemon(path: String, reason: String)
    /// The file that was to be sent cannot be read.
    case fileUnreadable(path: String, reason: String)
    /// The daemon answered, and said no.
    case refused(ControlRefusal)
    /// The caller was cancelled.
    case cancelled

    /// What happened: one sentence.
    public var message: String {
        switch self {
        case .noSocket(let path): "The daemon is not running: there is no socket at \(path)."
        case .nobodyListens(let path): "The daemon is not running: nobody listens on the socket \(path)."
        case .notPermitted(let path): "You may not use the daemon's socket \(path)."
        case .pathTooLong(let path): "The socket's path is longer than the system allows (107 bytes): \(path)."
        case .unreachable(let path, let reason): "The daemon cannot be reached at \(path): \(reason)."
        case .timedOut(let path, let milliseconds):
            "The daemon at \(path) did not answer within \(milliseconds) ms."
        case .connectionLost(let path): "The daemon at \(path) went away while it was answering."
        case .answerTooLarge(let limit): "The daemon's answer is larger than \(limit) bytes."
        case .notTheDaemon(let path, let reason): "What answers at \(path) is not the daemon: \(reason)."
        case .fileUnreadable(let path, let reason): "The file \(path) cannot be read: \(reason)."
        case .refused(let refusal): refusal.message
        case .cancelled: "The request was cancelled."
        }
    }

    /// What to do about it: one sentence; empty when there is nothing to say.
    public var remedy: String {
        switch self {
        case .noSocket:
            "Start it (systemctl start holdfastd, or make run), or name its socket with --socket or HOLDFAST_SOCKET."
        case .nobodyListens: "It ended without tidying up: look at journalctl -u holdfastd and start it again."
        case .notPermitted: "Join the group that owns the socket (see ls -l) and log in again, or use sudo."
        case .pathTooLong: "Use a shorter path."
        case .unreachable: "Check the path with ls -l and the daemon with systemctl status holdfastd."
        case .timedOut: "Ask again in a moment; if it stays silent, look at journalctl -u holdfastd."
        case .connectionLost: "Look at journalctl -u holdfastd, then ask again."
        case .answerTooLarge: "Ask for less at a time."
        case .notTheDaemon: "Check the path of the socket, and that tool and daemon are of the same version."
        case .fileUnreadable: "Check the path and who may read it."
        case .refused(let refusal): refusal.whatToDo
        case .cancelled: ""
        }
    }

    /// The exit code for it, by sysexits(3).
    public var exitCode: Int32 {
        switch self {
        case .noSocket, .nobodyListens, .unreachable, .connectionLost: 69
        case .notPermitted: 77
        case .pathTooLong: 64
        case .timedOut, .cancelled: 75
        case .answerTooLarge, .notTheDaemon: 76
        case .fileUnreadable: 66
        case .refused(let refusal): Self.exitCode(of: refusal)
        }
    }

    private static func exitCode(of refusal: ControlRefusal) -> Int32 {
        // The word says it better than the status, where it is known.
        switch refusal.code {
        case "not_configured", "bad_configuration": return 78
        case "no_such_route": return 76
        case "no_such_connector": return 65
        default: return exitCode(ofStatus: refusal.status)
        }
    }

    private static func exitCode(ofStatus status: Int) -> Int32 {
        switch status {
        case 401, 403: 77
        case 408, 409, 423, 425, 429: 75
        case 400..<500: 65
        case 503: 69
        default: 70
        }
    }
}

extension ControlError: CustomStringConvertible {
    /// What happened and what to do, in one line.
    public var description: String { remedy.isEmpty ? message : "\(message) \(remedy)" }
}
