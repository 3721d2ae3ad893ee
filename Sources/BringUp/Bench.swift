// A board on the bench: its lines held by one thread, its readings judged by the supervisor, nothing driven unasked.

import BoardProfiles
import Devices
import GPIODriver
import Glibc
public import HardwarePlant
import Post
import Runtime
import SafetyLink
import Threads

/// Why a bench cannot be set up.
public struct NoBench: Error, Hashable, Sendable, CustomStringConvertible {
    /// What, why, and what to do.
    public var description: String
}

/// The devices of a board, made and used on the caller's thread. It holds every line of the profile, outputs safe, until
/// it ends; whoever waits for something waits in `turn`, which feeds the watchdog and opens what must open.
public final class Bench {
    /// How long a turn waits at most: the bench's share of the time that a contactor stays closed too long.
    static let turnAtMost: Interval = .milliseconds(10)

    let plan: HardwarePlan
    let lines: PostLines
    let person: Person
    private let clock = LoopClock()
    private let inbox: BenchInbox
    private let buses: BusDevices
    private let controller: SafetyController?
    private let interlocks: any InterlockInputs
    private let pilots: [any PilotLine]
    private let troubles = PlantTroubles()
    private let isToEnd: @Sendable () -> Bool
    private var post: BenchPost
    /// Why a contactor was opened before it was asked to be, since it was closed.
    private(set) var opening: BenchRefusal?
    /// The newest voltages of stages and contacts, in millivolts; nil: none yet.
    private(set) var stageMillivolts: [Int32?]
    private(set) var contactMillivolts: [Int32?]

    /// Takes every line, outputs first and safe, and begins to read what hangs on the buses. Stages take no command.
    ///
    /// - Parameter isToEnd: Asked each turn: the process was told to end. Then everything opens and nobody is asked more.
    public init(
        _ plan: HardwarePlan, person: Person, isToEnd: @escaping @Sendable () -> Bool
    ) throws(NoBench) {
        guard let inbox = BenchInbox() else { throw NoBench(description: "The process has no descriptor left.") }
        self.plan = plan
        self.person = person
        self.isToEnd = isToEnd
        self.inbox = inbox
        stageMillivolts = plan.profile.stages.map { _ in nil }
        contactMillivolts = plan.profile.connectors.map { _ in nil }
        lines = PostLines(plan.profile)
        buses = BusDevices(plan.buses, inbox, places: nil, clock, troubles)
        for meter in buses.meters { try? meter.setFast(true) }
        post = BenchPost(plan.post)
        let link = plan.profile.safetyLink
        let clock = clock
        let controller =
            plan.profile.simulated.contains(.pilots)
            ? nil
            : SafetyController(
                device: link.device, baud: link.baud, connectors: plan.profile.connectors.count, now: { clock.now })
        self.controller = controller
        interlocks = JoinedInterlocks(lines.interlocks, controller, StopCircuits()) { clock.now }
        let near = lines.connectors
        pilots = near.indices.map { ControllerPilot(controller, connector: $0, near[$0].proximity) }
    }

    deinit {
        controller?.stop()
        buses.stop()
    }

    /// What is wrong with devices now, a sentence each.
    public var complaints: [String] {
        LineFailure.sentences(lines.isWhole ? [] : lines.failures) + troubles.sentences
            + [controller?.trouble].compactMap(\.self)
    }

    /// Everything that is due, then waits for the next thing, 10 ms at most.
    func turn() {
        lines.takeEdges()
        controller?.takeChanges()
        if let due = lines.serviceAt, due <= monotonicNanoseconds() { lines.service() }
        readLines()
        for event in inbox.take() { take(event) }
        judge(post.timePassed(at: clock.now))
        if isToEnd() {
            open()
            person.leave()
        }
        // A bench that has lost a line does not feed the gate.
        try? lines.watchdog.feed()
        wait()
    }

    /// Turns until something is found or the time is up.
    func live<Found>(atMost interval: Interval, until find: () -> Found?) -> Found? {
        let end = clock.now + interval
        while clock.now < end {
            turn()
            if let found = find() { return found }
        }
        return nil
    }

    /// Turns until the person answers; nothing: nobody is there.
    func ask(_ question: String) -> String {
        person.forgetAnswers()
        person.say(question)
        while !person.isGone {
            turn()
            if let answer = person.takeAnswer() { return answer }
        }
        return ""
    }

    /// Drives the shunt trip of a stage. What closes the breaker again is a hand.
    func trip(_ stage: StageID) throws(DeviceError) { try lines.upstream[Int(stage.index)].trip() }

    /// Somebody has seen the breaker open: only now does the stage count as cut off.
    func isCutOff(_ stage: StageID) {
        post.cutOff(stage, at: clock.now)
        stageMillivolts[Int(stage.index)] = nil
    }

    /// Turns until every reading that decides about a contactor is there and young, or the time is up.
    func awaitReadings(for contactor: Contactor, of id: ConnectorID, atMost interval: Interval) {
        _ = live(atMost: interval) {
            post.objection(toClosing: contactor, of: id, at: clock.now)?.isOfMissingReading == true ? nil : true
        }
    }

    /// Closes a contactor, if the supervisor lets it.
    func close(_ contactor: Contactor, of id: ConnectorID) throws(BenchRefusal) {
        opening = nil
        try post.close(contactor, of: id, at: clock.now)
        do throws(DeviceError) {
            try lines.connectors[Int(id.index)].contactors.close(contactor)
        } catch {
            open()
            throw .linesUnknown
        }
    }

    /// Opens whatever is closed.
    func open() {
        for connector in lines.connectors { try? connector.contactors.open() }
        post.opened()
    }

    private func readLines() {
        do throws(DeviceError) {
            take(.interlocks(try interlocks.read()))
        } catch {
            take(.linesLost(nil))
        }
        for (index, near) in lines.connectors.enumerated() {
            let id = ConnectorID(UInt8(truncatingIfNeeded: index))
            do throws(DeviceError) {
                take(
                    .lines(
                        id, try ConnectorLines(reading: near.permissive, pilots[index], near.lock, near.stopButton))
                )
            } catch {
                take(.linesLost(id))
            }
        }
    }

    private func take(_ event: Event) {
        switch event {
        case .stage(let id, let sample): stageMillivolts[Int(id.index)] = sample.millivolts
        case .meter(let id, let sample): contactMillivolts[Int(id.index)] = sample.millivolts
        default: break
        }
        judge(post.take(event, at: clock.now))
    }

    private func judge(_ refusal: BenchRefusal?) {
        guard let refusal else { return }
        open()
        opening = refusal
    }

    private func wait() {
        let due = lines.serviceAt.map { ($0 - monotonicNanoseconds()) / 1_000_000 } ?? .max
        let others = lines.edgeDescriptors + [controller?.changeDescriptor, person.descriptor].compactMap(\.self)
        _ = inbox.pipe.wait(milliseconds: min(max(0, due), Self.turnAtMost.milliseconds), others: others)
        if let descriptor = person.descriptor {
            var typed = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&typed, 1, 0) > 0 { person.listen() }
        }
    }
}
