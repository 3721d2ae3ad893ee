// The core's state as bytes: read again it is the same core, to the last field, and goes on in the same way.

import Testing

@testable import Post

/// Every field of a value as text, by its path; `stateChanges` counts within a call alone, and of the supervisor's call
/// only what is left for the next one is kept.
private func fields(of value: Any, at path: String = "") -> [String] {
    let mirror = Mirror(reflecting: value)
    guard !mirror.children.isEmpty else { return ["\(path) = \(value)"] }
    return mirror.children.enumerated().flatMap { index, child -> [String] in
        let name = child.label ?? "\(index)"
        guard name != "stateChanges", !path.hasSuffix(".call") || name == "rulesOfPost" else { return [] }
        return fields(of: child.value, at: "\(path).\(name)")
    }
}

private func bytes(of core: PostCore) -> [UInt8] {
    var writer = CanonicalWriter()
    writer.append(core)
    return writer.bytes
}

@Suite("The state of the core")
struct StateTests {
    @Test("a core that was written down and read again is the same, and does the same with everything that comes")
    func goesOn() throws {
        var (events, restored, charged, longest) = (0, 0, 0, 0)
        var differing: [String] = []
        for seed in UInt64(1)...150 {
            let stream = Stream(seed: seed)
            var twin: PostCore?
            var actions = Actions()
            stream.post.onEvent = { [unowned post = stream.post] event, given in
                events += 1
                if var core = twin {
                    actions.removeAll()
                    core.handle(event, at: post.now, into: &actions)
                    twin = core
                    if case .booted = event {
                        twin = nil
                    } else if actions.list != given {
                        differing.append("seed \(seed): \(event) gave \(given), after being read \(actions.list)")
                    }
                }
                guard events % 37 == 0 else { return }
                let written = bytes(of: post.core)
                longest = max(longest, written.count)
                var reader = CanonicalReader(written)
                guard let core = try? reader.readCore(), reader.isAtEnd else {
                    return differing.append("seed \(seed): the state cannot be read again")
                }
                twin = core
                restored += 1
                guard restored % 10 == 0 else { return }
                let (before, after) = (fields(of: post.core), fields(of: core))
                for (one, other) in zip(before, after) where one != other {
                    differing.append("\(one), read \(other)")
                }
                if before.count != after.count || bytes(of: core) != written { differing.append("another state") }
            }
            stream.run()
            _ = stream.calm()
            if stream.hasCharged { charged += 1 }
        }
        #expect(differing.isEmpty, "\(differing.count): \(differing.prefix(3).joined(separator: "\n"))")
        #expect(charged > 50 && restored > 1_000, "\(charged) charged, \(restored) restored")
        print("\(restored) states of two connectors in \(events) events, the longest of \(longest) bytes")
    }

    @Test("bytes that are cut off or of another version are refused, and damaged ones trap nothing")
    func hostile() throws {
        let stream = Stream(seed: 4)
        stream.run()
        let written = bytes(of: stream.post.core)
        for count in 0..<written.count {
            var reader = CanonicalReader(Array(written.prefix(count)))
            #expect(throws: CanonicalError.self) { try reader.readCore() }
        }
        var other = written
        other[0] = StateCoding.version + 1
        var reader = CanonicalReader(other)
        #expect(throws: CanonicalError(.otherVersion, at: 0)) { try reader.readCore() }
        for place in 1..<written.count {
            var damaged = written
            damaged[place] ^= UInt8(1 << (place % 8))
            var reader = CanonicalReader(damaged)
            _ = try? reader.readCore()
        }
    }
}
