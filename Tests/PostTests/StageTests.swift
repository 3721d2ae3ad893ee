// Stages that two connectors share, welds, and a stage that does not take its "off".

import Testing

@testable import Post

extension PostConfiguration {
    /// Two connectors that share one stage.
    static let sharedStage: PostConfiguration = {
        var configuration = twoConnectors
        configuration.connectors[1].stage = StageID(0)
        configuration.stages.removeLast()
        return configuration
    }()
}

@Suite("Stages and welds")
struct StageTests {
    @Test("a shared stage changes hands only once the first connector is discharged")
    func handOver() {
        let post = PlausiblePost(.sharedStage)
        post.charge(0)
        post.plug(1)
        post.tap(2)
        post.run(.seconds(1))
        #expect(post.status(1).waiting == .stage)
        post.handle(.command(CommandNumber(1), .stop(ConnectorID(0), .remote)))
        post.run(.milliseconds(60))
        // The contacts stay live behind open contactors.
        post.volts[0] = 300_000
        post.run(.seconds(3))
        #expect(post.status(0).waiting == .discharge)
        #expect(post.status(1).waiting == .stage)
        post.volts[0] = 0
        post.run(.seconds(6))
        #expect(post.status(0).phase == .finishing)
        #expect(post.status(1).phase == .charging)
        #expect(post.defects.isEmpty)
    }

    @Test("contactors of a neighbour that are no longer read open keep a session from the stage they share")
    func neighbourReadsClosed() {
        let post = PlausiblePost(.sharedStage)
        post.stageSilent = true
        post.plug(1)
        post.tap(1)
        post.run(.seconds(1))
        #expect(post.status(1).waiting == .outputDead)
        // The cable check is about to begin; for a moment the neighbour's mirror contact reads closed.
        post.lines[0].contactorPlus = .closed
        post.handle(.lines(ConnectorID(0), post.lines[0]))
        post.stageSilent = false
        post.run(.milliseconds(300))
        #expect(post.status(1).waiting == .stage && post.status(1).powerAllowed == nil)
        post.lines[0].contactorPlus = .open
        post.run(.seconds(4))
        #expect(post.status(1).phase == .charging)
        #expect(post.defects.isEmpty)
    }

    @Test("a weld tells the neighbour's session in the call that cuts the stage off, and the stage serves nobody")
    func weldTellsNeighbour() {
        let post = PlausiblePost(.sharedStage)
        post.charge(0)
        post.handle(.command(CommandNumber(1), .stop(ConnectorID(0), .remote)))
        post.run(.seconds(2))
        post.plug(1)
        post.tap(2)
        post.run(.seconds(4))
        #expect(post.status(1).phase == .charging)
        post.lines[0].contactorPlus = .closed
        post.run(.milliseconds(1_200))
        let trip = post.log.first { $0.action == .tripUpstream(StageID(0)) }
        let told = post.log.first { $0.action == .report(.faultRaised(.stageTripped, ConnectorID(1))) }
        #expect(trip != nil)
        #expect(trip?.at == told?.at)
        #expect(post.status(1).powerAllowed == nil)
        #expect(post.status(1).faults.contains(.stageTripped))
        post.run(.seconds(3))
        post.unplug(1)
        post.plug(1)
        post.tap(3)
        #expect(post.status(1).refusal == .connectorFaulted)
    }

    @Test("latched welds cut the stage off again after a restart", arguments: [Fault.weldedPlus, .stageIgnoresOff])
    func latchTripsAgain(_ fault: Fault) {
        let post = PlausiblePost()
        let before = post.log.count
        post.handle(.latchRestored(Latch(fault: fault, connector: ConnectorID(1))))
        #expect(post.log[before...].map(\.action).contains(.tripUpstream(StageID(1))))
    }

    @Test("with a weld suspected both readings must be made after the opening")
    func twoNewReadings() {
        let post = PlausiblePost()
        post.charge()
        post.welded[0] = (true, false)
        post.handle(.command(CommandNumber(1), .stop(ConnectorID(0), .remote)))
        post.monitorSilent = true
        post.run(.milliseconds(100))
        // The monitor's last word is young, below 60 V, and older than the opening.
        post.core.connectors[0].readings.insulation?.millivolts = 0
        post.run(.milliseconds(2_000))
        #expect(post.status().faults.contains(.weldedPlus))
        #expect(post.status().waiting == .discharge)
        post.monitorSilent = false
        post.run(.seconds(1))
        #expect(post.status().phase != .stopping)
        #expect(post.defects.isEmpty)
    }

    @Test(
        "an \"off\" that the stage refuses is sent again until it is done",
        arguments: [CommandOutcome.refused, .timedOut])
    func offAgain(_ outcome: CommandOutcome) {
        let post = PlausiblePost()
        post.charge()
        post.interlocks.emergencyStopPressed = true
        post.handle(.interlocks(post.interlocks))
        func offs() -> [CommandNumber] {
            post.log.compactMap {
                if case .commandStage(StageID(0), let number, .off) = $0.action { number } else { nil }
            }
        }
        for _ in 0..<5 {
            let count = offs().count
            post.handle(.commandFinished(offs().last ?? CommandNumber(0), outcome))
            post.run(.milliseconds(300))
            #expect(offs().count == count + 1)
        }
        let count = offs().count
        post.handle(.commandFinished(offs().last ?? CommandNumber(0), .done))
        post.run(.seconds(1))
        #expect(offs().count == count)
    }

    @Test("a vehicle that asks on after the contactors opened ignores the stop")
    func asksOn() {
        let post = PlausiblePost()
        post.charge()
        post.handle(.command(CommandNumber(1), .stop(ConnectorID(0), .remote)))
        post.run(.milliseconds(60))
        post.volts[0] = 300_000
        post.phases[0] = .charge
        post.lines[0].pilot = .c
        post.run(.seconds(7))
        #expect(post.status().faults.contains(.vehicleIgnoresStop))
        #expect(!post.status().faults.contains(.stopTooSlow))
    }

    #if HOLDFAST_SEAMS
        @Test("a row that is disarmed is never raised")
        func disarmed() {
            let post = PlausiblePost()
            post.core.disarmed.insert(.connectorHot)
            post.charge()
            post.temperatures[0] = 95_000
            post.run(.seconds(1))
            #expect(!post.status().faults.contains(.connectorHot))
        }
    #endif
}
