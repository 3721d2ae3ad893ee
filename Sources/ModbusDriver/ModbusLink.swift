// The way to a bus: opened without waiting, held exclusively, given up and opened again with growing patience.

import CLibmodbus
import Glibc
public import Post

/// Opens the way to a bus and closes it. It reads no clock and waits for nothing.
public final class ModbusLink {
    /// How long an address may take to answer. Engineering default 2 s.
    public static let connectWithin: Interval = .seconds(2)
    /// The first pause before another attempt; it doubles up to `longestPause`. Engineering defaults.
    public static let shortestPause: Interval = .milliseconds(250)
    /// The longest pause before another attempt.
    public static let longestPause: Interval = .seconds(8)

    private enum State {
        case closed(until: Instant)
        case connecting(Int32, deadline: Instant)
        case open
    }

    /// Where the bus is.
    public let endpoint: ModbusEndpoint
    /// Who exchanges over it.
    public let engine: ModbusEngine
    private var state = State.closed(until: .zero)
    private var pause = ModbusLink.shortestPause
    /// Why the last attempt failed, or the connection was given up; nil once it is open again.
    public private(set) var failure: ModbusFailure?

    /// A way that is not open yet. Throws what no second attempt would mend.
    public init(_ endpoint: ModbusEndpoint, _ settings: ModbusEngine.Settings? = nil) throws(ModbusFailure) {
        self.endpoint = endpoint
        var echoes = false
        var made: ModbusEngine?
        if case .serial(let line) = endpoint { echoes = line.echoes }
        let settings =
            settings
            ?? ModbusEngine.Settings(framing: endpoint.framing, baud: endpoint.baud, echoes: echoes)
        if case .serial(let line) = endpoint {
            if let context = ModbusContext(line) { made = ModbusEngine(context, settings) }
        } else {
            made = ModbusEngine(endpoint.framing, settings)
        }
        guard let made else { throw .system(errno) }
        engine = made
    }

    deinit {
        if case .connecting(let descriptor, _) = state { Glibc.close(descriptor) }
    }

    /// Whether requests can be sent.
    public var isOpen: Bool { if case .open = state { true } else { false } }

    /// What to watch, and whether for writing: an attempt to connect ends with that.
    public var watched: (descriptor: Int32, forWriting: Bool)? {
        switch state {
        case .closed: nil
        case .connecting(let descriptor, _): (descriptor, true)
        case .open: engine.isBusy ? (engine.descriptor, false) : nil
        }
    }

    /// When to be called again although nothing happened.
    public var wakeAt: Instant? {
        switch state {
        case .closed(let until): until
        case .connecting(_, let deadline): deadline
        case .open: nil
        }
    }

    /// Opens, or goes on opening, as far as that needs no waiting.
    public func turn(at now: Instant) {
        switch state {
        case .open: return
        case .closed(let until):
            guard now >= until else { return }
            do throws(ModbusFailure) {
                try open(at: now)
            } catch {
                giveUp(error, at: now)
            }
        case .connecting(let descriptor, let deadline):
            do throws(ModbusFailure) {
                guard try hasConnected(descriptor) else {
                    if now >= deadline { throw .connectTimedOut }
                    return
                }
                try engine.attach(descriptor)
                isNowOpen()
            } catch {
                Glibc.close(descriptor)
                giveUp(error, at: now)
            }
        }
    }

    /// Closes and plans the next attempt.
    public func giveUp(_ reason: ModbusFailure, at now: Instant) {
        engine.close()
        failure = reason
        state = .closed(until: now + pause)
        pause = min(Self.longestPause, Interval(microseconds: pause.microseconds * 2))
    }

    /// The devices answer: the next loss is met with the shortest pause again.
    public func isGood() { pause = Self.shortestPause }

    private func isNowOpen() {
        state = .open
        failure = nil
    }

    private func open(at now: Instant) throws(ModbusFailure) {
        switch endpoint {
        case .given(_, let make):
            guard let descriptor = make() else { throw .refused }
            do throws(ModbusFailure) {
                try engine.attach(descriptor)
            } catch {
                Glibc.close(descriptor)
                throw error
            }
            isNowOpen()
        case .serial(let line):
            do throws(ModbusFailure) {
                try open(line)
            } catch {
                engine.close()
                throw error
            }
            isNowOpen()
        case .network(let address): try connect(address, at: now)
        }
    }

    private func open(_ line: SerialLine) throws(ModbusFailure) {
        switch engine.context.open() {
        case 0: break
        case ENOENT, ENXIO, ENODEV: throw .noSuchDevice(line.path)
        case EACCES, EPERM: throw .notPermitted(line.path)
        case EBUSY: throw .busy(line.path)
        case let code: throw .system(code)
        }
        let descriptor = engine.descriptor
        guard descriptor < Int32(FD_SETSIZE) else { throw .descriptorTooHigh(descriptor) }
        guard holdfast_make_exclusive(descriptor) == 0 else {
            throw errno == EWOULDBLOCK ? .busy(line.path) : .system(errno)
        }
        guard line.direction == .byKernel else { return }
        // ENOTTY: pseudo terminals, emulated UARTs and most USB adapters.
        guard engine.context.setRS485() == 0 else { throw .noRS485(line.path) }
    }

    private func connect(_ address: NetworkAddress, at now: Instant) throws(ModbusFailure) {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.family, kind, 0)
        guard descriptor >= 0 else { throw .system(errno) }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        let result = address.bytes.withUnsafeBytes { bytes -> Int32 in
            guard let start = bytes.bindMemory(to: sockaddr.self).baseAddress else { return -1 }
            return Glibc.connect(descriptor, start, socklen_t(bytes.count))
        }
        if result == 0 || errno == EINPROGRESS {
            // libmodbus aborts on a descriptor above its bound: known here, before it sees it.
            guard descriptor < Int32(FD_SETSIZE) else {
                Glibc.close(descriptor)
                throw .descriptorTooHigh(descriptor)
            }
            state = .connecting(descriptor, deadline: now + Self.connectWithin)
            return
        }
        let code = errno
        Glibc.close(descriptor)
        throw code == ECONNREFUSED ? .refused : .system(code)
    }

    private func hasConnected(_ descriptor: Int32) throws(ModbusFailure) -> Bool {
        var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&state, 1, 0) > 0 else { return false }
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
        switch code {
        case 0: return true
        case ECONNREFUSED: throw .refused
        case ETIMEDOUT: throw .connectTimedOut
        default: throw .system(code)
        }
    }
}
