// Looks how many storms it takes until each defect that was put in on purpose is found by the judge meant for it.

#if HOLDFAST_SEAMS
    public import Post

    /// How one defect was found.
    public struct DefectFound: Encodable, Sendable {
        /// The number by which `--with` chooses it.
        public var number: Int
        /// What was put in.
        public var defect: String
        /// Where: in the machine alone, in machine and supervisor, or around the core.
        public var seededIn: String
        /// Who was meant to find it.
        public var judge: String
        /// By what code: a kind of finding, the name of a rule, what is owed.
        public var sign: String
        /// How the storm ends then.
        public var verdict: String
        /// How many seeds it took, from 1 on; nil: none of those that were played found it.
        public var seeds: Int?
        /// The sentence with which it was found.
        public var complaint: String?
    }

    extension SeededDefect {
        /// What it is, for people.
        var name: String {
            switch self {
            case .interlockRemoved: "contactor interlock removed"
            case .startRecordLate: "start record late"
            case .staleSampleAccepted: "stale sample accepted"
            case .unlockAt400Volts: "unlock at 400 V"
            case .preChargeLimitDoubled: "pre-charge limit doubled"
            case .powerSharingOffByOne: "power sharing off by one connector"
            case .weldCheckSkipped: "weld check skipped"
            case .denyListIgnored: "deny list ignored"
            case .outboxReordered: "outbox reordered"
            case .timerLostAfterRestart: "timer lost after restart"
            }
        }

        /// Who must find it, and how the storm ends then.
        var meant: (judge: String, sign: String, ending: StormEnding, place: String) {
            let (machine, both, around) = ("machine", "machine and supervisor", "around the core")
            return switch self {
            case .interlockRemoved: ("supervisor", "emergencyAtOnce", .defect, machine)
            case .startRecordLate: ("supervisor", "recordedBeforeEnergy", .defect, machine)
            case .staleSampleAccepted: ("world", "reaction_too_slow", .unsafe, both)
            case .unlockAt400Volts: ("world", "released_live", .unsafe, both)
            case .preChargeLimitDoubled: ("world", "closed_onto_difference", .unsafe, both)
            case .powerSharingOffByOne: ("world", "site_limit_exceeded", .unsafe, both)
            case .weldCheckSkipped: ("world", "closed_onto_weld", .unsafe, both)
            case .denyListIgnored: ("office", "denied_driver_served", .unsafe, around)
            case .outboxReordered: ("cloud", "records_out_of_order", .unsafe, around)
            case .timerLostAfterRestart: ("cloud", "records_owed", .stuck, around)
            }
        }

        /// Plays storms from seed 1 on until this defect is found by the judge meant for it.
        /// - Parameters:
        ///   - most: How many are played at most.
        ///   - jobs: On how many threads.
        public func hunt(atMost most: Int, jobs: Int) async -> DefectFound {
            let meant = meant
            var found = DefectFound(
                number: Int(rawValue), defect: name, seededIn: meant.place,
                judge: meant.judge, sign: meant.sign, verdict: meant.ending.rawValue)
            var next: UInt64 = 1
            while next <= UInt64(most) {
                let batch = next...min(UInt64(most), next + UInt64(max(1, jobs)) - 1)
                let outcomes = await withTaskGroup(of: StormOutcome.self) { group in
                    for seed in batch { group.addTask { Storm.play(seed: seed, with: self) } }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                let hits = outcomes.filter { $0.signs.contains(meant.sign) && $0.ending == meant.ending }
                if let first = hits.min(by: { $0.seed < $1.seed }) {
                    (found.seeds, found.complaint) = (Int(first.seed), first.complaints.first)
                    return found
                }
                next = batch.upperBound + 1
            }
            return found
        }
    }
#endif
