// `holdfast meter read`: engineering units, the raw registers beside them, and the same question for mbpoll.

import ArgumentParser
import CommandOutput
import ModbusDriver
import Post
import RegisterMaps

struct MeterRead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Read a device once.",
        discussion: """
            Addresses are shown twice: as on the wire, from 0, and as manuals of the old convention print them, from 1 \
            with 3 or 4 in front. Each request is also shown as a line for mbpoll.

            Exit codes: 0 every value is good, 1 some are not, 64 usage, 65 the map is wrong, 66 no such map, 69 no \
            answer, 74 what came is no answer, 77 not permitted.

            EXAMPLES
              holdfast meter read eastron-dcm230 --rtu /dev/ttyUSB0 --baud 9600
              holdfast meter read sunspec-meter --tcp 192.0.2.7:502 --unit 240 --json
            """)

    @Argument(help: "Name of a register map (see: holdfast meter list), or a file.")
    var profile: String
    @Option(help: ArgumentHelp("Address and port of the device or gateway; no names.", valueName: "host:port"))
    var tcp: String?
    @Option(help: ArgumentHelp("Serial line, best one of /dev/serial/by-id.", valueName: "device"))
    var rtu: String?
    @Option(help: "Unit number. Default: the map's.")
    var unit: UInt8?
    @Option(help: "Bits a second. Default: the map's.")
    var baud: Int32?
    @Option(help: "none, even or odd. Default: the map's.")
    var parity: String?
    @Option(name: .customLong("stop-bits"), help: "1 or 2. Default: the map's.")
    var stopBits: Int32?
    @Flag(help: "The adapter hands back everything that is sent.")
    var echo = false
    @OptionGroup var maps: MapFolder
    @Flag(help: "Print the values as JSON.")
    var json = false

    func validate() throws {
        guard (tcp == nil) != (rtu == nil) else {
            throw ValidationError("Say where the device is: either --tcp HOST:PORT or --rtu DEVICE.")
        }
        if let parity, SerialLine.Parity(rawValue: parity) == nil {
            throw ValidationError("--parity is none, even or odd.")
        }
        if let stopBits, !(1...2).contains(stopBits) { throw ValidationError("--stop-bits is 1 or 2.") }
        if let baud, !(1_200...921_600).contains(baud) { throw ValidationError("--baud is 1200 to 921600.") }
        if let unit, rtu != nil, !(1...247).contains(unit) { throw ValidationError("--unit is 1 to 247.") }
    }

    func run() async throws {
        let map = try maps.map(profile)
        let unit = unit ?? map.unit
        let report: MeterReport
        do throws(ModbusFailure) {
            report = try MeterReport.read(map, unit: unit, at: try endpoint(map))
        } catch {
            complain("\(profile) at \(tcp ?? rtu ?? ""), unit \(unit): \(error)")
            throw ExitCode(Self.exitCode(error))
        }
        if json { printJSON(report) } else { report.show() }
        if !report.isGood { throw ExitCode(1) }
    }

    private func endpoint(_ map: RegisterMap) throws(ModbusFailure) -> ModbusEndpoint {
        if let rtu { return .serial(line(rtu, map)) }
        guard let address = NetworkAddress(tcp ?? "") else { throw .notAnAddress(tcp ?? "") }
        return .network(address)
    }

    private func line(_ path: String, _ map: RegisterMap) -> SerialLine {
        SerialLine(
            path: path, baud: baud ?? map.baud,
            parity: SerialLine.Parity(rawValue: parity ?? map.parity) ?? .none, stopBits: stopBits ?? map.stopBits,
            echoes: echo)
    }

    private static func exitCode(_ failure: ModbusFailure) -> Int32 {
        switch failure {
        case .noSuchDevice: 66
        case .notAnAddress, .badRequest: 64
        case .notPermitted: 77
        case .busy: 75
        case .refused, .connectTimedOut, .silent, .notConnected, .closed: 69
        default: 74
        }
    }
}
