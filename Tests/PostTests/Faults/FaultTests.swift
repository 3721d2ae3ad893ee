// Every fault of the closed table, raised by its cause.

import Testing

@testable import Post

@Suite("Every fault, by its cause")
struct FaultTests {
    @Test(
        "raised in its time, met by its class, written down, and gone as the table says", arguments: FaultCase.all)
    func fault(_ one: FaultCase) {
        for complaint in one.complaints() { Issue.record("\(complaint)") }
    }

    @Test("no fault is without a case", arguments: Fault.allCases)
    func complete(_ fault: Fault) {
        #expect(FaultCase.all.contains { $0.fault == fault }, "\(fault) is raised by no case")
    }

    @Test(
        "a device that has said nothing since the start is silent after 30 s, whoever waits, and heals when it speaks"
    )
    func silentSinceStart() {
        let post = PlausiblePost()
        post.plug()
        (post.meterSilent, post.stageSilent) = (true, true)
        post.bend = { if case .temperature = $0 { nil } else { $0 } }
        post.restart()
        post.run(.milliseconds(29_900))
        #expect(post.status().faults.isEmpty)
        post.run(.milliseconds(200))
        #expect(post.status().faults.codes == "temperature_silent stage_silent meter_silent")
        #expect(post.status().phase == .faulted || post.status().phase == .unavailable)
        post.mendEverything()
        post.run(.seconds(1))
        #expect(post.status().faults.isEmpty)
    }

    @Test("a meter that was changed on purpose is accepted by whoever clears the fault, without a restart")
    func acceptedMeter() {
        let post = PlausiblePost()
        post.charge()
        post.serials[0] = 9_999
        post.run(.seconds(5))
        #expect(post.status().faults.codes == "meter_swapped")
        post.unplug()
        post.handle(.command(CommandNumber(1), .clearFault(.meterSwapped, ConnectorID(0))))
        post.run(.seconds(1))
        #expect(post.status().faults.isEmpty)
        post.charge(token: 2)
        #expect(post.status().powerAllowed == .charge)
        #expect(post.defects.isEmpty)
    }

    @Test("a meter changed while the post was off says so, and is no meter that went back")
    func changedWhileOff() {
        let post = PlausiblePost()
        post.charge()
        post.run(.seconds(2))
        (post.serials[0], post.registers[0]) = (9_999, 5)
        post.restart()
        post.run(.seconds(1))
        #expect(post.status().faults.codes == "meter_swapped")
    }

    #if HOLDFAST_SEAMS
        @Test("a fault that is not detected fails its case", arguments: FaultCase.all)
        func honest(_ one: FaultCase) throws {
            var disarmed = FaultSet()
            disarmed.insert(try #require(one.fault))
            #expect(!one.complaints(without: disarmed).isEmpty, "\(one.code) passes without its detection")
        }
    #endif
}

extension FaultCase: CustomTestStringConvertible {
    var testDescription: String { code }
}
