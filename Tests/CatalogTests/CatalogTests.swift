// Every fault, refusal, wait and state has its sentences in every language, and they read like sentences.

import Catalog
import Post
import Testing

/// One sentence and where it comes from.
struct Said: CustomStringConvertible {
    let place: String
    let sentence: String
    var description: String { "\(place): \(sentence)" }
}

/// What is wrong with a sentence, or nil.
func complaint(_ sentence: String, atMost: Int) -> String? {
    if sentence.isEmpty { return "is empty" }
    if !sentence.hasSuffix(".") { return "does not end with a full stop" }
    if sentence.count >= atMost { return "has \(sentence.count) characters, \(atMost - 1) at most" }
    if sentence.first?.isUppercase != true { return "does not begin like a sentence" }
    if sentence.contains("  ") || sentence.contains(" .") || sentence.contains("..") { return "is badly spaced" }
    if let sign = sentence.first(where: { "{}[]<>\\|_%$#@\"\n".contains($0) }) { return "has a \(sign) left in it" }
    for word in sentence.split(whereSeparator: { !$0.isLetter }) {
        let inner = word.dropFirst()
        let isCode = inner.contains { $0.isUppercase } && word.contains { $0.isLowercase }
        if isCode && word != "kW" { return "has the code word \(word)" }
    }
    return nil
}

extension Sentences {
    /// What drivers read.
    var forDrivers: [Said] {
        var said: [Said] = []
        for fault in Fault.allCases {
            said.append(Said(place: "\(fault) happened", sentence: self.fault(fault).whatHappened))
            said.append(Said(place: "\(fault) driver", sentence: self.fault(fault).driverAction))
        }
        for refusal in Refusal.allCases {
            said.append(Said(place: "\(refusal) happened", sentence: self.refusal(refusal).whatHappened))
            said.append(Said(place: "\(refusal) driver", sentence: self.refusal(refusal).driverAction))
        }
        for refusal in DeliveryRefusal.allCases {
            said.append(Said(place: "delivery \(refusal) driver", sentence: delivery(refusal).driverAction))
        }
        for phase in ConnectorPhase.allCases {
            said.append(Said(place: "\(phase)", sentence: state(phase)))
            var status = ConnectorStatus()
            status.phase = phase
            let sentence = self.sentence(for: status, now: .zero)
            said.append(Said(place: "\(phase) why", sentence: sentence.why))
            said.append(Said(place: "\(phase) next", sentence: sentence.next))
        }
        for wait in Waiting.allCases {
            for left in [nil, .seconds(-1), .seconds(1), .seconds(12), .minutes(7), .hours(11)] as [Interval?] {
                said.append(Said(place: "\(wait)", sentence: waiting(wait, left: left)))
            }
        }
        for party in LimitingParty.allCases { said.append(Said(place: "\(party)", sentence: limiting(party))) }
        for reason in StopReason.allCases { said.append(Said(place: "\(reason)", sentence: ended(reason))) }
        var over = ConnectorStatus()
        over.phase = .finishing
        over.ended = EndedSession(
            id: SessionID(boot: 1, counter: 1), reason: .timeout, energyWattHours: 0, hasCharged: false)
        said.append(Said(place: "nothing charged", sentence: sentence(for: over, now: .zero).state))
        said.append(Said(place: "internet up", sentence: internet(isUp: true)))
        said.append(Said(place: "internet down", sentence: internet(isUp: false)))
        return said
    }

    /// What operators read besides.
    var forOperators: [Said] {
        Fault.allCases.flatMap { fault in
            let sentences = self.fault(fault)
            return [
                Said(place: "\(fault) operator", sentence: sentences.operatorAction),
                Said(place: "\(fault) clears", sentence: sentences.whoMayClear),
            ]
        }
            + Refusal.allCases.map { Said(place: "\($0) operator", sentence: refusal($0).operatorAction) }
            + DeliveryRefusal.allCases.flatMap {
                [
                    Said(place: "delivery \($0)", sentence: delivery($0).whatHappened),
                    Said(place: "delivery \($0) operator", sentence: delivery($0).operatorAction),
                ]
            }
            + BenchRefusal.allCases.flatMap {
                [
                    Said(place: "bench \($0)", sentence: bench($0).whatHappened),
                    Said(place: "bench \($0) remedy", sentence: bench($0).remedy),
                ]
            }
            + Rule.allCases.map { Said(place: "\($0)", sentence: rule($0)) }
            + FaultClass.allCases.map { Said(place: "\($0)", sentence: gravity($0)) }
    }
}

@Suite("What is said to people")
struct CatalogTests {
    @Test("drivers' sentences are whole, short and without codes", arguments: Language.allCases)
    func drivers(_ language: Language) {
        for said in Sentences(language).forDrivers {
            let wrong = complaint(said.sentence, atMost: 160)
            #expect(wrong == nil, "\(language), \(said) \(wrong ?? "")")
        }
    }

    @Test("operators' sentences are whole", arguments: Language.allCases)
    func operators(_ language: Language) {
        for said in Sentences(language).forOperators {
            let wrong = complaint(said.sentence, atMost: 200)
            #expect(wrong == nil, "\(language), \(said) \(wrong ?? "")")
        }
    }

    @Test("the check itself finds what is wrong")
    func complaints() {
        #expect(complaint("", atMost: 160) != nil)
        #expect(complaint("No full stop", atMost: 160) != nil)
        #expect(complaint("Use {connector} instead.", atMost: 160) != nil)
        #expect(complaint("The weldedPlus fault is here.", atMost: 160) != nil)
        #expect(complaint("See meter_silent.", atMost: 160) != nil)
        #expect(complaint("lower case.", atMost: 160) != nil)
        #expect(complaint("Two  spaces.", atMost: 160) != nil)
        #expect(complaint("A" + String(repeating: "a", count: 160) + ".", atMost: 160) != nil)
        #expect(complaint("Please use another connector.", atMost: 160) == nil)
    }

    @Test("no two faults, refusals, waits, states, parties or reasons are said alike", arguments: Language.allCases)
    func distinct(_ language: Language) {
        let sentences = Sentences(language)
        expectDistinct(Fault.allCases.map { sentences.fault($0).title })
        expectDistinct(Fault.allCases.map { sentences.fault($0).whatHappened })
        expectDistinct(Refusal.allCases.map { sentences.refusal($0).whatHappened })
        expectDistinct(BenchRefusal.allCases.map { sentences.bench($0).whatHappened })
        expectDistinct(DeliveryRefusal.allCases.map { sentences.delivery($0).whatHappened })
        expectDistinct(Waiting.allCases.map { sentences.waiting($0) })
        expectDistinct(ConnectorPhase.allCases.map { sentences.state($0) })
        expectDistinct(LimitingParty.allCases.map { sentences.limiting($0) })
        expectDistinct(StopReason.allCases.map { sentences.ended($0) })
        expectDistinct(Rule.allCases.map { sentences.rule($0) })
        expectDistinct(FaultClass.allCases.map { sentences.gravity($0) })
        for fault in Fault.allCases {
            let sentence = sentences.fault(fault)
            expectDistinct([
                sentence.title, sentence.whatHappened, sentence.driverAction, sentence.operatorAction,
                sentence.whoMayClear,
            ])
            #expect(sentence.title.count <= 48 && !sentence.title.hasSuffix("."), "\(language) \(fault)")
            #expect(!sentence.title.isEmpty)
        }
    }

    @Test("no sentence is the same in two languages")
    func translated() {
        let all = Language.allCases.map { Sentences($0) }
        for (index, language) in all.enumerated() {
            for other in all[(index + 1)...] {
                for (left, right) in zip(
                    language.forDrivers + language.forOperators, other.forDrivers + other.forOperators)
                {
                    #expect(left.sentence != right.sentence, "\(left) is the same in \(other.language)")
                }
            }
        }
    }

    @Test("drivers are not told words of the trade", arguments: Language.allCases)
    func plain(_ language: Language) {
        let trade = [
            "contactor", "contacteur", "schütz ", "schütze", "modbus", "token", "firmware", "ocpp", "csms",
            "backend",
            "permissive", "timeout", "boot", "relay", "relais", "server", "json",
        ]
        for said in Sentences(language).forDrivers {
            let lower = said.sentence.lowercased()
            for word in trade { #expect(!lower.contains(word), "\(said) says \(word)") }
        }
    }

    @Test("a language is found by its tag")
    func tags() {
        #expect(Language(tag: "de") == .german)
        #expect(Language(tag: "fr-CH") == .french)
        #expect(Language(tag: "en_GB.UTF-8") == .english)
        #expect(Language(tag: "it") == nil)
        #expect(Language(tag: "") == nil)
    }

    private func expectDistinct(_ list: [String]) {
        let sorted = list.sorted()
        for (left, right) in zip(sorted, sorted.dropFirst()) { #expect(left != right) }
    }
}
