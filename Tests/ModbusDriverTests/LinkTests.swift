// The way to a bus: every trap of opening one, against the real kernel.

import CLibmodbus
import Foundation
import Post
import Testing

@testable import ModbusDriver

/// A pseudo terminal: its path, and the end that keeps it alive.
private final class Terminal {
    let path: String
    private let master: Int32

    init() throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        // TIOCSPTLCK and TIOCGPTN, which Swift does not import: unlock the other end, and ask for its number.
        var unlocked: Int32 = 0
        var number: UInt32 = 0
        guard master >= 0, ioctl(master, 0x4004_5431, &unlocked) == 0, ioctl(master, 0x8004_5430, &number) == 0
        else {
            throw ModbusFailure.system(errno)
        }
        path = "/dev/pts/\(number)"
    }

    deinit { close(master) }
}

private func failure(_ line: SerialLine) throws -> ModbusFailure? {
    let link = try ModbusLink(.serial(line))
    link.turn(at: .zero)
    return link.failure
}

@Suite("Opening a bus", .serialized)
struct LinkTests {
    @Test("names are not resolved, and garbage is no address")
    func addresses() {
        for text in [
            "meter.local:502", "localhost", "10.0.0", "10.0.0.256", "1.2.3.4:0", "1.2.3.4:70000", "", "[::1",
            "::1:x",
        ] {
            #expect(NetworkAddress(text) == nil, "\(text)")
        }
        for text in ["192.0.2.7", "192.0.2.7:1502", "[2001:db8::7]:502", "[::1]", "2001:db8::7"] {
            #expect(NetworkAddress(text) != nil, "\(text)")
        }
    }

    @Test("a device that is not there, one that may not be opened, one that is held: each is named")
    func devices() throws {
        #expect(try failure(SerialLine(path: "/dev/ttyNONE7")) == .noSuchDevice("/dev/ttyNONE7"))
        let terminal = try Terminal()
        let first = try ModbusLink(.serial(SerialLine(path: terminal.path)))
        first.turn(at: .zero)
        #expect(first.isOpen)
        #expect(try failure(SerialLine(path: terminal.path)) == .busy(terminal.path))
        first.giveUp(.closed, at: .zero)
        #expect(try failure(SerialLine(path: terminal.path)) == nil)
    }

    @Test("RS-485 by the kernel where the kernel cannot: refused unless the hardware is said to do it")
    func rs485() throws {
        let terminal = try Terminal()
        #expect(try failure(SerialLine(path: terminal.path, direction: .byKernel)) == .noRS485(terminal.path))
        #expect(try failure(SerialLine(path: terminal.path, direction: .byHardware)) == nil)
    }

    @Test("nobody listens: refused, not an error number")
    func refused() throws {
        let address = try #require(NetworkAddress("127.0.0.1:1"))
        let client = try ModbusClient(.network(address))
        #expect(throws: ModbusFailure.refused) { try client.connect() }
    }

    @Test("a descriptor of 1024 and more is a named error: libmodbus before 3.1.12 aborts the process")
    func highDescriptors() throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_max > 1_200 else { return }
        let before = limit
        limit.rlim_cur = 1_200
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        var held: [Int32] = []
        defer {
            held.forEach { close($0) }
            var before = before
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &before)
        }
        let terminal = try Terminal()
        while (held.last ?? 0) < 1_030 { held.append(dup(0)) }
        func isTooHigh(_ failure: ModbusFailure?) -> Bool {
            if case .descriptorTooHigh = failure { true } else { false }
        }
        #expect(isTooHigh(try failure(SerialLine(path: terminal.path))))
        let link = try ModbusLink(.network(#require(NetworkAddress("127.0.0.1:1"))))
        link.turn(at: .zero)
        #expect(isTooHigh(link.failure))
        let given = try ModbusLink(.given(.rtu) { dup(0) })
        given.turn(at: .zero)
        #expect(isTooHigh(given.failure))
    }
}
