// The parts of the status that are about the post as a whole: clock, price, configuration, records.

public import Post

/// What the wall clock is worth.
public struct ClockView: Sendable, Codable {
    /// `network`, `battery_or_hand` or `none`.
    public var source: String
    /// 0: not trusted, 1: plausible, nobody vouches for it, 2: synchronised.
    public var quality: Int
    /// The kernel's own bound on its error, in microseconds; nil where it is not synchronised.
    public var error_microseconds: Int64?
    /// Whether the clock counts for the dates of lists and cards; nil where nobody asks it.
    public var is_believed: Bool?
    /// The key whose word `not_before` is; nil where it is no key's.
    public var not_before_by: String?
    /// It cannot be earlier than this, by signed dates and elapsed time, in seconds since 1970.
    public var not_before: Int64?

    /// A clock of this worth.
    public init(source: String, quality: Int, errorMicroseconds: Int64? = nil) {
        self.source = source
        self.quality = quality
        error_microseconds = errorMicroseconds
    }
}

/// How much memory of the daemon is resident, and what the post does about it.
public struct MemoryView: Sendable, Codable {
    /// What is resident, in bytes.
    public var resident_bytes: Int64
    /// With more the operator is told.
    public var warning_bytes: Int64
    /// With more the daemon starts itself anew, once every connector is idle.
    public var restart_bytes: Int64

    /// So many bytes, by these limits.
    public init(residentBytes: Int64, _ limits: SafetyLimits) {
        resident_bytes = residentBytes
        warning_bytes = limits.memoryWarningBytes
        restart_bytes = limits.memoryRestartBytes
    }
}

/// What a kilowatt-hour costs.
public struct PriceView: Sendable, Codable {
    /// ISO 4217 code.
    public var currency: String
    /// Cents, pence, ...
    public var minor_units_per_kwh: Int64

    /// The price of a tariff.
    public init(_ tariff: Tariff) {
        currency = tariff.currencyCode
        minor_units_per_kwh = tariff.minorUnitsPerKilowattHour
    }

    /// What an energy costs in whole minor units, a half rounded up. Never negative; the largest number that there
    /// is stands for more.
    public func cost(ofWattHours energy: Int64) -> Int64 {
        let product = max(0, energy).multipliedFullWidth(by: max(0, minor_units_per_kwh))
        guard product.high < 500 else { return Int64.max }
        let (whole, rest) = Int64(1_000).dividingFullWidth(product)
        return rest >= 500 ? whole + 1 : whole
    }
}

/// How the configuration stands.
public struct ConfigurationView: Sendable, Codable {
    /// The file.
    public var file: String
    /// A newer one has been read and waits until every connector is idle.
    public var is_pending = false
    /// The keys of the newer file that take effect at the next start.
    public var needs_restart: [String] = []
    /// What is wrong with the file that was read last; it changed nothing.
    public var refused: [String] = []
    /// Seconds since 1970 when the one in force was read.
    public var read_at: Int64 = 0

    /// A configuration of that file.
    public init(file: String) { self.file = file }
}

/// Why no card is accepted here, whoever holds it.
public enum NobodyLetIn: Hashable, Sendable {
    /// The configuration cannot be used, so the post allows no power; the file, and a sentence on what holds the outputs.
    case notConfigured(String, outputs: String)
    /// Every card would meet this refusal: the records cannot be written, or there is neither list nor cloud.
    case refused(Refusal)

    var json: StatusJSON.NobodyLetIn {
        switch self {
        case .notConfigured(let file, let outputs):
            return StatusJSON.NobodyLetIn(
                code: "not_configured",
                sentence: "The configuration cannot be used: no power is allowed. \(outputs)",
                what_to_do: "Mend \(file), then: systemctl reload holdfastd")
        case .refused(let refusal):
            let (what, whatToDo) = Wording.refusal(refusal)
            return StatusJSON.NobodyLetIn(code: refusal.code, sentence: what, what_to_do: whatToDo)
        }
    }

    /// What a connector says to whoever comes to it: what it would say once a card has been shown.
    func shown(_ status: ConnectorStatus) -> ConnectorStatus {
        guard case .refused(let refusal) = self, [.available, .occupied, .reserved].contains(status.phase) else {
            return status
        }
        var told = status
        // What a card has met already says more.
        told.refusal = status.refusal ?? refusal
        // A card would be waited for in vain.
        told.waiting = .nothing
        told.waitsUntil = nil
        return told
    }
}

/// A file that is sent piece by piece; one at a time.
public protocol ListUpload: Sendable {
    /// Takes the next bytes; waits until there is room for more.
    func take(_ bytes: [UInt8]) async throws(ConsoleProblem)
    /// All of it is there: verifies, installs, answers with JSON.
    func finish() async throws(ConsoleProblem) -> String
    /// Nothing more comes, or something is wrong: forgets what was taken. Harmless after `finish`.
    func abandon() async
}
