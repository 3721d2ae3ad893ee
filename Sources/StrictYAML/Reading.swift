// One reading of one document: where mistakes are gathered.

/// Gathers the mistakes of one document while it is read.
final class Reading {
    private(set) var problems: [Problem] = []
    private var told: Set<Problem> = []
    /// The keys that were asked for, list places left out: `connectors[].stage`. Lets a test see that table and
    /// reading agree.
    private(set) var askedPaths: Set<String> = []

    func report(_ problem: Problem) {
        // Far past the number that is shown, one more changes nothing but memory.
        guard problems.count < 100 * Problems.atMost else { return }
        // An alias has its value read once more: that is no second mistake.
        guard told.insert(problem).inserted else { return }
        problems.append(problem)
    }

    func report(
        _ code: Problem.Code, _ tree: Tree, _ path: String, expected: String, remedy: String? = nil
    ) {
        if case .refused = tree.content { return }
        let found = tree.found
        report(
            Problem(
                code: code, position: tree.position, path: path, what: found.what, found: found.text,
                expected: expected, remedy: remedy ?? "Write \(expected)."))
    }

    func noteAsked(_ path: String) {
        guard path.contains("[") else {
            askedPaths.insert(path)
            return
        }
        var general = ""
        var isInBrackets = false
        for character in path {
            if character == "]" { isInBrackets = false }
            if !isInBrackets { general.append(character) }
            if character == "[" { isInBrackets = true }
        }
        askedPaths.insert(general)
    }
}
