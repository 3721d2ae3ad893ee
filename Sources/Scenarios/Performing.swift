// Performs the steps of a story on the site.

import Post
import Runtime
import Simulator
import StrictYAML

extension ScenarioPlayer {
    /// Performs one step; returns whether the story goes on.
    func perform(_ step: Step) -> Bool {
        let line = step.position.line
        switch step.deed {
        case .plug(let name, let place): return plug(name, place, line)
        case .unplug(let place, let byForce):
            guard isThere(place, line) else { return false }
            guard site.world.unplug(post: place.post, connector: place.connector, byForce: byForce) else {
                return error("the plug does not come out: it is held, or nothing is plugged in.", line: line)
            }
        case .tap(let token, let reader, let post):
            guard isThere(Where(post: post, connector: 0), line) else { return false }
            site.posts[post].tap(token, reader: reader)
        case .interlock(let interlock, let isAlarm, let post): return set(interlock, isAlarm, post, line)
        case .stopButton(let isPressed, let place):
            guard isThere(place, line) else { return false }
            site.world.stopButton(isPressed, post: place.post, connector: place.connector)
        case .network(let state): site.network { $0 = state }
        case .disk(let state, let post): site.posts[post].disk = state
        case .kill(let post): site.posts[post].die()
        case .start(let post): site.posts[post].start()
        case .inject(let setting): return inject(setting, line)
        case .heal(let setting):
            guard isThere(setting.place, line) else { return false }
            site.world.heal(setting.kind, post: setting.place.post, connector: setting.place.connector)
        case .expect(let expectation):
            guard isThere(expectation.check.place, line) else { return false }
            return wait(for: expectation, line: line)
        case .stopByHand, .inService, .clear, .revoke, .limit: return command(step.deed, line)
        case .nothing: break
        }
        return true
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
        site.world.plug(
            vehicle.battery, manners: vehicle.manners, stopsAt: Double(vehicle.stopsAtPercent) / 100,
            post: place.post, connector: place.connector)
        return true
    }

    private func set(_ interlock: Interlock, _ isAlarm: Bool, _ post: Int, _ line: Int) -> Bool {
        guard isThere(Where(post: post, connector: 0), line) else { return false }
        site.world.interlocks(post: post) { levels in
            switch interlock {
            case .emergencyStop: levels.emergencyStopPressed = isAlarm
            case .door: levels.doorOpen = isAlarm
            case .tilt: levels.tiltOrWater = isAlarm
            case .earth: levels.protectiveEarthGood = !isAlarm
            case .grid: levels.gridPresent = !isAlarm
            }
        }
        return true
    }

    private func inject(_ setting: FaultSetting, _ line: Int) -> Bool {
        guard isThere(setting.place, line) else { return false }
        let (post, connector) = (setting.place.post, setting.place.connector)
        guard site.world.inject(setting.kind, post: post, connector: connector) else {
            return error("the fault \(setting.kind.name) changed nothing in the world: nobody was there to be hurt.", line: line)
        }
        if let lasts = setting.lasts {
            let world = site.world
            world.planCall(after: Interval(microseconds: lasts)) {
                world.heal(setting.kind, post: post, connector: connector)
            }
        }
        return true
    }

    private func command(_ deed: Deed, _ line: Int) -> Bool {
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
        case .revoke(let token):
            for (index, post) in site.posts.enumerated() {
                post.runtime?.step(.tokenRevoked(memories[index].name(token)), at: now)
            }
        case .limit(let watts, let post):
            site.posts[post].runtime?.step(.limit(.siteManager, watts: watts), at: now)
        default: break
        }
        return true
    }
}
