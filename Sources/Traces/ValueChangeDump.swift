// A trace as a value change dump (IEEE 1364) for GTKWave and sigrok, and the save file that shows it at once.

/// Which tool reads the dump.
public enum DumpProfile: String, CaseIterable, Sendable {
    /// Figures as `real`, states as GTKWave's `string` variables.
    case gtkwave
    /// One-bit lines only, states as numbers of 8 bits: what sigrok's importer takes.
    case sigrok
}

/// One change in a dump.
private struct Change {
    var tick: Int64
    /// Order within a tick: that of the declarations.
    var track: Int
    var text: String
}

extension Trace {
    /// The dump. Its time base is a millisecond; what happens within one counts as together.
    public func valueChangeDump(_ profile: DumpProfile) -> String {
        var declarations = ""
        var changes: [Change] = []
        var number = 0
        var legend: [String] = []
        func declare(_ kind: String, _ bits: Int, _ group: String, _ name: String) -> String {
            let code = identifierCode(number)
            number += 1
            // Sigrok shows a variable's own name alone: whose it is must be in it.
            let shown = profile == .sigrok ? "\(word(group))_\(word(name))" : word(name)
            declarations += "$scope module \(word(group)) $end\n"
            declarations += "$var \(kind) \(bits) \(code) \(shown) $end\n$upscope $end\n"
            return code
        }
        for lane in lanes {
            let isString = profile == .gtkwave
            let code =
                isString
                ? declare("string", 1, lane.group, lane.name) : declare("reg", 8, lane.group, lane.name)
            var words: [String] = []
            for step in lane.steps {
                if !words.contains(step.word) {
                    if !isString { legend.append("\(lane.group) \(lane.name) \(words.count) = \(step.word)") }
                    words.append(step.word)
                }
                let place = words.firstIndex(of: step.word) ?? 0
                let text = isString ? "s\(word(step.word)) \(code)" : "b\(String(place, radix: 2)) \(code)"
                changes.append(Change(tick: step.at / 1_000, track: number, text: text))
            }
        }
        if profile == .gtkwave {
            for figure in figures {
                let code = declare("real", 64, figure.group, "\(figure.name)_\(figure.unit)")
                for point in figure.points {
                    changes.append(Change(tick: point.at / 1_000, track: number, text: "r\(point.value) \(code)"))
                }
            }
        }
        for line in lines {
            let code = declare("wire", 1, line.group, line.name)
            for edge in line.edges {
                changes.append(Change(tick: edge.at / 1_000, track: number, text: "\(edge.isHigh ? 1 : 0)\(code)"))
            }
        }
        for fault in faults {
            let code = declare("wire", 1, fault.group ?? "site", "fault_\(fault.name)")
            changes.append(Change(tick: 0, track: number, text: "0\(code)"))
            changes.append(Change(tick: fault.from / 1_000, track: number, text: "1\(code)"))
            if let to = fault.to { changes.append(Change(tick: to / 1_000, track: number, text: "0\(code)")) }
        }
        let meanings = legend.isEmpty ? "" : "$comment\n" + legend.map { "  \($0)\n" }.joined() + "$end\n"
        return header + meanings + declarations + "$enddefinitions $end\n" + body(changes)
    }

    private var header: String {
        "$comment \(title.replacing("$", with: "")) $end\n$version Holdfast $end\n$timescale 1ms $end\n"
    }

    private func body(_ changes: [Change]) -> String {
        // The sort must keep the order of equal ticks: the last change of a track within one counts.
        let ordered = changes.enumerated().sorted {
            ($0.element.tick, $0.element.track, $0.offset) < ($1.element.tick, $1.element.track, $1.offset)
        }
        var text = ""
        var tick: Int64 = -1
        for (_, change) in ordered {
            if change.tick != tick {
                tick = change.tick
                text += "#\(tick)\n"
            }
            text += change.text + "\n"
        }
        if ends / 1_000 > tick { text += "#\(ends / 1_000)\n" }
        return text
    }

    /// GTKWave's save file: every track in view, figures drawn as curves.
    /// - Parameter dumpFile: The dump's file name, beside which this one is put.
    public func waveSaveFile(dumpFile: String) -> String {
        var text = "[dumpfile] \"\(dumpFile)\"\n[timestart] 0\n"
        // GTKWave shows 2 to the power of the negated zoom in ticks a pixel; 800 pixels shall hold the whole run.
        let zoom = Int64.bitWidth - (max(1, ends / 1_000 / 800) as Int64).leadingZeroBitCount
        text += "*-\(zoom).0 0 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1\n"
        for lane in lanes { text += "@2028\n\(word(lane.group)).\(word(lane.name))\n" }
        // @8420: analog, interpolated, data right-aligned; @20000 blank rows give the curve its height.
        for figure in figures {
            text += "@8420\n\(word(figure.group)).\(word(figure.name + "_" + figure.unit))\n@20000\n-\n-\n"
        }
        for line in lines { text += "@28\n\(word(line.group)).\(word(line.name))\n" }
        for fault in faults { text += "@28\n\(word(fault.group ?? "site")).\(word("fault_" + fault.name))\n" }
        return text
    }
}

/// The short code of a variable: base 94 of the printable characters.
private func identifierCode(_ number: Int) -> String {
    var rest = number
    var code = ""
    repeat {
        code.unicodeScalars.append(Unicode.Scalar(UInt8(33 + rest % 94)))
        rest = rest / 94 - 1
    } while rest >= 0
    return code
}

/// A name without blanks and brackets, which separate things in a dump.
private func word(_ name: String) -> String {
    String(name.map { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" || $0 == "%" ? $0 : "_" })
        .replacing(".", with: "_")
}
