// One connector's electrics: contactor poles, cable, contacts, and the vehicle's inlet with its battery behind.

import Post

/// What hangs on one connector, as its terminals know it. Plain data: it lies in the island that solves it.
struct Branch {
    // What it is. Engineering defaults.

    /// Capacitance of cable and inlet in farads.
    var farads = 10e-6
    /// Resistance that is always across the contacts: sensors, insulation.
    var bleederOhms = 2_000_000.0
    /// The discharge resistor.
    var dischargeOhms = 10_000.0
    /// Both contactor poles together.
    var contactorOhms = 0.000_4
    /// Both contacts of the plug together, new ones.
    var newPinOhms = 0.000_3

    // How it is

    /// Voltage of cable and inlet, the contactors' drop left aside.
    var volts = 0.0
    /// Voltage that the current loses across the contactors.
    var dropVolts = 0.0
    /// Current through the contacts towards the vehicle.
    var amperes = 0.0
    /// Charge through the contactors of late: what they would have to break.
    var contactorAmperes = 0.0
    var isPlusClosed = false
    var isMinusClosed = false
    /// Both poles are welded: nothing that a post does opens this path.
    var isStuckClosed = false
    var isDischarging = false
    /// The vehicle's battery, while a vehicle is plugged in.
    var battery: Battery?
    /// Whether the vehicle's own contactors are closed.
    var isVehicleClosed = false

    // Bad days

    var isDischargeBroken = false
    /// A resistance across the contacts that nobody put there.
    var shortOhms = Double.infinity
    /// The vehicle has a short circuit behind its own contactors, which has blown its main fuse: no battery holds the voltage.
    var isVehicleShorted = false
    static let vehicleShortOhms = 0.05
    /// How many times its resistance when new the plug's contacts have.
    var pinWear = 1.0
    /// Resistance of each pole to earth in ohms, as an insulation monitor sees it.
    var plusToEarthOhms = Branch.goodOhms
    var minusToEarthOhms = Branch.goodOhms
    static let goodOhms = 20_000_000.0
    /// A voltage against earth that is none of the output's own reaches minus through this resistance: the primary side of a
    /// stage, through insulation that has aged.
    var foreignOhms = Double.infinity
    static let foreignVolts = 800.0

    // Books

    /// Energy through the contacts towards the vehicle, in joules: what an honest meter's import register counts.
    var contactJoules = 0.0
    /// Heat in the plug's contacts since the thermometers were last looked at, in joules.
    var pinJoules = 0.0
    /// How warm contacts and handle were then, in degrees Celsius: what is so, whatever a thermometer says.
    var contactsCelsius = 0.0
    var handleCelsius = 0.0

    /// Voltage across the contacts: what a meter there reads and a hand would touch.
    var contactVolts: Double { volts - dropVolts }
    /// Whether the contactors join the contacts to the stage.
    var isPathClosed: Bool { isPlusClosed && isMinusClosed }
    /// The battery that holds the voltage at the contacts, if one does.
    var joinedBattery: Battery? { isVehicleClosed && !isVehicleShorted ? battery : nil }
    /// Whether a battery holds the voltage at the contacts.
    var isBatteryJoined: Bool { isVehicleClosed && !isVehicleShorted && battery != nil }
    /// Conductance of whatever shorts the contacts in siemens; the vehicle's short lies behind its own contactors.
    var shortSiemens: Double {
        1 / shortOhms + (isVehicleShorted && isVehicleClosed ? 1 / Self.vehicleShortOhms : 0)
    }
    var pinOhms: Double { newPinOhms * pinWear }
    /// From the joined node to the cells.
    var branchOhms: Double { (battery?.ohms ?? 0) + pinOhms + contactorOhms }

    /// The smallest resistance of a pole to earth in ohms.
    var leastToEarthOhms: Double { min(plusToEarthOhms, minusToEarthOhms, foreignOhms) }
    /// Voltage of minus against earth: where the currents through the poles' resistances, and from whatever foreign source
    /// there is, come to nothing.
    var minusToEarthVolts: Double {
        let (plus, minus, foreign) = (1 / plusToEarthOhms, 1 / minusToEarthOhms, 1 / foreignOhms)
        return (Self.foreignVolts * foreign - contactVolts * plus) / (plus + minus + foreign)
    }

    /// Conductance across the contacts in siemens.
    var siemens: Double {
        1 / bleederOhms + shortSiemens + (isDischarging && !isDischargeBroken ? 1 / dischargeOhms : 0)
    }

    /// Takes over and books what the node that it is part of came to in a step.
    mutating func take(_ node: Node, _ seconds: Double, _ books: inout EnergyBooks) {
        let volts = node.middleVolts
        var batteryAmperes = 0.0
        if let battery = joinedBattery {
            let open = battery.openVolts
            batteryAmperes = (volts - open) / branchOhms
            self.battery?.take(coulombs: batteryAmperes * seconds)
            books.batteryJoules += open * batteryAmperes * seconds
            books.lossJoules += branchOhms * batteryAmperes * batteryAmperes * seconds
            pinJoules += pinOhms * batteryAmperes * batteryAmperes * seconds
        }
        amperes = batteryAmperes + volts * shortSiemens
        // An import register counts one way only: what trickles back in a pause is not taken from it.
        contactJoules += max(0, (volts - batteryAmperes * contactorOhms) * amperes * seconds)
        books.lossJoules += siemens * volts * volts * seconds
        books.book(farads, from: self.volts, to: node.volts, node)
        let charging = farads * (node.volts - self.volts) / seconds
        contactorAmperes = isPathClosed ? batteryAmperes + siemens * volts + charging : 0
        self.volts = node.volts
        dropVolts = batteryAmperes * contactorOhms
    }
}
