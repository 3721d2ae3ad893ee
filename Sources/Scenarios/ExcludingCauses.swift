// Causes that cannot be there at once: both set the same thing in the world, so that the end of one would end the other.

import Simulator

extension FaultKind {
    /// Modes that exclude each other, by unit: a wire is open or shorted, a cabinet hot or cold, a pole welded or stuck open.
    private static let excluding: [(units: [FaultUnit], modes: [FaultMode])] = [
        ([.emergencyStop], [.pressed, .bounces, .wireBroken, .circuitsDisagree]),
        ([.contactorPlus, .contactorMinus], [.welded, .stuckOpen]),
        ([.contactorPlus, .contactorMinus], [.mirrorStuckOpen, .mirrorStuckClosed, .mirrorUnreadable]),
        ([.pilot], [.lost, .shorted, .stuckAtMinus12, .invalid]),
        ([.proximity], [.lost, .invalid]),
        ([.insulation], [.minusToEarth, .uneven]),
        ([.handle], [.warm, .hot]),
        ([.cabinet], [.hot, .cold]),
        ([.disk], [.slow, .commitsSlow, .full, .failing, .hanging]),
    ]

    /// Whether this cause and another one of the same place cannot be there at once.
    func excludes(_ other: FaultKind) -> Bool {
        self != other && unit == other.unit
            && Self.excluding.contains {
                $0.units.contains(unit) && $0.modes.contains(mode) && $0.modes.contains(other.mode)
            }
    }

    /// Whether it can come again while it is there: one more module, another step of a clock, a sample frozen anew.
    var canComeAgain: Bool {
        switch mode {
        case .moduleLost, .goesBack, .jumps, .swapped, .countsLess, .frozen, .stepsForward, .stepsBack, .drifts,
            .opens, .garbage, .drops:
            true
        default: false
        }
    }
}

extension Interlock {
    /// The cause in the world that its alarm is.
    var cause: FaultKind? {
        switch self {
        case .emergencyStop: FaultKind(.emergencyStop, .pressed)
        case .door: FaultKind(.door, .open)
        case .tilt: FaultKind(.enclosure, .tilted)
        case .earth: FaultKind(.earth, .lost)
        case .grid: FaultKind(.grid, .lost)
        }
    }
}
