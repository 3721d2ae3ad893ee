// `--modbus`: far devices of scenarios and storms behind buses of bytes, by the post's own driver.

import ArgumentParser
import CommandOutput
import Foundation
import Post
import SimulatedBus
import Simulator
import StrictYAML
import VirtualBus

struct ByteLink: ParsableArguments {
    @Flag(
        help:
            "Put meters, insulation monitors and power stages behind Modbus: the post's own driver reads them, frame by frame, in virtual time."
    )
    var modbus = false
    @OptionGroup var maps: MapFolder

    /// What stands between each process and its far devices; nil: nothing does. Maps that cannot be used end the command.
    func maker() throws -> FarLinkMaker? {
        guard modbus else { return nil }
        do { return try bytes() } catch {
            complain("\(error)")
            throw ExitCode(65)
        }
    }

    /// What a story is played over that asks for it itself (`devices: bytes`).
    /// - Throws: `MapsUnusable`, with what is wrong with the maps.
    func bytes() throws -> FarLinkMaker { try Self.bytes(mapsAt: maps.folder) }

    /// The same, with the folder that holds the maps.
    static func bytes(mapsAt folder: String) throws -> FarLinkMaker {
        do throws(Problems) {
            let maps = try MapsOfWorld([folder])
            return { post in
                // Without its buses a storm would play on the called devices and prove nothing of the bytes.
                guard let bus = VirtualBus(post, maps) else {
                    complain("No descriptor is left for the buses of --modbus: raise the limit (ulimit -n).")
                    _exit(71)
                }
                return bus
            }
        } catch {
            throw MapsUnusable(description: "--modbus: \(error.written(as: .text)) See: holdfast meter list.")
        }
    }

    /// What a worker is told as well.
    var words: [String] { modbus ? ["--modbus", "--maps", maps.folder] : [] }
}

/// Why devices of bytes cannot be had.
struct MapsUnusable: Error, CustomStringConvertible {
    let description: String
}
