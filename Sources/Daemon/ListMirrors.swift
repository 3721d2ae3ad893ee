// Asks mirrors for what is newer: several hosts in turn, any of which will do, since it is the signature that counts.

import AllowList
import Console
import DaemonConfiguration
import Foundation
import Mirrors
import Runtime
import ServiceLifecycle
import Synchronization

/// The mirrors of a post.
///
/// Below each address a mirror has `trust-bundle-N.pab` for each bundle, `deny.pan`, `allow-list.pal`, and, if it
/// likes, `from-NAME.pad`: the delta from the list of that name (its first 16 digits) to the newest.
struct ListMirrors: Service {
    /// The shortest wait after a round in which no mirror was of use; it doubles up to the usual one. Engineering default.
    static let shortestWait: Double = 30

    private let keeper: ListKeeper
    private let addresses: [String]
    private let everySeconds: Double
    private let authorities: String?
    /// What they have was refused, and told, already.
    private let told = ToldRefusals()

    init(keeper: ListKeeper, _ setting: DaemonConfiguration.AllowListSetting.Mirrors) {
        self.keeper = keeper
        addresses = setting.addresses.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        everySeconds = Double(setting.everySeconds)
        authorities = setting.authoritiesFile.isEmpty ? nil : setting.authoritiesFile
    }

    func run() async throws {
        guard !addresses.isEmpty else { return try await gracefulShutdown() }
        let client = MirrorClient(authorities: authorities)
        try? await cancelWhenGracefulShutdown {
            var first = 0
            var failures = 0
            while !Task.isCancelled {
                let isDone = await round(client, beginningAt: first)
                // Another one next time: a mirror that is kept from news must not keep them from the post.
                first += 1
                failures = isDone ? 0 : failures + 1
                try await wait(failures)
            }
        }
        await client.close()
    }

    /// Asks one mirror after the other until one has told all it has; false when none was of use.
    private func round(_ client: MirrorClient, beginningAt first: Int) async -> Bool {
        for offset in addresses.indices {
            let address = addresses[(first + offset) % addresses.count]
            do {
                try await fetchAll(client, address)
                keeper.mirror(address, trouble: nil)
                return true
            } catch {
                if error is CancellationError || Task.isCancelled { return false }
                keeper.mirror(address, trouble: Self.sentence(error))
            }
        }
        return false
    }

    /// Bundles first, since they say whose signature counts; then who is denied; then the list. Each is fetched and judged on
    /// its own: what a mirror may not bring keeps nothing else out. Throws the first trouble at the end: the mirror was of no
    /// use, or not of all the use that another may be.
    private func fetchAll(_ client: MirrorClient, _ address: String) async throws {
        var first: (any Error)?
        /// Nil where it failed; throws only where the mirror cannot be asked for anything else.
        func found(_ name: String) async throws -> Found? {
            do {
                let found = try await fetch(client, address + "/" + name)
                if found == .older, first == nil {
                    first = MirrorProblem(sentence: "it lags behind: its \(name) is older than what is in use")
                }
                return found
            } catch {
                if error is CancellationError || (error as? MirrorProblem)?.isOutOfReach == true { throw error }
                if first == nil { first = error }
                return nil
            }
        }
        while let number = keeper.wantedBundle {
            // The one that the post has already, under another name, is no step on the way.
            guard try await found("trust-bundle-\(number).pab") == .taken, keeper.wantedBundle != number else {
                break
            }
        }
        // Without its bundle the post knows nobody's signature.
        guard !keeper.hasLostItsBundle else {
            throw first ?? MirrorProblem(sentence: "it has no bundle that the post needs")
        }
        if keeper.hasBundle { _ = try await found(TrustFiles.deny) }
        var isDone = false
        if let name = keeper.deltaBase {
            // A delta that is of no use is no reason to do without the list.
            let delta = try? await fetch(client, address + "/from-\(name).pad")
            isDone = delta == .taken || delta == .nothingNew
        }
        if !isDone, try await found(ListStore.name) == .missing, first == nil {
            first = MirrorProblem(sentence: "it has no \(ListStore.name)")
        }
        if let first { throw first }
    }

    private enum Found { case missing, nothingNew, taken, older }

    private func fetch(_ client: MirrorClient, _ address: String) async throws -> Found {
        var delivery: ListDelivery?
        do {
            let isThere = try await client.fetch(address) { bytes in
                let present =
                    try delivery
                    ?? ListDelivery(keeper, from: .mirror(address), skipsWhatIsThere: true, told: told)
                delivery = present
                try await present.receive(bytes)
            }
            guard isThere else { return .missing }
            let present = try delivery ?? ListDelivery(keeper, from: .mirror(address), told: told)
            delivery = present
            _ = try await present.complete()
            await present.abandon()
            told.forget(address)
            return .taken
        } catch {
            await delivery?.abandon()
            switch error {
            case DeliveryProblem.nothingNew:
                told.forget(address)
                return .nothingNew
            case DeliveryProblem.install(.refused(.rollback)): return .older
            default: throw error
            }
        }
    }

    private static func sentence(_ error: any Error) -> String {
        switch error {
        case let problem as MirrorProblem: problem.sentence
        case DeliveryProblem.install(let problem): "what it has was refused (\(problem.code))"
        case DeliveryProblem.busy: "another list was on its way"
        case DeliveryProblem.notAccepted(let why): "this post accepts no list: \(why)"
        case DeliveryProblem.tooLarge: "its delta is too large"
        default: "\(error)"
        }
    }

    /// Waits, no two posts for equally long; not any longer once the list is asked for anew.
    private func wait(_ failures: Int) async throws {
        let usual = everySeconds * Double.random(in: 0.9...1.1)
        let soon = Self.shortestWait * pow(2, Double(min(failures - 1, 20))) * Double.random(in: 0.75...1.25)
        let end = ContinuousClock.now + .seconds(failures == 0 ? usual : min(usual, soon))
        let wasWanted = keeper.isWanted
        while ContinuousClock.now < end, wasWanted || !keeper.isWanted {
            try await ContinuousClock().sleep(for: min(.seconds(1), end - ContinuousClock.now))
        }
    }
}

extension ListKeeper {
    /// The number of the bundle that a mirror is asked for; nil where trust comes from no bundle.
    var wantedBundle: UInt64? {
        state.withLock { state in
            guard let setting = state.setting, setting.hasBundle else { return nil }
            return setting.loss.map { $0.newest ?? 1 } ?? setting.audience.bundle.map { $0.number &+ 1 }
        }
    }

    /// Whether the stored bundle is not the one that it must be: nothing but bundles is taken.
    var hasLostItsBundle: Bool { state.withLock { $0.setting?.loss != nil } }

    var hasBundle: Bool { state.withLock { $0.setting?.audience.bundle != nil } }

    /// The name of the list from which a delta may lead on; nil where a whole one is needed.
    var deltaBase: String? {
        state.withLock { state in
            guard let list = state.list, !list.isDamaged, !state.isDemoted else { return nil }
            return String(hexadecimal(list.headerHash).prefix(16))
        }
    }

    /// Whether the post is in want of something that it had: the list is damaged, or a part of its trust is lost.
    var isWanted: Bool { state.withLock { !$0.losses.isEmpty || $0.list?.isDamaged ?? true } }

    /// How a mirror did.
    func mirror(_ address: String, trouble: String?) {
        let isNews = state.withLock { state -> Bool in
            let place = state.mirrors.firstIndex { $0.address == address }
            var mirror = place.map { state.mirrors[$0] } ?? ListView.Mirror(address: address)
            let isNews = place == nil ? trouble != nil : mirror.trouble != trouble
            mirror.trouble = trouble
            if trouble == nil { mirror.answered_at = time.lowerBound }
            if let place { state.mirrors[place] = mirror } else { state.mirrors.append(mirror) }
            return isNews
        }
        if isNews { journal.source(address, trouble: trouble) }
    }
}
