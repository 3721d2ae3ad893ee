// A bus and what hangs on it: who may speak next. It reads no clock and waits for nothing.

import Glibc
public import Post
import Threads

/// Several devices on one line or connection.
///
/// One exchange at a time; among those that may be sent the higher rank goes first ("off", commands, live connectors, idle
/// ones), then the one that has waited longest. Who does not answer is asked once in a while and gives way: to commands to
/// others, and to what shows whether others obeyed. `turn` does everything that can be done at an instant and says when it
/// wants to be called again; a thread polls in between (`ModbusBusThread`), or a virtual clock jumps.
public final class ModbusBus {
    /// Answers missing in a row, over all devices, after which a connection counts as dead although nobody closed it.
    public static let silentAtMost = 6

    /// How long an idle device may be overtaken. Engineering default.
    static let idleWaitsAtMost: Interval = .seconds(2)
    /// How long a live device that answers may be overtaken by commands to others. Half of what a stage's sample may be old.
    static let liveWaitsAtMost: Interval = .seconds(1)
    /// How long a device that was silent is listened to before it gives way: what a request and an answer of 80 bytes take
    /// at 9,600 baud. Engineering default.
    static let listensAtLeast: Interval = .milliseconds(100)

    let link: ModbusLink
    let wakeUp = WakePipe()
    private(set) var devices: [PolledDevice] = []
    private var current: (index: Int, wish: BusWish)?
    private var silentInARow = 0
    private var lastServed: [Instant] = []
    private var wasOpen = false
    private var toldFailure: ModbusFailure?

    /// A bus that is not open yet.
    public init(_ endpoint: ModbusEndpoint, _ settings: ModbusEngine.Settings? = nil) throws(ModbusFailure) {
        link = try ModbusLink(endpoint, settings)
    }

    /// Why there is no connection now; nil while there is one.
    public var failure: ModbusFailure? { link.failure }

    /// Whether anything hangs on it.
    public var hasDevices: Bool { !devices.isEmpty }

    /// What has happened on the line so far.
    public var counts: ModbusEngine.Counts { link.engine.counts }

    /// What to watch, and whether for writing.
    public var watched: (descriptor: Int32, forWriting: Bool)? { link.watched }

    /// Hangs a device on the bus. Throws `badRequest` if its unit number is taken or impossible.
    func add(_ device: PolledDevice) throws(ModbusFailure) {
        let isPossible = link.endpoint.framing == .tcp || (1...247).contains(device.unit)
        guard isPossible, !devices.contains(where: { $0.unit == device.unit }) else { throw .badRequest }
        devices.append(device)
        lastServed.append(.zero)
    }

    /// Does whatever can be done now.
    ///
    /// - Returns: The instant by which it wants to be called again, if nothing comes in before.
    public func turn(at now: Instant) -> Instant {
        // Bounded: a simulated slave that answers at once must not keep the caller here for ever.
        for _ in 0..<32 {
            link.turn(at: now)
            tellLink()
            guard link.isOpen else { return waitForLink(at: now) }
            wasOpen = true
            if let current {
                if let outcome = link.engine.advance(at: now) {
                    self.current = nil
                    settle(current, outcome, at: now)
                    continue
                }
                let gives = givesWayAt(current, now)
                guard gives <= now else { return min(gives, link.engine.wakeAt ?? now) }
                let failure: ModbusFailure = link.engine.hasHeardNothing ? .silent : .torn
                link.engine.abandon(at: now)
                self.current = nil
                devices[current.index].failed(failure, at: now)
            }
            let wishes = devices.map { $0.wish(at: now) }
            let starts = wishes.map(earliest)
            guard let next = choose(wishes, starts, at: now) else { return starts.min() ?? .distantFuture }
            send(wishes[next], of: next, at: now)
        }
        return now
    }

    /// From when on it may be sent.
    private func earliest(_ wish: BusWish) -> Instant {
        if wish.rank == .off { return max(wish.due, link.engine.readyAt(isUrgent: true)) }
        if wish.rank == .command { return max(wish.due, link.engine.readyForCommand(wish.request.unit)) }
        let ofAwaited = max(wish.awaitedFrom, link.engine.readyAt(wish.request.unit, isAwaited: true))
        return max(wish.due, min(ofAwaited, link.engine.readyAt(wish.request.unit, isAwaited: false)))
    }

    private func choose(_ wishes: [BusWish], _ starts: [Instant], at now: Instant) -> Int? {
        wishes.indices.filter { starts[$0] <= now }.min { left, right in
            (rank(left, wishes, now), lastServed[left], left) < (rank(right, wishes, now), lastServed[right], right)
        }
    }

    /// Whoever answers and has waited too long is more urgent: a full bus starves nobody.
    private func rank(_ index: Int, _ wishes: [BusWish], _ now: Instant) -> BusRank {
        let wish = wishes[index]
        switch wish.rank {
        case .idle where now - wish.due > Self.idleWaitsAtMost: return .fast
        case .fast where now - wish.due > Self.liveWaitsAtMost && !devices[index].isSilent: return .command
        default: return wish.rank
        }
    }

    /// When the exchange under way is given up for another device's sake: never while its device answers at all. One that
    /// sends a byte now and then has not answered.
    private func givesWayAt(_ current: (index: Int, wish: BusWish), _ now: Instant) -> Instant {
        let device = devices[current.index]
        guard device.isSilent, current.wish.awaitedFrom == .distantFuture,
            device.trickles || link.engine.hasHeardNothing
        else { return .distantFuture }
        let awaited = devices.indices.filter { $0 != current.index }.map { devices[$0].wish(at: now).awaitedFrom }
        return max(awaited.min() ?? .distantFuture, lastServed[current.index] + Self.listensAtLeast)
    }

    private func send(_ wish: BusWish, of index: Int, at now: Instant) {
        lastServed[index] = now
        let within = devices[index].answersWithin(
            wish.request, baud: link.endpoint.baud, framing: link.endpoint.framing)
        do throws(ModbusFailure) {
            try link.engine.begin(wish.request, within: within, at: now)
            current = (index, wish)
            devices[index].sent(wish.request, at: now)
        } catch {
            devices[index].sent(wish.request, at: now)
            settle((index, wish), .failure(error), at: now)
        }
    }

    private func settle(
        _ exchange: (index: Int, wish: BusWish), _ outcome: Result<[UInt16], ModbusFailure>,
        at now: Instant
    ) {
        switch outcome {
        case .success(let words):
            silentInARow = 0
            link.isGood()
            devices[exchange.index].took(words, of: exchange.wish.request, at: now)
        case .failure(let failure):
            silentInARow = failure == .silent ? silentInARow + 1 : 0
            devices[exchange.index].failed(failure, at: now)
            let isDead = silentInARow >= Self.silentAtMost && link.endpoint.framing == .tcp
            if failure.losesConnection || isDead {
                silentInARow = 0
                link.giveUp(failure, at: now)
            }
        }
    }

    /// Lets every device know why there is no way to it, or that there is one again.
    private func tellLink() {
        let failure = link.isOpen ? nil : link.failure
        guard failure != toldFailure else { return }
        toldFailure = failure
        for device in devices { device.slot.note { $0.linkFailure = failure } }
    }

    private func waitForLink(at now: Instant) -> Instant {
        current = nil
        for device in devices {
            if wasOpen { device.linkLost(at: now) }
            device.takeCommand(at: now)
            device.commandWaits(at: now)
        }
        wasOpen = false
        let patience = devices.compactMap(\.commandPatienceEnds).min() ?? .distantFuture
        return min(link.wakeAt ?? .distantFuture, patience)
    }
}
