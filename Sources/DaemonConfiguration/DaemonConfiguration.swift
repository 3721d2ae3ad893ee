// The daemon's configuration: one immutable value, read once from one YAML file.

public import Post
public import StrictYAML

/// Everything a daemon is told by its file.
public struct DaemonConfiguration: Sendable {
    /// What the post is called on screens and in records.
    public var name: String
    /// Names of the connectors, in their order.
    public var connectorNames: [String]
    /// What the core needs.
    public var post: PostConfiguration
    /// Real devices, or the simulated world.
    public var backend: Backend
    /// Where records and list are kept.
    public var stateFolder: String
    /// The local interface's socket.
    public var socketPath: String
    /// A loopback port for status and events, or nil.
    public var loopbackPort: Int?
    /// Where the allow-list comes from.
    public var allowList: AllowListSetting
    /// Least level that is logged: trace, debug, info, notice, warning, error or critical.
    public var logLevel: String
    /// Price in minor units per kWh, or nil.
    public var price: Price?
    /// The flight recording's file.
    public var flightRecording: String
    /// What the control loop asks of the kernel.
    public var realTime: RealTime

    /// What the control loop asks of the kernel.
    public struct RealTime: Hashable, Sendable {
        /// Priority under SCHED_FIFO, 1...99; 0: an ordinary thread.
        public var priority: Int
        /// Whether memory is kept from being paged out.
        public var locksMemory: Bool
    }

    /// Which devices are driven.
    public enum Backend: Hashable, Sendable {
        /// The simulated world, so many times faster than the clock, from this seed. With a folder of register maps its
        /// meters, insulation monitors and stages are read and commanded over Modbus.
        case simulated(speed: Int64, seed: UInt64, modbus: String?)
        /// The devices of a board profile.
        case hardware(profile: String)
    }

    /// Keys and names by which a list is accepted.
    public struct AllowListSetting: Hashable, Sendable {
        /// Operator, 16 bytes in hexadecimal digits; empty: no list is accepted.
        public var operatorID: String
        /// File with the trusted public keys, one a line in hexadecimal digits.
        public var keysFile: String
        /// File with the first trust bundle; empty: the keys in `keysFile` are trusted without bounds.
        public var bundleFile: String
        /// File with the pepper, 32 bytes in hexadecimal digits.
        public var pepperFile: String
        /// Scopes of this post, 32 bytes in hexadecimal digits each.
        public var scopes: [String]
        /// Whether whoever sets the machine's clock is authenticated (NTS): such a clock moves the time floor.
        public var isClockAuthenticated: Bool
        /// What the site makes stricter than the list's own policy.
        public var tightening: Tightening
        /// How often the whole list is read in the background, in seconds; 0: never.
        public var scrubEverySeconds: Int64
        /// Folders whose files are taken.
        public var folders: [String]
        /// Mirrors that are asked for what is newer.
        public var mirrors: Mirrors

        /// Hosts that have the operator's lists, any of which will do.
        public struct Mirrors: Hashable, Sendable {
            /// Their addresses: https, down to the folder that holds the files.
            public var addresses: [String]
            /// How often one of them is asked, in seconds.
            public var everySeconds: Int64
            /// File with the certificates that are trusted, in PEM form; empty: the system's.
            public var authoritiesFile: String
        }

        /// Limits of the site, in watt-hours and sessions; nil: the list's own. Looser values than the list's have no effect.
        public struct Tightening: Hashable, Sendable {
            /// Energy for one session.
            public var sessionWattHours: UInt32?
            /// Sessions of one card within 24 hours.
            public var sessionsPerDay: UInt16?
            /// Energy for one card until the cloud hears of it.
            public var contactWattHours: UInt32?
            /// Energy of this post that the cloud does not know of.
            public var postWattHours: UInt32?
            /// Posts of the site, this one included: each holds an equal share of the list's cap for the site.
            public var postsOnSite: UInt32
        }
    }

    /// What a kilowatt-hour costs.
    public struct Price: Hashable, Sendable {
        /// ISO 4217 code.
        public var currency: String
        /// Minor units (cents) per kilowatt-hour.
        public var minorUnitsPerKilowattHour: Int64
    }

    /// What the operator should know although the file is right.
    public var warnings: [String] {
        price == nil
            ? [
                "No price is configured: drivers are not told what a kilowatt-hour costs. Add price: {currency, minor_units_per_kwh}."
            ] : []
    }
}

/// The format of the daemon's configuration.
public let daemonConfigurationDocument = DocumentKind<DaemonConfiguration>(
    title: "Holdfast configuration",
    summary: "One charging post: what it is made of, who may charge, where things are kept.",
    schemaIdentifier: "https://holdfast.example/schema/holdfast.schema.json"
) { keys in
    let connectors = keys.required(
        "connectors", .list(1...8, of: Kind<ConnectorSetting>.record(ConnectorSetting.read).located),
        "The connectors.")
    let stages = keys.required("stages", .list(1...8, of: .record(StageSetting.read)), "The power stages.")
    let readers =
        keys.optional(
            "readers", .list(0...8, of: Kind<ReaderSetting>.record(ReaderSetting.read).located),
            "The card readers; left out: one for the whole post.")
        ?? [Located(ReaderSetting(connector: nil), at: .wholeFile)]
    let limits = keys.optional(
        "limits", .record(readLimits), default: "{}", "Limits and timeouts; what is left out keeps its default.")
    let site = keys.optional("site", .record(SiteSetting.read), default: "{}", "The site's connection.")
    // Without a list of stages nothing can be said of who names which.
    for connector in connectors where !stages.isEmpty && connector.value.stage > stages.count {
        keys.refuse(
            "connectors", "a connector names stage \(connector.value.stage)", expected: "1 to \(stages.count)",
            remedy: "Name a stage that is listed under stages, counted from 1.", at: connector.position)
    }
    for reader in readers {
        guard let number = reader.value.connector, number > connectors.count, !connectors.isEmpty else { continue }
        keys.refuse(
            "readers", "a reader serves connector \(number)", expected: "1 to \(connectors.count)",
            remedy: "Name a connector that is listed under connectors, counted from 1.", at: reader.position)
    }
    let names = connectors.map(\.value.name)
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
        keys.refuse(
            "connectors", "two connectors are named \(name)", expected: "a name of its own for each",
            remedy: "Drivers must be able to tell them apart.", at: connectors[index].position)
    }
    let socket = keys.optional(
        "socket", socketPath, default: "/run/holdfast/holdfast.sock", "The local interface.")
    let price = keys.optional("price", .record(DaemonConfiguration.Price.read), "What a kilowatt-hour costs.")
    return DaemonConfiguration(
        name: keys.optional("name", .text(1...60), default: "Holdfast post", "What the post is called."),
        connectorNames: names,
        post: PostConfiguration(
            connectors: connectors.map(\.value.configuration), stages: stages.map(\.configuration),
            readers: readers.map {
                $0.value.connector.map { .connector(ConnectorID(UInt8(clamping: $0 - 1))) } ?? .wholePost
            },
            siteLimitWatts: site.limit, failSafeLimitWatts: site.failSafe, limits: site.applied(to: limits),
            authorization: keys.optional(
                "authorization", .record(readAuthorization), default: "{}", "Who may charge."),
            tariff: price?.tariff),
        backend: keys.required("backend", .record(DaemonConfiguration.Backend.read), "Which devices."),
        stateFolder: keys.optional(
            "state_folder", .text(1...200, .absolutePath), default: "/var/lib/holdfast", "Records and list."),
        socketPath: socket,
        loopbackPort: keys.optional(
            "loopback_port", .integer(1...65_535), "Status, events and metrics on 127.0.0.1, no commands."),
        allowList: keys.optional(
            "allow_list", .record(DaemonConfiguration.AllowListSetting.read), default: "{}",
            "Whose lists are accepted."),
        logLevel: keys.optional(
            "log_level",
            .words(
                ["trace", "debug", "info", "notice", "warning", "error", "critical"].map {
                    WordMeaning($0, $0, "Least level that is logged.")
                }), default: "info", "Least level that is logged."),
        price: price,
        flightRecording: keys.optional(
            "flight_recording", .text(1...200, .absolutePath),
            "The file of the flight recording, in memory; left out: `flight` beside the socket.")
            ?? beside(socket, "flight"),
        realTime: keys.optional(
            "real_time", .record(DaemonConfiguration.RealTime.read), default: "{}",
            "What the control loop asks of the kernel."))
}

/// A socket's path: its address has room for 107 bytes, whatever the letters.
private let socketPath = Kind<String>.text(1...100, .absolutePath).refined(
    "a path that starts with / and has at most 100 bytes"
) { $0.utf8.count <= 100 }

/// The path of another file in the same folder. A path without a folder (the stand-in of a refused one has none)
/// counts as lying at the root.
private func beside(_ path: String, _ name: String) -> String {
    (path.lastIndex(of: "/").map { String(path[...$0]) } ?? "/") + name
}

extension DaemonConfiguration {
    /// Reads a file; throws every mistake at once, each with its line and column.
    public static func read(path: String) throws(Problems) -> DaemonConfiguration {
        try daemonConfigurationDocument.read(path: path)
    }
}
