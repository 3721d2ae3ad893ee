// Fills a trace while a run goes on: keeps only what changed, and stays within a bound however long the run is.

/// Collects the tracks of a run. Instants handed in must not fall.
public struct TraceRecorder: Sendable {
    /// The most points of one figure. Beyond it every second point is let go, and the resolution halves.
    /// Engineering default: 20,000, ten points for each pixel of a wide screen.
    public static let pointsAtMost = 20_000

    private var figures: [Recorded] = []
    private var lanes: [Lane] = []
    private var lines: [Line] = []
    private var marks: [Mark] = []

    /// A figure and how close its points may stand.
    fileprivate struct Recorded: Sendable {
        var figure: Figure
        var resolution: Double
        var spacing: Int64 = 0
        /// The newest value that was too near the one before to keep: a straight line must not bridge a step.
        var held: Figure.Point?
    }

    /// A recorder without tracks.
    public init() {}

    /// A new figure; changes below `resolution` are not kept. Returns its number.
    public mutating func addFigure(_ group: String, _ name: String, unit: String, resolution: Double) -> Int {
        figures.append(
            Recorded(figure: Figure(group: group, name: name, unit: unit), resolution: max(0, resolution)))
        return figures.count - 1
    }
    /// A new lane. Returns its number.
    public mutating func addLane(_ group: String, _ name: String) -> Int {
        lanes.append(Lane(group: group, name: name))
        return lanes.count - 1
    }
    /// A new line. Returns its number.
    public mutating func addLine(_ group: String, _ name: String) -> Int {
        lines.append(Line(group: group, name: name))
        return lines.count - 1
    }

    /// The value of a figure now.
    public mutating func figure(_ number: Int, _ value: Double, at now: Int64) {
        guard figures.indices.contains(number), value.isFinite else { return }
        figures[number].take(Figure.Point(at: now, value: value), atMost: Self.pointsAtMost)
    }
    /// The state of a lane now.
    public mutating func lane(_ number: Int, _ word: String, at now: Int64) {
        guard lanes.indices.contains(number), lanes[number].steps.last?.word != word else { return }
        if lanes[number].steps.last?.at == now { lanes[number].steps.removeLast() }
        lanes[number].steps.append(Lane.Step(at: now, word: word))
    }
    /// The level of a line now.
    public mutating func line(_ number: Int, _ isHigh: Bool, at now: Int64) {
        guard lines.indices.contains(number), lines[number].edges.last?.isHigh != isHigh else { return }
        lines[number].edges.append(Line.Edge(at: now, isHigh: isHigh))
    }
    /// Something happened.
    public mutating func mark(_ mark: Mark) { marks.append(mark) }

    /// Hands over what was collected.
    public func fill(_ trace: inout Trace) {
        trace.figures = figures.map { recorded in
            var figure = recorded.figure
            if let held = recorded.held { figure.points.append(held) }
            return figure
        }
        trace.lanes = lanes
        trace.lines = lines
        trace.marks = marks
    }
}

extension TraceRecorder.Recorded {
    fileprivate mutating func take(_ point: Figure.Point, atMost: Int) {
        guard let last = figure.points.last else {
            figure.points.append(point)
            return
        }
        let isSame = abs(point.value - last.value) < resolution || point.value == last.value
        guard !isSame, point.at - last.at >= spacing else {
            held = point
            return
        }
        // What lay still until now and then jumped is drawn as a step, not as a slope.
        if let held, held.at > last.at, held.at < point.at { figure.points.append(held) }
        held = nil
        figure.points.append(point)
        if figure.points.count >= atMost { thin() }
    }

    private mutating func thin() {
        spacing = max(1, spacing) * 2
        var kept: [Figure.Point] = []
        kept.reserveCapacity(figure.points.count / 2 + 2)
        for (index, point) in figure.points.enumerated()
        where index % 2 == 0 || index == figure.points.count - 1 {
            kept.append(point)
        }
        figure.points = kept
    }
}
