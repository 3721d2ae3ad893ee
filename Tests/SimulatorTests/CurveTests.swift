// Three published curves that the world's physics must reproduce.

import Post
import Testing

@testable import Simulator

@Suite("Published curves")
struct CurveTests {
    /// e to the power of -x; the world itself may not use it, its test may.
    func decay(_ x: Double) -> Double {
        // Halved until the series is exact, then squared back.
        let small = x / 1_024
        var value = 1 - small + small * small / 2 - small * small * small / 6
        for _ in 0..<10 { value *= value }
        return value
    }

    func lone(_ farads: Double) -> Island {
        let stage = StageOutput(maximumVolts: 1_000, maximumAmperes: 400, ratedWatts: 150_000, modules: 5)
        var branch = Branch()
        branch.farads = farads
        return Island(stage: stage, branches: [branch], places: [Place(post: 0, connector: 0)])
    }

    @Test("a capacitor discharges through a resistor as v = V e^(-t/RC), within 0.2 % of V")
    func discharge() {
        // Source: any textbook of electronics, e.g. Horowitz and Hill, The Art of Electronics, section 1.4.2.
        let island = lone(50e-6)
        island.lone.volts = 500
        island.lone.bleederOhms = 1e12
        island.lone.isDischarging = true
        island.disturb()
        let timeConstant = island.lone.dischargeOhms * island.lone.farads
        for tenth in 1...40 {
            let seconds = Double(tenth) / 10 * timeConstant
            island.advance(to: Instant(microseconds: Int64(seconds * 1_000_000)))
            let expected = 500 * decay(Double(tenth) / 10)
            #expect(
                abs(island.lone.volts - expected) < 1, "at \(seconds) s: \(island.lone.volts) V, not \(expected) V")
        }
    }

    @Test("pre-charge through a resistance follows v = V (1 - e^(-t/RC)) and is complete after 5 time constants")
    func preCharge() {
        // Source: Texas Instruments TIDUF73 (September 2024), equation 1, 50 ohms; "complete when 5 tau has passed".
        let island = lone(2_000e-6)
        let battery = Battery(
            cells: 96, ampereHours: 200, ohms: 50 - island.lone.newPinOhms - island.lone.contactorOhms, share: 0.5)
        island.lone.battery = battery
        island.lone.isVehicleClosed = true
        island.lone.bleederOhms = 1e12
        island.disturb()
        let timeConstant = 50 * island.lone.farads
        for tenth in 1...50 {
            let seconds = Double(tenth) / 10 * timeConstant
            island.advance(to: Instant(microseconds: Int64(seconds * 1_000_000)))
            let expected = battery.openVolts * (1 - decay(Double(tenth) / 10))
            #expect(abs(island.lone.volts - expected) < 0.01 * battery.openVolts)
        }
        #expect(island.lone.volts > 0.99 * battery.openVolts)
    }

    @Test("a 77 kWh sedan charges from 20 % to 80 % in 31 minutes at 91 kW, each within 5 %")
    func taper() throws {
        // Source: InsideEVs, "Ultimate fast charging card: Volkswagen ID.4 82 kWh" (2021): 31 min, 91 kW, about 46 kWh.
        let bench = Bench()
        bench.charge()
        let began = bench.world.now
        let before = bench.connector.flowedWattHours
        bench.site.run(until: began + .hours(1)) { (bench.connector.vehicle?.stateOfChargePerMille ?? 0) >= 800 }
        let hours = Double((bench.world.now - began).microseconds) / 3_600e6
        let wattHours = bench.connector.flowedWattHours - before
        #expect(abs(hours * 60 - 31) < 31 * 0.05, "\(hours * 60) minutes")
        #expect(abs(wattHours / hours - 91_000) < 91_000 * 0.05, "\(wattHours / hours) W")
        #expect(abs(wattHours - 46_000) < 46_000 * 0.05, "\(wattHours) Wh")
    }

    @Test("at its highest voltage the current decays with the time constant of resistance and battery, within 3 %")
    func constantVoltage() {
        // Constant-voltage phase: with a straight open-circuit line of slope s volts a coulomb, i = I e^(-t s / R).
        let island = lone(10e-6)
        let ohms = 1.0
        island.lone.battery = Battery(cells: 96, ampereHours: 1, ohms: ohms, share: 0.81)
        island.lone.isPlusClosed = true
        island.lone.isMinusClosed = true
        island.lone.isVehicleClosed = true
        island.stage.volts = 385
        island.lone.volts = 385
        island.stage.switchOn(volts: 387, amperes: 50)
        island.disturb()
        island.advance(to: Instant(microseconds: 1_000_000))
        let first = island.lone.amperes
        let slope = 96 * 0.05 / (0.05 * 3_600)
        for second in stride(from: 5.0, through: 30, by: 5) {
            island.advance(to: Instant(microseconds: 1_000_000 + Int64(second * 1_000_000)))
            let expected = first * decay(second * slope / (ohms + island.lone.pinOhms + island.lone.contactorOhms))
            #expect(
                abs(island.lone.amperes - expected) < 0.03 * first, "\(island.lone.amperes) A, not \(expected) A")
        }
    }
}

extension Island {
    /// The only branch that there is.
    fileprivate var lone: Branch {
        get { branches[0] }
        set { branches[0] = newValue }
    }
}
