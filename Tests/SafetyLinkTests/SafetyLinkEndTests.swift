// The post's end of the link in virtual time: what counts as a sign of life, and what goes out when.

import Post
import Testing

@testable import SafetyLink

private func at(_ milliseconds: Int64) -> Instant { .zero + .milliseconds(milliseconds) }

private func says(_ number: UInt8, pilot: PilotState = .b, stopClosed: Bool = true, connectors: Int = 1) -> [UInt8]
{
    SafetyFrame.controller(
        ControllerFrame(
            number: number, isEmergencyStopClosed: stopClosed, areInterlocksClosed: true,
            connectors: Array(repeating: ControllerReading(pilot: pilot, proximity: .seated), count: connectors))
    ).bytes
}

private func sent(_ bytes: [UInt8]?) -> PostFrame? {
    var found: PostFrame?
    var reader = SafetyFrameReader()
    reader.take(bytes ?? []) { if case .post(let frame) = $0 { found = frame } }
    return found
}

@Suite("The post's end of the safety link")
struct SafetyLinkEndTests {
    @Test("Nothing counts before the first frame, and 500 ms after the last one")
    func silence() {
        var end = SafetyLinkEnd(connectors: 1)
        #expect(end.controller(at: at(0)) == nil)
        end.take(says(7, pilot: .c), at: at(1_000))
        #expect(end.controller(at: at(1_499))?.connectors[0].pilot == .c)
        #expect(end.controller(at: at(1_500)) == nil)
        #expect(end.wakeAt(after: at(1_499)) <= at(1_500))
    }

    @Test("A frame whose number stands still is no sign of life")
    func replayed() {
        var end = SafetyLinkEnd(connectors: 1)
        for step in 0...6 { end.take(says(9), at: at(Int64(step) * 100)) }
        #expect(end.controller(at: at(499)) != nil)
        #expect(end.controller(at: at(600)) == nil)
        end.take(says(10), at: at(700))
        #expect(end.controller(at: at(700)) == nil && end.isReturning(at: at(700)))
    }

    @Test("A controller that was gone counts again after 2 s without a gap, and not a frame sooner")
    func back() {
        var end = SafetyLinkEnd(connectors: 1)
        end.take(says(0), at: at(0))
        // 20 frames and a missing one: 250 ms are no gap yet.
        for step in 1...19 { end.take(says(UInt8(step)), at: at(1_000 + Int64(step) * 100)) }
        end.take(says(20), at: at(3_050))
        #expect(end.controller(at: at(3_050)) == nil && end.isReturning(at: at(3_050)))
        end.take(says(21), at: at(3_100))
        #expect(end.controller(at: at(3_100))?.number == 21 && !end.isReturning(at: at(3_100)))
    }

    @Test("A link at the edge of its 500 ms is lost once, and stays lost")
    func hovers() {
        var end = SafetyLinkEnd(connectors: 1)
        end.take(says(0), at: at(0))
        var losses = 0
        var wasThere = true
        for step in 1...100 {
            let now = at(Int64(step) * 510)
            let isThere = end.controller(at: now - Interval(microseconds: 1)) != nil
            losses += wasThere && !isThere ? 1 : 0
            wasThere = isThere
            end.take(says(UInt8(step)), at: now)
        }
        #expect(losses == 1 && !wasThere)
        // So is one whose frames come every 300 ms: it is no link to trust.
        for step in 0...20 { end.take(says(UInt8(200 + step)), at: at(52_000 + Int64(step) * 300)) }
        #expect(end.controller(at: at(58_001)) == nil)
    }

    @Test("A line that was lost and is there again proves itself too; before the first frame nobody has to")
    func portLost() {
        var end = SafetyLinkEnd(connectors: 1)
        end.forget()
        end.take(says(1), at: at(100))
        #expect(end.controller(at: at(100)) != nil)
        end.forget()
        end.take(says(2), at: at(200))
        #expect(end.controller(at: at(200)) == nil)
        for step in 3...24 { end.take(says(UInt8(step)), at: at(Int64(step) * 100)) }
        #expect(end.controller(at: at(2_400)) != nil)
    }

    @Test("Numbers go round from 255 to 0")
    func roundTheCorner() {
        var end = SafetyLinkEnd(connectors: 1)
        for (step, number) in [UInt8(254), 255, 0, 1].enumerated() {
            end.take(says(number), at: at(Int64(step) * 400))
            #expect(end.controller(at: at(Int64(step) * 400 + 399))?.number == number)
        }
    }

    @Test("A wrong checksum, an echo and a controller of another board are no sign of life")
    func notOurs() {
        var end = SafetyLinkEnd(connectors: 1)
        var broken = says(1)
        broken[broken.count - 1] ^= 1
        end.take(broken, at: at(0))
        end.take(SafetyFrame.post(PostFrame(number: 2, pilots: [.steady])).bytes, at: at(0))
        #expect(end.controller(at: at(0)) == nil && end.connectorsElsewhere == nil)
        end.take(says(3, connectors: 2), at: at(0))
        #expect(end.controller(at: at(0)) == nil && end.connectorsElsewhere == 2)
    }

    @Test("A frame goes out every 100 ms, and at once when an order is new")
    func sending() {
        var end = SafetyLinkEnd(connectors: 2)
        #expect(sent(end.frame(at: at(0)))?.pilots == [.steady, .steady])
        #expect(end.frame(at: at(99)) == nil)
        let second = sent(end.frame(at: at(100)))
        end.order(.digital, connector: 1)
        let third = sent(end.frame(at: at(101)))
        #expect(third?.pilots == [.steady, .digital])
        #expect(third?.number == second.map { $0.number &+ 1 })
        end.order(.digital, connector: 1)
        #expect(end.frame(at: at(150)) == nil)
        #expect(sent(end.frame(at: at(201)))?.pilots == [.steady, .digital])
    }

    @Test("What was heard before the line was lost counts no more")
    func lost() {
        var end = SafetyLinkEnd(connectors: 1)
        end.take(says(1), at: at(0))
        end.forget()
        #expect(end.controller(at: at(1)) == nil)
    }
}
