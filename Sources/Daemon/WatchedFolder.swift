// A folder whose files are taken: one that a sync program fills, or a USB stick under a mount that the system makes.

import AllowList
import Console
import Foundation
import ServiceLifecycle
import Synchronization

/// A watched folder. Nothing in it is ever changed, and no file of it is read twice: what is copied away is judged.
struct WatchedFolder: Service {
    /// How often the folder is looked at, in seconds. A file counts once it has been the same for two looks.
    static let lookEvery = 2
    /// Files that are judged at one look, at most; the others are told, and have their turn at the next. Engineering default.
    static let filesAtMost = 64
    /// Names that are looked at, at most. Engineering default.
    static let namesAtMost = 8_192
    /// After how long a file is tried again that the post's own disk or records had no place for. Engineering default.
    static let againAfter = Duration.seconds(10)
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
    /// What has become of a file.
    private enum Outcome: Hashable {
        case taken, known, refused
        /// Another bundle, or another list, may let it in.
        case missesBundle, missesList
        /// Another one is on its way, or the disk has no place.
        case busy, later

        var missesAnother: Bool { self == .missesBundle || self == .missesList }
    }
    /// What of the post's own state lets a file in that was not let in before.
    private struct Present: Hashable {
        var bundle: [UInt8]?
        var list: [UInt8]?
        var isWanted = false
    }

    let keeper: ListKeeper
    let path: String
    /// A stick that hangs holds up this queue and nothing else.
    private let disk = DiskQueue("folder")
    /// What of a file was told already: one that is tried again is no news.
    private let told = ToldRefusals()

    init(_ keeper: ListKeeper, _ path: String) {
        self.keeper = keeper
        self.path = path
    }

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var last: Set<Stamp> = []
            var done: [Stamp: Outcome] = [:]
            var tried: Set<Stamp> = []
            var waitsUntil = ContinuousClock.now
            var present = self.present
            var leftOut = 0
            while !Task.isCancelled {
                let now = await look()
                let there = Set(now)
                done = done.filter { there.contains($0.key) }
                tried.formIntersection(there)
                revive(&done, &present)
                if ContinuousClock.now >= waitsUntil, done.values.contains(.later) {
                    done = done.filter { $0.value != .later }
                }
                let waiting = now.filter { last.contains($0) && done[$0] == nil }
                leftOut = tell(waiting.count - Self.filesAtMost, before: leftOut)
                let hadToWait = done.values.contains(.later)
                let files = Self.newest(waiting)
                // What lies here for the first time is told, although it may be what lay here before.
                for file in files where tried.insert(file).inserted { told.forget(path + "/" + file.name) }
                await take(files, &done)
                if !hadToWait, done.values.contains(.later) { waitsUntil = .now + Self.againAfter }
                last = there
                try await ContinuousClock().sleep(for: .seconds(Self.lookEvery))
            }
        }
    }

    /// A bundle or a list that came another way may let in what waits here; a list that was found damaged is wanted again.
    private func revive(_ done: inout [Stamp: Outcome], _ present: inout Present) {
        let now = self.present
        guard now != present else { return }
        let (hasOtherBundle, hasOtherList) = (now.bundle != present.bundle, now.list != present.list)
        let isWantedAnew = now.isWanted && !present.isWanted
        present = now
        done = done.filter { _, outcome in
            switch outcome {
            case .missesBundle: !hasOtherBundle && !isWantedAnew
            case .missesList: !hasOtherList
            case .known: !isWantedAnew
            case .taken: !isWantedAnew
            case .refused, .busy, .later: true
            }
        }
    }

    private var present: Present {
        keeper.state.withLock { state in
            Present(
                bundle: state.setting?.audience.bundle?.headerHash, list: state.list?.headerHash,
                isWanted: !state.losses.isEmpty || state.list?.isDamaged ?? false)
        }
    }

    /// Says once how many files must wait for their turn. Returns how many those are.
    private func tell(_ tooMany: Int, before: Int) -> Int {
        let leftOut = max(0, tooMany)
        if leftOut > 0, before == 0 {
            keeper.journal.source(
                path,
                trouble:
                    "\(leftOut + Self.filesAtMost) new files lie here; \(Self.filesAtMost) are looked at at once, the newest first"
            )
        } else if leftOut == 0, before > 0 {
            keeper.journal.source(path, trouble: nil)
        }
        return leftOut
    }

    /// Takes files as long as one of them lets another in: a bundle the next bundle, a list its delta. What is refused is
    /// tried again when it has changed.
    private func take(_ files: [Stamp], _ done: inout [Stamp: Outcome]) async {
        var left = files
        while !left.isEmpty {
            var waiting: [(Stamp, Outcome)] = []
            var isProgress = false
            for file in left {
                let outcome = await deliver(file)
                switch outcome {
                case .taken:
                    isProgress = true
                    done[file] = outcome
                case .known, .refused, .later: done[file] = outcome
                case .missesBundle, .missesList: waiting.append((file, outcome))
                case .busy: break
                }
            }
            if !isProgress { for (file, outcome) in waiting { done[file] = outcome } }
            left = isProgress ? waiting.map(\.0) : []
        }
    }

    /// Refusals that a bundle may mend.
    private static let mendedByBundle: Set<ListRefusal> = [
        .bundleGap, .bundleTooOld, .unknownIssuer, .wrongRole, .keyOutOfDate, .wrongList,
    ]

    private func deliver(_ file: Stamp) async -> Outcome {
        let full = path + "/" + file.name
        // One that is gone again, or is no plain file, is nobody's delivery.
        guard let opened = await disk.opened(full) else { return .known }
        let delivery: ListDelivery
        do {
            delivery = try ListDelivery(keeper, from: .folder(full), skipsWhatIsThere: true, told: told)
        } catch {
            return .busy
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
            case .install(.refused(.wrongBase)): outcome = .missesList
            case .install(.refused(let refusal)) where Self.mendedByBundle.contains(refusal):
                outcome = .missesBundle
            case .install(.trustLost): outcome = .missesBundle
            case .install(.disk), .install(.unmarked), .install(.markDamaged): outcome = .later
            // Whichever clock was wrong, time mends it.
            case .install(.refused(.issuedInFuture)): outcome = .later
            case .busy: outcome = .busy
            default: break
            }
        }
        await delivery.abandon()
        return outcome
    }
}

// The files, on the folder's own queue

extension WatchedFolder {
    /// What lies in the folder now, in the order in which it is taken: bundles by number, lists by version, deltas, deny
    /// objects.
    private func look() async -> [Stamp] {
        let path = path
        return await disk.run { () throws(Never) in
            var found: [(rank: Int, number: UInt64, stamp: Stamp)] = []
            for name in ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() {
                guard let rank = Self.endings.firstIndex(of: name.suffix(3)), !name.hasPrefix("."),
                    found.count < Self.namesAtMost, let file = OpenedFile(path + "/" + name)
                else { continue }
                let number = rank == 0 ? file.number(at: 32) : rank == 1 ? file.number(at: 48) : 0
                found.append((rank, number, file.stamp(name)))
            }
            return found.sorted { ($0.rank, $0.number) < ($1.rank, $1.number) }.map(\.stamp)
        }
    }
    private static let endings: [Substring] = ["pab", "pal", "pad", "pan"]

    /// As many as are judged at once, in their order: of each kind the last, which of lists are the newest. Bundles come
    /// before all others, from the first on: without the one in between no later one counts.
    private static func newest(_ waiting: [Stamp]) -> [Stamp] {
        guard waiting.count > filesAtMost else { return waiting }
        let kinds = endings.map { ending in waiting.filter { $0.name.hasSuffix(ending) } }
        var room = filesAtMost - min(kinds[0].count, filesAtMost / 2)
        var chosen = Array(kinds[0].prefix(filesAtMost / 2))
        // Few deny objects and deltas count; many lists are versions that somebody has kept.
        let others = [kinds[3].suffix(filesAtMost / 8), kinds[2].suffix(filesAtMost / 8)]
        room -= others.map(\.count).reduce(0, +)
        chosen += kinds[1].suffix(room)
        return chosen + others[1] + others[0]
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
