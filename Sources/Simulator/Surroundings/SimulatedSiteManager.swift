// The site's energy manager: it repeats its limit as a heartbeat, until it falls silent.

import Post

/// Whoever sends a post limits below the site's own.
public final class SimulatedSiteManager {
    /// How often it repeats itself. 30 s: a quarter of the 120 s after which EEBus counts it as gone.
    static let repeatsEvery: Interval = .seconds(30)

    /// The limit in watts, or nil while none is sent.
    public private(set) var limitWatts: Int64?
    var isSilent = false
    private var generation: UInt32 = 0
    private unowned let post: SimulatedPost

    init(_ post: SimulatedPost) { self.post = post }

    /// Sends this limit from now on, or lifts it.
    public func setLimit(watts: Int64?) {
        limitWatts = watts
        generation &+= 1
        heartbeat(generation: generation)
    }

    func heartbeat(generation: UInt32) {
        guard generation == self.generation else { return }
        if !isSilent { post.receive(.limit(.siteManager, watts: limitWatts)) }
        guard limitWatts != nil else { return }
        post.plan(.limitHeartbeat, index: 0, generation: generation, after: Self.repeatsEvery)
    }
}
