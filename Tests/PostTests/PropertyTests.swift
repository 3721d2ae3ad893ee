// Random people and random trouble on a plausible post: the eleven rules hold, judged from the outside after every event.

import Testing

@testable import Post

/// Dice for streams: the same seed, the same stream, on every machine.
struct Dice {
    var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }
    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
    mutating func oneIn(_ bound: Int) -> Bool { next(bound) == 0 }
}

@Suite("Random streams")
struct PropertyTests {
    /// Streams of one run.
    private static let streams = 10_000

    @Test("ten thousand streams of people and trouble: every rule is put to the test, none is broken, all end calm")
    func streams() {
        var premises: [Rule: Int] = [:]
        var broken: [String] = []
        var interventions: [String] = []
        var odd: [String] = []
        var uneasy: [String] = []
        var charged = 0
        var events = 0
        let began = ContinuousClock.now
        for seed in 1...UInt64(Self.streams) {
            let stream = Stream(seed: seed)
            stream.run()
            if stream.hasCharged { charged += 1 }
            events += stream.judge.premises[.bounded, default: 0]
            premises.merge(stream.judge.premises, uniquingKeysWith: +)
            broken += stream.judge.broken
            if stream.hasOddReadings {
                odd += stream.judge.interventions
            } else {
                interventions += stream.judge.interventions
            }
            if let why = stream.calm() { uneasy.append("seed \(seed): \(why)") }
        }
        print("\(Self.streams) streams, \(charged) charged, \(events) events in \(ContinuousClock.now - began)")
        for rule in Rule.allCases {
            print("  rule \(rule.rawValue): put to the test \(premises[rule, default: 0]) times")
        }
        print(
            "  supervisor stepped in \(interventions.count) times, and \(odd.count) times in streams of odd readings"
        )
        for rule in Rule.allCases {
            for line in interventions.filter({ $0.hasPrefix("rule \(rule.rawValue) ") }).prefix(3) {
                print("    \(line)")
            }
            #expect(premises[rule, default: 0] > 100, "rule \(rule.rawValue) was hardly put to the test")
        }
        #expect(broken.isEmpty, "\(broken.count): \(broken.prefix(8).joined(separator: "\n"))")
        #expect(uneasy.isEmpty, "\(uneasy.count): \(uneasy.prefix(5).joined(separator: "\n"))")
        #expect(charged * 3 > Self.streams, "only \(charged) streams reached charging")
        #expect(interventions.isEmpty, "\(interventions.count): \(interventions.prefix(5).joined(separator: "\n"))")
        #expect(odd.isEmpty, "\(odd.count): \(odd.prefix(12).joined(separator: "\n"))")
    }
}
