// Defects put in on purpose, so that a test sees storms find each of them. Debug builds alone.

#if HOLDFAST_SEAMS
    /// A defect that a post can be given. The raw value is its number, by which people choose it.
    public enum SeededDefect: UInt8, CaseIterable, Sendable {
        // In the session machine alone: the supervisor must report what the machine does.

        /// Emergency stop, doors, tilt and earth are not looked at.
        case interlockRemoved = 1
        /// Pre-charge does not wait until the start of the session is durable.
        case startRecordLate = 2

        // In machine and supervisor alike: the world alone can see them.

        /// Readings of far devices never turn too old.
        case staleSampleAccepted = 3
        /// A plug is released below 400 V in place of 60 V.
        case unlockAt400Volts = 4
        /// Contactors close on 40 V across them in place of 20 V.
        case preChargeLimitDoubled = 5
        /// The last connector's power counts against no limit.
        case powerSharingOffByOne = 6
        /// Contactors that were told to open are taken to be open.
        case weldCheckSkipped = 7

        // Around the core: drivers, office and cloud alone can see them.

        /// The deny object is not asked.
        case denyListIgnored = 8
        /// The second of two records that are owed is sent first.
        case outboxReordered = 9
        /// From the second start on the outbox has no timer: what got no answer is not sent again.
        case timerLostAfterRestart = 10

        /// Those that are nothing but other limits.
        public func spoil(_ limits: inout SafetyLimits) {
            switch self {
            case .staleSampleAccepted:
                limits.stageMaximumAge = .hours(1)
                limits.meterMaximumAge = .hours(1)
                limits.insulationMaximumAge = .hours(1)
                limits.temperatureMaximumAge = .hours(1)
                limits.idleMaximumAge = .hours(1)
            case .unlockAt400Volts: limits.touchSafeMillivolts = 400_000
            case .preChargeLimitDoubled: limits.preChargeMillivolts *= 2
            default: break
            }
        }
    }

    extension PostCore {
        /// The event as a core with this defect reads it.
        func asMisread(_ event: Event) -> Event {
            guard seeded == .weldCheckSkipped, case .lines(let id, var lines) = event,
                Int(id.index) < connectors.count, connectors[Int(id.index)].allowed == nil
            else { return event }
            (lines.contactorPlus, lines.contactorMinus) = (.open, .open)
            return .lines(id, lines)
        }
    }
#endif
