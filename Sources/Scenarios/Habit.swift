// What a post does that answers no fault of its table, and can be switched off so that a story is seen to miss it.

#if HOLDFAST_SEAMS
    import Post

    /// A habit that `replay --without` switches off. The raw value is the word for it. Not in release builds.
    public enum Habit: String, CaseIterable, Sendable {
        /// The same card again within two seconds is the same tap.
        case onePerTap = "one_per_tap"
        /// A card that finds no plug in time lapses.
        case cardLapses = "card_lapses"
        /// The cloud is not waited for beyond its budget.
        case cloudBudget = "cloud_budget"
        /// A pilot outside every band counts only once it has been so for a while.
        case pilotFilter = "pilot_filter"
        /// A session that the records hold open is closed at the next start.
        case closesOpenSessions = "closes_open_sessions"

        /// Those that are nothing but a limit.
        func spoil(_ limits: inout SafetyLimits) {
            switch self {
            case .onePerTap: limits.sameTapWithin = .zero
            case .cardLapses: limits.connectWithin = .hours(12)
            case .cloudBudget: limits.cloudAnswersWithin = .hours(1)
            case .pilotFilter: limits.pilotInvalidFor = .zero
            case .closesOpenSessions: break
            }
        }
    }

    extension CatalogueRow {
        /// The habit that answers the row, where no fault does.
        var habit: Habit? {
            switch number {
            case 44: .pilotFilter
            case 91: .closesOpenSessions
            case 113: .onePerTap
            case 116: .cardLapses
            case 125: .cloudBudget
            default: nil
            }
        }
    }
#endif
