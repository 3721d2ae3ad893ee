// What the tool prints: lines at once, also into a pipe, and never a crash because nobody reads them.

import ArgumentParser
import Foundation

/// Prints a line at once.
func say(_ line: String) {
    print(line)
    finishOutput()
}

/// Prints a line at once, if somebody reads; the command goes on in any case, for a contactor may be closed.
func sayIfRead(_ line: String) {
    print(line)
    _ = fflush(nil)
}

/// Says something on standard error. Where nobody reads that either, it is lost.
func complain(_ sentence: String) { writeError(sentence + "\n") }

/// Writes to standard error as it is: a line that grows has no end yet.
func writeError(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
}

/// Makes sure that what was printed has left. A reader who has gone away ends the command as he ends any other (SIGPIPE); a full
/// disk is an error of its own, since half an answer must not look like a whole one.
func finishOutput() {
    guard fflush(nil) != 0 else { return }
    let reason = errno
    if reason == EPIPE {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
    }
    complain(
        "The output cannot be written: \(String(cString: strerror(reason))). Make room, or write it elsewhere.")
    _exit(74)
}
