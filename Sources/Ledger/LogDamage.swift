// Sees that SQLite's write-ahead log was damaged: SQLite itself takes the first bad frame for its end and says nothing.

import Foundation

/// The log as it lies on the disk (SQLite's file format, section 4: header of 32 bytes, frames of 24 and a page).
///
/// A torn end is none: each commit is on the disk before the next begins, so a loss of power leaves at most one commit behind a frame
/// that is not whole. More than one say that what was durable is cut off.
enum LogDamage {
    private static let headerLength = 32
    private static let frameHeaderLength = 24
    /// SQLite's own default.
    private static let usualPageLength = 4_096
    private static let magics: ClosedRange<UInt32> = 0x377F_0682...0x377F_0683

    /// Whether commits that were durable lie behind a frame that SQLite will not read.
    static func isCutShort(_ path: String) -> Bool {
        guard let log = FileManager.default.contents(atPath: path), log.count > headerLength else { return false }
        return isCutShort([UInt8](log))
    }

    private static func isCutShort(_ log: [UInt8]) -> Bool {
        let told = Int(word(log, 8))
        // Where the header is gone, and with it the length of a page, it is that of every file that the ledger has made.
        let pageLength = (512...65_536).contains(told) && told & (told - 1) == 0 ? told : usualPageLength
        let isBigEndian = word(log, 0) & 1 == 1
        var sum: (UInt32, UInt32) = (0, 0)
        add(log, 0..<24, isBigEndian, &sum)
        var isReadable = magics.contains(word(log, 0)) && sum == (word(log, 24), word(log, 28))
        // Where the header lies, the first frame says what the salts are.
        let salts =
            isReadable || log.count < headerLength + frameHeaderLength
            ? log[16..<24] : log[(headerLength + 8)..<(headerLength + 16)]
        var commitsBehind = 0
        var frame = headerLength
        while frame + frameHeaderLength + pageLength <= log.count {
            defer { frame += frameHeaderLength + pageLength }
            // Frames of an earlier round of the log carry other salts: behind the end of this one they are left over.
            let isOfThisRound = log[(frame + 8)..<(frame + 16)] == salts
            if isReadable {
                add(log, frame..<(frame + 8), isBigEndian, &sum)
                add(log, (frame + frameHeaderLength)..<(frame + frameHeaderLength + pageLength), isBigEndian, &sum)
                isReadable = isOfThisRound && sum == (word(log, frame + 16), word(log, frame + 20))
            }
            if !isReadable, isOfThisRound, word(log, frame + 4) != 0 { commitsBehind += 1 }
        }
        return commitsBehind > 1
    }

    /// SQLite's running checksum over pairs of words.
    private static func add(_ log: [UInt8], _ range: Range<Int>, _ isBigEndian: Bool, _ sum: inout (UInt32, UInt32))
    {
        var place = range.lowerBound
        while place + 8 <= range.upperBound {
            let first = word(log, place)
            let second = word(log, place + 4)
            sum.0 = sum.0 &+ (isBigEndian ? first : first.byteSwapped) &+ sum.1
            sum.1 = sum.1 &+ (isBigEndian ? second : second.byteSwapped) &+ sum.0
            place += 8
        }
    }

    /// Four bytes, the highest first.
    private static func word(_ log: [UInt8], _ place: Int) -> UInt32 {
        UInt32(log[place]) << 24 | UInt32(log[place + 1]) << 16 | UInt32(log[place + 2]) << 8
            | UInt32(log[place + 3])
    }
}
