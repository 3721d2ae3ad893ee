// What a program prints: lines at once, also into a pipe, never a crash because nobody reads them, never half an answer with code 0.

public import ArgumentParser
@preconcurrency import Foundation

/// Prints a line at once.
public func say(_ line: String) {
    print(line)
    finishOutput()
}

/// Prints a line at once, if somebody reads; the command goes on in any case, for a contactor may be closed.
public func sayIfRead(_ line: String) {
    print(line)
    _ = fflush(stdout)
}

/// Says something on standard error. Where nobody reads that either, it is lost.
public func complain(_ sentence: String) { writeError(sentence + "\n") }

/// Writes to standard error as it is: a line that grows has no end yet.
public func writeError(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
}

/// Makes sure that what was printed has left. A reader who has gone away ends the command as he ends any other (SIGPIPE); a full
/// disk is an error of its own (74), since half an answer must not look like a whole one.
public func finishOutput() {
    // What did not fit into the buffer was written long ago: that it failed is kept, its reason is not.
    let hasFailed = ferror(stdout) != 0
    errno = 0
    guard fflush(stdout) != 0 || hasFailed else { return }
    let reason = errno
    if reason == EPIPE {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
    }
    let why = reason == 0 ? "the system has not taken all of it" : String(cString: strerror(reason))
    complain("The output cannot be written: \(why). Make room, or write it elsewhere.")
    _exit(74)
}

extension ParsableCommand {
    /// Runs the program of this command with the arguments of the process, to its end. Help and version are output like any other: where
    /// they cannot be written the exit code says so.
    public static func runToItsEnd() async {
        // A parent may have it ignored; then a reader who has gone away would look like a full disk.
        signal(SIGPIPE, SIG_DFL)
        do {
            var command = try parseAsRoot()
            if var waiting = command as? any AsyncParsableCommand {
                try await waiting.run()
            } else {
                try command.run()
            }
            finishOutput()
        } catch {
            if exitCode(for: error).isSuccess {
                print(fullMessage(for: error))
                finishOutput()
                _exit(0)
            }
            finishOutput()
            exit(withError: error)
        }
    }
}
