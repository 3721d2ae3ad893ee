// Tests of our own debounce, in virtual time.

import Testing

@testable import GPIODriver

private let millisecond: Int64 = 1_000_000

/// A debouncer that a test can read within an expectation.
private final class Input {
    private var debouncer: Debouncer
    init(period: Int64, worst: Bool?) { debouncer = Debouncer(period: period, worst: worst) }
    var readAt: Int64? { debouncer.readAt }
    func take(_ level: Bool, hasMoved: Bool, at now: Int64) -> Bool {
        debouncer.take(level, hasMoved: hasMoved, at: now)
    }
}

@Suite("Debounce")
struct DebouncerTests {
    @Test("without a period every level counts at once")
    func noPeriod() {
        let input = Input(period: 0, worst: false)
        for (at, level) in [true, false, true, false].enumerated() {
            #expect(input.take(level, hasMoved: true, at: Int64(at)) == level)
        }
        #expect(input.readAt == nil)
    }

    @Test("a level counts once it has stood for the period, and the reader is told when to look")
    func standing() {
        let input = Input(period: 5 * millisecond, worst: nil)
        #expect(input.take(true, hasMoved: false, at: 0))
        #expect(input.take(false, hasMoved: true, at: 10 * millisecond))
        #expect(input.readAt == 15 * millisecond)
        #expect(input.take(false, hasMoved: false, at: 15 * millisecond - 1))
        #expect(!input.take(false, hasMoved: false, at: 15 * millisecond))
        #expect(input.readAt == nil)
    }

    @Test("a bounce between two readings starts the time anew, although both read the same")
    func bounceBetweenReadings() {
        let input = Input(period: 5 * millisecond, worst: nil)
        _ = input.take(true, hasMoved: false, at: 0)
        #expect(input.take(false, hasMoved: true, at: 1 * millisecond))
        #expect(input.take(false, hasMoved: true, at: 5 * millisecond))
        #expect(input.take(false, hasMoved: false, at: 6 * millisecond))
        #expect(!input.take(false, hasMoved: false, at: 10 * millisecond))
    }

    @Test("a glitch that is over when it is read changes nothing")
    func glitch() {
        let input = Input(period: 5 * millisecond, worst: false)
        _ = input.take(true, hasMoved: false, at: 0)
        #expect(input.take(true, hasMoved: true, at: 1 * millisecond))
        #expect(input.take(true, hasMoved: false, at: 6 * millisecond))
        #expect(input.readAt == nil)
    }

    @Test("an input that flutters without end reads as its worst after 50 ms, until it stands")
    func flutter() {
        let input = Input(period: 5 * millisecond, worst: false)
        _ = input.take(true, hasMoved: false, at: 0)
        var levels: [Bool] = []
        for step in 1...40 {
            levels.append(input.take(step % 2 == 0, hasMoved: true, at: Int64(step) * 2 * millisecond))
        }
        #expect(levels.prefix(25).allSatisfy { $0 }, "within 50 ms the last good level stands")
        #expect(levels.dropFirst(25).allSatisfy { !$0 }, "then it is the alarm, whatever the moment's level")
        _ = input.take(true, hasMoved: true, at: 90 * millisecond)
        #expect(input.take(true, hasMoved: false, at: 95 * millisecond))
    }

    @Test("an input without a worst level keeps the last that stood")
    func flutterWithoutWorst() {
        let input = Input(period: 5 * millisecond, worst: nil)
        _ = input.take(true, hasMoved: false, at: 0)
        for step in 1...100 {
            #expect(input.take(step % 2 == 0, hasMoved: true, at: Int64(step) * 2 * millisecond))
        }
    }
}
