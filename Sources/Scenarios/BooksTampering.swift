// What a test does to the books behind a post's back, so that their judge can be seen to look. Not in release builds.

#if HOLDFAST_SEAMS
    import Ledger
    import Post

    /// One thing that is done to the books.
    enum BooksTampering: CaseIterable {
        /// A stop is said to be durable and was never written.
        case stopForgotten
        /// A stop tells more than flowed.
        case energyAdded
        /// A second session is written at the connector that has one.
        case sessionDoubled
        /// A record counts as delivered that nobody sent.
        case deliveryInvented

        func tamper(with ledger: Ledger, after start: SessionStart, _ clock: WallClock) throws {
            switch self {
            case .sessionDoubled:
                var second = start
                second.session = SessionID(boot: start.session.boot, counter: start.session.counter + 1_000)
                _ = try ledger.record(second, clock)
            case .deliveryInvented: try ledger.acknowledge(upTo: 1)
            case .stopForgotten, .energyAdded: break
            }
        }

        func record(_ stop: SessionStop, in ledger: Ledger, _ clock: WallClock) throws -> RecordOutcome {
            switch self {
            case .stopForgotten: return .recorded
            case .energyAdded:
                var more = stop
                more.energyWattHours += 20
                return try ledger.record(more, clock)
            case .sessionDoubled, .deliveryInvented: return try ledger.record(stop, clock)
            }
        }
    }
#endif
