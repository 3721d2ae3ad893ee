// What a post keeps of its trust beside the lists: its bundle and the newest deny object.

/// The trust bundle and the deny object of a post, in a folder. Each is replaced whole or not at all.
public final class TrustStore<Folder: FileLayer> {
    /// The file of the trust bundle.
    public static var bundleName: String { "trust-bundle.pab" }
    /// The file of the newest deny object.
    public static var denyName: String { "deny.pan" }
    private let folder: Folder

    /// The trust kept in a folder.
    public init(in folder: Folder) { self.folder = folder }

    /// The bundle that was adopted last; nil before the first. Its signatures are checked again.
    public func bundle() throws(InstallProblem) -> TrustBundle? {
        do {
            guard let bytes = try folder.contents(Self.bundleName, atMost: TrustBundle.lengthAtMost) else {
                return nil
            }
            return try TrustBundle(first: bytes)
        } catch let problem as FileProblem {
            throw .markDamaged(problem)
        } catch {
            throw .markDamaged(FileProblem(step: "read", name: Self.bundleName, number: 0))
        }
    }

    /// Takes bundles over one after the other, as many as are given: a post that was offline for years walks them.
    ///
    /// The first of all must be pinned or put there by hand. Each step is durable before the next; the last that holds
    /// stays. Returns the bundle in force.
    @discardableResult
    public func adopt(_ chain: [[UInt8]], pin: [UInt8]? = nil) throws(InstallProblem) -> TrustBundle? {
        var present = try bundle()
        for bytes in chain {
            do {
                let next: TrustBundle
                if let present {
                    next = try present.next(bytes)
                } else {
                    next = try TrustBundle(first: bytes, pin: pin)
                }
                guard next != present else { continue }
                try folder.replace(Self.bundleName, with: bytes)
                present = next
            } catch let refusal as ListRefusal {
                throw .refused(refusal)
            } catch let problem as FileProblem {
                throw .disk(problem)
            } catch {
                throw .refused(.unreadable)
            }
        }
        return present
    }

    /// The newest deny object; nil when there is none, or its key has been withdrawn: then its denials are too.
    public func deny(for audience: ListAudience, pepper: [UInt8]) throws(InstallProblem) -> DenyObject? {
        do {
            guard let bytes = try folder.contents(Self.denyName, atMost: DenyObject.lengthAtMost) else {
                return nil
            }
            return try DenyObject(present: bytes, for: audience, pepper: pepper)
        } catch let problem as FileProblem {
            throw .markDamaged(problem)
        } catch {
            throw .markDamaged(FileProblem(step: "read", name: Self.denyName, number: 0))
        }
    }

    /// Takes a deny object over, in place of an older one. A present one that is damaged may be replaced by any.
    @discardableResult
    public func adopt(
        deny bytes: [UInt8], for audience: ListAudience, pepper: [UInt8]
    ) throws(InstallProblem) -> DenyObject {
        let present = try? deny(for: audience, pepper: pepper)
        do {
            let next = try DenyObject(bytes, for: audience, pepper: pepper, after: present)
            if next.headerHash != present?.headerHash { try folder.replace(Self.denyName, with: bytes) }
            return next
        } catch let problem as FileProblem {
            throw .disk(problem)
        } catch let refusal as ListRefusal {
            throw .refused(refusal)
        } catch {
            throw .refused(.unreadable)
        }
    }
}
