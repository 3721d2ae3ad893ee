// What is asked between any two happenings must cost little: the state alone, without a word.

import Post
import Runtime
import Simulator

extension ScenarioPlayer {
    /// Whether the state alone shows that the check does not hold. No says nothing: then the whole check decides.
    func isPlainlyElsewhere(_ check: Check) -> Bool {
        guard let state = check.state, let runtime = site.posts[check.place.post].runtime else { return false }
        return runtime.phase(of: ConnectorID(UInt8(check.place.connector))) != state
    }
}
