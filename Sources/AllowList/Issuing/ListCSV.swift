// Reads the issuing office's CSV: one driver a line, every mistake named with its line.

/// A mistake in a CSV file.
public struct CSVProblem: Error, Hashable, Sendable {
    /// Line, from 1.
    public var line: Int
    /// One sentence: what and what to do.
    public var sentence: String
}

/// The columns: `token[,valid_from,valid_until,profile,group]`, times in seconds since 1970, empty for none.
public enum ListCSV {
    /// Every entry, or every mistake (the first hundred).
    public static func entries(_ text: String) -> (entries: [ListEntry], problems: [CSVProblem]) {
        var entries: [ListEntry] = []
        var problems: [CSVProblem] = []
        var number = 0
        // A carriage return and a line feed are one letter, which is no line feed.
        for row in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            if row.isEmpty || row.first == "#" || (number == 1 && row.hasPrefix("token")) { continue }
            do {
                entries.append(try entry(row, number))
            } catch {
                if problems.count < 100 { problems.append(error) }
            }
        }
        return (entries, problems)
    }

    private static func entry(_ row: Substring, _ number: Int) throws(CSVProblem) -> ListEntry {
        let cells = row.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
        guard cells.count <= 5 else {
            throw CSVProblem(
                line: number,
                sentence:
                    "There are \(cells.count) columns; there are at most five: token, valid_from, valid_until, profile, group."
            )
        }
        let token: CanonicalToken
        do { token = try CanonicalToken(parsing: cells[0]) } catch {
            throw CSVProblem(line: number, sentence: "\"\(cells[0])\" is no token. \(error.sentence)")
        }
        func whole(_ index: Int, _ name: String, _ most: Int64) throws(CSVProblem) -> Int64? {
            guard index < cells.count, !cells[index].isEmpty else { return nil }
            guard let value = Int64(cells[index]), (0...most).contains(value) else {
                throw CSVProblem(
                    line: number,
                    sentence: "\(name) is \"\(cells[index])\"; a whole number from 0 to \(most) is expected.")
            }
            return value
        }
        return ListEntry(
            token: token, validFrom: try whole(1, "valid_from", 253_402_300_799),
            validUntil: try whole(2, "valid_until", 253_402_300_799),
            profile: UInt16(try whole(3, "profile", 65_535) ?? 0),
            group: UInt32(try whole(4, "group", 4_294_967_295) ?? 0))
    }
}
