// The cards that were shown of late, in memory alone: a deny object names tags, and sessions know only the post's own names.

public import AllowList
public import Post
import Synchronization

/// What a new deny object is held against: a session ends although the post keeps no card's number in its records.
///
/// After a restart nothing is remembered, and nothing need be: no session outlives a restart.
public final class PresentedTokens: Sendable {
    /// Tokens that are remembered at most: three times as many as connectors and readers together. Engineering default.
    public static let atMost = 48

    private let recent = Mutex<[(name: TokenName, token: CanonicalToken)]>([])
    private let isInUse: @Sendable (TokenName) -> Bool

    /// Remembers nothing yet. `isInUse` says whether a session runs on a token: it is then not forgotten, however many
    /// others are shown meanwhile.
    public init(isInUse: @escaping @Sendable (TokenName) -> Bool) {
        self.isInUse = isInUse
        recent.withLock { $0.reserveCapacity(Self.atMost + 1) }
    }

    /// A token was shown.
    public func remember(_ token: CanonicalToken, as name: TokenName) {
        recent.withLock { recent in
            recent.removeAll { $0.name == name }
            recent.append((name, token))
            guard recent.count > Self.atMost else { return }
            recent.remove(at: recent.firstIndex { !isInUse($0.name) } ?? 0)
        }
    }

    /// The post's names of those that a deny object refuses.
    public func denied(by object: DenyObject) -> [TokenName] {
        recent.withLock { $0.filter { object.denies($0.token) }.map(\.name) }
    }
}
