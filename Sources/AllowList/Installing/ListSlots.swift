// Two places for a list: the new one goes where the old one is not, so that one of them is always whole.

/// Puts lists in place and finds them again.
public final class ListSlots<Folder: FileLayer, State: TrustState> {
    private static var incoming: String { ".allow-list.incoming" }
    private static var chunk: UInt64 { 1 << 20 }
    private let folder: Folder
    private let state: State
    private let audience: ListAudience
    private let pepper: [UInt8]

    /// The places in a folder, for one audience.
    public init(in folder: Folder, state: State, for audience: ListAudience, pepper: [UInt8]) {
        self.folder = folder
        self.state = state
        self.audience = audience
        self.pepper = pepper
    }

    /// The list to use: the newest that verifies, if it is as new as the mark; else the newest there is, demoted.
    ///
    /// Reads headers and directories only. A list newer than the mark was installed just before the power went; its
    /// mark is made good here. Returns nil when neither place holds a list that can be trusted.
    public func boot() -> BootedList<Folder.Bytes>? {
        guard let best = newest() else { return nil }
        let demotion = best.isWithdrawn ? .withdrawn : settle(best)
        let other = opened(best.slot.other).flatMap { $0.isWithdrawn ? nil : $0.reader }
        let isOlder = other.map { $0.header.listID == best.mark.listID && $0.header.version < best.mark.version }
        return BootedList(
            reader: best.reader, slot: best.slot, demotion: demotion, previous: isOlder == true ? other : nil)
    }

    /// Why a list is not as new as the mark; nil when it is. A newer one counts only once its mark is durable.
    private func settle(_ found: Candidate) -> Demotion? {
        do {
            let known = try state.highWater()
            do { try audience.judge(found.reader.header, hash: found.reader.headerHash, after: known) } catch {
                return .olderThanMark
            }
            if found.mark != known { try state.commit(found.mark) }
            return nil
        } catch {
            return .markUnreadable
        }
    }

    /// Copies a list in, verifies the copy whole, and makes it the newest. The same list again is done at once.
    ///
    /// Order: header of the source (nothing longer than its signed length is copied), copy, every check on the copy,
    /// install guard, fsync, rename over the place not in use, fsync of the folder, high-water mark.
    /// - Parameters:
    ///   - confirmed: the hash of the header of a list that a person has confirmed although it changes unusually much.
    ///   - vouched: the time by a clock that somebody vouches for, in seconds since 1970, if there is one.
    ///   - progress: hears of pages that were checked.
    @discardableResult
    public func install(
        _ source: some ListBytes, confirmed: [UInt8]? = nil, vouched: Int64? = nil,
        progress: ((Int) -> Void)? = nil
    ) throws(InstallProblem) -> ListHeader {
        let mark = try knownMark()
        let announced = try judged(source, after: mark, vouched)
        let present = newest(mark)
        if let present, mark == present.mark, present.mark == announced.mark, isWhole(present.reader) {
            return announced.header
        }
        defer { folder.remove(Self.incoming) }
        do {
            try copy(source, length: announced.header.fileLength)
            guard let file = folder.open(Self.incoming) else {
                throw FileProblem(step: "copy", name: Self.incoming, number: 0)
            }
            let reader = try checked(file, after: mark, progress)
            if let present, reader.headerHash != confirmed { try audience.guardAgainst(reader, in: present.reader) }
            try folder.synchronise(Self.incoming)
            // The same list again mends its own place; another goes where the newest is not.
            let mended = present.flatMap { $0.mark == reader.mark ? $0.slot : nil }
            let slot = mended ?? present?.slot.other ?? .a
            try folder.rename(Self.incoming, to: slot.name)
            try folder.synchroniseFolder()
            if reader.mark != mark {
                do { try state.commit(reader.mark) } catch {
                    throw mended == nil ? takeBack(slot, error) : .unmarked(error)
                }
            }
            return reader.header
        } catch let problem as FileProblem {
            throw .disk(problem)
        } catch let refusal as ListRefusal {
            throw .refused(refusal)
        } catch let problem as InstallProblem {
            throw problem
        } catch {
            throw .refused(.unreadable)
        }
    }

    /// The mark could not be written: whoever sent the list is told that nothing has changed, so that the list must not lie there
    /// for the next start either. What lay there before is older than the list in use.
    private func takeBack(_ slot: ListSlot, _ problem: FileProblem) -> InstallProblem {
        folder.remove(slot.name)
        guard !folder.contains(slot.name), (try? folder.synchroniseFolder()) != nil else {
            return .unmarked(problem)
        }
        return .disk(problem)
    }

    private struct Candidate {
        var slot: ListSlot
        var reader: ListReader<Folder.Bytes>
        var isWithdrawn: Bool { reader.signers.isEmpty }
        var mark: HighWater { reader.mark }
    }

    private func opened(_ slot: ListSlot) -> Candidate? {
        guard let file = folder.open(slot.name) else { return nil }
        if let reader = try? ListReader(file, for: audience, pepper: pepper) {
            return Candidate(slot: slot, reader: reader)
        }
        guard let mark = try? state.highWater() else { return nil }
        return (try? ListReader(file, for: audience, pepper: pepper, installedAs: mark.headerHash)).map {
            Candidate(slot: slot, reader: $0)
        }
    }

    /// The newest list that verifies. One that is not withdrawn goes before one that is; then one of the stream that
    /// the mark follows goes before all others.
    private func newest(_ mark: HighWater? = nil) -> Candidate? {
        let followed = mark?.listID ?? (try? state.highWater())?.listID
        func rank(_ candidate: Candidate) -> (Int, Int, UInt64) {
            (
                candidate.isWithdrawn ? 0 : 1, candidate.mark.listID == followed ? 1 : 0, candidate.mark.version
            )
        }
        return ListSlot.allCases.compactMap(opened).max { rank($0) < rank($1) }
    }

    private func knownMark() throws(InstallProblem) -> HighWater? {
        do { return try state.highWater() } catch { throw .markDamaged(error) }
    }

    private func judged<Source: ListBytes>(
        _ source: Source, after mark: HighWater?, _ vouched: Int64?
    ) throws(InstallProblem) -> ListReader<Source> {
        do {
            let reader = try ListReader(source, for: audience, pepper: pepper)
            try TimeFloor.refuse(issuedAt: reader.header.issuedAt, aheadOf: vouched)
            try audience.judge(reader.header, hash: reader.headerHash, after: mark)
            return reader
        } catch { throw .refused(error) }
    }

    private func checked(
        _ file: Folder.Bytes, after mark: HighWater?, _ progress: ((Int) -> Void)?
    ) throws(ListRefusal) -> ListReader<Folder.Bytes> {
        var reader = try ListReader(file, for: audience, pepper: pepper)
        try audience.judge(reader.header, hash: reader.headerHash, after: mark)
        try reader.verifyEveryPage(progress: progress)
        return reader
    }

    private func isWhole(_ reader: ListReader<Folder.Bytes>) -> Bool {
        var reader = reader
        return (try? reader.verifyEveryPage()) != nil
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

extension ListReader {
    /// The mark that this list leaves once it is installed.
    public var mark: HighWater {
        HighWater(listID: header.listID, version: header.version, headerHash: headerHash)
    }
}
