// What the doctor looks at on the machine: clock, disk, and the files of the list.

import AllowList
import DaemonConfiguration
import Foundation
import Ledger
import Runtime

extension Doctor {
    /// Before this nobody can have built this program: 1 January 2025, in milliseconds since 1970.
    private static let plausibleFrom: Int64 = 1_735_689_600_000
    /// Two lists of ten million drivers and a year of records. Engineering default.
    private static let freeWanted: Int64 = 1 << 30
    /// A commit that takes longer is felt by drivers: half of what a card's look-up may take. Engineering default.
    private static let commitWanted = 250.0

    func clockFinding() -> Finding {
        let now = WallTime.machineUTCMilliseconds
        let said = "the clock says \(moment(now))"
        guard now >= Self.plausibleFrom else {
            return .warn(
                "clock", said + ", which cannot be",
                do: "Set it, or let it synchronise (timedatectl set-ntp true): "
                    + "charging works, but records are marked and limits shrink.")
        }
        guard let error = WallTime.errorBoundMicroseconds else {
            return .warn(
                "clock", said + "; nothing synchronises it",
                do:
                    "Run chrony or systemd-timesyncd with a server that can be reached (timedatectl set-ntp true), or "
                    + "accept the limits of an untrusted clock.")
        }
        return .ok("clock", said + ", synchronised to within \(max(1, error / 1_000)) ms")
    }

    /// A machine without one does not know the time after a power cut until the network tells it.
    func batteryClockFinding() -> Finding? {
        let clocks = ((try? FileManager.default.contentsOfDirectory(atPath: "/sys/class/rtc")) ?? []).sorted()
        return clocks.isEmpty
            ? .warn(
                "battery clock", "there is none: after a power cut the time is unknown until the network tells it",
                do: "Fit a real-time clock, and name it in the device tree.")
            : .ok("battery clock", clocks.joined(separator: ", "))
    }

    func diskFindings(_ folder: String) -> [Finding] {
        let files = FileManager.default
        guard files.isWritableFile(atPath: folder) else {
            return [
                files.fileExists(atPath: folder)
                    ? .warn("disk", "\(folder) may not be written by this user", do: "Run the doctor as root.")
                    : .fail(
                        "disk", "there is no \(folder)",
                        do: "Make it and give it to the daemon's user: install -d -o holdfastd -m 700 \(folder)")
            ]
        }
        var findings: [Finding] = []
        let attributes = try? files.attributesOfFileSystem(forPath: folder)
        let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value ?? 0
        let evidence = "\(free >> 20) MB are free below \(folder)"
        let remedy =
            "Make room (journalctl --vacuum-size=100M, old lists and recordings), or move the state folder."
        findings.append(
            free < Ledger.freeBytesNeeded
                ? .fail("disk", evidence, do: remedy)
                : free < Self.freeWanted ? .warn("disk", evidence, do: remedy) : .ok("disk", evidence))
        let probe = folder + "/.doctor"
        defer { try? files.removeItem(atPath: probe) }
        let began = ContinuousClock.now
        do {
            try Data(repeating: 0, count: 4_096).write(to: URL(fileURLWithPath: probe))
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: probe))
            try file.synchronize()
            try file.close()
        } catch {
            return findings + [
                .fail(
                    "disk", "\(folder) cannot be written: \(error.localizedDescription)",
                    do: "Look at dmesg: a worn card goes read-only.")
            ]
        }
        let took = (ContinuousClock.now - began) / .milliseconds(1)
        let speed = String(format: "4 KB are on the disk after %.1f ms", took)
        findings.append(
            took > Self.commitWanted
                ? .warn("disk", speed, do: "Look at its wear and at what else writes (iotop); records wait for it.")
                : .ok("disk", speed))
        return findings
    }

    func listFindings(_ configuration: DaemonConfiguration, _ view: PostView?) -> [Finding] {
        let setting = configuration.allowList
        // What is in use a daemon says itself.
        guard view == nil else { return setting.acceptsLists ? pepperFindings(setting.pepperFile) : [] }
        guard setting.acceptsLists else {
            return [
                .warn(
                    "list", "no list is configured: every card asks the cloud",
                    do: "Set allow_list in \(file): operator, keys_file, pepper_file.")
            ]
        }
        return pepperFindings(setting.pepperFile) + [listOnDisk(configuration.stateFolder)]
    }

    private func pepperFindings(_ path: String) -> [Finding] {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
        guard mode & 0o004 != 0 else { return [] }
        return [
            .warn(
                "list", "\(path) is the office's secret, and everybody may read it",
                do: "chown root:holdfastd \(path) && chmod 640 \(path)")
        ]
    }

    private func listOnDisk(_ folder: String) -> Finding {
        let names = ListSlot.allCases.map(\.name) + [ListStore.name]
        let there = names.filter { FileManager.default.fileExists(atPath: folder + "/" + $0) }
        return there.isEmpty
            ? .warn(
                "list", "none lies in \(folder)",
                do: "Install one: holdfast allowlist install LIST --state \(folder)")
            : .ok("list", "\(there.joined(separator: ", ")) in \(folder); the daemon judges it at its start")
    }
}
