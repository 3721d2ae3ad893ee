// After a storm: faults heal, people go, service comes. Then everything must be well again, or say what keeps it.

import Ledger
import Post
import Runtime
import Simulator

extension ScenarioPlayer {
    /// Lets the site come to rest and looks whether it serves again. What does not is noted in `stuck`.
    func becomeCalm(within bound: Interval) {
        let end = site.world.now + bound
        healAll()
        for post in site.posts.indices where site.posts[post].runtime == nil { start(post) }
        // Nobody draws a plug in the instant in which lines come back: a bolt needs its time to hold it.
        site.run(until: site.world.now + .seconds(2))
        for place in everyPlace { sendHome(place) }
        site.run(until: end) { [self] in isEverybodyGone && isEverythingDelivered && isEverySessionClosed }
        // A process that has leaked is started anew in the tenth minute of its life at the earliest.
        let most = scenario.site.configuration.limits.memoryRestartBytes
        site.run(until: site.world.now + .minutes(11)) { [self] in
            site.posts.allSatisfy { ($0.runtime?.residentBytes ?? 0) <= most }
        }
        // Trouble is over once its last word has been heard: resting devices speak every ten seconds, slow ones two seconds
        // late. Then service comes, and again, until nothing is left to clear.
        site.run(until: site.world.now + Self.lastWordWithin)
        for _ in 0..<12 where !(everyPlace.allSatisfy { isServing($0) } && isEverythingDelivered) {
            bringService()
            site.run(until: site.world.now + Self.lastWordWithin)
        }
        noteWhatIsNotDelivered()
        for place in everyPlace { proveService(place) }
        noteWhatIsNotDelivered()
    }

    private static let lastWordWithin: Interval = .seconds(15)

    private func healAll() {
        site.world.healTransient()
        site.world.network.become(.up)
        for post in site.posts {
            post.hardware.disk.state = .well
            post.hardware.siteManager.setLimit(watts: nil)
        }
    }

    /// The operator ends what still runs, opens what was closed, and the driver draws the plug.
    private func sendHome(_ place: Place) {
        let id = ConnectorID(UInt8(place.connector))
        let runtime = site.posts[place.post].runtime
        runtime?.step(.command(CommandNumber(900_001), .stop(id, .remote)), at: site.world.now)
        runtime?.step(.command(CommandNumber(900_002), .setAvailable(id, true)), at: site.world.now)
        leave(place, triesLeft: 2_000)
    }

    private var isEverybodyGone: Bool {
        everyPlace.allSatisfy { site.world.posts[$0.post].connectors[$0.connector].vehicle == nil }
    }

    private var isEverythingDelivered: Bool {
        memories.allSatisfy { $0.recordsOwed == 0 }
    }

    /// A disk that took its time for each record may have a queue of them, the stops among them.
    private var isEverySessionClosed: Bool {
        memories.allSatisfy { $0.sessions().allSatisfy { $0.stopReason != nil } }
    }

    /// Somebody from service clears what only service may clear.
    private func bringService() {
        for place in everyPlace {
            let id = ConnectorID(UInt8(place.connector))
            status(place)?.faults.forEach { fault in
                guard fault.row.release == .byService else { return }
                site.posts[place.post].runtime?.step(
                    .command(CommandNumber(900_003), .clearFault(fault, id)), at: site.world.now)
            }
        }
    }

    private func status(_ place: Place) -> ConnectorStatus? {
        site.posts[place.post].runtime?.core.status(of: ConnectorID(UInt8(place.connector)))
    }

    /// The state alone: it is asked after every happening, and the whole status would copy the core each time.
    private func phase(_ place: Place) -> ConnectorPhase? {
        site.posts[place.post].runtime?.phase(of: ConnectorID(UInt8(place.connector)))
    }

    private func isServing(_ place: Place) -> Bool { phase(place) == .available }

    /// Whether a fault that stays for good explains what a connector shows, or that no card is read there. The cause counts
    /// for every connector of its post: stages, readers and enclosures are shared.
    private func isExplained(_ place: Place) -> Bool {
        let isBroken = site.world.injections.contains {
            $0.isPermanent && $0.healedAt == nil && $0.post == place.post
                && (!$0.kind.row.mayRaise.isEmpty || $0.kind.unit == .reader)
        }
        // What cannot be undone in the world keeps its mark: a weld, a supply that was cut off.
        let isCutOff = site.world.posts[place.post].stages.contains { $0.isTripped }
        return isBroken || isCutOff
    }

    private func noteWhatIsNotDelivered() {
        for (post, memory) in memories.enumerated() {
            let owed = memory.recordsOwed
            if owed > 0 { stuck.append("post \(post + 1) still owes \(owed) records") }
            let open = memory.sessions().filter { $0.stopReason == nil }.count
            if open > 0 { stuck.append("post \(post + 1) has \(open) sessions without a stop") }
            let lacking = memory.outbox.acknowledged - Int64(site.world.cloud.recordsTaken[post])
            if lacking > 0 {
                stuck.append("the cloud lacks \(lacking) records that post \(post + 1) no longer owes")
            }
        }
    }

    /// The proof of service: a listed driver comes and charges.
    private func proveService(_ place: Place) {
        guard !isExplained(place) else { return }
        let name = "post \(place.post + 1), connector \(place.connector + 1)"
        guard isServing(place) else {
            stuck.append("\(name) \(told(place)) although nothing is broken any more")
            return
        }
        guard let token = scenario.drivers.listed.dropLast(place.connector).last, scenario.drivers.hasList else {
            return
        }
        guard site.world.plug(.sedan400, at: place) else {
            stuck.append("\(name): a plug is in although everybody has gone")
            return
        }
        site.run(until: site.world.now + .seconds(3))
        site.posts[place.post].tap(token)
        site.run(until: site.world.now + .seconds(90)) { [self] in phase(place) == .charging }
        if phase(place) != .charging {
            stuck.append("\(name): a listed driver does not charge; it \(told(place))")
        }
        sendHome(place)
        site.run(until: site.world.now + .seconds(120)) { [self] in isServing(place) && isEverythingDelivered }
        if !isServing(place) { stuck.append("\(name) \(told(place)) after a session that nothing disturbed") }
    }

    private func told(_ place: Place) -> String {
        guard let status = status(place) else { return "has no process" }
        let refusal = status.refusal.map { ", refused: \($0.code)" } ?? ""
        return
            "is \(code("\(status.phase)")), waits for \(code("\(status.waiting)")), faults: \(status.faults.codes.joined(separator: " "))\(refusal)"
    }
}
