// The devices of one post, put together: what a backend, real or simulated, hands to the runtime.

public import Post

/// The devices of one connector.
public struct ConnectorDevices {
    /// Contactors.
    public var permissive: any PowerPermissive
    /// Pilot and proximity.
    public var pilot: any PilotLine
    /// The lock, or nil where the vehicle holds it.
    public var lock: (any ConnectorLock)?
    /// The discharge resistor, or nil where the stage discharges by itself.
    public var discharge: (any DischargePath)?
    /// The stop button, or nil where there is none.
    public var stopButton: (any StopButton)?
    /// Lamp or screen.
    public var indicator: any Indicator
    /// Energy meter.
    public var meter: any EnergyMeter
    /// Insulation monitor.
    public var insulation: any InsulationMonitor
    /// The vehicle's link.
    public var vehicle: any VehicleLink
    /// Thermometers.
    public var thermometers: any Thermometers

    /// A connector with these devices.
    public init(
        permissive: any PowerPermissive, pilot: any PilotLine, lock: (any ConnectorLock)?,
        discharge: (any DischargePath)?, stopButton: (any StopButton)?, indicator: any Indicator,
        meter: any EnergyMeter, insulation: any InsulationMonitor, vehicle: any VehicleLink,
        thermometers: any Thermometers
    ) {
        self.permissive = permissive
        self.pilot = pilot
        self.lock = lock
        self.discharge = discharge
        self.stopButton = stopButton
        self.indicator = indicator
        self.meter = meter
        self.insulation = insulation
        self.vehicle = vehicle
        self.thermometers = thermometers
    }
}

/// One power stage and the disconnect upstream of it.
public struct StageDevices {
    /// The stage.
    public var stage: any PowerStage
    /// What cuts it off from its supply.
    public var upstream: any UpstreamDisconnect

    /// A stage with these devices.
    public init(stage: any PowerStage, upstream: any UpstreamDisconnect) {
        self.stage = stage
        self.upstream = upstream
    }
}

/// Every device of one post, in the order of the post's configuration.
public struct PostDevices {
    /// One entry a connector.
    public var connectors: [ConnectorDevices]
    /// One entry a stage.
    public var stages: [StageDevices]
    /// The post's interlocks.
    public var interlocks: any InterlockInputs
    /// The cooling.
    public var cooling: any Cooling
    /// The hardware watchdog.
    public var watchdog: any HardwareWatchdog
    /// One entry a reader.
    public var readers: [any CardReader]

    /// A post with these devices.
    public init(
        connectors: [ConnectorDevices], stages: [StageDevices], interlocks: any InterlockInputs,
        cooling: any Cooling, watchdog: any HardwareWatchdog, readers: [any CardReader]
    ) {
        self.connectors = connectors
        self.stages = stages
        self.interlocks = interlocks
        self.cooling = cooling
        self.watchdog = watchdog
        self.readers = readers
    }
}

extension ConnectorLines {
    /// What a connector's near devices read now. Throws what the first of them throws that cannot be read.
    public init(
        reading permissive: any PowerPermissive, _ pilot: any PilotLine, _ lock: (any ConnectorLock)?,
        _ stopButton: (any StopButton)?
    ) throws(DeviceError) {
        let contactors = try permissive.readBack()
        self.init(
            pilot: try pilot.state(), proximity: try pilot.proximity(), lock: try lock?.sense() ?? .unknown,
            contactorPlus: contactors.plus, contactorMinus: contactors.minus,
            stopPressed: try stopButton?.isPressed() ?? false)
    }
}
