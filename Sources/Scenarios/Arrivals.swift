// Drivers who come through the day, drawn from the scenario's seed: how often, who of them is known, what they drive.

import Post
import Simulator
import StrictYAML

/// A crowd of drivers, as a scenario writes it. All times in microseconds.
struct ArrivalSetting: Sendable {
    /// A part of the day in which drivers come more or less often.
    struct Rush: Sendable {
        var from, until: Int64
        var shortest, longest: Int64
    }
    var from, until: Int64
    var shortest, longest: Int64
    var rushes: [Rush]
    var knownOfTen: Int64
    var vehicle: String
    var leastPercent, mostPercent: Int
    var tapsAfter: Int64
    var leavesAfter: Int64
}

/// One driver who comes.
struct Arrival: Sendable {
    var at: Instant
    var driver: String
    var isKnown: Bool
    var place: Place
    var arrivesAtPerMille: Int
}

extension ArrivalSetting {
    @Sendable static func read(_ keys: RecordReader) -> ArrivalSetting {
        let longest: ClosedRange<Int64> = 0...86_400_000_000
        let shortest: ClosedRange<Int64> = 1_000_000...86_400_000_000
        return ArrivalSetting(
            from: keys.required("from", .duration(longest), "When the first may come, from the beginning."),
            until: keys.required("until", .duration(longest), "When the last may come."),
            shortest: keys.required("every_at_least", .duration(shortest), "The shortest time between two."),
            longest: keys.required("every_at_most", .duration(shortest), "The longest time between two."),
            rushes: keys.optional(
                "rushes",
                .list(
                    0...8,
                    of: .record { keys in
                        Rush(
                            from: keys.required("from", .duration(longest), "When it begins."),
                            until: keys.required("until", .duration(longest), "When it is over."),
                            shortest: keys.required("every_at_least", .duration(shortest), "As above, meanwhile."),
                            longest: keys.required("every_at_most", .duration(shortest), "As above, meanwhile."))
                    }), default: "[]", "Parts of the day with other times between two."),
            knownOfTen: keys.required(
                "known_of_ten", .integer(0...10),
                "How many of ten are known to the operator: listed, where a list is installed."),
            vehicle: keys.required("vehicle", .text(1...40), "Which of the vehicles they drive."),
            leastPercent: keys.required("percent_at_least", .integer(0...100, unit: "%"), "The emptiest battery."),
            mostPercent: keys.required("percent_at_most", .integer(0...100, unit: "%"), "The fullest battery."),
            tapsAfter: keys.optional(
                "tap_after", .duration(longest), default: "15s", "From the plug to the card."),
            leavesAfter: keys.optional(
                "leave_after", .duration(longest), default: "3m",
                "From the card until they try to draw the plug, which comes out once they are refused or done."))
    }

    /// The drivers of a day. Each is somebody else: known ones are `known-1` and so on.
    func drawn(seed: UInt64, posts: Int, connectors: Int) -> [Arrival] {
        var dice = Randomness(seed: seed, component: "arrivals")
        var arrivals: [Arrival] = []
        var now = from
        while true {
            let rush = rushes.first { ($0.from..<max($0.from + 1, $0.until)).contains(now) }
            let (least, most) = (rush?.shortest ?? shortest, rush?.longest ?? longest)
            now += dice.number(in: min(least, most)...max(least, most))
            guard now < until else { return arrivals }
            let isKnown = dice.chance(knownOfTen, in: 10)
            let place = Place(
                post: Int(dice.number(in: 0...Int64(posts - 1))),
                connector: Int(dice.number(in: 0...Int64(connectors - 1))))
            arrivals.append(
                Arrival(
                    at: Instant(microseconds: now),
                    driver: (isKnown ? "known-" : "stranger-") + "\(arrivals.count + 1)",
                    isKnown: isKnown, place: place,
                    arrivesAtPerMille: Int(
                        dice.number(in: Int64(min(leastPercent, mostPercent) * 10)...Int64(mostPercent * 10)))))
        }
    }
}
