// Simulated devices with registers that can be set, the repository's maps, and an inbox that remembers.

import Devices
import Foundation
import Post
import RegisterMaps
import StrictYAML
import Synchronization

@testable import ModbusDriver

/// The repository's root, three folders above this file.
let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// A map of the repository.
func map(_ name: String) throws -> RegisterMap {
    try registerMapDocument.read(path: root.appendingPathComponent("hardware/meters/\(name).yaml").path)
}

/// Remembers every event.
final class RecordingInbox: Inbox {
    private let events = Mutex<[Event]>([])
    func post(_ event: Event) { events.withLock { $0.append(event) } }
    var all: [Event] { events.withLock { $0 } }

    var meters: [MeterSample] { all.compactMap { if case .meter(_, let sample) = $0 { sample } else { nil } } }
    var stages: [StageSample] { all.compactMap { if case .stage(_, let sample) = $0 { sample } else { nil } } }
    var insulation: [InsulationSample] {
        all.compactMap { if case .insulation(_, let sample) = $0 { sample } else { nil } }
    }
    var outcomes: [String] {
        all.compactMap { event in
            if case .commandFinished(let number, let outcome) = event { "\(number.value) \(outcome)" } else { nil }
        }
    }
}

/// The registers of simulated devices, by unit and address; what was never set reads zero.
final class Registers {
    private var words: [Int: UInt16] = [:]
    /// Addresses that confirm a write and do not take it.
    var stubborn: Set<Int> = []

    private func key(_ unit: UInt8, _ address: Int, coil: Bool = false) -> Int {
        (Int(unit) << 17) + (coil ? 1 << 16 : 0) + address
    }

    func set(_ unit: UInt8, _ address: Int, _ word: UInt16) { words[key(unit, address)] = word }
    func get(_ unit: UInt8, _ address: Int) -> UInt16 { words[key(unit, address)] ?? 0 }
    func coil(_ unit: UInt8, _ address: Int) -> Bool { words[key(unit, address, coil: true)] == 1 }

    func set(_ unit: UInt8, _ address: Int, _ value: Float) {
        set(unit, address, UInt16(value.bitPattern >> 16))
        set(unit, address + 1, UInt16(value.bitPattern & 0xFFFF))
    }

    /// Obeys a request and answers it rightly.
    func answer(_ heard: Heard) -> [UInt8] {
        let body = heard.body
        let word = { (offset: Int) in UInt16(body[offset]) << 8 | UInt16(body[offset + 1]) }
        if !stubborn.contains(heard.address) {
            switch heard.function {
            case 5: words[key(heard.unit, heard.address, coil: true)] = word(4) == 0xFF00 ? 1 : 0
            case 6: set(heard.unit, heard.address, word(4))
            case 16: for index in 0..<heard.count { set(heard.unit, heard.address + index, word(7 + 2 * index)) }
            default: break
            }
        }
        if heard.function == 1 { return heard.answer { unit, address in self.coil(unit, address) ? 1 : 0 } }
        return heard.answer { unit, address in self.get(unit, address) }
    }
}

/// Sets what a DCM230 shows.
func show(_ registers: Registers, volts: Float, amperes: Float, kilowattHours: Float, unit: UInt8 = 1) {
    registers.set(unit, 0, volts)
    registers.set(unit, 6, amperes)
    registers.set(unit, 72, kilowattHours)
}

let left = ConnectorID(0)
