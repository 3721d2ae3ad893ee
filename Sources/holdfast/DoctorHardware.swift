// What the doctor looks at of a board: each line, each bus and what hangs on it, ports and readers.

import BoardProfiles
import DaemonConfiguration
import Foundation
import GPIODriver
import Glibc
import HardwarePlant
import ModbusDriver
import Post
import RegisterMaps

extension Doctor {
    func hardwareFindings(
        _ profile: String, _ configuration: DaemonConfiguration, _ view: PostView?
    ) -> [Finding] {
        let plan: HardwarePlan
        do throws(HardwareProblems) {
            plan = try HardwarePlan(profile: profile, post: configuration.post, isBench: true)
        } catch {
            return error.sentences.map {
                .fail("board", $0, do: "Mend the profile: see hardware/boards/REFERENCE.md.")
            }
        }
        let isServed = view.map { $0.backend != "simulated" } ?? false
        let troubles = view?.device_troubles ?? []
        return [.ok("board", "\(plan.profile.name) (\(profile))"), kernelFinding()]
            + lineFindings(plan.profile, isServed)
            + portFindings(plan.profile, isServed) + plan.busDevices.map { deviceFinding($0, isServed, troubles) }
    }

    /// Whether the kernel has chips, and whether this user and this libgpiod can speak to them.
    private func kernelFinding() -> Finding {
        let what = "kernel interface"
        let seen = KernelInterface.look()
        var machine = utsname()
        uname(&machine)
        let release = withUnsafeBytes(of: machine.release) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        let here = "Linux \(release), libgpiod \(GPIOLibrary.version)"
        guard !seen.chips.isEmpty else {
            return .fail(
                what, "\(here): there is no GPIO chip",
                do: "Load the chip's driver, or name the chip in the device tree; gpiodetect lists what there is.")
        }
        let chips = seen.chips.joined(separator: ", ")
        switch seen.code {
        case 0: return .ok(what, "\(here): \(chips)")
        case EACCES, EPERM:
            return .fail(
                what, "\(chips): this user may not open them",
                do: "Give the daemon's user the group that ls -l shows of them, and run the doctor as root.")
        case EINVAL, ENOTTY:
            return .fail(
                what, "\(here): the kernel has no interface that this libgpiod speaks",
                do: "libgpiod 1 needs a kernel with CONFIG_GPIO_CDEV_V1: take one, or build with libgpiod 2.")
        default: return .fail(what, "\(here), \(chips): error \(seen.code)", do: "Look at dmesg.")
        }
    }

    /// Each line of the profile: there, and held by whom it should be.
    private func lineFindings(_ profile: BoardProfile, _ isServed: Bool) -> [Finding] {
        let lines = PostLines.survey(profile)
        var findings: [Finding] = []
        var missing: [LineFailure] = []
        for line in lines {
            switch line.finding {
            case .missing(let failure): missing.append(failure)
            case .free(let place):
                findings.append(
                    isServed
                        ? .fail(
                            "line", "\(line.name) (\(place)) is free, although a daemon runs",
                            do: "Look at holdfast status: it says why the daemon does not hold it.")
                        : .ok("line", "\(line.name) (\(place)) is free"))
            case .held(let holder, let place) where line.isHeldByAPost && isServed:
                findings.append(.ok("line", "\(line.name) (\(place)) is held by \(holder)"))
            case .held(let holder, let place) where line.isHeldByAPost:
                findings.append(
                    .warn(
                        "line", "\(line.name) (\(place)) is held by \(holder), but no daemon answers here",
                        do: "Another daemon or holdfast bringup holds it: name its socket, or end it."))
            case .held(let holder, let place):
                findings.append(
                    .fail(
                        "line",
                        "\(line.name) (\(place)) is held by \(holder.isEmpty ? "somebody without a name" : holder)",
                        do: "Stop that program, or unload that driver: a post takes all its lines or drives none."))
            }
        }
        return findings + LineFailure.sentences(missing).map { .fail("line", sentence: $0) }
    }

    /// Serial ports and readers: there, and open to this user. They are not opened: that would disturb whoever has them.
    private func portFindings(_ profile: BoardProfile, _ isServed: Bool) -> [Finding] {
        var ports: [(what: String, path: String)] = profile.buses.compactMap { bus in
            if case .serial(let line) = bus.kind { ("bus \(bus.name)", line.device) } else { nil }
        }
        if !profile.simulated.contains(.pilots) { ports.append(("safety link", profile.safetyLink.device)) }
        ports += profile.readers.enumerated().map { ("reader \($0.offset + 1)", $0.element.device) }
        return ports.map { what, path in
            var about = stat()
            guard stat(path, &about) == 0 else {
                return .fail(
                    "port", "\(what): there is no \(path)",
                    do: "Check cable and driver; name it as ls -l /dev/serial/by-path or /dev/input/by-id does.")
            }
            guard about.st_mode & S_IFMT == S_IFCHR else {
                return .fail("port", "\(what): \(path) is no device", do: "Name the device itself in the profile.")
            }
            guard access(path, R_OK | W_OK) == 0 else {
                return .fail(
                    "port", "\(what): this user may not open \(path)",
                    do: "Give the daemon's user the group that ls -l \(path) shows, and run the doctor as root.")
            }
            return .ok("port", "\(what): \(path)")
        }
    }

    /// A device behind a bus: by the daemon's word where one runs, else read once.
    private func deviceFinding(_ device: PlannedBusDevice, _ isServed: Bool, _ troubles: [String]) -> Finding {
        let name = device.name
        if isServed {
            let isTroubled = troubles.contains { $0.hasPrefix(device.what) }
            return isTroubled
                ? .warn(
                    "bus device", "\(name): the daemon has something to say of it",
                    do: "See what is said of the device above.")
                : .ok("bus device", "\(name) is read by the daemon")
        }
        do throws(ModbusFailure) {
            let report = try MeterReport.read(device.map, unit: device.wiring.unit, at: try device.bus.endpoint)
            let problems =
                report.problems + report.values.compactMap(\.problem)
                + report.faults.map { "it reports a fault of its own (\($0))" }
            return problems.first.map {
                .fail("bus device", "\(name) answers, but \($0)", do: "See holdfast meter read, and its map.")
            } ?? .ok("bus device", "\(name) answers: " + report.values.map(\.text).joined(separator: ", "))
        } catch {
            let said = Finding.fail("bus device", sentence: error.description)
            return .fail(
                "bus device", "\(name): \(said.evidence)", do: said.remedy + device.factoryHint(for: error))
        }
    }
}

extension PlannedBusDevice {
    /// What a device that cannot be understood may still be set to: nothing where the line is set so.
    fileprivate func factoryHint(for failure: ModbusFailure) -> String {
        guard case .serial(let line) = bus.kind, [.silent, .torn, .badChecksum].contains(failure) else { return "" }
        let (factory, set) = (
            "\(map.baud) baud, parity \(map.parity), stop bits \(map.stopBits)",
            "\(line.baud) baud, parity \(line.parity), stop bits \(line.stopBits)"
        )
        return factory == set
            ? "" : " It leaves its factory with \(factory); the bus is set to \(set): one of them must follow."
    }
}
