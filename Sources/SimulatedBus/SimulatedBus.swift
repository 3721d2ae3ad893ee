// Modbus TCP slaves on the loopback interface or behind socket pairs, served by the thread that the world lives on. They never wait.

import Glibc
public import Post

/// Several simulated units behind one port, or behind a socket pair. Not sendable: it belongs to the world's thread.
public final class SimulatedBus {
    private struct Client {
        var descriptor: Int32
        var received: [UInt8] = []
    }
    /// More clients than a bus has masters; whoever comes after them is let go at once.
    private static let clientsAtMost = 4
    /// The longest frame of the protocol: a header of seven bytes and 253 more.
    private static let frameAtMost = 260

    /// -1: whoever wants to speak asks `connect()`.
    private let listener: Int32
    /// The port, on 127.0.0.1; 0 where none is listened on.
    public let port: UInt16
    private let answersAfter: Interval
    private var clients: [Client] = []
    private var units: [UInt8: SimulatedUnit] = [:]
    private var later: [(at: Instant, descriptor: Int32, frame: [UInt8])] = []

    /// A bus that is reached by `connect()` alone. An answer takes at least so long.
    public init(answersAfter: Interval) {
        (listener, port) = (-1, 0)
        self.answersAfter = answersAfter
    }

    /// Listens on a free port; nil where none can be had.
    public init?() {
        answersAfter = .zero
        let listener = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { return nil }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutableBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { bind(listener, $0.baseAddress, length) }
        }
        guard code == 0, listen(listener, 4) == 0 else {
            Glibc.close(listener)
            return nil
        }
        _ = withUnsafeMutableBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { getsockname(listener, $0.baseAddress, &length) }
        }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit {
        for client in clients { Glibc.close(client.descriptor) }
        if listener >= 0 { Glibc.close(listener) }
    }

    /// Hangs a unit on the bus; one of the same number gives way to it.
    public func add(_ unit: SimulatedUnit) { units[unit.number] = unit }

    /// A connection to the units: the end of a socket pair, which is the caller's to close; nil where none can be had.
    public func connect() -> Int32? {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
        clients.append(Client(descriptor: ends[0]))
        return ends[1]
    }

    /// Readable when there is something to serve.
    public var descriptors: [Int32] { (listener < 0 ? [] : [listener]) + clients.map(\.descriptor) }

    /// When the next answer that takes its time is due.
    public var nextEvent: Instant? { later.map(\.at).min() }

    /// Takes what has come in, and answers.
    public func serve(at now: Instant) {
        for answer in later where answer.at <= now { send(answer.frame, answer.descriptor) }
        later.removeAll { $0.at <= now }
        while listener >= 0 {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            if clients.count < Self.clientsAtMost {
                clients.append(Client(descriptor: descriptor))
            } else {
                Glibc.close(descriptor)
            }
        }
        for index in clients.indices.reversed() where !serve(&clients[index], at: now) {
            let gone = clients.remove(at: index).descriptor
            later.removeAll { $0.descriptor == gone }
            Glibc.close(gone)
        }
    }

    /// Returns whether the client is still there.
    private func serve(_ client: inout Client, at now: Instant) -> Bool {
        var buffer = [UInt8](repeating: 0, count: Self.frameAtMost)
        let count = recv(client.descriptor, &buffer, buffer.count, 0)
        if count == 0 { return false }
        if count < 0 { return errno == EAGAIN || errno == EINTR }
        client.received += buffer[..<count]
        while client.received.count >= 7 {
            let length = Int(client.received[4]) << 8 | Int(client.received[5])
            guard client.received[2] == 0, client.received[3] == 0, (2...254).contains(length) else { return false }
            guard client.received.count >= 6 + length else { return true }
            let frame = Array(client.received[..<(6 + length)])
            client.received.removeFirst(6 + length)
            // Nobody of that number, or one that is silent: nothing comes back.
            guard let answer = units[frame[6]]?.answer(frame[6...]) else { continue }
            let size = UInt16(answer.bytes.count)
            let whole = frame[..<4] + [UInt8(size >> 8), UInt8(size & 0xFF)] + answer.bytes
            let after = max(answer.after, answersAfter)
            if after > .zero {
                later.append((now + after, client.descriptor, Array(whole)))
            } else {
                send(Array(whole), client.descriptor)
            }
        }
        return true
    }

    /// What the socket does not take at once is lost, as on a line.
    private func send(_ frame: [UInt8], _ descriptor: Int32) {
        _ = Glibc.send(descriptor, frame, frame.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    }
}
