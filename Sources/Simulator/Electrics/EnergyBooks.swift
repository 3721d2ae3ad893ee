// Where energy went: each part is booked from its own voltage and current, so that the sum can be wrong and be seen to be.

/// Energy of one electrical island in joules, since the start of the world.
public struct EnergyBooks: Hashable, Sendable {
    /// Drawn from the grid by the power stage.
    public var gridJoules = 0.0
    /// Put into batteries as charge at their open-circuit voltage.
    public var batteryJoules = 0.0
    /// Turned into heat anywhere.
    public var lossJoules = 0.0
    /// Held by capacitors now, more than at the start.
    public var storedJoules = 0.0

    /// Books a capacitor that was part of a solved node: what it holds more, and the heat of charging it through the resistance in
    /// front of it.
    mutating func book(_ farads: Double, from before: Double, to after: Double, _ node: Node) {
        storedJoules += farads * (after * after - before * before) / 2
        lossJoules += farads * (after - before) * (node.middleVolts - (before + after) / 2)
    }

    /// What the books cannot explain, in joules: 0 but for rounding where the physics is consistent.
    public var unexplainedJoules: Double { gridJoules - batteryJoules - lossJoules - storedJoules }
}
