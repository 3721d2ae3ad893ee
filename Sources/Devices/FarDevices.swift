// Devices behind a bus or a network: they take a numbered command and return at once; what they say comes as events.

public import Post

/// A power stage. Its samples come as `Event.stage`, the outcome of a command as `Event.commandFinished`.
///
/// Obligations: at least two samples a second while on, better ten; the newest command wins and "off" overtakes all;
/// a lost link is said by silence, never by repeating an old sample with a new instant.
public protocol PowerStage: AnyObject {
    /// Sends the command and returns. Nothing that withdraws power waits for its outcome.
    func send(_ command: StageCommand, number: CommandNumber) throws(DeviceError)
}

/// An insulation monitor. Its samples come as `Event.insulation`, once a second while it tests or monitors.
public protocol InsulationMonitor: AnyObject {
    /// Sends the command and returns.
    func send(_ command: InsulationCommand, number: CommandNumber) throws(DeviceError)
}

/// The link to the vehicle (ISO 15118, DIN 70121, CHAdeMO, GB/T). Its messages come as `Event.vehicle`.
public protocol VehicleLink: AnyObject {
    /// Tells the vehicle and returns.
    func send(_ notice: VehicleNotice, number: CommandNumber) throws(DeviceError)
}

/// An energy meter. Its samples come as `Event.meter`; it takes no command.
///
/// Obligations: a sample carries the instant of measurement, and a stale one is never published again as new;
/// what is not finite or out of range is refused by the driver before it becomes an integer.
public protocol EnergyMeter: AnyObject {
    /// Asks for the cadence that a live connector needs (several samples a second) or an idle one (one in ten seconds).
    func setFast(_ isFast: Bool) throws(DeviceError)
}

/// The thermometers of a connector. Their samples come as `Event.temperature`; they take no command.
public protocol Thermometers: AnyObject {
    /// Asks for one sample a second (`true`) or one in ten seconds.
    func setFast(_ isFast: Bool) throws(DeviceError)
}

/// A card reader. It hands the raw token to whoever assembled the post, who turns it into a name before the core hears of it.
public protocol CardReader: AnyObject {
    /// Lights or sounds the answer, where the reader can.
    func answer(isAccepted: Bool) throws(DeviceError)
}

/// The cloud, as far as the core has something to say to it.
public protocol CloudPort: AnyObject {
    /// Asks about a token; `Event.cloudAnswered` carries the answer, or nothing ever does.
    func ask(_ token: TokenName, connector: ConnectorID?, number: CommandNumber) throws(DeviceError)
}
