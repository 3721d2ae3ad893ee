// The numbering of the inbox's slots: one for each point of which only the newest reading counts.

import Post

/// Slots of the inbox.
enum Slot {
    private static let connectors = PostConfiguration.connectorsAtMost
    private static let stages = PostConfiguration.stagesAtMost
    private static let readers = PostConfiguration.readersAtMost

    private static let meter = stages
    private static let insulation = meter + connectors
    private static let vehicle = insulation + connectors
    private static let temperature = vehicle + connectors
    private static let presented = temperature + connectors
    private static let lookedUp = presented + readers
    private static let garbage = lookedUp + readers
    private static let presence = garbage + readers
    private static let limit = presence + readers
    private static let cloudLink = limit + LimitSource.allCases.count
    private static let configured = cloudLink + 1
    private static let memory = configured + 1
    private static let clockStepped = memory + 1
    /// How many there are.
    static let count = clockStepped + 1

    /// The slot of an event, or nil if it names a point that no post has.
    static func number(of event: Event) -> Int? {
        switch event {
        case .stage(let id, _): within(0, id.index, stages)
        case .meter(let id, _): within(meter, id.index, connectors)
        case .insulation(let id, _): within(insulation, id.index, connectors)
        case .vehicle(let id, _): within(vehicle, id.index, connectors)
        case .temperature(let id, _): within(temperature, id.index, connectors)
        case .tokenPresented(let id, _): within(presented, id.index, readers)
        case .tokenLookedUp(let id, _): within(lookedUp, id.index, readers)
        case .readerGarbage(let id): within(garbage, id.index, readers)
        case .reader(let id, _): within(presence, id.index, readers)
        case .limit(let source, _): within(limit, source.rawValue, LimitSource.allCases.count)
        case .cloudLink: cloudLink
        case .configured: configured
        case .memory: memory
        case .clockStepped: clockStepped
        default: nil
        }
    }

    private static func within(_ base: Int, _ index: UInt8, _ count: Int) -> Int? {
        Int(index) < count ? base + Int(index) : nil
    }
}
