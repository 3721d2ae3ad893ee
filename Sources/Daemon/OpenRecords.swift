// The records of a post as its start finds them.

import Foundation
import Ledger
import Logging
import Post
import Runtime

/// The records, opened, and what they know.
struct OpenRecords {
    let ledger: Ledger
    let restored: Restored
    let risk: RiskDesk
    let postKey: [UInt8]
    let newest: Int64
    let acknowledged: Int64

    /// The records at a path; where they cannot be used, the sentence that says why.
    static func open(
        _ path: String, _ time: TimeKeeper, _ logger: Logger
    ) -> (records: OpenRecords?, problem: String?) {
        do {
            let found = try OpenRecords(path, time)
            if let aside = found.ledger.quarantined {
                logger.error(
                    "the records were damaged; they were kept as \(aside); of them goes on what could be read, which may be nothing",
                    metadata: ["event": "records_damaged"])
            }
            return (found, nil)
        } catch {
            logger.critical("\(error)")
            return (nil, "\(error)")
        }
    }

    /// What damaged records were renamed to; only a person takes them away.
    static func setAside(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter {
            $0.hasPrefix("records.sqlite.damaged-") && !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm")
        }.sorted().map { folder + "/" + $0 }
    }

    /// What the kernel calls its own start, the same until the machine starts anew; nil where it does not say.
    private static var kernelStart: String? {
        let said = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        return said.flatMap { UUID(uuidString: $0.trimmingCharacters(in: .whitespacesAndNewlines)) }?.uuidString
    }

    private init(_ path: String, _ time: TimeKeeper) throws {
        ledger = try Ledger(path: path)
        time.restore(ledger.timeFloor())
        let clock = time.stamp
        let recovered = try ledger.begin(clock, kernel: Self.kernelStart)
        restored = Restored(
            boot: recovered.boot, latches: recovered.latches, outOfService: recovered.outOfService,
            meters: recovered.meters, openSessions: recovered.openSessions)
        (newest, acknowledged) = try ledger.outbox()
        postKey = try ledger.secret("post_key")
        // By the floor alone: neither a clock that is ahead nor a key that may only deny gives an allowance back.
        let floor = time.floor.counted
        risk = RiskDesk(try ledger.recentUse(at: floor, limit: RiskDesk.sessionsAtMost), floor: floor)
    }
}
