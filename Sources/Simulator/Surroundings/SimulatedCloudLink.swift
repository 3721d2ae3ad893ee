// One post's connection to the cloud: it stands or not, the post believes one or the other, and questions and records go over it.

public import Devices
public import Post

/// One post's way to the cloud.
public final class SimulatedCloudLink: CloudPort {
    /// A post notices this late that nothing gets through any more, and tries this often to connect. 10 s: engineering default
    /// for an OCPP ping.
    static let noticesAfter: Interval = .seconds(10)
    /// From a connection that is closed, or made, until the process hears of it.
    private static let hearsAfter: Interval = .milliseconds(100)

    /// Sizes of messages, in bytes. Engineering defaults: OCPP 2.0.1 as JSON, framed and encrypted.
    enum Size {
        /// `AuthorizeRequest` and its answer.
        static let question: Int64 = 250
        /// `TransactionEventRequest` with meter values.
        static let record: Int64 = 1_000
        /// Its answer.
        static let acknowledgement: Int64 = 100
    }

    /// Whether the post believes that the cloud can be reached.
    public private(set) var isBelievedUp = false
    private var isOpen = false
    /// How many connections the network has closed: what was under way on them is lost.
    private(set) var closings: UInt32 = 0
    private var carriedBytes: Int64 = 0
    private var busyUntil: [Instant] = [.zero, .zero]
    private var lastArrival: [Instant] = [.zero, .zero]
    private var generation: UInt32 = 0
    private unowned let post: SimulatedPost

    init(_ post: SimulatedPost) { self.post = post }

    private var world: World { post.world }

    // The connection

    /// The process has started and connects: from now on it is told whether the cloud can be reached.
    public func connect() {
        generation &+= 1
        isOpen = false
        if world.network.admitsConnections { open() }
        isBelievedUp = isOpen
        post.deliver(.cloudLink(isUp: isBelievedUp), after: Self.hearsAfter)
    }

    private func open() {
        isOpen = true
        carriedBytes = 0
        watch()
    }

    /// The network closes the connection, which the post hears at once, and tries to connect again.
    private func close() {
        guard isOpen else { return }
        isOpen = false
        closings &+= 1
        guard isBelievedUp else { return }
        isBelievedUp = false
        post.deliver(.cloudLink(isUp: false), after: Self.hearsAfter)
    }

    private func lookLater() {
        generation &+= 1
        post.plan(.linkNoticed, index: 0, generation: generation, after: Self.noticesAfter)
    }

    /// Closes the connection when what is wrong with the network does.
    private func watch() {
        guard isOpen, let lasts = world.network.connectionsLast else { return }
        let (closings, network) = (closings, world.network.generation)
        world.schedule(at: world.now + lasts) { [unowned self] in
            guard isOpen, self.closings == closings, world.network.generation == network else { return }
            close()
            lookLater()
        }
    }

    func networkChanged() {
        if world.network.closesConnections { close() } else { watch() }
        lookLater()
    }

    func notice(generation: UInt32) {
        guard generation == self.generation else { return }
        let network = world.network
        if isOpen, !network.isThrough {
            // Nothing has come back for too long: the post gives the connection up.
            isOpen = false
            closings &+= 1
        } else if !isOpen, network.admitsConnections {
            open()
        }
        guard isBelievedUp != isOpen else { return }
        isBelievedUp = isOpen
        post.receive(.cloudLink(isUp: isBelievedUp))
    }

    /// Whether the connection takes a message; one that is over what it carries closes it.
    func carries(_ bytes: Int64) -> Bool {
        guard isOpen else { return false }
        carriedBytes += bytes
        guard let most = world.network.state[.limitData]?.first, carriedBytes > most else { return true }
        close()
        lookLater()
        return false
    }

    /// When a message has arrived whole that leaves the line at `leaving`.
    func arrival(
        _ bytes: Int64, _ way: SimulatedNetwork.Way, leaving: Instant, usually: Interval, keepsOrder: Bool,
        _ dice: inout Randomness
    ) -> Instant {
        let state = world.network.state
        var at = leaving + usually
        if let latency = state[.latency] { at = at + varied(latency, &dice) }
        if let rate = state[.bandwidth]?.first {
            at = max(at, busyUntil[way.rawValue]) + Interval(microseconds: bytes * 1_000 / max(1, rate))
            busyUntil[way.rawValue] = at
        }
        if let slicer = state[.slicer], slicer.count == 3 {
            let size = max(1, varied([slicer[0], slicer[1]], &dice).microseconds)
            at = at + Interval(microseconds: (bytes - 1) / size * slicer[2])
        }
        guard keepsOrder else { return at }
        at = max(at, lastArrival[way.rawValue])
        lastArrival[way.rawValue] = at
        return at
    }

    // What goes over it

    /// Asks about a token. Where nothing gets through, nothing ever answers.
    public func ask(_ token: TokenName, connector: ConnectorID?, number: CommandNumber) throws(DeviceError) {
        let life = post.life
        world.network.send(bytes: Size.question, .toCloud, over: self) { [unowned self] isReadable in
            let verdict = verdict(on: token, isReadable)
            world.network.send(bytes: Size.question, .toPost, over: self) { [unowned self] isReadable in
                guard post.life == life else { return }
                post.receive(.cloudAnswered(number, isReadable ? verdict : .failed))
            }
        }
    }

    /// What the service says; a question that it cannot read is answered with an error.
    private func verdict(on token: TokenName, _ isReadable: Bool) -> CloudVerdict {
        guard isReadable, !world.network.throttles() else { return .failed }
        return world.network.state[.refusesEverybody] == nil ? world.cloud.answer(token) : .refused
    }

    /// Sends a session record.
    ///
    /// - Parameters:
    ///   - record: Its number in this post's outbox, rising.
    ///   - acknowledged: Called when the cloud's acknowledgement is back, for each copy of it; never called when record or answer
    ///     are lost. A lost answer means that the cloud has the record all the same, so it is safe and right to send it again.
    public func deliver(record: UInt64, acknowledged: @escaping () -> Void) {
        let life = post.life
        world.network.send(bytes: Size.record, .toCloud, over: self) { [unowned self] isReadable in
            guard isReadable, !world.network.throttles() else { return }
            world.cloud.take(record: record, of: post.number)
            world.network.send(bytes: Size.acknowledgement, .toPost, over: self) { [unowned self] isReadable in
                guard isReadable, post.life == life else { return }
                acknowledged()
            }
        }
    }
}
