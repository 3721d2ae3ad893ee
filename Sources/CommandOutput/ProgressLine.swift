// A line at the foot of a terminal that says how far long work has come, and leaves what stands above it alone.

import Foundation

/// Progress on standard error, where that is a terminal.
public struct ProgressLine: Sendable {
    private let isShown: Bool

    /// Looks whether anybody sees it.
    public init() { isShown = isatty(STDERR_FILENO) != 0 }

    /// Says how far the work has come, in the place of what was said before.
    public func show(_ text: String) {
        if isShown { writeError("\r\u{1B}[2K" + text) }
    }

    /// Takes the line away: before something else is printed, and at the end.
    public func clear() {
        if isShown { writeError("\r\u{1B}[2K") }
    }
}
