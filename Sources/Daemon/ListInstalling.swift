// What becomes of an object that has come in: judged by its head, then whole, then taken into use between two look-ups.

import AllowList
import Console
import Foundation
import Ledger
import Runtime
import Synchronization

/// What the head of an object has said.
struct Announced: Sendable {
    /// How long it is, or may be, in bytes.
    var lengthAtMost: UInt64
    /// Whether the post has this very object already, and whole.
    var isThere = false
}

extension ListKeeper {
    /// Judges the head of what comes in. Blocks: for the deliveries' queue.
    func judge(_ head: [UInt8], _ kind: DeliveredKind) throws(InstallProblem) -> Announced {
        let (setting, marks) = try trusted()
        // Without its bundle the post knows nobody's signature but a bundle's.
        if let loss = setting.loss, kind != .bundle { throw .trustLost(loss) }
        do throws(ListRefusal) {
            switch kind {
            case .bundle: return Announced(lengthAtMost: UInt64(TrustBundle.lengthAtMost))
            case .deny:
                let name = try setting.audience.admitsDenyObject(Array(head.prefix(ListAnnouncement.length)))
                return Announced(
                    lengthAtMost: UInt64(DenyObject.lengthAtMost),
                    isThere: state.withLock { $0.deny?.headerHash == name })
            case .list: return try announced(head, setting, marks)
            case .delta:
                let (base, length, target) = try ListDelta.announced(head)
                guard base == state.withLock({ $0.list?.headerHash }) else { throw .wrongBase }
                var found = try announced(target, setting, marks)
                found.lengthAtMost = length
                return found
            }
        } catch { throw .refused(error) }
    }

    private func announced(
        _ head: [UInt8], _ setting: TrustedSetting, _ marks: MarkInRecords
    ) throws(ListRefusal) -> Announced {
        let list = try ListAnnouncement(Array(head.prefix(ListAnnouncement.length)), for: setting.audience)
        // A mark that cannot be read is told where the list is installed.
        let mark = try? marks.highWater()
        try setting.audience.admits(list, after: mark, vouched: time.vouched)
        let isWhole = state.withLock { $0.list?.headerHash == list.headerHash && $0.list?.isDamaged == false }
        return Announced(lengthAtMost: list.header.fileLength, isThere: isWhole && mark == list.mark)
    }

    private func trusted() throws(InstallProblem) -> (TrustedSetting, MarkInRecords) {
        guard let setting = state.withLock({ $0.setting }) else { throw .refused(.unknownIssuer) }
        guard let marks else { throw .markDamaged(FileProblem(step: "read", name: "records", number: 0)) }
        return (setting, marks)
    }

    /// Verifies an object and takes it into use. Blocks: for the deliveries' queue. Returns what is told to the sender,
    /// as JSON.
    func install(
        _ object: DeliveredObject, from source: ListSource, confirmed: [UInt8]? = nil
    ) throws(InstallProblem) -> String {
        let (setting, marks) = try trusted()
        let vouched = time.vouched
        let said =
            switch object {
            case .bundle(let bytes): try adopt(bundle: bytes, setting, marks)
            case .deny(let bytes): try adopt(deny: bytes, setting, marks)
            case .list(let path):
                try install(setting, marks) { (slots) throws(InstallProblem) in
                    guard let file = try? ListFile(path: path) else { throw .refused(.unreadable) }
                    return try slots.install(file, confirmed: confirmed, vouched: vouched)
                }
            case .delta(let bytes):
                try install(setting, marks) { (slots) throws(InstallProblem) in
                    guard let present = slots.boot() else { throw .refused(.wrongBase) }
                    let target: DeltaTarget<ListFile>
                    do throws(ListRefusal) {
                        target = try DeltaTarget(try ListDelta(bytes), on: present.reader)
                    } catch { throw .refused(error) }
                    return try slots.install(target, confirmed: confirmed, vouched: vouched)
                }
            }
        state.withLock { $0.refused = nil }
        journal.took(said, from: source.name)
        return said
    }

    private func install(
        _ setting: TrustedSetting, _ marks: MarkInRecords,
        _ put: (ListSlots<FolderOnDisk, MarkInRecords>) throws(InstallProblem) -> ListHeader
    ) throws(InstallProblem) -> String {
        let slots = slots(setting, marks)
        let header = try put(slots)
        use(slots.boot(), setting, isAnew: true)
        keepCondemned()
        return json(
            Taken(installed: true, version: header.version, entries: header.recordCount))
    }

    /// The next bundle: withdrawn keys count no more, for the list in use and for the deny object alike.
    private func adopt(
        bundle: [UInt8], _ setting: TrustedSetting, _ marks: MarkInRecords
    ) throws(InstallProblem) -> String {
        guard setting.hasBundle else { throw .refused(.unknownIssuer) }
        guard let adopted = try store(marks).adopt([bundle], vouched: time.vouched) else {
            return json(Taken(installed: true, wanted_bundle: setting.loss?.newest))
        }
        // The bundle in force, sent again, takes nobody's word back.
        let isNew = adopted.headerHash != setting.audience.bundle?.headerHash
        let setting = TrustedSetting(adopted, after: setting)
        trust(setting, isNewBundle: isNew)
        takeDeny(setting, marks)
        use(slots(setting, marks).boot(), setting)
        return json(Taken(installed: true, trust_bundle: adopted.number))
    }

    private func adopt(
        deny: [UInt8], _ setting: TrustedSetting, _ marks: MarkInRecords
    ) throws(InstallProblem) -> String {
        let adopted = try store(marks).adopt(
            deny: deny, for: setting.audience, pepper: setting.pepper, vouched: time.vouched)
        state.withLock { ($0.deny, $0.denyLoss) = (adopted, nil) }
        raise(by: adopted)
        use(slots(setting, marks).boot(), setting)
        return json(Taken(installed: true, deny_object: adopted.sequence, denied: adopted.count))
    }

    /// What is told to whoever sent it.
    private struct Taken: Encodable {
        var installed: Bool
        var version: UInt64?
        var entries: UInt64?
        var trust_bundle: UInt64?
        var wanted_bundle: UInt64?
        var deny_object: UInt64?
        var denied: Int?
    }
}
