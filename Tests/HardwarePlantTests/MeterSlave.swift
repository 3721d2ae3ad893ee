// A meter behind Modbus TCP as the rig's profile has one: an Eastron DCM230 that says what the test tells it to.

import Foundation
import Glibc
import Synchronization

/// Serves input registers on a loopback port from a thread of its own, one client at a time.
final class MeterSlave: Sendable {
    /// Volts at 0, amperes at 6, kilowatt-hours at 72: page 16 to 19 of the DCM230's manual.
    private let registers = Mutex<[UInt16: UInt16]>([:])
    private let listener: Int32
    let port: UInt16

    /// Takes a free port, or the one that is named.
    init(port wanted: UInt16 = 0) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = wanted.bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutableBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { bind(listener, $0.baseAddress, length) }
        }
        guard code == 0, listen(listener, 4) == 0 else { throw POSIXError(.EADDRINUSE) }
        _ = withUnsafeMutableBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { getsockname(listener, $0.baseAddress, &length) }
        }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(listener) }

    func tell(volts: Float, amperes: Float, kilowattHours: Float) {
        for (address, value) in [(UInt16(0), volts), (6, amperes), (72, kilowattHours)] {
            registers.withLock {
                $0[address] = UInt16(value.bitPattern >> 16)
                $0[address + 1] = UInt16(value.bitPattern & 0xFFFF)
            }
        }
    }

    func serve() {
        Thread.detachNewThread { [self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                while let request = Self.read(client, 12) {
                    let start = UInt16(request[8]) << 8 | UInt16(request[9])
                    let count = UInt16(request[10]) << 8 | UInt16(request[11])
                    let words = registers.withLock { held in (start..<start + count).map { held[$0] ?? 0 } }
                    var answer = Array(request[0..<4]) + [0, UInt8(3 + 2 * count)] + request[6..<8]
                    answer.append(UInt8(2 * count))
                    for word in words { answer += [UInt8(word >> 8), UInt8(word & 0xFF)] }
                    _ = send(client, answer, answer.count, Int32(MSG_NOSIGNAL))
                }
                close(client)
            }
        }
    }

    private static func read(_ file: Int32, _ count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var part = [UInt8](repeating: 0, count: count - bytes.count)
            let got = recv(file, &part, part.count, 0)
            guard got > 0 else { return nil }
            bytes += part[0..<got]
        }
        return bytes
    }
}
