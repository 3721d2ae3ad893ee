// The catalogue of what can go wrong at a fast-charge post: each row has a scenario, or a reason why it has none.

/// One row of the catalogue.
public struct CatalogueRow: Sendable {
    /// What stands in for a scenario.
    public enum StandIn: Sendable {
        /// Nothing: a scenario of this repository names the row.
        case none
        /// Another proof, since the cause lies below or beside the world that scenarios play in.
        case proved(String)
        /// Nothing yet: why.
        case missing(String)
    }

    /// Its number, from 1; never reused.
    public let number: Int
    /// What happens, in one clause.
    public let cause: String
    /// What stands in for a scenario where none names the row.
    public let standIn: StandIn
    /// Where the post does, on purpose, something else than the study that the catalogue was made of asks for: what and why.
    public let departure: String?

    init(_ number: Int, _ cause: String, _ standIn: StandIn = .none, departure: String? = nil) {
        self.number = number
        self.cause = cause
        self.standIn = standIn
        self.departure = departure
    }
}

/// The catalogue, whole.
public enum Catalogue {
    /// Every row, in the order of the numbers.
    public static let rows: [CatalogueRow] =
        enclosure + highVoltage + pilotAndVehicle + thermal + supply + meter
        + machine + authorization + network

    private static let bus = "ModbusDriverTests: the real engine over a virtual line"

    private static let enclosure: [CatalogueRow] = [
        CatalogueRow(1, "the emergency stop is pressed"),
        CatalogueRow(2, "its contact bounces, or its wire breaks"),
        CatalogueRow(3, "post and safety controller read different emergency stops"),
        CatalogueRow(4, "a door is opened"),
        CatalogueRow(5, "the enclosure tilts, or water comes in"),
        CatalogueRow(6, "the driver presses the stop button"),
        CatalogueRow(7, "the stop for an error stalls: the current does not fall"),
        CatalogueRow(8, "the safety controller falls silent"),
        CatalogueRow(9, "the safety controller starts again in a session"),
    ]

    private static let highVoltage: [CatalogueRow] = [
        CatalogueRow(10, "the plus contactor welds"), CatalogueRow(11, "the minus contactor welds"),
        CatalogueRow(12, "both weld with a vehicle plugged in"),
        CatalogueRow(13, "a contactor does not close"),
        CatalogueRow(14, "a read-back is stuck at closed"),
        CatalogueRow(15, "a read-back is stuck at open while current flows"),
        CatalogueRow(16, "a read-back bounces"),
        CatalogueRow(
            17, "contactors open under load",
            .proved("the world's judge finds each that no emergency excuses, in every scenario and storm")),
        CatalogueRow(18, "the output is live before the cable check"),
        CatalogueRow(19, "the output stays live after a stop"),
        CatalogueRow(20, "the test voltage is not reached"),
        CatalogueRow(21, "a short circuit at the test"),
        CatalogueRow(22, "the cable check takes too long"),
        CatalogueRow(23, "pre-charge takes too long"), CatalogueRow(24, "pre-charge ends at another voltage"),
        CatalogueRow(25, "the insulation is low, before and during a charge"),
        CatalogueRow(26, "the insulation monitor fails its own test"),
        CatalogueRow(27, "the insulation monitor falls silent"),
        CatalogueRow(28, "the insulation monitor repeats one value"),
        CatalogueRow(29, "one pole lies nearer to earth than the other, or further than it may"),
        CatalogueRow(
            30, "over-voltage within 9 ms", .missing("left to hardware by design: no Linux is that fast")),
        CatalogueRow(31, "over-voltage that lasts"),
        CatalogueRow(32, "the output collapses"),
        CatalogueRow(33, "more current than was asked for"), CatalogueRow(34, "current flows backwards"),
        CatalogueRow(35, "two voltage sensors disagree"), CatalogueRow(36, "the protective earth is lost"),
        CatalogueRow(37, "the residual-current device trips"),
        CatalogueRow(38, "the residual-current device fails its test"),
    ]

    private static let pilotAndVehicle: [CatalogueRow] = [
        CatalogueRow(39, "the vehicle goes from C to B in a charge"),
        CatalogueRow(40, "the pilot is lost in a charge"),
        CatalogueRow(41, "the pilot is shorted to earth"), CatalogueRow(42, "the pilot is stuck at -12 V"),
        CatalogueRow(43, "the vehicle's diode is missing"),
        CatalogueRow(
            44, "one bad sample of the pilot",
            departure:
                "the post itself lets a level outside every band pass for 50 ms; what is a state is the safety controller's word, which it has filtered before it tells it (hardware/README.md adds that time up), and counts at once"
        ),
        CatalogueRow(45, "the vehicle toggles C for 200 ms to wake the post"),
        CatalogueRow(46, "the vehicle goes on asking after it was told to stop"),
        CatalogueRow(47, "the vehicle asks for ventilation"),
        CatalogueRow(48, "the pilot's level is outside every band"),
        CatalogueRow(49, "the proximity contact is lost in a charge"),
        CatalogueRow(50, "the plug is half in, or its latch is broken"),
        CatalogueRow(51, "the lock does not close"), CatalogueRow(52, "the lock opens in a charge"),
        CatalogueRow(53, "the lock does not open when all is safe"),
        CatalogueRow(54, "the vehicle falls silent"),
        CatalogueRow(55, "the vehicle leaves state C and goes on talking"),
        CatalogueRow(56, "the vehicle asks for more than it may"),
        CatalogueRow(57, "the vehicle does not follow a limit that falls"),
        CatalogueRow(
            58, "the vehicle looks for welds before the pilot changes",
            .missing("the order of messages belongs to the vehicle link's driver, which does not exist yet")),
    ]

    private static let thermal: [CatalogueRow] = [
        CatalogueRow(59, "the contacts get warm, then hot"),
        CatalogueRow(60, "one of the two sensors at the contacts fails"),
        CatalogueRow(61, "a sensor freezes or jumps"),
        CatalogueRow(62, "the cabinet is too hot"),
        CatalogueRow(63, "it is too cold to charge"),
        CatalogueRow(64, "fan or pump stand still"),
        CatalogueRow(65, "the coolant leaks"),
        CatalogueRow(66, "the handle gets too warm to touch"),
    ]

    private static let supply: [CatalogueRow] = [
        CatalogueRow(67, "the grid is lost"),
        CatalogueRow(68, "the grid sags for a moment"), CatalogueRow(69, "a phase is lost"),
        CatalogueRow(70, "one module of a stage drops out"), CatalogueRow(71, "the stage has a fault of its own"),
        CatalogueRow(72, "the stage falls silent"), CatalogueRow(73, "the stage ignores off"),
        CatalogueRow(74, "the stage repeats old readings"),
        CatalogueRow(
            75, "the order of settings matters to a module",
            .proved("ModbusDriverTests: commands of a stage are one setting, the newest wins, off overtakes")),
    ]

    private static let meter: [CatalogueRow] = [
        CatalogueRow(76, "the meter falls silent"),
        CatalogueRow(77, "an old value is told with a new time", .proved(bus)),
        CatalogueRow(78, "noise on the bus breaks checksums", .proved(bus)),
        CatalogueRow(79, "a late answer is taken for the next one", .proved(bus)),
        CatalogueRow(80, "two devices answer, or the bus echoes", .proved(bus)),
        CatalogueRow(81, "the register goes back, or leaps"), CatalogueRow(82, "the register stands still"),
        CatalogueRow(83, "the meter was swapped"),
        CatalogueRow(84, "meter and stage tell different energies"),
        CatalogueRow(85, "the meter refuses a transaction", .missing("no meter with signed transactions yet")),
        CatalogueRow(
            86, "the meter closes its transaction itself", .missing("no meter with signed transactions yet")),
        CatalogueRow(87, "the meter is not there at the start"),
    ]

    private static let machine: [CatalogueRow] = [
        CatalogueRow(88, "the lines' chip is not there at the start"),
        CatalogueRow(89, "the lines' chip is unplugged in a charge"),
        CatalogueRow(
            90, "another process holds a line", .proved("the rig: a real kernel's simulated chip (Tests/GPIORig)")),
        CatalogueRow(91, "the process is killed in a charge"), CatalogueRow(92, "the process crashes in a loop"),
        CatalogueRow(
            93, "the control loop hangs",
            .proved("BlackBoxTests: the service manager's watchdog ends a hung daemon")),
        CatalogueRow(94, "locks in the wrong order", .proved("there is no lock in the core (TidyTests)")),
        CatalogueRow(95, "the supply is cut in a charge"), CatalogueRow(96, "the disk is full"),
        CatalogueRow(97, "the disk fails, or hangs"),
        CatalogueRow(98, "the records are damaged", .proved("LedgerTests: quarantined, never deleted")),
        CatalogueRow(99, "a write is torn by a loss of power", .proved("LedgerTests: killed at every write")),
        CatalogueRow(
            100, "the loop waits for a page from the disk", .proved("the loop locks its memory (RuntimeTests)")),
        CatalogueRow(101, "memory leaks"),
        CatalogueRow(102, "the clock begins in 1970"), CatalogueRow(103, "the clock leaps ahead"),
        CatalogueRow(104, "the clock leaps back"), CatalogueRow(105, "the clock drifts"),
    ]

    private static let authorization: [CatalogueRow] = [
        CatalogueRow(106, "a list with a wrong signature"),
        CatalogueRow(107, "a list that is older than the one in use"),
        CatalogueRow(108, "no newer list comes for weeks"),
        CatalogueRow(109, "a list that is cut off or endless"),
        CatalogueRow(110, "a list whose version leaps to the end"),
        CatalogueRow(111, "the process dies as a list is installed"),
        CatalogueRow(112, "a token is revoked in its session"), CatalogueRow(113, "a card is shown twice"),
        CatalogueRow(114, "a card is shown while two vehicles wait"),
        CatalogueRow(
            115, "a vehicle is plugged in and no card comes",
            departure:
                "the study ends the wait after 120 s (MREC9) and wants the plug drawn and put in again; here the vehicle waits until somebody comes: nothing is live meanwhile, nobody else is kept from the connector who could use it, and a driver who looks for his card is not sent back to the plug"
        ),
        CatalogueRow(116, "a card is shown and no vehicle comes"),
        CatalogueRow(117, "the reader reads what is no card"),
        CatalogueRow(118, "a reservation is met by somebody else"),
        CatalogueRow(119, "a card of the same group stops a session"),
    ]

    private static let network: [CatalogueRow] = [
        CatalogueRow(120, "the cloud is gone for days"), CatalogueRow(121, "the link flaps"),
        CatalogueRow(122, "names are not resolved"),
        CatalogueRow(
            123, "a certificate has expired",
            .missing(
                "the link to a cloud does not exist yet; a mirror whose certificate is not trusted is passed over (BlackBoxTests)"
            )),
        CatalogueRow(124, "the cloud talks nonsense"), CatalogueRow(125, "the cloud is slow"),
        CatalogueRow(126, "the cloud stops a session that is being prepared"),
        CatalogueRow(
            127, "commands of the cloud come twice or late",
            .missing(
                "the link to a cloud does not exist yet; a stop by hand that comes twice changes nothing (sessions/stopped-twice)"
            )),
        CatalogueRow(128, "the site's meter is lost"), CatalogueRow(129, "the energy manager falls silent"),
        CatalogueRow(130, "the limit falls below what a charge needs"),
        CatalogueRow(
            131, "the limit swings",
            departure:
                "the study allows one change in 5 s; here that holds for rises, and what falls falls at once: a limit protects a fuse"
        ),
    ]
}
