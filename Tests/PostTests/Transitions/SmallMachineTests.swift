// The core's smallest machines, each with all its states and all its events: conditions, stops that are owed, start records.

import Testing

@testable import Post

@Suite("Every state and every event of the small machines")
struct SmallMachineTests {
    @Test("a condition counts only once it has held without a break", arguments: [false, true])
    func condition(isTrue: Bool) {
        let now = Instant(microseconds: 10_000_000)
        // Since when it has held before, and what it says and remembers after.
        let rows: [(since: Instant?, whenTrue: Bool)] = [
            (nil, false), (now, false), (now - .milliseconds(99), false), (now - .milliseconds(100), true),
            (now - .seconds(5), true),
        ]
        for (since, whenTrue) in rows {
            var condition = Condition(since: since)
            #expect(condition.holds(isTrue, at: now, for: .milliseconds(100)) == (isTrue && whenTrue))
            #expect(condition.since == (isTrue ? since ?? now : nil))
        }
    }

    @Test("a latch is asked for until it is durable, also after service has cleared it", arguments: [true, false])
    func owedLatch(isSet: Bool) {
        let post = PlausiblePost()
        post.recordsAnswer = .failed
        post.interlocks.tiltOrWater = true
        post.run(.seconds(1))
        let id = ConnectorID(0)
        if !isSet {
            post.recordsAnswer = .recorded
            post.run(.seconds(6))
            post.recordsAnswer = .failed
            post.interlocks.tiltOrWater = false
            post.run(.seconds(1))
            post.handle(.command(CommandNumber(1), .clearFault(.tiltOrWater, id)))
        }
        let wanted = Action.recordLatch(Latch(fault: .tiltOrWater, connector: id), isSet: isSet)
        func asked() -> Int { post.log.count { $0.action == wanted } }
        #expect(asked() == 1)
        post.run(.seconds(9))
        #expect(asked() == 2)
        #expect(!post.status(0).faults.contains(.latchNotRecorded))
        post.run(.seconds(2))
        #expect(asked() == 3)
        #expect(post.status(0).faults.contains(.latchNotRecorded))
        post.recordsAnswer = .recorded
        post.run(.seconds(6))
        #expect(!post.status(0).faults.contains(.latchNotRecorded))
        let settled = asked()
        post.run(.seconds(20))
        #expect(asked() == settled)
        #expect(post.defects.isEmpty)
    }

    @Test("an answer about a latch that was cleared since changes nothing")
    func outdatedLatch() {
        var owed = OwedLatches()
        let now = Instant(microseconds: 1_000_000)
        owed.owe(.weldedPlus, isSet: true, at: now)
        owed.owe(.weldedPlus, isSet: false, at: now)
        owed.recorded(.weldedPlus, isSet: true, .failed, at: now)
        var asked: [Bool] = []
        owed.askAgain(at: now + SafetyLimits.askAgainAfter) { asked.append($1) }
        #expect(asked == [false])
        owed.recorded(.weldedPlus, isSet: false, .recorded, at: now)
        #expect(owed.askAgainAt == nil && owed.since == nil)
    }

    @Test(
        "a stop that is owed is asked for until it is durable, and no outcome of another session ends that",
        arguments: RecordOutcome.allCases)
    func owedStop(outcome: RecordOutcome) {
        let post = PlausiblePost.playing(.finishedUnrecorded, .post)
        let owed = post.testedSession
        post.handle(.stopRecorded(.nobodys, outcome))
        #expect(post.tested.owedStop != nil)
        post.handle(.startRecorded(owed, outcome))
        post.handle(.sampleRecorded(owed, outcome))
        #expect(post.tested.owedStop != nil)
        post.handle(.stopRecorded(owed, outcome))
        #expect((post.tested.owedStop == nil) == (outcome != .failed))
        post.handle(.stopRecorded(owed, outcome))
        #expect((post.tested.owedStop == nil) == (outcome != .failed))
    }

    @Test("a stray stop: none, one, as many as there is room for, and one too many")
    func strays() {
        let post = PlausiblePost(.cells(.post))
        for count in 0...PostConfiguration.connectorsAtMost + 1 {
            for outcome in RecordOutcome.allCases {
                var strays = StrayStops()
                var turn = Turn(now: post.now, actions: Actions(), lastCommand: 0)
                for number in 0..<count {
                    var start = post.start(token: UInt64(number), source: .list)
                    start.session = SessionID(boot: 3, counter: UInt32(number))
                    strays.close(
                        RestoredSession(start: start, lastRegisterWattHours: 0, lastEnergyWattHours: 5), &turn)
                }
                let kept = min(count, PostConfiguration.connectorsAtMost)
                #expect(turn.actions.list.count == kept)
                #expect((strays.askAgainAt != nil) == (count > 0))
                strays.recorded(SessionID(boot: 9, counter: 0), outcome)
                #expect(strays.holds(SessionID(boot: 3, counter: 0)) == (count > 0))
                strays.recorded(SessionID(boot: 3, counter: 0), outcome)
                #expect(strays.holds(SessionID(boot: 3, counter: 0)) == (count > 0 && outcome == .failed))
                let left = outcome == .failed ? kept : max(0, kept - 1)
                var later = Turn(now: post.now + .seconds(5), actions: Actions(), lastCommand: 0)
                strays.askAgain(&later)
                #expect(later.actions.list.count == left)
                var again = Turn(now: post.now + .seconds(6), actions: Actions(), lastCommand: 0)
                strays.askAgain(&again)
                #expect(again.actions.list.isEmpty)
            }
        }
    }

    @Test("a limit from outside: unset, set and silent, for every source and every event")
    func limits() {
        let set = Instant(microseconds: 1_000_000)
        let silent = set + .seconds(120)
        for source in LimitSource.allCases {
            var limits = ExternalLimits()
            func lowest(_ now: Instant) -> Int64 {
                limits.lowest(site: 300_000, failSafe: 40_000, silentAfter: .seconds(120), at: now).watts
            }
            let isByHand = source == .operatorCommand
            #expect(lowest(silent) == 300_000)
            limits.set(source, 100_000, at: set)
            #expect(lowest(set) == 100_000)
            #expect(lowest(silent - .milliseconds(1)) == 100_000)
            // Silence never gives more than was allowed, and what was set by hand stands without repeating.
            #expect(lowest(silent) == (isByHand ? 100_000 : 40_000))
            #expect(limits.isSilent(after: .seconds(120), at: silent) == !isByHand)
            limits.set(source, 100_000, at: silent)
            #expect(lowest(silent) == 100_000)
            limits.set(source, 20_000, at: set)
            #expect(lowest(silent) == 20_000)
            limits.set(source, -5, at: silent)
            #expect(lowest(silent) == 0)
            limits.set(source, nil, at: silent)
            #expect(lowest(silent + .hours(1)) == 300_000)
        }
    }

    @Test("the emergency stop: released, held, and released for less and for more than its time")
    func emergencyStop() {
        let post = PlausiblePost()
        func faults(_ isPressed: Bool, after interval: Interval) -> Bool {
            post.now = post.now + interval
            post.interlocks.emergencyStopPressed = isPressed
            post.handle(.interlocks(post.interlocks))
            return post.status().faults.contains(.emergencyStop)
        }
        #expect(!faults(false, after: .zero))
        #expect(faults(true, after: .zero))
        #expect(faults(false, after: .zero))
        #expect(faults(false, after: .milliseconds(499)))
        #expect(faults(true, after: .zero))
        #expect(faults(false, after: .seconds(1)))
        #expect(faults(false, after: .milliseconds(499)))
        #expect(!faults(false, after: .milliseconds(1)))
    }
}
