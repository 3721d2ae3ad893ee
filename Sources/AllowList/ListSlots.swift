// Two places for a list: the new one goes where the old one is not, so that one of them is always whole.

internal import Crypto

/// A place for a list in a folder.
public enum ListSlot: String, CaseIterable, Sendable, Codable {
    /// Either of the two.
    case a, b
    /// The name of its file.
    public var name: String { "allow-list.\(rawValue).pal" }
    /// The other place.
    public var other: ListSlot { self == .a ? .b : .a }
}

/// The list to use after a start.
public struct BootedList<Source: ListBytes> {
    /// The list, open.
    public var reader: ListReader<Source>
    /// Where it is.
    public var slot: ListSlot
    /// It is not the newest that was installed, or nobody knows: its limits are those of a stale list at most.
    public var isDemoted: Bool
}

/// Why nothing was installed. Whatever the reason, the list in use stays in use.
public enum InstallProblem: Error, Hashable, Sendable {
    /// The list was refused.
    case refused(ListRefusal)
    /// The disk said no.
    case disk(FileProblem)
    /// The high-water mark cannot be read, so that an old list could not be told from a new one: service must look.
    case markDamaged(FileProblem)
}

/// Puts lists in place and finds them again.
public final class ListSlots<Folder: FileLayer, State: TrustState> {
    private static var incoming: String { ".allow-list.incoming" }
    private static var chunk: UInt64 { 1 << 20 }
    private let folder: Folder
    private let state: State
    private let audience: ListAudience
    private let pepper: [UInt8]

    /// The places in a folder, for one audience; the audience's own high-water mark is not used.
    public init(in folder: Folder, state: State, for audience: ListAudience, pepper: [UInt8]) {
        self.folder = folder
        self.state = state
        var audience = audience
        audience.highWater = nil
        self.audience = audience
        self.pepper = pepper
    }

    /// The list to use: the newest that verifies, if it is as new as the mark; else the newest there is, demoted.
    ///
    /// Reads headers and directories only. A list newer than the mark was installed just before the power went; its
    /// mark is made good here. Returns nil when neither place holds a list that can be trusted.
    public func boot() -> BootedList<Folder.Bytes>? {
        guard let best = newest() else { return nil }
        return BootedList(reader: best.reader, slot: best.slot, isDemoted: !isNewest(best.mark))
    }

    /// Whether a list is as new as the mark. A newer one raises the mark, and counts only once that is durable.
    private func isNewest(_ mark: HighWater) -> Bool {
        do {
            let known = try state.highWater()
            try Self.judge(mark, after: known)
            if mark != known { try state.commit(mark) }
            return true
        } catch {
            return false
        }
    }

    /// Copies a list in, verifies the copy whole, and makes it the newest. The same list again is done at once.
    ///
    /// Order: header of the source (nothing longer than its signed length is copied), copy, every check on the copy,
    /// fsync, rename over the place not in use, fsync of the folder, high-water mark. `progress` hears of pages.
    @discardableResult
    public func install(
        _ source: some ListBytes, progress: ((Int) -> Void)? = nil
    ) throws(InstallProblem) -> ListHeader {
        let mark = try knownMark()
        let announced = try opened(source, after: mark)
        if let mark, announced.mark == mark, let inUse = newest(), inUse.mark == mark, isWhole(inUse.reader) {
            return announced.reader.header
        }
        defer { folder.remove(Self.incoming) }
        do {
            try copy(source, length: announced.reader.header.fileLength)
            guard let file = folder.open(Self.incoming) else {
                throw FileProblem(step: "copy", name: Self.incoming, number: 0)
            }
            let (reader, newMark) = try checked(file, after: mark, progress)
            try folder.synchronise(Self.incoming)
            let target = newest(mark).map(\.slot.other) ?? .a
            try folder.rename(Self.incoming, to: target.name)
            try folder.synchroniseFolder()
            try state.commit(newMark)
            return reader.header
        } catch let problem as FileProblem {
            throw .disk(problem)
        } catch let refusal as ListRefusal {
            throw .refused(refusal)
        } catch {
            throw .refused(.unreadable)
        }
    }

    private struct Candidate {
        var slot: ListSlot
        var reader: ListReader<Folder.Bytes>
        var mark: HighWater
    }

    /// The newest list that verifies; one of the stream that the mark follows goes before all others.
    private func newest(_ mark: HighWater? = nil) -> Candidate? {
        let followed = mark?.listID ?? (try? state.highWater())?.listID
        var best: Candidate?
        for slot in ListSlot.allCases {
            guard let file = folder.open(slot.name), let (reader, mark) = try? verified(file) else { continue }
            let candidate = Candidate(slot: slot, reader: reader, mark: mark)
            guard let present = best else {
                best = candidate
                continue
            }
            let (old, new) = (present.mark.listID == followed, mark.listID == followed)
            if new != old ? new : mark.version > present.mark.version { best = candidate }
        }
        return best
    }

    private func knownMark() throws(InstallProblem) -> HighWater? {
        do { return try state.highWater() } catch { throw .markDamaged(error) }
    }

    private func opened<Source: ListBytes>(
        _ source: Source, after mark: HighWater?
    ) throws(InstallProblem) -> (reader: ListReader<Source>, mark: HighWater) {
        do {
            let found = try verified(source)
            try Self.judge(found.mark, after: mark)
            return found
        } catch { throw .refused(error) }
    }

    private func verified<Source: ListBytes>(
        _ source: Source
    ) throws(ListRefusal) -> (reader: ListReader<Source>, mark: HighWater) {
        let reader = try ListReader(source, for: audience, pepper: pepper)
        var signed: [UInt8] = []
        guard source.read(ListHeader.length, at: 0, into: &signed) else { throw .truncated }
        let mark = HighWater(
            listID: reader.header.listID, version: reader.header.version,
            headerHash: Array(SHA256.hash(data: signed)))
        return (reader, mark)
    }

    private func checked(
        _ file: Folder.Bytes, after mark: HighWater?, _ progress: ((Int) -> Void)?
    ) throws(ListRefusal) -> (reader: ListReader<Folder.Bytes>, mark: HighWater) {
        var found = try verified(file)
        try Self.judge(found.mark, after: mark)
        try found.reader.verifyEveryPage(progress: progress)
        return found
    }

    private func isWhole(_ reader: ListReader<Folder.Bytes>) -> Bool {
        var reader = reader
        return (try? reader.verifyEveryPage()) != nil
    }

    /// Older is a rollback; another list of the same version is a fork; another stream is none of ours.
    private static func judge(_ mark: HighWater, after known: HighWater?) throws(ListRefusal) {
        guard let known else { return }
        guard mark.listID == known.listID else { throw .wrongList }
        guard mark.version >= known.version else { throw .rollback }
        guard mark.version > known.version || mark.headerHash == known.headerHash else { throw .equivocation }
    }

    private func copy(_ source: some ListBytes, length: UInt64) throws(FileProblem) {
        try folder.create(Self.incoming)
        var buffer: [UInt8] = []
        var done: UInt64 = 0
        while done < length {
            let part = Int(min(Self.chunk, length - done))
            guard source.read(part, at: done, into: &buffer) else {
                throw FileProblem(step: "copy", name: Self.incoming, number: 0)
            }
            try folder.append(buffer, to: Self.incoming)
            done += UInt64(part)
        }
    }
}
