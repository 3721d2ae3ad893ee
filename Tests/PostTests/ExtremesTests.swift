// Every kind of event with whatever values it can hold, in every state of the machine: nothing traps, nothing is let through.

import Testing

@testable import Post

@Suite("Extreme values")
struct ExtremesTests {
    /// How many events of each kind each state is given.
    static let ofEach = 8

    @Test("no event traps, whatever it holds, in whatever state", arguments: Situation.allCases)
    func everyEvent(in situation: Situation) {
        let standing = PlausiblePost.playing(situation, .post)
        var vocabulary = RandomVocabulary(
            seed: UInt64(situation.rawValue.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }))
        vocabulary.places = 3
        var given: [EventCase: Int] = [:]
        while given.count < EventCase.allCases.count || given.values.contains(where: { $0 < Self.ofEach }) {
            let event = vocabulary.event()
            guard given[EventCase(event), default: 0] < Self.ofEach else { continue }
            given[EventCase(event), default: 0] += 1
            let post = standing.copied()
            post.judge = nil
            for moment in [Instant.zero, Instant(microseconds: .max - 1)] {
                post.now = max(post.now + .milliseconds(1), moment)
                post.handle(event)
                #expect(post.actions.dropped == 0, "\(event)")
                #expect(post.core.nextDeadline.map { $0 > post.now } ?? true, "\(event)")
            }
            // By now every reading is older than any limit, and unknown means no.
            post.handle(.timePassed)
            for index in 0..<post.count { #expect(post.status(index).powerAllowed == nil, "\(event)") }
        }
    }
}
