// The machine's states and what leads from one to another, as a graph in the DOT language.

extension Exploration {
    /// The graph of the machine's states in DOT, as Graphviz draws it. At most three moves stand at an edge.
    public var dot: String {
        var lines = [
            "digraph connector {", "  rankdir=LR; node [shape=box, style=rounded, fontname=\"sans-serif\"];",
            "  edge [fontname=\"sans-serif\", fontsize=9];",
        ]
        let groups = Dictionary(grouping: played.keys.sorted()) {
            $0.split(separator: ".").first.map(String.init) ?? $0
        }
        for (group, states) in groups.sorted(by: { $0.key < $1.key }) where states.count > 1 {
            lines.append("  subgraph \"cluster_\(group)\" { label=\"\(group)\"; color=gray;")
            lines += states.map { "    \"\($0)\" [label=\"\($0.dropFirst(group.count + 1))\"];" }
            lines.append("  }")
        }
        lines.append("  label=\"A restart leads from every state to starting.\"; labelloc=b;")
        for (edge, moves) in edges.sorted(by: { $0.key < $1.key }) {
            let names = moves.subtracting([.restart]).map(\.name).sorted()
            guard !names.isEmpty else { continue }
            let rest = names.count > 3 ? "\\n... \(names.count - 3) more" : ""
            let label = names.prefix(3).joined(separator: "\\n") + rest
            lines.append("  \"\(edge.from)\" -> \"\(edge.to)\" [label=\"\(label)\"];")
        }
        return (lines + ["}", ""]).joined(separator: "\n")
    }
}
