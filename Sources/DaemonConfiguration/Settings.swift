// The parts of the configuration file, each reader being its own description.

import Post
import StrictYAML

struct ConnectorSetting: Sendable {
    var name: String
    var stage: Int
    var configuration: ConnectorConfiguration

    @Sendable static func read(_ keys: RecordReader) -> ConnectorSetting {
        let stage = keys.optional("stage", .integer(1...8), default: "1", "The stage that feeds it, from 1.")
        return ConnectorSetting(
            name: keys.required("name", .text(1...40), "What drivers read on it."), stage: stage,
            configuration: ConnectorConfiguration(
                stage: StageID(UInt8(clamping: stage - 1)),
                lockHolder: keys.optional(
                    "lock",
                    .words([
                        WordMeaning("vehicle", LockHolder.vehicle, "The vehicle's inlet locks (CCS, NACS)."),
                        WordMeaning("post", .post, "The post locks (GB/T, CHAdeMO, sockets)."),
                    ]), default: "vehicle", "Who holds the plug."),
                maximumMillivolts: keys.optional(
                    "maximum_voltage", quantity(.voltage, 60_000...1_500_000),
                    default: "920V", "What cable and contacts bear."),
                maximumMilliamperes: keys.optional(
                    "maximum_current", quantity(.current, 1_000...1_000_000),
                    default: "400A", "What cable and contacts bear."),
                isVentilated: keys.optional(
                    "ventilated", .boolean, default: "false",
                    "Whether vehicles stand in the open or in ventilated air: only there are those charged that ask for ventilation."
                )
            ))
    }
}

struct StageSetting: Sendable {
    var configuration: StageConfiguration

    @Sendable static func read(_ keys: RecordReader) -> StageSetting {
        StageSetting(
            configuration: StageConfiguration(
                ratedWatts: keys.required(
                    "rated_power", .quantity(.power, 1_000...2_000_000), "What it gives at most."),
                maximumMillivolts: keys.optional(
                    "maximum_voltage", quantity(.voltage, 60_000...1_500_000),
                    default: "920V", "Its highest voltage."),
                maximumMilliamperes: keys.optional(
                    "maximum_current", quantity(.current, 1_000...1_000_000),
                    default: "400A", "Its highest current.")))
    }
}

struct ReaderSetting: Sendable {
    var connector: Int?
    @Sendable static func read(_ keys: RecordReader) -> ReaderSetting {
        ReaderSetting(
            connector: keys.optional(
                "connector", .integer(1...8), "The one connector it serves, from 1; left out: the whole post."))
    }
}

struct SiteSetting: Sendable {
    var limit: Int64
    var failSafe: Int64
    var silentAfter: Interval

    func applied(to limits: SafetyLimits) -> SafetyLimits {
        var limits = limits
        limits.limitSilentAfter = silentAfter
        return limits
    }

    @Sendable static func read(_ keys: RecordReader) -> SiteSetting {
        let limit = keys.optional(
            "limit", .quantity(.power, 1_000...5_000_000), default: "300kW", "The post's share.")
        let failSafe = keys.optional(
            "fail_safe_limit", .quantity(.power, 0...5_000_000), default: "40kW",
            "What counts when the source of a lower limit is silent.")
        if failSafe > limit {
            keys.refuse(
                "fail_safe_limit", "the fail-safe limit is above the limit", expected: "at most the limit",
                remedy: "Lower fail_safe_limit, or raise limit.")
        }
        let silentAfter = keys.optional(
            "silent_after", .duration(1_000_000...3_600_000_000), default: "120s",
            "When a source counts as silent.")
        return SiteSetting(limit: limit, failSafe: failSafe, silentAfter: Interval(microseconds: silentAfter))
    }
}

@Sendable func readAuthorization(_ keys: RecordReader) -> AuthorizationPolicy {
    var policy = AuthorizationPolicy()
    policy.guestFloorWattHours = keys.optional(
        "guest_floor", .quantity(.energy, 0...100_000), default: "0Wh",
        "For unknown tokens when nobody can be asked.")
    policy.sameCardStops = keys.optional(
        "same_card_stops", .boolean, default: "true", "The same card ends its session.")
    policy.stopsWhenRevoked = keys.optional(
        "stops_when_revoked", .boolean, default: "true", "A session ends when the cloud refuses its token.")
    policy.asksCloudForUnknown = keys.optional(
        "ask_cloud", .boolean, default: "true", "Whether the cloud is asked about unknown tokens.")
    return policy
}

extension DaemonConfiguration.Backend {
    @Sendable static func read(_ keys: RecordReader) -> DaemonConfiguration.Backend {
        keys.variant(
            "kind", "Which devices are driven.",
            [
                Variant("simulated", "The simulated world (bench daemon only).") { keys in
                    let speed = keys.optional(
                        "speed", Kind<Int64>.integer(1...1_000), default: "1", "Times faster than the clock.")
                    let modbus = keys.optional(
                        "modbus", .text(1...200),
                        "A folder of register maps: meters, insulation monitors and power stages are then read and "
                            + "commanded over Modbus (TCP on loopback), as on a real post. Left out: directly.")
                    if modbus != nil, speed != 1 {
                        keys.refuse(
                            "speed", "a bus is as fast as the clock", expected: "1 where modbus is given",
                            remedy: "Say speed: 1, or leave modbus out.")
                    }
                    return .simulated(
                        speed: speed,
                        seed: keys.optional(
                            "seed", .integer(0...UInt64.max), default: "1", "Start of every chance."),
                        modbus: modbus)
                },
                Variant("hardware", "The devices of a board profile.") { keys in
                    .hardware(profile: keys.required("profile", .text(1...200), "The profile's file."))
                },
            ])
    }
}

extension DaemonConfiguration.AllowListSetting {
    @Sendable static func read(_ keys: RecordReader) -> DaemonConfiguration.AllowListSetting {
        DaemonConfiguration.AllowListSetting(
            operatorID: keys.optional(
                "operator", operatorDigits,
                "16 bytes in hexadecimal digits; left out or empty: no list is accepted."
            )
                ?? "",
            keysFile: keys.optional(
                "keys_file", .text(1...200), default: "/etc/holdfast/list-keys", "Trusted public keys, one a line."),
            bundleFile: keys.optional(
                "bundle_file", .text(0...200),
                "The first trust bundle: whose keys count from then on is said by the bundles that follow it. Left out: those of keys_file."
            ) ?? "",
            pepperFile: keys.optional(
                "pepper_file", .text(1...200), default: "/etc/holdfast/pepper", "32 bytes in hexadecimal digits."),
            scopes: keys.optional(
                "scopes", .list(0...8, of: .text(64...64, .hexadecimal)), default: "[]",
                "Scopes of this post, 64 digits each."),
            isClockAuthenticated: keys.optional(
                "clock_is_authenticated", .boolean, default: "false",
                "Whether the machine's clock is set by authenticated time (NTS) alone: it then counts as much as a signed date. A clock that anybody on the network can set must not: it could end every card for good."
            ),
            tightening: keys.optional(
                "tighten", .record(Tightening.read), default: "{}",
                "What this site makes stricter than the list's own policy; looser values have no effect."),
            scrubEverySeconds: keys.optional(
                "scrub_every", .duration(0...2_592_000_000_000), default: "6h",
                "How often the whole list is read in the background, to find pages that the disk has damaged; 0: never."
            ) / 1_000_000,
            folders: keys.optional(
                "folders", .list(0...4, of: .text(2...200, .absolutePath)), default: "[]",
                "Folders whose lists, bundles, deny objects and deltas are taken: a folder that is synchronised, or the mount of a USB stick. They may be missing."
            ),
            mirrors: keys.optional(
                "mirrors", .record(Mirrors.read), default: "{}",
                "Hosts that have the operator's lists; any will do, since the signature is what counts."))
    }
}

extension DaemonConfiguration.AllowListSetting.Mirrors {
    @Sendable static func read(_ keys: RecordReader) -> DaemonConfiguration.AllowListSetting.Mirrors {
        DaemonConfiguration.AllowListSetting.Mirrors(
            addresses: keys.optional(
                "addresses", .list(0...8, of: mirrorAddress), default: "[]",
                "Where they are: https, down to the folder that holds allow-list.pal. Each is asked first in turn; one that fails is passed over."
            ),
            everySeconds: keys.optional(
                "every", .duration(1_000_000...86_400_000_000), default: "15m",
                "How often one of them is asked; after a failure of all sooner, from 30 s on twice as late each time."
            ) / 1_000_000,
            authoritiesFile: keys.optional(
                "authorities_file", .text(0...200),
                "Certificates in PEM form that are trusted; left out: those of the system.") ?? "")
    }
}

private let mirrorAddress = Kind<String>.parsed(
    expected: "an address that begins with https://", example: "https://lists.example.org/site-7",
    pattern: "^https://[^ ?#]{3,200}$", standIn: "https://example.org"
) { text in
    text.hasPrefix("https://") && (11...208).contains(text.utf8.count)
        && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        ? text : nil
}

extension DaemonConfiguration.AllowListSetting.Tightening {
    @Sendable static func read(
        _ keys: RecordReader
    ) -> DaemonConfiguration.AllowListSetting.Tightening {
        func energy(_ key: String, _ help: String) -> UInt32? {
            keys.optional(key, .quantity(.energy, 0...4_000_000_000), help).map { UInt32(clamping: $0 as Int64) }
        }
        return DaemonConfiguration.AllowListSetting.Tightening(
            sessionWattHours: energy("session_energy", "Energy for one session."),
            sessionsPerDay: keys.optional(
                "sessions_per_day", .integer(0...65_535), "Sessions of one card within 24 hours."),
            contactWattHours: energy("energy_until_contact", "Energy for one card until the cloud hears of it."),
            postWattHours: energy("energy_at_risk", "Energy of this post that the cloud does not know of."),
            postsOnSite: keys.optional(
                "posts_on_site", .integer(1...1_000), default: "1",
                "Posts of this site, this one included. Each holds an equal share of the list's cap for the site, since no post knows what the others have given."
            ))
    }
}

extension DaemonConfiguration.RealTime {
    @Sendable static func read(_ keys: RecordReader) -> DaemonConfiguration.RealTime {
        DaemonConfiguration.RealTime(
            priority: keys.optional(
                "priority", .integer(0...99), default: "50",
                "Priority under SCHED_FIFO; 0: an ordinary thread. Simulations should take 0."),
            locksMemory: keys.optional(
                "lock_memory", .boolean, default: "true", "Whether memory is kept from being paged out."))
    }
}

extension DaemonConfiguration.Price {
    @Sendable static func read(_ keys: RecordReader) -> DaemonConfiguration.Price {
        DaemonConfiguration.Price(
            currency: keys.required("currency", currencyCode, "ISO 4217 code."),
            minorUnitsPerKilowattHour: keys.required(
                "minor_units_per_kwh", .integer(0...100_000), "Cents, pence, ..."))
    }
}

extension DaemonConfiguration.Price {
    /// The same as sessions keep it.
    var tariff: Tariff? {
        Tariff.packed(currency).map { Tariff(currency: $0, minorUnitsPerKilowattHour: minorUnitsPerKilowattHour) }
    }
}

private let operatorDigits = Kind<String>.text(0...32, .hexadecimal).refined("32 hexadecimal digits, or nothing") {
    $0.isEmpty || $0.utf8.count == 32
}

private let currencyCode = Kind<String>.parsed(
    expected: "a currency code of three capitals", example: "EUR", pattern: "^[A-Z]{3}$", standIn: "EUR"
) { Tariff.packed($0) == nil ? nil : $0 }

/// A quantity of at most 32 bits.
func quantity(_ measure: Measure, _ range: ClosedRange<Int64>) -> Kind<Int32> {
    Kind<Int64>.quantity(measure, range).converted { Int32(clamping: $0) }
}
