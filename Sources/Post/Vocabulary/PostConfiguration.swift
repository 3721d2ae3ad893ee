// What a post is made of, as the core needs to know it.

/// Who holds the plug in the inlet while it is live.
public enum LockHolder: UInt8, CaseIterable, Sendable {
    /// The vehicle's inlet locks: CCS, NACS.
    case vehicle
    /// The post's connector locks: GB/T, CHAdeMO, sockets.
    case post
}

/// One connector: its stage, its lock and what its cable bears.
public struct ConnectorConfiguration: Hashable, Sendable {
    /// The stage that feeds it. Two connectors may name the same one; it then serves one at a time.
    public var stage: StageID
    /// Who locks.
    public var lockHolder: LockHolder
    /// The most voltage the cable and contacts bear, in millivolts.
    public var maximumMillivolts: Int32
    /// The most current they bear, in milliamperes.
    public var maximumMilliamperes: Int32
    /// Whether the air around the vehicle is ventilated: in the open, or by a fan that runs by itself. A vehicle that asks for
    /// ventilation (state D) is charged only here: IEC 61851-1, "ventilation of the charging area".
    public var isVentilated: Bool

    /// A connector with these values.
    public init(
        stage: StageID, lockHolder: LockHolder, maximumMillivolts: Int32, maximumMilliamperes: Int32,
        isVentilated: Bool = false
    ) {
        self.stage = stage
        self.lockHolder = lockHolder
        self.maximumMillivolts = maximumMillivolts
        self.maximumMilliamperes = maximumMilliamperes
        self.isVentilated = isVentilated
    }
}

/// One power stage.
public struct StageConfiguration: Hashable, Sendable {
    /// More than any stage, or any site's connection, has: larger numbers count as this. 1 GW.
    public static let ratedWattsAtMost: Int64 = 1_000_000_000

    /// Rated power in watts.
    public var ratedWatts: Int64
    /// The most voltage in millivolts.
    public var maximumMillivolts: Int32
    /// The most current in milliamperes.
    public var maximumMilliamperes: Int32

    /// A stage with these values.
    public init(ratedWatts: Int64, maximumMillivolts: Int32, maximumMilliamperes: Int32) {
        self.ratedWatts = ratedWatts
        self.maximumMillivolts = maximumMillivolts
        self.maximumMilliamperes = maximumMilliamperes
    }
}

/// Which connectors a card reader serves.
public enum ReaderScope: Hashable, Sendable {
    /// Every connector of the post: the tap goes to whoever was plugged in last and waits for a card.
    case wholePost
    /// This connector only.
    case connector(ConnectorID)
}

/// The choices an operator has in who may charge. The signed list's own policy may only be tightened here.
public struct AuthorizationPolicy: Hashable, Sendable {
    /// Energy an unknown token may take when nobody can be asked, in watt-hours. 0: none (the default).
    public var guestFloorWattHours: Int64 = 0
    /// Whether the same card, shown again, ends its session.
    public var sameCardStops = true
    /// Whether a session ends when the cloud later refuses its token. OCPP StopTxOnInvalidId, true by default.
    public var stopsWhenRevoked = true
    /// Whether tokens that the list does not know may be asked of the cloud.
    public var asksCloudForUnknown = true

    /// The defaults above.
    public init() {}
}

/// One post, whole: checked once at the border and handed to the core as one value.
public struct PostConfiguration: Hashable, Sendable {
    /// The most connectors a post may have: bounds every queue and buffer of the core.
    public static let connectorsAtMost = 8
    /// The most stages a post may have.
    public static let stagesAtMost = 8
    /// The most card readers a post may have.
    public static let readersAtMost = 8

    /// The connectors, 1...`connectorsAtMost`.
    public var connectors: [ConnectorConfiguration]
    /// The stages, 1...`stagesAtMost`.
    public var stages: [StageConfiguration]
    /// The readers, 0...`readersAtMost`.
    public var readers: [ReaderScope]
    /// The post's share of the site's connection, in watts.
    public var siteLimitWatts: Int64
    /// What counts when the source of a lower limit has gone silent, in watts.
    public var failSafeLimitWatts: Int64
    /// Limits and timeouts.
    public var limits: SafetyLimits
    /// Who may charge.
    public var authorization: AuthorizationPolicy
    /// What energy costs, or nil where the post does not know: a session keeps the tariff it began with.
    public var tariff: Tariff?

    /// A post with these parts. The border has checked the counts and that every connector names a stage that is there;
    /// the core treats what does not fit as an internal defect and keeps power withdrawn.
    public init(
        connectors: [ConnectorConfiguration], stages: [StageConfiguration], readers: [ReaderScope],
        siteLimitWatts: Int64, failSafeLimitWatts: Int64, limits: SafetyLimits = SafetyLimits(),
        authorization: AuthorizationPolicy = AuthorizationPolicy(), tariff: Tariff? = nil
    ) {
        self.connectors = connectors
        self.stages = stages
        self.readers = readers
        self.siteLimitWatts = siteLimitWatts
        self.failSafeLimitWatts = failSafeLimitWatts
        self.limits = limits
        self.authorization = authorization
        self.tariff = tariff
    }

    /// Takes over what limits the power more than now; all else waits until every connector is idle.
    mutating func lowerLimits(to next: PostConfiguration) {
        siteLimitWatts = min(siteLimitWatts, next.siteLimitWatts)
        failSafeLimitWatts = min(failSafeLimitWatts, next.failSafeLimitWatts)
    }

    /// The stage that feeds a connector; one that gives nothing where the connector names none that is there.
    func stage(of connector: ConnectorConfiguration) -> StageConfiguration {
        let position = Int(connector.stage.index)
        guard position < stages.count else {
            return StageConfiguration(ratedWatts: 0, maximumMillivolts: 0, maximumMilliamperes: 0)
        }
        return stages[position]
    }

    /// Two connectors for CCS (the vehicle locks), a stage of 150 kW each, one shared reader, 300 kW from the site.
    public static let twoConnectors = PostConfiguration(
        connectors: [0, 1].map {
            ConnectorConfiguration(
                stage: StageID($0), lockHolder: .vehicle, maximumMillivolts: 920_000, maximumMilliamperes: 400_000)
        },
        stages: [0, 1].map { (_: Int) in
            StageConfiguration(ratedWatts: 150_000, maximumMillivolts: 920_000, maximumMilliamperes: 400_000)
        },
        readers: [.wholePost], siteLimitWatts: 300_000, failSafeLimitWatts: 40_000)
}
