// The permissive of one connector: two drives, two mirror contacts, and no trust after a loss until they agree.

import BoardProfiles
public import Devices
public import Post

/// The contactors of a connector one by one: for the bench, where the other side of each is dead.
public protocol BenchContactors: AnyObject {
    /// Drives one coil, the other not. Fails if the other is driven, or as `PowerPermissive.allow` does.
    func close(_ contactor: Contactor) throws(DeviceError)
    /// Drives neither.
    func open() throws(DeviceError)
    /// The mirror contact of one: whether it reads closed.
    func isClosed(_ contactor: Contactor) throws(DeviceError) -> Bool
}

/// Both contactors of a connector.
final class ContactorPair: PowerPermissive {
    fileprivate let lines: HeldLines
    fileprivate let drives: [HeldOutput]
    fileprivate let mirrors: [HeldInput]
    /// The number of losses up to which the mirror contacts have been seen open with nothing driven.
    fileprivate var trustedLosses: Int?

    init(_ wiring: ConnectorWiring, _ prefix: String, _ lines: HeldLines) {
        self.lines = lines
        drives = [
            lines.output(wiring.plus.drive, as: prefix + "K1-drive"),
            lines.output(wiring.minus.drive, as: prefix + "K2-drive"),
        ]
        mirrors = [
            lines.input(wiring.plus.mirror, as: prefix + "K1-mirror"),
            lines.input(wiring.minus.mirror, as: prefix + "K2-mirror"),
        ]
    }

    /// Whether a coil is driven.
    var isAllowed: Bool { drives.contains { $0.level } }

    /// Drives both coils, whatever the degree: the stage keeps to the degree's caps.
    func allow(_ degree: PowerDegree) throws(DeviceError) {
        // After a loss the outputs are safe and nobody knows what happened meanwhile: look before driving again.
        guard lines.isWhole, trustedLosses == lines.losses else { throw .gone }
        do {
            for drive in drives { try drive.set(true) }
        } catch {
            // Never one contactor alone.
            try? withdraw()
            throw error
        }
    }

    func withdraw() throws(DeviceError) {
        var failed: DeviceError?
        // Each is tried, whatever became of the other.
        for drive in drives {
            do { try drive.set(false) } catch { failed = error }
        }
        if let failed { throw failed }
    }

    func readBack() throws(DeviceError) -> (plus: ContactSense, minus: ContactSense) {
        for drive in drives { try drive.probe() }
        let plus = try mirrors[0].level()
        let minus = try mirrors[1].level()
        if lines.isWhole, !plus, !minus, !isAllowed { trustedLosses = lines.losses }
        return (plus ? .closed : .open, minus ? .closed : .open)
    }
}

extension ContactorPair: BenchContactors {
    func close(_ contactor: Contactor) throws(DeviceError) {
        guard lines.isWhole, trustedLosses == lines.losses, !isAllowed else { throw .gone }
        try drives[Int(contactor.rawValue)].set(true)
    }

    func open() throws(DeviceError) { try withdraw() }

    func isClosed(_ contactor: Contactor) throws(DeviceError) -> Bool {
        try mirrors[Int(contactor.rawValue)].level()
    }
}
