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

    /// What the books cannot explain, in joules: 0 but for rounding where the physics is consistent.
    public var unexplainedJoules: Double { gridJoules - batteryJoules - lossJoules - storedJoules }
}
