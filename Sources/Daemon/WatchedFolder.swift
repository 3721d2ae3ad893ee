// A folder whose files are taken: one that a sync program fills, or a USB stick under a mount that the system makes.

import AllowList
import Console
import Foundation
import ServiceLifecycle

/// A watched folder. Nothing in it is ever changed, and no file of it is read twice: what is copied away is judged.
struct WatchedFolder: Service {
    /// How often the folder is looked at, in seconds. A file counts once it has been the same for two looks.
    static let lookEvery = 2
    /// Files that are looked at, at most. Engineering default.
    static let filesAtMost = 64
    /// Bytes that are copied at a time.
    static let piece = 65_536

    /// What tells whether a file has changed.
    struct Stamp: Hashable, Sendable {
        var name: String
        var inode: UInt64
        var size: Int64
        var changedSeconds: Int
        var changedNanoseconds: Int
    }
    private enum Outcome { case taken, known, refused, missesAnother, later }

    let keeper: ListKeeper
    let path: String
    /// A stick that hangs holds up this queue and nothing else.
    private let disk = DiskQueue("folder")

    init(_ keeper: ListKeeper, _ path: String) {
        self.keeper = keeper
        self.path = path
    }

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var last: Set<Stamp> = []
            var done: Set<Stamp> = []
            while !Task.isCancelled {
                let now = await look()
                done.formIntersection(now)
                await take(now.filter { last.contains($0) && !done.contains($0) }, &done)
                last = Set(now)
                try await ContinuousClock().sleep(for: .seconds(Self.lookEvery))
            }
        }
    }

    /// Takes files as long as one of them lets another in: a bundle the next bundle, a list its delta. What is refused is
    /// tried again when it has changed.
    private func take(_ files: [Stamp], _ done: inout Set<Stamp>) async {
        var left = files
        while !left.isEmpty {
            var waiting: [Stamp] = []
            var isProgress = false
            for file in left {
                switch await deliver(file) {
                case .taken:
                    isProgress = true
                    done.insert(file)
                case .known, .refused: done.insert(file)
                case .missesAnother: waiting.append(file)
                case .later: break
                }
            }
            if !isProgress { done.formUnion(waiting) }
            left = isProgress ? waiting : []
        }
    }

    /// Refusals that a bundle or a list from the same folder may mend.
    private static let mendedByAnother: Set<ListRefusal> = [
        .bundleGap, .bundleTooOld, .unknownIssuer, .wrongRole, .keyOutOfDate, .wrongList, .wrongBase,
    ]

    private func deliver(_ file: Stamp) async -> Outcome {
        let full = path + "/" + file.name
        // One that is gone again, or is no plain file, is nobody's delivery.
        guard let opened = await disk.opened(full) else { return .known }
        let delivery: ListDelivery
        do { delivery = try ListDelivery(keeper, from: .folder(full), skipsWhatIsThere: true) } catch {
            return .later
        }
        var outcome = Outcome.refused
        do throws(DeliveryProblem) {
            while true {
                guard let bytes = await disk.piece(of: opened) else { throw .install(.refused(.unreadable)) }
                if bytes.isEmpty { break }
                try await delivery.receive(bytes)
            }
            _ = try await delivery.complete()
            outcome = .taken
        } catch {
            switch error {
            case .nothingNew: outcome = .known
            case .install(.refused(let refusal)) where Self.mendedByAnother.contains(refusal):
                outcome = .missesAnother
            case .install(.trustLost): outcome = .missesAnother
            case .busy: outcome = .later
            default: break
            }
        }
        await delivery.abandon()
        return outcome
    }
}

// The files, on the folder's own queue

extension WatchedFolder {
    /// What lies in the folder now, in the order in which it is taken: bundles by number, lists, deltas, deny objects.
    private func look() async -> [Stamp] {
        let path = path
        return await disk.run { () throws(Never) in
            var found: [(rank: Int, number: UInt64, stamp: Stamp)] = []
            for name in ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() {
                guard let rank = ["pab", "pal", "pad", "pan"].firstIndex(of: name.suffix(3)), !name.hasPrefix("."),
                    found.count < Self.filesAtMost, let file = OpenedFile(path + "/" + name)
                else { continue }
                found.append((rank, rank == 0 ? file.bundleNumber : 0, file.stamp(name)))
            }
            return found.sorted { ($0.rank, $0.number) < ($1.rank, $1.number) }.map(\.stamp)
        }
    }
}

extension DiskQueue {
    fileprivate func opened(_ path: String) async -> OpenedFile? {
        await run { () throws(Never) in OpenedFile(path) }
    }

    /// The next bytes; none at the end, nil where it cannot be read.
    fileprivate func piece(of file: OpenedFile) async -> [UInt8]? {
        await run { () throws(Never) in file.next(WatchedFolder.piece) }
    }
}
