// Terminals that are joined: one voltage, and Kirchhoff's sum of currents.

/// What is joined at one pair of terminals, for one step.
struct Node {
    /// Capacitance in farads.
    var farads: Double
    /// Conductance across it in siemens.
    var siemens: Double
    /// Conductance towards batteries in siemens, and the current they would give into a short.
    var batterySiemens = 0.0
    var batteryAmperes = 0.0
    /// Voltage now: at the start of the step before `move`, at its end after.
    private(set) var volts: Double
    /// Voltage at which the step's energy is reckoned.
    private(set) var middleVolts = 0.0

    init(farads: Double, siemens: Double, volts: Double) {
        self.farads = farads
        self.siemens = siemens
        self.volts = volts
    }

    mutating func add(_ branch: Branch) {
        farads += branch.farads
        siemens += branch.siemens
        if let battery = branch.joinedBattery {
            let conductance = 1 / branch.branchOhms
            batterySiemens += conductance
            batteryAmperes += conductance * battery.openVolts
        }
    }

    /// The weight of the step's end: the trapezoid where it is accurate, the implicit step where the node is stiff.
    private func endWeight(_ seconds: Double) -> Double {
        batterySiemens > 0 || siemens * seconds > farads ? 1 : 0.5
    }

    /// The current that holds this voltage at the end of the step, between nothing and the most there is.
    func current(toHold aim: Double, atMost most: Double, seconds: Double) -> Double {
        guard most > 0 else { return 0 }
        let weight = endWeight(seconds)
        let total = siemens + batterySiemens
        let rate = farads / seconds
        let needed = (rate + weight * total) * aim - (rate - (1 - weight) * total) * volts - batteryAmperes
        return min(max(needed, 0), most)
    }

    /// Takes the step with this current into the node.
    mutating func move(current: Double, seconds: Double) {
        let weight = endWeight(seconds)
        let total = siemens + batterySiemens
        let rate = farads / seconds
        let before = volts
        volts = ((rate - (1 - weight) * total) * before + current + batteryAmperes) / (rate + weight * total)
        middleVolts = weight * volts + (1 - weight) * before
    }
}
