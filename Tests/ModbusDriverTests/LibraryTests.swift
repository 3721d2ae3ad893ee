// Traps of libmodbus that show in its calls themselves: what the driver sets, never sets, and asks for itself.

import CLibmodbus
import Glibc
import Post
import RegisterMaps
import Testing

@testable import ModbusDriver

@Suite("libmodbus as it is")
struct LibraryTests {
    @Test("a response timeout of nothing, or of a million microseconds, is refused: the driver's own is taken")
    func timeouts() throws {
        let context = try #require(modbus_new_rtu("/dev/null", 19_200, CChar(UInt8(ascii: "E")), 8, 1))
        defer { modbus_free(context) }
        for (seconds, microseconds) in [(0, 0), (0, 1_000_000)] as [(UInt32, UInt32)] {
            #expect(modbus_set_response_timeout(context, seconds, microseconds) == -1)
            #expect(errno == EINVAL)
        }
        #expect(modbus_set_response_timeout(context, 0, 1) == 0)
        // Nothing means: the response timeout is the deadline of the whole answer.
        #expect(modbus_set_byte_timeout(context, 0, 0) == 0)
    }

    @Test("the kernel's RS-485 mode wants an open descriptor: before that it is EBADF")
    func rs485BeforeOpen() throws {
        guard let context = ModbusContext(SerialLine(path: "/dev/null")) else { throw ModbusFailure.system(ENOMEM) }
        let code = context.setRS485()
        #expect(code == EBADF)
    }

    @Test("without a descriptor nothing is sent, and the failure has a name", arguments: [ModbusFraming.tcp, .rtu])
    func notConnected(_ framing: ModbusFraming) throws {
        let engine = try #require(ModbusEngine(framing, ModbusEngine.Settings(framing: framing)))
        #expect(throws: ModbusFailure.notConnected) {
            try engine.begin(reading(4), within: .milliseconds(500), at: .zero)
        }
        let line = VirtualLine(framing) { _ in [] }
        let used = try ModbusDriverTests.engine(line)
        used.close()
        #expect(throws: ModbusFailure.notConnected) {
            try used.begin(reading(4), within: .milliseconds(500), at: .zero)
        }
    }

    @Test(
        "a send that fails comes back at once: recovery is off, which would sleep and send again without end",
        arguments: [ModbusFraming.tcp, .rtu])
    func failingSend(_ framing: ModbusFraming) throws {
        let line = VirtualLine(framing) { _ in [] }
        let engine = try ModbusDriverTests.engine(line)
        line.unplug()
        let began = ModbusClient.now
        for _ in 0..<3 {
            #expect(throws: ModbusFailure.closed) {
                try engine.begin(reading(4), within: .milliseconds(500), at: .zero)
            }
        }
        #expect(ModbusClient.now - began < .milliseconds(200))
    }

    @Test("a socket pair is no serial line: what nobody asked for is read away where flushing is refused")
    func flush() throws {
        let line = VirtualLine(.rtu) { _ in [] }
        let engine = try ModbusDriverTests.engine(line)
        line.put([1, 2, 3])
        let isFlushed = engine.context.flush()
        #expect(!isFlushed)
        engine.flush()
        #expect(holdfast_bytes_waiting(engine.descriptor) == 0 && engine.counts.strayBytes == 3)
    }

    @Test("a request has 125 registers at most, a write 123")
    func limits() throws {
        #expect(throws: Never.self) { try reading(125).bytes() }
        #expect(throws: ModbusFailure.badRequest) { try reading(126).bytes() }
        func write(_ count: Int) -> ModbusRequest {
            ModbusRequest(unit: 1, .writeRegisters(0, Array(repeating: 0, count: count)))
        }
        #expect(throws: Never.self) { try write(123).bytes() }
        #expect(throws: ModbusFailure.badRequest) { try write(124).bytes() }
    }

    @Test("the names of what is wrong with an answer are known to Swift by their numbers")
    func numbers() {
        // The library's macros carry no constant that Swift sees; the shim gives them.
        #expect(holdfast_modbus_bad_checksum == MODBUS_ENOBASE + 12)
        #expect(holdfast_modbus_bad_data == MODBUS_ENOBASE + 13)
    }
}
