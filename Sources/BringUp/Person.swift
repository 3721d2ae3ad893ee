// Who stands at the bench: is told what to do, and answers in lines of text.

import Glibc

/// The engineer at the bench, behind a descriptor of text.
public final class Person {
    private let input: Int32
    private let tell: (String) -> Void
    private var pending: [UInt8] = []
    private var answers: [String] = []
    /// Whether no answer will ever come any more.
    public private(set) var isGone = false

    /// A person who types into `input` and is told things by `tell`.
    public init(input: Int32, tell: @escaping (String) -> Void) {
        self.input = input
        self.tell = tell
    }

    /// What to watch for reading; nil once nobody is there.
    var descriptor: Int32? { isGone ? nil : input }

    /// Says something.
    func say(_ sentence: String) { tell(sentence) }

    /// Takes in what was typed; to be called when the descriptor is readable.
    func listen() {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(input, &buffer, buffer.count)
        guard count > 0 else {
            isGone = count == 0 || (errno != EAGAIN && errno != EINTR)
            return
        }
        pending += buffer[..<count]
        while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
            answers.append(String(decoding: pending[..<end].filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self))
            pending.removeSubrange(...end)
        }
        // Nobody types a line of a thousand characters.
        if pending.count > 1_000 { pending = [] }
    }

    /// From now on nobody is there.
    func leave() { isGone = true }

    /// The next line that was typed; nil: none yet.
    func takeAnswer() -> String? { answers.isEmpty ? nil : answers.removeFirst() }

    /// What was typed before a question is no answer to it.
    func forgetAnswers() { answers = [] }
}
