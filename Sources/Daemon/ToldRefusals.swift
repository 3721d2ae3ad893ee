// What was told of sources that are asked again and again: the same refusal of the same object is news once.

import Synchronization

/// The last refusal of each source, and of what.
final class ToldRefusals: Sendable {
    private struct Told: Hashable {
        var code: String
        var object: Int
    }
    /// Sources that are remembered at most. Engineering default: more than a folder has files.
    private static let atMost = 8_192
    private let last = Mutex<[String: Told]>([:])

    /// Whether that has not been told of this object of the source already. `beginning` are its first bytes: head,
    /// signatures and hashes of everything behind them.
    func isNews(_ code: String, of source: String, _ beginning: [UInt8]) -> Bool {
        let told = Told(code: code, object: beginning.hashValue)
        return last.withLock { last in
            if last.count >= Self.atMost { last.removeAll() }
            return last.updateValue(told, forKey: source) != told
        }
    }

    /// The source has brought something good: the next refusal is news, whatever it is.
    func forget(_ source: String) { last.withLock { $0[source] = nil } }
}
