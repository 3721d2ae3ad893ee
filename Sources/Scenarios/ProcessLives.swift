// Which posts' processes a story has killed and started, as far as its file says.

/// The lives of the posts' processes, step by step. A post that starts itself anew is alive all the while.
struct ProcessLives {
    private var isDead: [Bool]

    init(_ posts: Int) { isDead = Array(repeating: false, count: posts) }

    /// Whether the process of a post lives; one that is not there counts as alive.
    func isAlive(_ post: Int) -> Bool { !(isDead.indices.contains(post) && isDead[post]) }

    mutating func take(_ deed: Deed) {
        switch deed {
        case .kill(let post), .cutPower(let post): set(post, isDead: true)
        case .start(let post): set(post, isDead: false)
        case .newList(let new) where new.diesAfter != nil: for post in isDead.indices { isDead[post] = true }
        default: break
        }
    }

    private mutating func set(_ post: Int, isDead dead: Bool) {
        if isDead.indices.contains(post) { isDead[post] = dead }
    }
}
