// Faults that withdraw power at once, and those about the pilot and open contactors: raised by their cause, through events.

import Testing

@testable import Post

@Suite("Faults raised by their cause")
struct EmergencyFaultTests {
    private let id = ConnectorID(0)

    private func charging() -> PlausiblePost {
        let post = PlausiblePost()
        post.charge()
        post.run(.seconds(1))
        #expect(post.status().powerAllowed == .charge)
        return post
    }

    @Test("tilt or water: power is withdrawn in the same call, and only service clears it, restarts or not")
    func tiltOrWater() {
        let post = charging()
        post.interlocks.tiltOrWater = true
        post.handle(.interlocks(post.interlocks))
        #expect(post.status().powerAllowed == nil)
        #expect(post.status().faults.contains(.tiltOrWater))
        post.interlocks.tiltOrWater = false
        post.run(.seconds(3))
        post.unplug()
        post.restart()
        post.run(.seconds(3))
        #expect(post.status().faults.contains(.tiltOrWater))
        post.handle(.command(CommandNumber(1), .clearFault(.tiltOrWater, nil)))
        post.run(.seconds(1))
        #expect(!post.status().faults.contains(.tiltOrWater))
        #expect(post.defects.isEmpty)
    }

    @Test("a sag of less than 200 ms is ridden through, a longer one is the loss of the grid")
    func sag() {
        let post = charging()
        post.interlocks.gridPresent = false
        post.run(.milliseconds(190))
        post.interlocks.gridPresent = true
        post.run(.seconds(1))
        #expect(post.status().powerAllowed == .charge)
        post.interlocks.gridPresent = false
        post.handle(.interlocks(post.interlocks))
        #expect(!post.status().faults.contains(.gridLost))
        post.run(.milliseconds(250))
        #expect(post.status().faults.contains(.gridLost))
        post.run(.milliseconds(2_600))
        #expect(post.status().powerAllowed == nil)
        #expect(post.defects.isEmpty)
    }

    @Test("a sag that the stage does not bear is the loss of the grid as soon as the stage says so")
    func sagThatStopsTheStage() {
        let post = charging()
        post.interlocks.gridPresent = false
        post.handle(.interlocks(post.interlocks))
        #expect(!post.status().faults.contains(.gridLost))
        post.bendStage { $0.hasFault = true }
        post.run(.milliseconds(60))
        #expect(post.status().faults.contains(.gridLost))
        #expect(post.status().phase == .stopping)
    }

    @Test("pilot lost: power is withdrawn in the same call")
    func pilotLost() {
        let post = charging()
        post.lines[0].pilot = .a
        post.handle(.lines(id, post.lines[0]))
        #expect(post.status().powerAllowed == nil)
        #expect(post.status().faults.contains(.pilotLost))
        post.run(.seconds(3))
        #expect(post.defects.isEmpty)
    }

    @Test("a pilot level outside every band: not before its filter of 50 ms, then open within 2.5 s")
    func pilotInvalid() {
        let post = charging()
        post.lines[0].pilot = .invalid
        post.handle(.lines(id, post.lines[0]))
        #expect(!post.status().faults.contains(.pilotInvalid))
        post.run(.milliseconds(40))
        #expect(!post.status().faults.contains(.pilotInvalid))
        post.run(.milliseconds(20))
        #expect(post.status().faults.contains(.pilotInvalid))
        post.run(.milliseconds(2_500))
        #expect(post.status().powerAllowed == nil)
        #expect(post.defects.isEmpty)
    }

    @Test("current through contactors that read open: a fault that only service clears")
    func currentWhileOpen() {
        let post = PlausiblePost()
        post.plug()
        post.run(.seconds(2))
        post.currents[0] = 5_000
        post.run(.milliseconds(500))
        #expect(post.status().faults.contains(.currentWhileOpen))
        #expect(post.count { $0 == .recordLatch(Latch(fault: .currentWhileOpen, connector: id), isSet: true) } == 1)
        post.currents[0] = 0
        post.run(.seconds(2))
        #expect(post.status().faults.contains(.currentWhileOpen))
        #expect(post.defects.isEmpty)
    }
}
