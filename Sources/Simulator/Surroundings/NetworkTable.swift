// What can be wrong between a site and its cloud, in the words of tc netem and Toxiproxy: files, lists, prose and injection are made of it.

import Post

/// The table of everything that can be wrong on the way to the cloud.
public enum NetworkTable {
    /// Whose word a row has.
    public enum Tool: String, CaseIterable, Sendable {
        /// The kernel's network emulator: what it does to the site's line, both ways, whosever messages they are.
        case netem = "tc netem"
        /// What Toxiproxy does to each connection on its own.
        case toxiproxy = "Toxiproxy"
        /// Neither has a word for it.
        case neither = "neither"
    }

    /// One row.
    public struct Row: Sendable {
        /// The line and its connections, or the service at their end.
        public let unit: FaultUnit
        /// Its word.
        public let mode: FaultMode
        /// Whose word it is.
        public let tool: Tool
        /// What it takes.
        public let parameters: [NetworkParameter]
        /// What it does, in one clause.
        public let help: String
        /// What must be wrong besides for it to have an effect: any of these; empty where nothing must.
        public let needs: [FaultMode]
        /// What the fault sets that is injected by its name alone.
        public let injected: [NetworkImpairment]
        /// What that one does, in one clause.
        let injectedHelp: StaticString
    }

    /// Every row.
    public static let rows: [Row] = netem + toxiproxy + others

    /// The row of a word; nil where there is none.
    public static func row(_ mode: FaultMode) -> Row? { rows.first { $0.mode == mode } }

    private static let share: ClosedRange<Int64> = 1...100
    private static let upToTenMinutes: ClosedRange<Int64> = 0...600_000_000
    private static let jitter = NetworkParameter(
        "jitter", .duration, upToTenMinutes, draws: 0...5_000_000, standard: 0,
        "By how much it varies, up and down.")

    private static func percent(_ help: String, draws drawn: ClosedRange<Int64>) -> NetworkParameter {
        NetworkParameter("percent", .percent, share, draws: drawn, help)
    }

    private static let netem: [Row] = [
        Row(
            unit: .network, mode: .delay, tool: .netem,
            parameters: [
                NetworkParameter(
                    "time", .duration, 1_000...600_000_000, draws: 1_000_000...20_000_000,
                    "How much later, each way."),
                jitter,
            ],
            help: "every message comes later, and with jitter one may overtake another", needs: [],
            injected: [NetworkImpairment(.delay, [8_000_000, 0])],
            injectedHelp: "every message comes eight seconds later each way"),
        Row(
            unit: .network, mode: .loss, tool: .netem,
            parameters: [percent("How many are lost.", draws: 10...100)],
            help: "messages are lost, and nobody hears of it", needs: [],
            injected: [NetworkImpairment(.loss, [40])], injectedHelp: "four messages of ten are lost"),
        Row(
            unit: .network, mode: .duplicate, tool: .netem,
            parameters: [percent("How many arrive twice.", draws: 10...100)], help: "messages arrive twice",
            needs: [], injected: [NetworkImpairment(.duplicate, [100])],
            injectedHelp: "every message arrives twice"),
        Row(
            unit: .network, mode: .corrupt, tool: .netem,
            parameters: [percent("How many are damaged.", draws: 10...100)],
            help: "messages arrive damaged, and whoever gets them cannot read them", needs: [],
            injected: [NetworkImpairment(.corrupt, [100])],
            injectedHelp: "every message arrives damaged: answers are nonsense"),
        Row(
            unit: .network, mode: .reorder, tool: .netem,
            parameters: [percent("How many overtake.", draws: 10...90)],
            help: "messages are sent at once and overtake those that are delayed", needs: [.delay],
            injected: [NetworkImpairment(.delay, [40_000_000, 0]), NetworkImpairment(.reorder, [50])],
            injectedHelp: "half of the messages come forty seconds later, and the others overtake them"),
        Row(
            unit: .network, mode: .rate, tool: .netem,
            parameters: [
                NetworkParameter(
                    "rate", .bitsPerSecond, 100...1_000_000_000, draws: 500...20_000, "What the line carries.")
            ],
            help: "the line of the site is slow: messages of all posts wait for each other", needs: [],
            injected: [NetworkImpairment(.rate, [1_000])], injectedHelp: "the line carries 1,000 bits a second"),
        Row(
            unit: .network, mode: .limit, tool: .netem,
            parameters: [
                NetworkParameter(
                    "packets", .messages, 1...1_000, draws: 1...4, "How many messages may wait, each way.")
            ],
            help: "the queue before the line is short: what finds it full is lost", needs: [.delay, .rate],
            injected: [NetworkImpairment(.rate, [1_000]), NetworkImpairment(.limit, [1])],
            injectedHelp: "the line carries 1,000 bits a second, and what would wait behind a message is lost"),
    ]

    private static let toxiproxy: [Row] = [
        Row(
            unit: .network, mode: .down, tool: .toxiproxy, parameters: [],
            help: "connections are closed, and new ones are refused", needs: [],
            injected: [NetworkImpairment(.down, [])],
            injectedHelp: "connections are closed, and new ones are refused"
        ),
        Row(
            unit: .network, mode: .latency, tool: .toxiproxy,
            parameters: [
                NetworkParameter(
                    "latency", .duration, 1_000...600_000_000, draws: 1_000_000...20_000_000,
                    "How much later, each way."
                ),
                jitter,
            ],
            help: "what a connection carries comes later, in its order", needs: [],
            injected: [NetworkImpairment(.latency, [5_000_000, 2_000_000])],
            injectedHelp: "what a connection carries comes three to seven seconds later each way, in its order"),
        Row(
            unit: .network, mode: .bandwidth, tool: .toxiproxy,
            parameters: [
                NetworkParameter(
                    "rate", .kilobytesPerSecond, 1...1_000_000, draws: 1...4, "What each connection carries.")
            ],
            help: "each connection is slow", needs: [], injected: [NetworkImpairment(.bandwidth, [1])],
            injectedHelp: "each connection carries 1,000 bytes a second"),
        Row(
            unit: .network, mode: .timeout, tool: .toxiproxy,
            parameters: [
                NetworkParameter(
                    "timeout", .duration, upToTenMinutes, draws: 0...30_000_000,
                    "After how long the connection is closed; 0s: never.")
            ],
            help: "nothing gets through, and after a while connections are closed", needs: [],
            injected: [NetworkImpairment(.timeout, [2_000_000])],
            injectedHelp: "nothing gets through, and after two seconds connections are closed"),
        Row(
            unit: .network, mode: .resetPeer, tool: .toxiproxy,
            parameters: [
                NetworkParameter(
                    "timeout", .duration, upToTenMinutes, draws: 0...60_000_000,
                    "How long a connection stands; 0s: none comes about.")
            ],
            help: "connections are reset, with what is under way on them", needs: [],
            injected: [NetworkImpairment(.resetPeer, [15_000_000])],
            injectedHelp: "every connection is reset once it has stood for fifteen seconds"),
        Row(
            unit: .network, mode: .slicer, tool: .toxiproxy,
            parameters: [
                NetworkParameter("average_size", .bytes, 1...1_000_000, draws: 50...500, "Of a slice."),
                NetworkParameter(
                    "size_variation", .bytes, 0...1_000_000, draws: 0...40, standard: 0,
                    "By how much a slice is larger or smaller."),
                NetworkParameter(
                    "delay", .duration, 1_000...600_000_000, draws: 100_000...2_000_000, "Between two slices."),
            ],
            help: "messages come in slices, and count once they are whole", needs: [],
            injected: [NetworkImpairment(.slicer, [50, 10, 1_000_000])],
            injectedHelp: "messages come in slices of 50 bytes, one a second, and count once they are whole"),
        Row(
            unit: .network, mode: .limitData, tool: .toxiproxy,
            parameters: [
                NetworkParameter(
                    "bytes", .bytes, 0...1_000_000_000, draws: 1_200...6_000,
                    "What a connection carries, both ways.")
            ],
            help: "each connection is closed once it has carried so much", needs: [],
            injected: [NetworkImpairment(.limitData, [1_500])],
            injectedHelp: "each connection is closed once it has carried 1,500 bytes"),
    ]

    private static let others: [Row] = [
        Row(
            unit: .network, mode: .namesGone, tool: .neither, parameters: [],
            help: "names are not resolved: connections that stand go on, new ones do not come about", needs: [],
            injected: [NetworkImpairment(.namesGone, [])],
            injectedHelp: "names are not resolved: connections that stand go on, new ones do not come about"),
        Row(
            unit: .network, mode: .flapping, tool: .neither,
            parameters: [
                NetworkParameter(
                    "turn", .duration, 1_000_000...600_000_000, draws: 2_000_000...60_000_000,
                    "How long a turn is, to a quarter of it.")
            ],
            help: "the line goes up and down in turns, without a word", needs: [],
            injected: [NetworkImpairment(.flapping, [20_000_000])],
            injectedHelp: "the line goes up and down every twenty seconds or so"),
        Row(
            unit: .cloud, mode: .throttled, tool: .neither,
            parameters: [percent("How many requests fail.", draws: 10...95)],
            help: "requests are answered with an error", needs: [],
            injected: [NetworkImpairment(.throttled, [60])],
            injectedHelp: "six requests of ten are answered with an error"),
        Row(
            unit: .cloud, mode: .refusesEverybody, tool: .neither, parameters: [],
            help: "every token is refused", needs: [], injected: [NetworkImpairment(.refusesEverybody, [])],
            injectedHelp: "the cloud answers and refuses everybody"),
    ]

    /// Words that the tools have and the simulated line does not, and why.
    public static let notOffered: [(tool: Tool, word: String, reason: String)] = [
        (
            .netem, "correlation, distribution, gap, slot, ecn",
            "a story has too few messages for the shape of a distribution to show"
        ),
        (.toxiproxy, "slow_close", "nobody waits for a connection to be closed, so it would change nothing"),
        (.toxiproxy, "toxicity", "a post has one connection: it is hit or not"),
    ]
}
