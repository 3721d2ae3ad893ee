// What is said of an object that is not taken: a stable name, a sentence for the operator, one for the driver, an exit code.

internal import Glibc

extension InstallProblem {
    /// What a driver is told whenever something that came in was not taken: it changes nothing.
    public static let nothingChangedForDrivers =
        "You need not do anything: nothing has changed at this post, and cards work as before."

    /// The stable name of the reason.
    public var code: String {
        switch self {
        case .refused(let refusal): refusal.rawValue
        case .disk: "disk_failed"
        case .unmarked: "mark_not_written"
        case .markDamaged: "mark_damaged"
        case .trustLost(let loss): loss.kind.rawValue
        }
    }

    /// One sentence for the operator: what happened and what to do.
    public var sentence: String {
        switch self {
        case .refused(let refusal): refusal.sentence
        case .disk(let problem):
            "The disk refused (\(problem.step) of \(problem.name): \(String(cString: strerror(problem.number)))): make room, or look at the disk."
        case .unmarked(let problem):
            "The list lies in its place, but the records could not note it (\(problem.step) of \(problem.name)): it is in use from the next start on; make room, or look at the disk, and send it again."
        case .markDamaged:
            "The records cannot tell which list was the newest, so none is taken: look at the records, or have service begin new ones."
        case .trustLost(let loss): loss.sentence
        }
    }

    /// One sentence for the driver who stands before the post.
    public var driverSentence: String {
        switch self {
        case .refused, .disk, .unmarked, .markDamaged: Self.nothingChangedForDrivers
        case .trustLost(let loss): loss.driverSentence
        }
    }

    /// The exit code of a command that meets it, by sysexits(3).
    public var exitCode: Int32 {
        switch self {
        case .refused(let refusal): refusal.exitCode
        case .disk, .unmarked, .markDamaged: 74
        case .trustLost: 65
        }
    }
}
