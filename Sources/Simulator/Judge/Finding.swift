// What the world itself found to be wrong, as values.

public import Post

/// A connector of a post of the site.
public struct Place: Hashable, Sendable {
    /// The post, from 0.
    public var post: Int
    /// The connector, from 0.
    public var connector: Int

    /// That connector of that post.
    public init(post: Int, connector: Int) {
        self.post = post
        self.connector = connector
    }
}

/// Something that must never be so in the world, and was.
public struct Finding: Hashable, Sendable {
    /// What kind of wrong it is. The raw value is its stable code.
    public enum Kind: String, CaseIterable, Sendable {
        /// Current without a closed path.
        case currentWithoutPath = "current_without_path"
        /// More than 60 V at a contact that can be touched.
        case touchableVoltage = "touchable_voltage"
        /// The plug was free to be drawn while its contacts were live.
        case releasedLive = "released_live"
        /// Contactors opened above their limit without an emergency.
        case openedUnderLoad = "opened_under_load"
        /// Contactors closed onto a difference of voltage.
        case closedOntoDifference = "closed_onto_difference"
        /// A path closed through a pole that had stayed closed when it was told to open: nothing may be able to open it again.
        case closedOntoWeld = "closed_onto_weld"
        /// Two connectors, or two batteries, joined to one stage.
        case sourcesJoined = "sources_joined"
        /// The meter tells another energy than flowed.
        case meterDisagrees = "meter_disagrees"
        /// Energy from nowhere, or lost without heat: the world's own physics is wrong.
        case energyBalance = "energy_balance"
        /// The connectors of a post together took more than its share of the site for longer than a change may take.
        case siteLimitExceeded = "site_limit_exceeded"
        /// A driver whom the office had denied was served.
        case deniedDriverServed = "denied_driver_served"
        /// Records reached the cloud in another order than they were made in, or one of them not at all.
        case recordsOutOfOrder = "records_out_of_order"
        /// A fault came and went so often that neither driver nor operator could read it.
        case faultFlaps = "fault_flaps"
        /// Something was broken and the path stayed closed for longer than its row of the table allows.
        case reactionTooSlow = "reaction_too_slow"
    }

    /// What.
    public var kind: Kind
    /// When.
    public var at: Instant
    /// Where.
    public var place: Place
    /// How much: millivolts, milliamperes, watt-hours, joules or microseconds, as the sentence says.
    public var amount: Int64
    /// What was so, in one sentence with its number.
    public var sentence: String
}
