// Devices that answer in microseconds on the loop's own thread: lines, and nothing else.

public import Post

/// Both contactors of one connector, with the mirror contacts as signals of their own.
///
/// To allow power is a permissive: on a real post an interlock chain or a safety controller ANDs its own flag with it.
/// - Important: the drive is requested with its safe value (withdrawn) in the same call that takes the line.
public protocol PowerPermissive: AnyObject {
    /// Permits the contactors to close for this degree. Says nothing about whether they do.
    func allow(_ degree: PowerDegree) throws(DeviceError)
    /// Withdraws the permit. Must take effect without any other device, bus, disk or network.
    func withdraw() throws(DeviceError)
    /// The mirror contacts, plus then minus: never the drive read back.
    func readBack() throws(DeviceError) -> (plus: ContactSense, minus: ContactSense)
}

/// The post's interlocks: closed-circuit wires, so that a broken one reads as the alarm.
public protocol InterlockInputs: AnyObject {
    /// The levels now (after the driver's debounce, at most 50 ms).
    func read() throws(DeviceError) -> InterlockLevels
}

/// The lock of a connector that the post holds. Connectors that the vehicle holds have none.
public protocol ConnectorLock: AnyObject {
    /// Starts the motor towards locked (`true`) or released. Does not wait for it.
    func drive(isHeld: Bool) throws(DeviceError)
    /// The sense contact: closed means locked.
    func sense() throws(DeviceError) -> ContactSense
}

/// The control pilot and the proximity contact.
public protocol PilotLine: AnyObject {
    /// Makes the pilot say this.
    func drive(_ output: PilotOutput) throws(DeviceError)
    /// The pilot's state, averaged over about ten pulses with the extremes dropped.
    func state() throws(DeviceError) -> PilotState
    /// The proximity contact.
    func proximity() throws(DeviceError) -> Proximity
}

/// The resistor that empties the contacts' capacitance once the contactors were told to open.
public protocol DischargePath: AnyObject {
    /// Connects or disconnects it.
    func drive(isOn: Bool) throws(DeviceError)
}

/// The driver's stop button at a connector.
public protocol StopButton: AnyObject {
    /// Whether it is pressed.
    func isPressed() throws(DeviceError) -> Bool
}

/// The lamp (or screen) of a connector.
public protocol Indicator: AnyObject {
    /// Shows this.
    func show(_ indication: Indication) throws(DeviceError)
}

/// The disconnect that cuts a power stage off from its supply. It cannot be closed again by software.
public protocol UpstreamDisconnect: AnyObject {
    /// Opens it.
    func trip() throws(DeviceError)
}

/// The cabinet's and cables' cooling.
public protocol Cooling: AnyObject {
    /// Runs or stops it. Safe value: on.
    func drive(isOn: Bool) throws(DeviceError)
}

/// The hardware watchdog: its gate opens the contactors by itself when it is not fed.
public protocol HardwareWatchdog: AnyObject {
    /// Feeds it. Called by the control loop itself, once a turn, and by nobody else.
    func feed() throws(DeviceError)
}
