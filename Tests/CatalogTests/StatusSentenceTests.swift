// The status always answers which state, why, and what next.

import Catalog
import Post
import Testing

@Suite("The status as three sentences")
struct StatusSentenceTests {
    private let english = Sentences(.english)

    private func status(
        _ phase: ConnectorPhase, _ change: (inout ConnectorStatus) -> Void = { _ in }
    ) -> ConnectorStatus {
        var status = ConnectorStatus()
        status.phase = phase
        change(&status)
        return status
    }

    @Test("free")
    func free() {
        let sentence = english.sentence(for: status(.available), now: .zero)
        #expect(
            sentence.line
                == "This connector is free. Nobody is using it. Plug in your vehicle or hold your card to the reader."
        )
    }

    @Test("a wait names what it waits for and counts down; past its end it says so")
    func countsDown() {
        let waiting = status(.preparing) {
            $0.waiting = .vehicle
            $0.waitsUntil = Instant(microseconds: 60_000_000)
        }
        let early = english.sentence(for: waiting, now: Instant(microseconds: 48_000_000))
        #expect(early.why == "Waiting for the vehicle to answer: 12 seconds left.")
        let late = english.sentence(for: waiting, now: Instant(microseconds: 60_000_000))
        #expect(late.why == "Waiting for the vehicle to answer: this takes longer than it should.")
        let german = Sentences(.german).sentence(for: waiting, now: Instant(microseconds: 59_000_000))
        #expect(german.why == "Warten auf die Antwort des Fahrzeugs: noch 1 Sekunde.")
    }

    @Test("a pause says who makes it, and when it ends the session")
    func paused() {
        let byPost = status(.suspendedByPost) {
            $0.waiting = .powerShare
            $0.waitsUntil = Instant(microseconds: 43_200_000_000)
            $0.limitedBy = .failSafe
        }
        #expect(
            english.sentence(for: byPost, now: .zero).line
                == "This post has paused charging. The energy manager is silent, so a cautious limit counts. If this lasts longer than about 12 hours, the session ends. Charging resumes by itself; to end it, press stop."
        )
        let byVehicle = status(.suspendedByVehicle) {
            $0.waiting = .vehicleDemand
            $0.waitsUntil = Instant(microseconds: 600_000_000)
        }
        #expect(
            Sentences(.german).sentence(for: byVehicle, now: .zero).why.hasSuffix(
                "Dauert das länger als etwa 10 Minuten, endet der Ladevorgang."))
    }

    @Test("a session that no card has begun is not said to be ended by one")
    func byOperator() {
        func charging(_ source: AuthorizationSource) -> ConnectorStatus {
            status(.charging) {
                $0.session = SessionStatus(
                    id: SessionID(boot: 1, counter: 1), token: TokenName(high: 0, low: 1), source: source,
                    startedAt: .zero,
                    energyWattHours: 0, allowanceWattHours: 0, isRecorded: true)
            }
        }
        #expect(english.sentence(for: charging(.list), now: .zero).next.contains("hold your card"))
        #expect(english.sentence(for: charging(.operatorCommand), now: .zero).next == "To stop, press stop.")
    }

    @Test("charging says how much, and who limits it")
    func charging() {
        let fast = status(.charging) {
            $0.millivolts = 400_000
            $0.milliamperes = 155_000
            $0.limitedBy = .site
        }
        #expect(english.sentence(for: fast, now: .zero).state == "Your vehicle is charging with 62 kW.")
        #expect(
            english.sentence(for: fast, now: .zero).why
                == "The power of this site is limited, and shared among its vehicles.")
        let slow = status(.charging) {
            $0.millivolts = 400_000
            $0.milliamperes = 18_600
        }
        #expect(Sentences(.french).sentence(for: slow, now: .zero).state == "Votre véhicule se charge à 7,4 kW.")
        let reverse = status(.charging) {
            $0.millivolts = .max
            $0.milliamperes = .min
        }
        #expect(english.sentence(for: reverse, now: .zero).state == "Your vehicle is charging.")
    }

    @Test("a fault explains itself before anything else, the gravest first")
    func fault() {
        let faulted = status(.faulted) {
            $0.faults.insert(.meterSilent)
            $0.faults.insert(.emergencyStop)
            $0.faults.insert(.connectorWarm)
            $0.refusal = .connectorFaulted
            $0.waiting = .faultCause
        }
        let sentence = english.sentence(for: faulted, now: .zero)
        #expect(sentence.state == "This connector is out of order.")
        #expect(sentence.why == "The emergency stop was pressed.")
        #expect(sentence.next.contains("red button"))
    }

    @Test("what only ended the last session does not explain why the connector is out of order")
    func pastFault() {
        let faulted = status(.faulted) {
            $0.faults.insert(.pilotLost)
            $0.faults.insert(.meterSilent)
        }
        let sentence = english.sentence(for: faulted, now: .zero)
        #expect(sentence.why == "The energy meter of this connector does not answer.")
        let finishing = status(.finishing) { $0.faults.insert(.pilotLost) }
        #expect(
            english.sentence(for: finishing, now: .zero).why
                == "The connection to your vehicle was lost while charging.")
    }

    @Test(
        "nobody is told to hold a card to a reader that is gone", arguments: [ConnectorPhase.available, .occupied])
    func readerGone(_ phase: ConnectorPhase) {
        let sentence = english.sentence(for: status(phase) { $0.faults.insert(.cardReaderLost) }, now: .zero)
        #expect(sentence.why == "The card reader of this connector does not answer.")
        #expect(sentence.next == "Please use another connector or another post.")
    }

    @Test("a session that is over says why, in every language and for every reason; one that never charged says so")
    func whyItEnded() {
        for language in Language.allCases {
            let sentences = Sentences(language)
            for reason in StopReason.allCases {
                for fault in [nil, Fault.doorOpen] {
                    let over = status(.finishing) {
                        $0.waiting = .unplug
                        $0.ended = EndedSession(
                            id: SessionID(boot: 1, counter: 1), reason: reason, fault: fault, energyWattHours: 1,
                            hasCharged: true)
                    }
                    let said = sentences.sentence(for: over, now: .zero)
                    #expect(said.why == sentences.ended(reason, fault: fault))
                    #expect(complaint(said.why, atMost: 160) == nil, "\(language) \(said.why)")
                }
            }
        }
        var over = status(.finishing) {
            $0.ended = EndedSession(
                id: SessionID(boot: 1, counter: 1), reason: .other, fault: .doorOpen, energyWattHours: 0,
                hasCharged: false)
            $0.refusal = .recordsFailing
        }
        #expect(
            english.sentence(for: over, now: .zero).state == "Charging has ended before any energy flowed.")
        #expect(english.sentence(for: over, now: .zero).why.contains("write"))
        over.refusal = nil
        #expect(english.sentence(for: over, now: .zero).why == "A door of this post is open.")
        over.phase = .stopping
        over.waiting = .release
        #expect(
            english.sentence(for: over, now: .zero).why
                == "A door of this post is open. Waiting for the plug to be released.")
    }

    @Test("a mere warning does not explain a state")
    func warning() {
        let finishing = status(.finishing) {
            $0.faults.insert(.connectorWarm)
            $0.waiting = .unplug
        }
        let sentence = english.sentence(for: finishing, now: .zero)
        #expect(sentence.why == "Waiting for the vehicle to be unplugged.")
        #expect(sentence.next == "Please unplug your vehicle.")
    }

    @Test("a refusal says what to do, over power as well: whoever showed a card stands before the screen")
    func refusal() {
        let refused = status(.occupied) {
            $0.refusal = .unknownToken
            $0.waiting = .card
        }
        let sentence = english.sentence(for: refused, now: .zero)
        #expect(sentence.why == "This post does not know your card.")
        #expect(sentence.next == "Try another card, or use another post.")
        let charging = status(.charging) {
            $0.refusal = .notYourSession
            $0.powerAllowed = .charge
            $0.limitedBy = .vehicle
        }
        let over = english.sentence(for: charging, now: .zero)
        #expect(over.state == "Your vehicle is charging.")
        #expect(over.why == "This session was started with another card.")
        #expect(
            over.next == "Use the card that started this session to stop it, or use another connector.")
    }

    @Test("where no card ends a session nobody is told to stop with one")
    func noCardStops() {
        let charging = status(.charging) { $0.isStoppedByCard = false }
        #expect(english.sentence(for: charging, now: .zero).next == "To stop, press stop.")
        #expect(
            english.sentence(for: status(.charging) { _ in }, now: .zero).next
                == "To stop, press stop or hold your card to the reader.")
        for (refusal, next) in [
            (Refusal.notYourSession, "Please use another connector or another post."),
            (.tokenInUse, "To end the other session press stop; to start a new one use another card."),
        ] {
            let refused = status(.charging) {
                $0.isStoppedByCard = false
                $0.refusal = refusal
            }
            #expect(english.sentence(for: refused, now: .zero).next == next)
        }
    }

    @Test("whoever meets an emergency stop that was released already is not told to release it")
    func releasedStop() {
        let held = status(.faulted) { $0.faults.insert(.emergencyStop) }
        #expect(english.sentence(for: held, now: .zero).next.contains("turn the red button to release it"))
        let released = status(.faulted) {
            $0.faults.insert(.emergencyStop)
            $0.faultsOver.insert(.emergencyStop)
        }
        let sentence = english.sentence(for: released, now: .zero)
        #expect(sentence.why == "The emergency stop was pressed.")
        #expect(sentence.next == "Unplug your vehicle, plug it in again and start once more.")
    }

    @Test("while a card is checked nobody is told to show one")
    func checking() {
        let checking = status(.occupied) { $0.waiting = .lookUp }
        #expect(english.sentence(for: checking, now: .zero).next == "Please wait a moment; it goes on by itself.")
    }

    @Test("internet down reassures")
    func internet() {
        #expect(english.internet(isUp: false).contains("Charging works"))
        #expect(Sentences(.french).internet(isUp: false).contains("charge fonctionne"))
        #expect(Sentences(.german).internet(isUp: false).contains("Laden geht"))
    }

    @Test("every state, wait, limit and refusal together gives three whole sentences", arguments: Language.allCases)
    func everything(_ language: Language) {
        let sentences = Sentences(language)
        for phase in ConnectorPhase.allCases {
            for waiting in Waiting.allCases {
                for refusal in [nil] + Refusal.allCases.map({ Optional($0) }) {
                    for limit in phase == .charging ? LimitingParty.allCases : [.none] {
                        let status = status(phase) {
                            $0.waiting = waiting
                            $0.refusal = refusal
                            $0.limitedBy = limit
                            $0.waitsUntil = .distantFuture
                        }
                        let said = sentences.sentence(for: status, now: .zero)
                        for sentence in [said.state, said.why, said.next] {
                            if let wrong = complaint(sentence, atMost: 160) {
                                Issue.record("\(language) \(phase) \(waiting): \(sentence) \(wrong)")
                            }
                        }
                    }
                }
            }
        }
    }
}
