// A traction battery: what it holds, what voltage that gives, and how it resists.

/// A battery as its terminals know it: open-circuit voltage over the state of charge, and a resistance.
struct Battery {
    /// Open-circuit voltage of one nickel-manganese-cobalt cell at 0, 5 ... 100 %. Engineering default: the common shape.
    static let cellVolts: [Double] = [
        3.00, 3.35, 3.45, 3.51, 3.56, 3.59, 3.61, 3.63, 3.65, 3.67, 3.70,
        3.74, 3.79, 3.85, 3.90, 3.95, 4.00, 4.05, 4.10, 4.14, 4.19,
    ]

    let cells: Double
    /// Charge that it holds when full, in ampere-seconds.
    let fullCoulombs: Double
    /// Resistance of cells, busbars and contactors in ohms.
    let ohms: Double
    /// State of charge, 0...1.
    private(set) var share: Double
    /// Voltage without current.
    private(set) var openVolts: Double

    init(cells: Int, ampereHours: Double, ohms: Double, share: Double) {
        self.cells = Double(cells)
        fullCoulombs = ampereHours * 3_600
        self.ohms = ohms
        self.share = min(max(share, 0), 1)
        openVolts = 0
        openVolts = Self.openVolts(at: self.share) * self.cells
    }

    /// Takes in (or gives) this much charge.
    mutating func take(coulombs: Double) {
        guard coulombs != 0 else { return }
        share = min(max(share + coulombs / fullCoulombs, 0), 1)
        openVolts = Self.openVolts(at: share) * cells
    }

    /// Straight lines between the points of the table.
    static func openVolts(at share: Double) -> Double {
        let position = share * 20
        let lower = min(max(Int(position), 0), 19)
        let rest = position - Double(lower)
        return cellVolts[lower] + (cellVolts[lower + 1] - cellVolts[lower]) * rest
    }
}
