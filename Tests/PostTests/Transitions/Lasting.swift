// What time does: a situation in which nothing new happens, an event that lasts, a device that has fallen silent.

@testable import Post

/// What a post hears of while nothing new happens: every reading again and again, measured anew, but for one device's.
enum Source: String, CaseIterable {
    case interlocks, lines, stage, meter, monitor, vehicle, temperature
}

/// Something that the machine did by itself, and when.
struct Reaction: Equatable {
    let after: Interval
    let text: String

    var timed: String {
        let milliseconds = after.milliseconds
        let fraction = String("\(milliseconds % 1_000 + 1_000)".dropFirst())
        return "after \(milliseconds / 1_000).\(fraction) s \(text)"
    }
}

extension PlausiblePost {
    /// Lets time pass in which every reading stays as the core has it. What the records are asked for the connector under
    /// test is not answered, but for latches; its neighbours live on.
    func stand(for interval: Interval, without silent: Source? = nil, atMost: Int = 4) -> [Reaction] {
        let began = now
        var reactions: [Reaction] = []
        var nextTick = now
        while now < began + interval, reactions.count < atMost {
            if let deadline = core.nextDeadline, deadline < nextTick {
                now = deadline
                step(.timePassed, since: began, &reactions)
                continue
            }
            now = max(now, nextTick)
            nextTick = now + .milliseconds(400)
            for event in standing(without: silent) { step(event, since: began, &reactions) }
        }
        return reactions
    }

    private func step(_ event: Event, since began: Instant, _ reactions: inout [Reaction]) {
        let before = testedState
        handle(event)
        let given = actions.list
        answerOthers(given)
        let own = given.filter { $0.owner == .tested || $0.owner == nil }
        let isWorthTelling =
            before != testedState
            || own.contains {
                switch $0 {
                case .allowPower, .withdrawPower, .report(.faultRaised), .report(.faultCleared), .recordStop,
                    .report(.defect), .setLock:
                    true
                default: false
                }
            }
        guard isWorthTelling else { return }
        let what = own.compactMap(\.phrase).joined(separator: ", ")
        let text = before == testedState ? what : "→ \(testedState)" + (what.isEmpty ? "" : ": \(what)")
        reactions.append(Reaction(after: now - began, text: text))
    }

    /// Latches, who is out of service and the neighbours' samples become durable, and the neighbours' meters count.
    private func answerOthers(_ given: [Action]) {
        for case .recordSample(let sample) in given where sample.session != tested.state.session?.id {
            handle(.sampleRecorded(sample.session, .recorded))
        }
        for case .recordLatch(let latch, let isSet) in given {
            handle(.latchRecorded(latch, isSet: isSet, .recorded))
        }
        for case .recordMeter(let meter) in given { handle(.meterRecorded(meter, .recorded)) }
        for case .recordAvailability(let id, let isIn) in given {
            handle(.availabilityRecorded(id, isInService: isIn, .recorded))
        }
    }

    private func standing(without silent: Source?) -> [Event] {
        var events: [Event] = []
        func say(_ source: Source, _ event: Event?) {
            if silent != source, let event { events.append(event) }
        }
        let readings = tested.readings
        say(.interlocks, core.interlocks.map { .interlocks($0) })
        say(.lines, readings.areLinesLost ? nil : readings.lines.map { .lines(.tested, $0) })
        say(.stage, readings.stage.map { _ in .stage(StageID(0), stageSample { _ in }) })
        say(.meter, readings.meter.map { _ in .meter(.tested, meterSample { _ in }) })
        say(.monitor, readings.insulation.map { _ in .insulation(.tested, monitorSample { _ in }) })
        say(.vehicle, readings.vehicle.map { _ in .vehicle(.tested, vehicleSample { _ in }) })
        say(
            .temperature,
            readings.temperature.map {
                var sample = $0
                sample.measuredAt = now
                return .temperature(.tested, sample)
            })
        for index in 1..<count {
            if currents[index] > 0 { registers[index] += 10 }
            events += samples(of: index).filter {
                switch $0 {
                case .interlocks, .stage(StageID(0), _): false
                default: true
                }
            }
        }
        return events
    }
}
