// The world's own verdict: what is physically so, in code that knows nothing of the core.

public import Post

/// Something that must never be so, and was.
public struct Finding: Hashable, Sendable {
    /// What kind of wrong it is.
    public enum Kind: String, CaseIterable, Sendable {
        /// Current without a closed path, or a path that nobody may have closed.
        case currentWithoutPath = "current_without_path"
        /// More than 60 V where a hand can reach.
        case touchableVoltage = "touchable_voltage"
        /// Contactors opened above their safe current without an emergency.
        case openedUnderLoad = "opened_under_load"
        /// Contactors closed onto a voltage difference.
        case closedOntoDifference = "closed_onto_difference"
        /// Two connectors joined to one stage.
        case stagesJoined = "stages_joined"
        /// Energy from nowhere, or lost without heat.
        case energyBalance = "energy_balance"
        /// The meter tells another energy than flowed.
        case meterDisagrees = "meter_disagrees"
        /// The plug was released while its contacts were live.
        case releasedLive = "released_live"
        /// Power after a cause that must end it, for longer than its row allows.
        case tooSlow = "too_slow"
    }
    /// What.
    public var kind: Kind
    /// When.
    public var at: Instant
    /// Where.
    public var place: Place
    /// How much: volts, amperes, watt-hours or milliseconds, as the kind has it.
    public var amount: Double
}

/// Looks at every step of the electrics.
public struct Judge: Sendable {
    /// What it found, the first of each kind and place.
    public private(set) var findings: [Finding] = []
    /// Until when an emergency excuses opening under load, by connector.
    var emergencyUntil: [Instant]
    /// Whether a plug sits in the inlet, by connector: then nobody can touch the contacts.
    var isSeated: [Bool]

    init(connectors: Int) {
        emergencyUntil = Array(repeating: .zero, count: connectors)
        isSeated = Array(repeating: false, count: connectors)
    }

    mutating func find(_ kind: Finding.Kind, _ place: Place, _ amount: Double, at now: Instant) {
        guard !findings.contains(where: { $0.kind == kind && $0.place == place }) else { return }
        findings.append(Finding(kind: kind, at: now, place: place, amount: amount))
    }

    /// One step of one circuit.
    mutating func look(at circuit: Circuit, _ place: Place, seconds: Double) {
        if !circuit.isPathClosed, abs(circuit.contactAmperes) > 0.01 {
            find(.currentWithoutPath, place, circuit.contactAmperes, at: circuit.now)
        }
        if !isSeated[place.connector], circuit.contactVolts > 60 {
            find(.touchableVoltage, place, circuit.contactVolts, at: circuit.now)
        }
    }

    /// A path is about to open or close.
    mutating func switching(_ circuit: Circuit, _ place: Place, closes: Bool) {
        if closes {
            let difference = abs(circuit.stageVolts - circuit.contactVolts)
            if difference > 25 { find(.closedOntoDifference, place, difference, at: circuit.now) }
        } else if abs(circuit.contactAmperes) > 10, circuit.now > emergencyUntil[place.connector] {
            find(.openedUnderLoad, place, circuit.contactAmperes, at: circuit.now)
        }
    }

    /// The books of one circuit at the end: grid equals battery, losses and what is stored.
    mutating func balance(_ circuit: Circuit, _ place: Place) {
        let books = circuit.books
        let missing = abs(books.gridJoules - books.batteryJoules - books.lossJoules - books.storedJoules)
        if missing > 0.005 * books.gridJoules + 500 {
            find(.energyBalance, place, missing / 3_600, at: circuit.now)
        }
    }
}
