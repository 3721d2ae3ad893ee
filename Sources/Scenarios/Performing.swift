// Performs the steps of a story on the site.

import AllowList
import Post
import Runtime
import Simulator
import StrictYAML

extension ScenarioPlayer {
    /// Performs one step; returns whether the story goes on.
    func perform(_ step: Step) -> Bool {
        if step.deed.changesAnything {
            deedAt = site.world.now
            for watcher in watchers { watcher.reactions?.deedDone(at: site.world.now) }
            collector?.note(deed: step.deed)
        }
        guard scenario.skipsImpossible else { return isPerformed(step) }
        let before = (complaints.count, isErroneous)
        if !isPerformed(step), isErroneous {
            complaints.removeLast(complaints.count - before.0)
            isErroneous = before.1
        }
        return true
    }

    private func isPerformed(_ step: Step) -> Bool {
        let line = step.position.line
        switch step.deed {
        case .plug(let name, let place): return plug(name, place, line)
        case .unplug(let place, let byForce):
            guard isThere(place, line) else { return false }
            let spot = Place(post: place.post, connector: place.connector)
            guard byForce ? site.world.tearOut(at: spot) : site.world.unplug(at: spot) else {
                return error("the plug does not come out: it is held, or nothing is plugged in.", line: line)
            }
        case .leave(let place):
            guard isThere(place, line) else { return false }
            leave(Place(post: place.post, connector: place.connector), triesLeft: 2_000)
        case .tap(let token, let reader, let post):
            guard isThere(Where(post: post, connector: 0), line) else { return false }
            site.posts[post].tap(token, reader: reader)
        case .interlock(let interlock, let isAlarm, let post): return set(interlock, isAlarm, post, line)
        case .stopButton(let place):
            guard isThere(place, line) else { return false }
            site.world.pressStop(at: Place(post: place.post, connector: place.connector))
        case .order(let wish, let place):
            guard isThere(place, line) else { return false }
            let spot = Place(post: place.post, connector: place.connector)
            if let refusal = site.world.tell(wish, at: spot) { return error("\(refusal.why).", line: line) }
        case .network(let state):
            hasBeenDisturbed = true
            site.world.network.become(state, of: .network)
        case .cloud(let state):
            hasBeenDisturbed = true
            site.world.network.become(state, of: .cloud)
        case .disk(let state, let post):
            hasBeenDisturbed = true
            site.posts[post].hardware.disk.state = state
        case .kill(let post):
            guard livesToDie(post, line) else { return false }
            hasBeenDisturbed = true
            site.posts[post].die()
            processDied(post)
        case .cutPower(let post):
            guard livesToDie(post, line) else { return false }
            hasBeenDisturbed = true
            site.posts[post].die(withMachine: true)
            processDied(post)
        case .start(let post):
            if site.posts[post].runtime != nil {
                hasBeenDisturbed = true
                processDied(post)
            }
            start(post)
        case .inject(let setting): return inject(setting, line)
        case .heal(let setting): return heal(setting.kind, setting.place, line)
        case .expect(let expectation):
            guard isThere(expectation.check.place, line) else { return false }
            return wait(for: expectation, line: line)
        case .stopByHand, .inService, .clear, .reserve, .revoke, .limit: return command(step.deed, line)
        case .newList(let new): return send(new, line)
        case .deny(let tokens):
            for (index, memory) in memories.enumerated() {
                do {
                    for name in try memory.deny(tokens) {
                        site.posts[index].runtime?.step(.tokenDenied(name), at: site.world.now)
                    }
                } catch {
                    return self.error("that deny object cannot be issued: \(error)", line: line)
                }
                // An object names everybody who is denied; whom it does not name is denied no longer.
                let before = watchers[index].denied
                watchers[index].denied = tokens.map { token in
                    let name = memory.name(token)
                    return before.first { $0.token == name } ?? (name, site.world.now)
                }
            }
        case .damageList(let token, let post):
            guard memories[post].damage(pageOf: token) else {
                return error("there is no list to be damaged.", line: line)
            }
        case .milestone(let name):
            milestones.append(SiteDay.Milestone(name: name, at: timeOfDay(site.world.now), records: recordsOwed))
            passed.append((name, site.world.now))
        case .nothing: break
        }
        return true
    }

    /// The process of a post is gone.
    func processDied(_ post: Int) {
        watchers[post].processDied()
        collector?.processDied(post)
    }

    /// The process of a post starts.
    func start(_ post: Int) {
        site.posts[post].start(recorder: recorder(post: post))
        collector?.processStarted(post)
    }

    /// The driver of the vehicle that is there now tries every ten seconds until the plug comes out.
    func leave(_ place: Place, triesLeft: Int) {
        guard let vehicle = site.world.posts[place.post].connectors[place.connector].vehicle else { return }
        leave(place, vehicle, triesLeft: triesLeft)
    }

    private func leave(_ place: Place, _ vehicle: Vehicle, triesLeft: Int) {
        let world = site.world
        guard triesLeft > 0, world.posts[place.post].connectors[place.connector].vehicle === vehicle,
            !world.unplug(at: place)
        else { return }
        world.schedule(at: world.now + .seconds(10)) { [weak self] in
            self?.leave(place, vehicle, triesLeft: triesLeft - 1)
        }
    }

    private func isThere(_ place: Where, _ line: Int) -> Bool {
        if place.post < site.posts.count, place.connector < scenario.site.connectors { return true }
        return error("there is no connector \(place.connector + 1) at post \(place.post + 1).", line: line)
    }

    private func plug(_ name: String, _ place: Where, _ line: Int) -> Bool {
        guard isThere(place, line) else { return false }
        guard let vehicle = scenario.vehicles.first(where: { $0.key == name })?.value else {
            return error("no vehicle is named \(name); add it under vehicles.", line: line)
        }
        guard site.world.plug(vehicle.vehicle, at: Place(post: place.post, connector: place.connector)) else {
            return error("a vehicle is plugged in there already.", line: line)
        }
        return true
    }

    private func set(_ interlock: Interlock, _ isAlarm: Bool, _ post: Int, _ line: Int) -> Bool {
        guard let kind = interlock.cause else { return false }
        let place = Where(post: post, connector: 0)
        return isAlarm ? inject(FaultSetting(kind: kind, place: place, lasts: nil), line) : heal(kind, place, line)
    }

    private func inject(_ setting: FaultSetting, _ line: Int) -> Bool {
        guard isThere(setting.place, line) else { return false }
        if let other = excluding(setting) {
            return error("\(setting.kind.name) cannot be while \(other.name) is: heal that first.", line: line)
        }
        let injection = site.world.inject(
            setting.kind, post: setting.place.post, instance: instance(setting.kind, setting.place),
            for: setting.lasts.map { Interval(microseconds: $0) }, isPermanent: setting.isPermanent)
        guard let injection, injection.changedWorld else {
            return error(
                "the fault \(setting.kind.name) changed nothing in the world: nobody was there to be hurt.",
                line: line)
        }
        injectionLines.append(line)
        return true
    }

    /// A cause that is there and excludes another one. A storm does not know what it hits, and may bring about both.
    private func excluding(_ setting: FaultSetting) -> FaultKind? {
        guard !scenario.skipsImpossible else { return nil }
        return site.world.injections.first {
            $0.healedAt == nil && $0.post == setting.place.post && $0.kind.excludes(setting.kind)
                && $0.instance == instance(setting.kind, setting.place)
        }?.kind
    }

    /// A list is sent to every post. A good one that is refused is an error of the story.
    private func send(_ new: NewList, _ line: Int) -> Bool {
        var drivers = DriverSetting(listed: new.listed, expired: [], known: [], hasList: true)
        (drivers.group, drivers.otherGroup) = (scenario.drivers.group, scenario.drivers.otherGroup)
        for (index, memory) in memories.enumerated() {
            do { try memory.deliver(drivers, flaw: new.flaw, diesAfter: new.diesAfter) } catch {
                return self.error("that list cannot be issued: \(error)", line: line)
            }
            if new.diesAfter != nil {
                hasBeenDisturbed = true
                site.posts[index].die()
                watchers[index].processDied()
            } else if new.flaw == nil, let refused = memory.refused {
                return error("that list was refused: \(refused.rawValue)", line: line)
            }
        }
        return true
    }

    private func heal(_ kind: FaultKind, _ place: Where, _ line: Int) -> Bool {
        let open = site.world.injections.last {
            $0.kind == kind && $0.post == place.post && $0.instance == instance(kind, place) && $0.healedAt == nil
        }
        guard let open, site.world.heal(open.number) else {
            return error("the fault \(kind.name) is not there to be healed.", line: line)
        }
        return true
    }

    private func instance(_ kind: FaultKind, _ place: Where) -> Int {
        scenario.site.instance(kind, place, in: scenario.site.configuration)
    }

    private func livesToDie(_ post: Int, _ line: Int) -> Bool {
        guard site.posts[post].runtime == nil, !scenario.skipsImpossible else { return true }
        return error("the process of post \(post + 1) is dead already.", line: line)
    }

    /// Why nothing would come of what the operator asks for: nobody hears him, or there is no such fault. A storm asks all the same.
    private func vainness(_ deed: Deed) -> String? {
        guard !scenario.skipsImpossible, let place = deed.place else { return nil }
        guard let core = site.posts[place.post].runtime?.core else {
            return "the process of post \(place.post + 1) is dead: nobody hears the operator."
        }
        let present = core.status(of: ConnectorID(UInt8(place.connector))).faults
        if case .clear(let fault, _) = deed, !present.contains(fault) {
            return "the fault \(fault.code) is not there to be cleared."
        }
        return nil
    }

    private func command(_ deed: Deed, _ line: Int) -> Bool {
        if let place = deed.place, !isThere(place, line) { return false }
        if let vain = vainness(deed) { return error(vain, line: line) }
        let now = site.world.now
        let number = CommandNumber(900_000)
        switch deed {
        case .stopByHand(let place):
            site.posts[place.post].runtime?.step(
                .command(number, .stop(ConnectorID(UInt8(place.connector)), .remote)), at: now)
        case .inService(let isIn, let place):
            site.posts[place.post].runtime?.step(
                .command(number, .setAvailable(ConnectorID(UInt8(place.connector)), isIn)), at: now)
        case .clear(let fault, let place):
            site.posts[place.post].runtime?.step(
                .command(number, .clearFault(fault, ConnectorID(UInt8(place.connector)))), at: now)
        case .reserve(let token, let lasts, let place):
            site.posts[place.post].runtime?.step(
                .command(
                    number,
                    .reserve(
                        ConnectorID(UInt8(place.connector)), memories[place.post].name(token),
                        until: now + Interval(microseconds: lasts))), at: now)
        case .revoke(let token):
            for (index, post) in site.posts.enumerated() {
                post.runtime?.step(.tokenRevoked(memories[index].name(token)), at: now)
            }
        case .limit(let watts, let post):
            site.posts[post].hardware.siteManager.setLimit(watts: watts)
        default: break
        }
        return true
    }
}
