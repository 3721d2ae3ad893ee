// The directory of a list: where each page begins and what it hashes to, verified as a whole when the list is opened.

internal import Crypto

/// The rows of the directory, column by column.
///
/// Two thirds of a row are the page's hash, of which a look-up needs one and a search none: apart from them the first tags of
/// ten million entries are 1.25 MB, and the few that a search touches lie side by side.
struct PageDirectory: Sendable {
    /// Bytes of a row: first tag 16, hash of the page 32.
    static let rowLength = 48
    /// Rows that are read and hashed at a time, so that a disk reads on while this machine hashes.
    private static let rowsAtATime = 4_096

    private var highs: [UInt64] = []
    private var lows: [UInt64] = []
    private var hashes: [TapHash] = []

    /// Reads the directory that a header announces.
    init(_ source: some ListBytes, _ header: ListHeader) throws(ListRefusal) {
        let rows = Int(header.pageCount)
        highs.reserveCapacity(rows)
        lows.reserveCapacity(rows)
        hashes.reserveCapacity(rows)
        source.willRead(Int(header.directoryLength), at: header.directoryOffset)
        var whole = SHA256()
        var piece: [UInt8] = []
        for first in stride(from: 0, to: rows, by: Self.rowsAtATime) {
            let here = min(rows - first, Self.rowsAtATime)
            let offset = header.directoryOffset + UInt64(first * Self.rowLength)
            guard source.read(here * Self.rowLength, at: offset, into: &piece) else { throw .truncated }
            whole.update(data: piece)
            for row in 0..<here { append(piece, at: row * Self.rowLength) }
        }
        guard Array(whole.finalize()) == header.directoryHash else { throw .directoryCorrupt }
    }

    private mutating func append(_ piece: [UInt8], at offset: Int) {
        let tag = Tag(piece, at: offset)
        highs.append(tag.high)
        lows.append(tag.low)
        hashes.append(TapHash(piece, at: offset + 16))
    }

    /// With which tag a page begins.
    func firstTag(ofPage number: Int) -> Tag { Tag(high: highs[number], low: lows[number]) }

    /// What a page hashes to.
    func hash(ofPage number: Int) -> TapHash { hashes[number] }

    /// The last page whose first tag is not above a tag; nil when every one is.
    ///
    /// Tags are hashes, so the share of all tags below one says nearly where it is: at ten million entries 25 pages off, give
    /// or take. From there the search widens in doubling steps, so that a list of any other making costs no more than
    /// twice what halving would.
    func page(for tag: Tag) -> Int? {
        let count = highs.count
        guard count > 0 else { return nil }
        var low = Int(tag.high.multipliedFullWidth(by: UInt64(count)).high)
        var high: Int
        var step = 32
        if isAbove(low, tag) {
            repeat {
                high = low
                low = max(0, high - step)
                step *= 2
            } while low > 0 && isAbove(low, tag)
        } else {
            high = min(count, low + step)
            while high < count, !isAbove(high, tag) {
                low = high
                step *= 2
                high = min(count, low + step)
            }
        }
        while low < high {
            let middle = (low + high) / 2
            if isAbove(middle, tag) { high = middle } else { low = middle + 1 }
        }
        return low == 0 ? nil : low - 1
    }

    private func isAbove(_ number: Int, _ tag: Tag) -> Bool {
        highs[number] > tag.high || highs[number] == tag.high && lows[number] > tag.low
    }
}
