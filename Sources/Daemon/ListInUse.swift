// The signed list as the look-up thread reads it, and what a post without one answers.

import AllowList
import Post
import Runtime

/// The list that is asked. Belongs to the look-up thread.
final class ListInUse: Runtime.ListReader {
    private var list: ListLookUp<ListFile>
    private let time: TimeKeeper
    private let presented: PresentedTokens
    /// Hears of damaged pages.
    private let found: @Sendable ([ListEvent], InstalledList<ListFile>) -> Void

    init(
        _ list: InstalledList<ListFile>, site: SiteTightening, _ time: TimeKeeper, _ presented: PresentedTokens,
        found: @escaping @Sendable ([ListEvent], InstalledList<ListFile>) -> Void
    ) {
        self.list = ListLookUp(list, site: site)
        self.time = time
        self.presented = presented
        self.found = found
    }

    func lookUp(_ token: String, name: TokenName) -> LookUpAnswer {
        let token = try? CanonicalToken(parsing: token)
        if let token { presented.remember(token, as: name) }
        let answer = list.lookUp(token, name: name, time.reading)
        let events = list.takeEvents()
        if !events.isEmpty { found(events, list.list) }
        return answer
    }
}

/// A post without a list. It still refuses whom the deny object names.
final class NoList: Runtime.ListReader {
    private let deny: DenyObject?
    private let presented: PresentedTokens

    init(deny: DenyObject? = nil, _ presented: PresentedTokens) {
        self.deny = deny
        self.presented = presented
    }

    func lookUp(_ token: String, name: TokenName) -> LookUpAnswer {
        let token = try? CanonicalToken(parsing: token)
        // The cloud may vouch for it all the same.
        if let token { presented.remember(token, as: name) }
        let isDenied = token.flatMap { deny?.denies($0) } ?? false
        return LookUpAnswer(token: name, verdict: isDenied ? .refused(.blockedToken) : .noList)
    }
}

/// The post's own name of a raw token; what is no token is named by its text, and refused by the look-up.
func name(of token: String, _ naming: TokenNaming) -> TokenName {
    let canonical = (try? CanonicalToken(parsing: token)) ?? (try? CanonicalToken(.free, "INVALID"))
    guard let canonical else { return TokenName(high: 0, low: 0) }
    let (high, low) = naming.name(canonical)
    return TokenName(high: high, low: low)
}
