// The terminal's width, and lines that keep to it.

import Foundation

/// How many columns the terminal has; 80 where it does not say.
func terminalColumns() -> Int {
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
}

/// A line broken at blanks so that none is longer than `columns`. What follows stands a little further in than the
/// line began; runs of blanks inside a line, which make columns, stay; a longer word stays whole.
func wrapped(_ line: String, to columns: Int) -> [String] {
    guard line.count > columns else { return [line] }
    let indent = String(repeating: " ", count: min(line.prefix { $0 == " " }.count + 4, max(0, columns / 2)))
    var lines: [String] = []
    var rest = Substring(line)
    while rest.count > columns {
        let start = rest.firstIndex { $0 != " " } ?? rest.startIndex
        let end = rest.index(rest.startIndex, offsetBy: columns)
        guard let blank = rest[start...end].lastIndex(of: " ") ?? rest[end...].firstIndex(of: " ") else { break }
        lines.append(trimmedEnd(rest[..<blank]))
        rest = Substring(indent + rest[blank...].drop { $0 == " " })
    }
    return lines + [String(rest)]
}

private func trimmedEnd(_ text: Substring) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return String(text)
}
