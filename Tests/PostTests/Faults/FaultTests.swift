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

    @Test("a meter that was changed on purpose is the next that measures, not the one that was heard last")
    func acceptedMeterIsTheNext() {
        let post = PlausiblePost()
        post.plug()
        let old = post.serials[0]
        post.serials[0] = 9_999
        post.run(.milliseconds(500))
        #expect(post.status().faults.codes == "meter_swapped")
        // The old one is in its place again and has not measured yet; a last word of the other is still on its way.
        let late = post.meterEvent(0, at: post.now)
        post.serials[0] = old
        post.now = post.now + .milliseconds(10)
        post.handle(.command(CommandNumber(1), .clearFault(.meterSwapped, ConnectorID(0))))
        post.handle(late)
        #expect(post.status().faults.isEmpty)
        post.run(.seconds(1))
        #expect(post.status().faults.isEmpty)
        post.tap(2)
        post.run(.seconds(4))
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

    @Test("one sensor at the contacts that jumps, or stands still while its neighbour warms, is not believed")
    func lyingPinSensor() {
        let post = PlausiblePost()
        post.targets[0].milliamperes = 300_000
        post.charge()
        func reads(_ a: Int32, _ b: Int32) -> Bool {
            post.bendTemperature { ($0.pinAMillidegrees, $0.pinBMillidegrees) = (a, b) }
            post.run(.seconds(1))
            return !post.status().faults.contains(.pinSensorFailed)
        }
        #expect(reads(25_000, 25_000))
        #expect(!reads(50_000, 25_000), "a jump of 25 K")
        #expect(post.core.connectors[0].setpoint.milliamperes == 200_000, "half of what the connector bears")
        #expect(!reads(50_000, 26_000), "it stays where it jumped to")
        #expect(reads(30_000, 26_000), "it agrees again")
        for step in Int32(1)...9 { #expect(reads(30_000, 26_000 + step * 1_000)) }
        #expect(!reads(30_000, 36_500), "it stands still")
        #expect(reads(30_500, 36_500))
        // Both together are heat, and no lie.
        #expect(reads(60_500, 66_500))
        #expect(post.defects.isEmpty)
    }

    @Test("a sensor that jumped and comes back between two slow samples makes nobody doubt its neighbour")
    func jumpComesBack() {
        var watch = SensorWatch()
        var last: TemperatureSample?
        func reads(_ a: Int32, atSeconds seconds: Int64) -> Bool {
            let sample = TemperatureSample(
                measuredAt: .zero + .seconds(seconds), pinAMillidegrees: a, pinBMillidegrees: 24_600,
                cabinetMillidegrees: 25_000, coolingRuns: true)
            watch.take(last, sample)
            last = sample
            return !watch.pinA.isDoubted && !watch.pinB.isDoubted
        }
        #expect(reads(25_000, atSeconds: 1) && reads(25_000, atSeconds: 2))
        #expect(!reads(65_000, atSeconds: 3), "a jump of 40 K")
        #expect(!reads(65_000, atSeconds: 4) && !watch.pinB.isDoubted)
        #expect(reads(25_000, atSeconds: 14), "both agree, ten seconds later")
        #expect(reads(25_000, atSeconds: 24))
    }

    @Test("a vehicle that still asks by the pilot 6 s after its session is told, and gets nothing")
    func asksAfterSession() {
        let post = PlausiblePost()
        post.charge()
        post.stop()
        post.run(.seconds(1))
        #expect(post.status().phase == .finishing)
        post.bendLines { $0.pilot = .c }
        post.run(.milliseconds(5_900))
        #expect(post.status().faults.isEmpty)
        post.run(.milliseconds(200))
        #expect(post.status().faults.codes == "vehicle_ignores_stop")
        #expect(post.status().phase == .finishing && post.status().powerAllowed == nil)
        post.mendEverything()
        post.unplug()
        post.charge(token: 2)
        #expect(post.status().powerAllowed == .charge)
    }

    @Test("a mirror contact that reads closed lets no session come to power, and is a weld after a second")
    func stuckClosedBefore() {
        let post = PlausiblePost()
        post.plug()
        post.bendLines { $0.contactorPlus = .closed }
        post.tap()
        post.run(.milliseconds(900))
        #expect(post.status().faults.isEmpty)
        post.run(.milliseconds(300))
        #expect(post.status().faults.contains(.weldedPlus))
        #expect(post.count { if case .allowPower = $0 { true } else { false } } == 0)
    }

    @Test("a connector that another reader still serves has lost none")
    func secondReader() {
        var configuration = PostConfiguration.twoConnectors
        configuration.readers = [.wholePost, .connector(ConnectorID(1))]
        let post = PlausiblePost(configuration)
        post.handle(.reader(ReaderID(0), isThere: false))
        #expect(post.status(0).faults.codes == "card_reader_lost")
        #expect(post.status(1).faults.isEmpty)
        // A card that is read says that the reader is there.
        post.handle(.tokenPresented(ReaderID(0), TokenName(high: 9, low: 1)))
        #expect(post.status(0).faults.isEmpty)
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
