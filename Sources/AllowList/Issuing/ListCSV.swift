// Reads the issuing office's CSV: one driver a line, every mistake named with its line and column.

/// A mistake in a CSV file.
public struct CSVProblem: Error, Hashable, Sendable {
    /// Line, from 1.
    public var line: Int
    /// The letter of the line with which the cell begins, from 1.
    public var column: Int
    /// One sentence: what and what to do.
    public var sentence: String

    /// Where it is.
    public var place: String { "line \(line), column \(column)" }
}

/// The columns: `token[,valid_from,valid_until,profile,group]`, empty for none; a cell may stand in double quotes. Times
/// are those of `WrittenTime`; a driver who is valid until a day is valid for all of it.
public enum ListCSV {
    /// The names of the columns, in their order: what a first line may say.
    public static let columns = ["token", "valid_from", "valid_until", "profile", "group"]

    /// What other programs call the column of the cards: as a first cell it is a heading, and no driver.
    private static let headings: Set<String> = [
        "uid", "id", "card", "card_id", "cardid", "card_number", "id_tag", "idtag", "id_token", "idtoken", "rfid",
        "tag", "contract",
        "contract_id", "emaid", "driver", "name", "number",
    ]

    /// Every entry, or every mistake (the first hundred). `explain` says why a text is no token.
    public static func entries(
        _ text: String, explain: (TokenProblem, String) -> String = { problem, _ in problem.sentence }
    ) -> (entries: [ListEntry], problems: [CSVProblem]) {
        var entries: [ListEntry] = []
        var problems: [CSVProblem] = []
        var number = 0
        var isFirst = true
        // Some programs begin a UTF-8 file with a byte order mark, which is nobody's token.
        let text = text.first == "\u{FEFF}" ? text.dropFirst() : text[...]
        // A carriage return and a line feed are one letter, which is no line feed.
        for row in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            if row.isEmpty || row.first == "#" { continue }
            do throws(CSVProblem) {
                let line = try CSVLine(row, number)
                defer { isFirst = false }
                if isFirst, try isHeader(line) { continue }
                entries.append(try entry(line, explain))
            } catch {
                if problems.count < 100 { problems.append(error) }
            }
        }
        return (entries, problems)
    }

    /// The token of one line; nil where it has none.
    public static func token(of row: Substring) -> CanonicalToken? {
        (try? CSVLine(row, 0)).flatMap { try? CanonicalToken(parsing: $0.cells[0].text) }
    }

    /// Whether the first line names the columns. One that does so otherwise would put every value into the wrong place.
    private static func isHeader(_ line: CSVLine) throws(CSVProblem) -> Bool {
        let names = line.cells.map { $0.text.lowercased() }
        // Programs that cut at semicolons write all their headings into the first cell.
        let first = String(names[0].prefix { $0 != ";" })
        guard
            first.hasPrefix("token") || first.sorted() == "token".sorted() || headings.contains(first)
                || !Set(names.dropFirst()).isDisjoint(with: columns)
        else { return false }
        guard names == Array(columns.prefix(line.cells.count)) else {
            throw line.problem(
                0,
                "The first line names other columns than \(columns.joined(separator: ",")), in this order and with commas between; a token that begins like this is written free:\(line.cells[0].text)."
            )
        }
        return true
    }

    private static func entry(
        _ line: CSVLine, _ explain: (TokenProblem, String) -> String
    ) throws(CSVProblem) -> ListEntry {
        guard line.cells.count <= columns.count else {
            throw line.problem(
                columns.count,
                "There are \(line.cells.count) columns; there are at most five: \(columns.joined(separator: ", "))."
            )
        }
        let text = line.cells[0].text
        let token: CanonicalToken
        do { token = try CanonicalToken(parsing: text) } catch {
            throw line.problem(0, "\"\(text)\" is no token. \(explain(error, text))")
        }
        return ListEntry(
            token: token, validFrom: try line.time(1)?.begin, validUntil: try line.time(2)?.end,
            profile: UInt16(try line.whole(3, 65_535) ?? 0), group: UInt32(try line.whole(4, 4_294_967_295) ?? 0))
    }
}

/// One line, cut at its commas.
private struct CSVLine {
    struct Cell {
        var column: Int
        var text: String
    }
    let number: Int
    private(set) var cells: [Cell] = []

    init(_ row: Substring, _ number: Int) throws(CSVProblem) {
        self.number = number
        var rest = row
        var column = 1
        while true {
            let (text, length) = rest.first == "\"" ? try quoted(rest, column) : Self.plain(rest)
            cells.append(Cell(column: column, text: text))
            rest = rest.dropFirst(length)
            guard !rest.isEmpty else { return }
            rest = rest.dropFirst()
            column += length + 1
        }
    }

    private static func plain(_ rest: Substring) -> (String, Int) {
        let cell = rest.prefix { $0 != "," }
        return (String(cell), cell.count)
    }

    /// A cell in double quotes, in which two of them stand for one (RFC 4180), and its length as written.
    private func quoted(_ rest: Substring, _ column: Int) throws(CSVProblem) -> (String, Int) {
        var text = ""
        var length = 1
        var left = rest.dropFirst()
        while let letter = left.popFirst() {
            length += 1
            if letter != "\"" {
                text.append(letter)
            } else if left.first == "\"" {
                left.removeFirst()
                length += 1
                text.append("\"")
            } else if left.isEmpty || left.first == "," {
                return (text, length)
            } else {
                break
            }
        }
        throw CSVProblem(
            line: number, column: column,
            sentence:
                "The cell begins with a double quote and does not end with one before a comma or the line's end.")
    }

    func problem(_ index: Int, _ sentence: String) -> CSVProblem {
        CSVProblem(line: number, column: cells[index].column, sentence: sentence)
    }

    func whole(_ index: Int, _ most: Int64) throws(CSVProblem) -> Int64? {
        guard let text = filled(index) else { return nil }
        guard let value = Int64(text), (0...most).contains(value) else {
            throw problem(
                index, "\(ListCSV.columns[index]) is \"\(text)\"; a whole number from 0 to \(most) is expected.")
        }
        return value
    }

    /// A list counts from 2020: a smaller number is a date without its dashes, or no date at all.
    func time(_ index: Int) throws(CSVProblem) -> WrittenTime? {
        guard let text = filled(index) else { return nil }
        let name = ListCSV.columns[index]
        do throws(WrittenTimeProblem) {
            let time = try WrittenTime(text)
            if time.form != .seconds || time.begin >= ListRecord.epoch { return time }
        } catch { throw problem(index, "\(name) is \"\(text)\". \(error.sentence)") }
        throw problem(
            index,
            "\(name) is \"\(text)\": as seconds since 1970 that is before 2020; a day is written 2026-12-31, and no bound by an empty cell."
        )
    }

    private func filled(_ index: Int) -> String? {
        index < cells.count && !cells[index].text.isEmpty ? cells[index].text : nil
    }
}
