// The pump of the outbox against a link that flaps and loses: each record, in order, again until acknowledged.

import Post
import Runtime
import Testing

/// Numbers from a seed; the same on every machine.
struct Dice {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
    mutating func chance(_ percent: UInt64) -> Bool { next() % 100 < percent }
}

@Suite("The outbox")
struct OutboxTests {
    /// What a cloud behind a bad link saw, and when the pump sent.
    private struct Played {
        var received: [Int64] = []
        var sent = 0
        var acknowledged: Int64 = 0
        var inFlightAtMost = 0
    }

    /// Plays a day: the link flaps, messages and acknowledgements get lost, the process dies and starts again.
    private func play(seed: UInt64, records: Int64) -> Played {
        var dice = Dice(state: seed)
        var pump = Outbox(acknowledged: 0, newest: 0)
        var played = Played()
        var now = Instant.zero
        /// Acknowledgements on their way back: the record's number and when it arrives.
        var returning: [(number: Int64, at: Instant)] = []
        var open = 0
        func send(_ number: Int64?, isUp: Bool) {
            guard let number else { return }
            played.sent += 1
            open += 1
            played.inFlightAtMost = max(played.inFlightAtMost, open)
            guard isUp, !dice.chance(20) else { return }
            played.received.append(number)
            guard !dice.chance(20) else { return }
            returning.append((number, now + .milliseconds(Int64(dice.next() % 40_000))))
        }
        var isUp = false
        var recorded: Int64 = 0
        for step in 0..<200_000 where played.acknowledged < records {
            now = now + .milliseconds(Int64(dice.next() % 2_000))
            let isCalm = step > 100_000
            open = 0
            if recorded < records, dice.chance(30) {
                recorded += 1
                send(pump.recorded(recorded, at: now), isUp: isUp)
            }
            if !isCalm && dice.chance(5) || isCalm && !isUp {
                isUp.toggle()
                send(pump.link(isUp: isUp, at: now), isUp: isUp)
            }
            for (number, _) in returning.filter({ $0.at <= now }) {
                let next = pump.acknowledge(number, at: now)
                played.acknowledged = max(played.acknowledged, pump.acknowledged)
                send(next, isUp: isUp)
            }
            returning.removeAll { $0.at <= now }
            if let deadline = pump.nextDeadline, deadline <= now {
                send(pump.timePassed(at: now, chance: dice.next()), isUp: isUp)
            }
            if !isCalm && dice.chance(1) {
                // The process dies: what is on the disk is what was acknowledged and recorded, answers go to
                // nobody.
                returning.removeAll()
                pump = Outbox(acknowledged: played.acknowledged, newest: recorded)
                send(pump.link(isUp: isUp, at: now), isUp: isUp)
            }
        }
        return played
    }

    @Test(
        "flapping link, lost acknowledgements, crashes: each record once and in order, but for redeliveries",
        arguments: 0..<100)
    func everyRecord(_ seed: Int) {
        let played = play(seed: UInt64(seed), records: 60)
        #expect(played.acknowledged == 60)
        var firstSeen: [Int64] = []
        for number in played.received {
            if number == (firstSeen.last ?? 0) + 1 {
                firstSeen.append(number)
            } else {
                // Anything else was seen before, and is the newest: nothing overtakes.
                #expect(number == firstSeen.last, "record \(number) after \(firstSeen.last ?? 0)")
            }
        }
        #expect(firstSeen == Array(1...60))
    }

    @Test("without a link nothing is sent and nothing is asked of the clock")
    func down() {
        var pump = Outbox(acknowledged: 0, newest: 5)
        #expect(pump.recorded(6, at: .zero) == nil)
        #expect(pump.nextDeadline == nil)
        #expect(pump.link(isUp: true, at: .zero) == 1)
        #expect(pump.nextDeadline == .zero + Outbox.acknowledgedWithin)
    }

    @Test("pauses double up to five minutes, half of each by chance")
    func pauses() {
        var pump = Outbox(acknowledged: 0, newest: 1)
        var now = Instant.zero
        #expect(pump.link(isUp: true, at: now) == 1)
        var pauses: [Interval] = []
        for _ in 0..<12 {
            now = now + Outbox.acknowledgedWithin
            #expect(pump.timePassed(at: now, chance: 0) == nil)
            guard let until = pump.nextDeadline else { return #expect(Bool(false), "no retry is planned") }
            pauses.append(until - now)
            now = until
            #expect(pump.timePassed(at: now, chance: 0) == 1)
        }
        #expect(pauses.prefix(4) == [.milliseconds(500), .seconds(1), .seconds(2), .seconds(4)])
        #expect(pauses.last == .seconds(150))
    }

    @Test("an echo of an old acknowledgement moves nothing")
    func echo() {
        var pump = Outbox(acknowledged: 0, newest: 2)
        #expect(pump.link(isUp: true, at: .zero) == 1)
        #expect(pump.acknowledge(1, at: .zero) == 2)
        #expect(pump.acknowledge(1, at: .zero) == nil)
        #expect(pump.owed == 1)
    }

    @Test("an acknowledgement that comes after its time counts, and the next record goes at once")
    func late() {
        var pump = Outbox(acknowledged: 0, newest: 2)
        #expect(pump.link(isUp: true, at: .zero) == 1)
        let late = Instant.zero + Outbox.acknowledgedWithin
        #expect(pump.timePassed(at: late, chance: 0) == nil)
        #expect(pump.acknowledge(2, at: late) == nil, "of a record that was never sent")
        #expect(pump.acknowledge(1, at: late + .milliseconds(100)) == 2)
        #expect(pump.owed == 1)
    }
}
