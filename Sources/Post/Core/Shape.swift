// Which states the machines of a post are in, without instants, quantities and names: what an exploration tells apart.

/// Where the machines of one connector and of the first reader stand. Two posts of one shape may differ in when and how
/// much, not in what they are doing.
public struct ConnectorShape: Hashable, Sendable, CustomStringConvertible {
    /// What a reader is in the middle of.
    enum TapKind: UInt8, Sendable { case idle, lookingUp, askingCloud, granted }

    let kind: ConnectorState.Kind
    let preparation: PreparationStep?
    let pause: Pause?
    let stop: StopStep?
    let urgency: Urgency?
    let startRecord: Session.StartRecord?
    let isStopOwed: Bool
    let isInService: Bool
    let isLockHeld: Bool
    let isDischarging: Bool
    let tap: TapKind

    /// The state with its step, such as `preparing.insulation`.
    public var description: String {
        let step =
            preparation.map { "\($0)" } ?? pause.map { "by \($0)" } ?? stop.map { "\($0)" }
        return step.map { "\(kind).\($0)" } ?? "\(kind)"
    }

    /// Every description there can be, so that a state nobody reached can be named.
    public static var everyDescription: [String] {
        ConnectorState.Kind.allCases.flatMap { kind -> [String] in
            switch kind {
            case .preparing: PreparationStep.allCases.map { "preparing.\($0)" }
            case .suspended: Pause.allCases.map { "suspended.by \($0)" }
            case .stopping: StopStep.allCases.map { "stopping.\($0)" }
            case .starting, .vacant, .plugged, .charging, .finished: ["\(kind)"]
            }
        }
    }
}

extension PostCore {
    /// The shape of a connector, or nil if it is not there.
    public func shape(of id: ConnectorID) -> ConnectorShape? {
        guard Int(id.index) < connectors.count else { return nil }
        let connector = connectors[Int(id.index)]
        var (preparation, pause, stop): (PreparationStep?, Pause?, Stop?) = (nil, nil, nil)
        switch connector.state {
        case .preparing(_, let state): preparation = state.step
        case .suspended(_, let state, _): pause = state
        case .stopping(_, let state): stop = state
        case .starting, .vacant, .plugged, .charging, .finished: break
        }
        let tap: ConnectorShape.TapKind =
            switch readers.first?.tap {
            case nil, .idle: .idle
            case .lookingUp: .lookingUp
            case .askingCloud: .askingCloud
            case .granted: .granted
            }
        return ConnectorShape(
            kind: connector.kind, preparation: preparation, pause: pause, stop: stop?.step, urgency: stop?.urgency,
            startRecord: connector.session?.startRecord, isStopOwed: connector.owedStop != nil,
            isInService: connector.isInService, isLockHeld: connector.isLockHeld,
            isDischarging: connector.isDischarging, tap: tap)
    }
}
