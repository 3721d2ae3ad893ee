// What a post keeps of its trust beside the lists: its bundle and the newest deny object.

/// The files of a post's trust.
public enum TrustFiles {
    /// The file of the trust bundle.
    public static let bundle = "trust-bundle.pab"
    /// A bundle that is being adopted: it counts from the moment at which its mark is durable.
    public static let nextBundle = "trust-bundle.next.pab"
    /// The file of the newest deny object.
    public static let deny = "deny.pan"
}

/// The trust bundle and the deny object of a post, in a folder, and their marks. Each is replaced whole or not at all.
public final class TrustStore<Folder: FileLayer, State: TrustState> {
    private let folder: Folder
    private let state: State

    /// The trust kept in a folder, with the marks that say what is the newest.
    public init(in folder: Folder, state: State) {
        self.folder = folder
        self.state = state
    }

    // The bundle

    /// The bundle that was adopted last; nil before the first.
    ///
    /// A stored bundle is the one that its mark names, by its hash: whoever can write the file alone gains nothing.
    /// Throws `trustLost` where it is not: the post is then to be sent that bundle again.
    public func bundle() throws(InstallProblem) -> TrustBundle? {
        let mark = try known { () throws(FileProblem) in try state.bundleMark() }
        let stored = stored()
        guard let mark else {
            // Adopted by a build that kept no mark.
            guard let bundle = stored.bundle else {
                guard stored.isDamaged else { return nil }
                throw .trustLost(TrustLoss(kind: .bundleDamaged))
            }
            try known { () throws(FileProblem) in try state.commit(bundle.mark) }
            return bundle
        }
        if let bundle = stored.bundle, bundle.mark == mark { return bundle }
        // The power went after the mark and before the name: the bundle lies ready.
        if let ready = read(TrustFiles.nextBundle).bundle, ready.mark == mark {
            try? folder.rename(TrustFiles.nextBundle, to: TrustFiles.bundle)
            return ready
        }
        throw .trustLost(
            TrustLoss(
                kind: stored.bundle != nil
                    ? .bundleNotTheNewest : stored.isDamaged ? .bundleDamaged : .bundleMissing,
                newest: mark.number, fingerprint: mark.headerHash))
    }

    /// Takes the bundle that came with the post's image as the first of all, or, where the stored one is lost, as the
    /// one from which the way to the newest can be walked again. Returns the bundle in force.
    public func begin(_ first: [UInt8], pin: [UInt8]? = nil) throws(InstallProblem) -> TrustBundle? {
        do throws(InstallProblem) {
            if let present = try bundle() { return present }
        } catch {
            guard case .trustLost(let loss) = error, loss.newest != nil, loss.kind != .bundleNotTheNewest else {
                throw error
            }
        }
        try take(first) { () throws(ListRefusal) in try TrustBundle(first: first, pin: pin) }
        return try bundle()
    }

    /// What is stored, whatever its mark: for a post that cannot read its marks, and therefore adopts nothing.
    public var unmarkedBundle: TrustBundle? { stored().bundle }

    /// Takes bundles over one after the other, as many as are given: a post that was offline for years walks them.
    ///
    /// Each step is durable before the next; the last that holds stays. Where the stored bundle is lost, the very one
    /// that was adopted last is taken again, and so is every step towards it. Returns the bundle in force; nil while
    /// it is still on its way to the one that was. `vouched` is the time by a clock that somebody vouches for.
    @discardableResult
    public func adopt(_ chain: [[UInt8]], vouched: Int64? = nil) throws(InstallProblem) -> TrustBundle? {
        var inForce: TrustBundle?
        for bytes in chain {
            let mark = try known { () throws(FileProblem) in try state.bundleMark() }
            let present = (try? bundle()) ?? stored().bundle
            inForce = try take(bytes) { () throws(ListRefusal) in
                if let mark, present?.mark != mark,
                    let again = try? TrustBundle(first: bytes, pin: mark.headerHash)
                {
                    return again
                }
                // The first of all never comes this way: anybody can sign a bundle with roots of his own.
                guard let present else { throw .bundleGap }
                return try present.next(bytes, vouched: vouched)
            }
        }
        return inForce
    }

    /// Keeps a bundle: beside the one before, then its mark, then its name. One on the way to the mark has none.
    @discardableResult
    private func take(
        _ bytes: [UInt8], _ verified: () throws(ListRefusal) -> TrustBundle
    ) throws(InstallProblem) -> TrustBundle? {
        let mark = try known { () throws(FileProblem) in try state.bundleMark() }
        let next: TrustBundle
        do { next = try verified() } catch { throw .refused(error) }
        if let mark, next.number == mark.number, next.mark != mark { throw .refused(.equivocation) }
        do {
            if stored().bundle?.mark != next.mark {
                folder.remove(TrustFiles.nextBundle)
                try folder.create(TrustFiles.nextBundle)
                try folder.append(bytes, to: TrustFiles.nextBundle)
                try folder.synchronise(TrustFiles.nextBundle)
                try folder.synchroniseFolder()
                if next.number > mark?.number ?? 0 { try state.commit(next.mark) }
                try folder.rename(TrustFiles.nextBundle, to: TrustFiles.bundle)
                // Until then the next adoption would write over the only copy whose name is durable.
                try folder.synchroniseFolder()
            }
        } catch { throw .disk(error) }
        return next.number >= mark?.number ?? 0 ? next : nil
    }

    private func stored() -> (bundle: TrustBundle?, isDamaged: Bool) { read(TrustFiles.bundle) }

    private func read(_ name: String) -> (bundle: TrustBundle?, isDamaged: Bool) {
        guard folder.contains(name) else { return (nil, false) }
        guard let bytes = try? folder.contents(name, atMost: TrustBundle.lengthAtMost),
            let bundle = try? TrustBundle(first: bytes)
        else { return (nil, true) }
        return (bundle, false)
    }

    private func known<Value>(_ ask: () throws(FileProblem) -> Value) throws(InstallProblem) -> Value {
        do { return try ask() } catch { throw .markDamaged(error) }
    }

    // The deny object

    /// The newest deny object; nil when there never was one, or its key has been withdrawn: then its denials are too.
    /// Throws `trustLost` where the newest that was adopted is not there whole.
    public func deny(for audience: ListAudience, pepper: [UInt8]) throws(InstallProblem) -> DenyObject? {
        let mark: DenyMark?
        let isMarkKnown: Bool
        // A mark that cannot be read frees nobody whom the stored object names.
        do { (mark, isMarkKnown) = (try state.denyMark(), true) } catch { (mark, isMarkKnown) = (nil, false) }
        func lost(_ kind: TrustLoss.Kind) -> InstallProblem {
            .trustLost(TrustLoss(kind: kind, newest: mark?.sequence, fingerprint: mark?.headerHash ?? []))
        }
        let isAlive = mark.map(audience.canDeny) ?? false
        guard folder.contains(TrustFiles.deny) else {
            guard isAlive else { return nil }
            throw lost(.denyMissing)
        }
        guard let bytes = try? folder.contents(TrustFiles.deny, atMost: DenyObject.lengthAtMost) else {
            throw lost(.denyDamaged)
        }
        let found: DenyObject?
        do { found = try DenyObject(present: bytes, for: audience, pepper: pepper, after: mark) } catch {
            throw lost(error == .rollback || error == .equivocation ? .denyNotTheNewest : .denyDamaged)
        }
        guard let found else {
            guard isAlive else { return nil }
            throw lost(.denyNotTheNewest)
        }
        // The power went between file and mark, or a build that kept no mark adopted it.
        if isMarkKnown, found.mark != mark {
            try known { () throws(FileProblem) in try state.commit(found.mark) }
        }
        return found
    }

    /// Takes a deny object over, in place of an older one. One that is lost is mended by the same again, or a newer.
    /// `vouched` is the time by a clock that somebody vouches for.
    @discardableResult
    public func adopt(
        deny bytes: [UInt8], for audience: ListAudience, pepper: [UInt8], vouched: Int64? = nil
    ) throws(InstallProblem) -> DenyObject {
        let mark = try known { () throws(FileProblem) in try state.denyMark() }
        do {
            let next = try DenyObject(bytes, for: audience, pepper: pepper, after: mark, vouched: vouched)
            let present = try? folder.contents(TrustFiles.deny, atMost: DenyObject.lengthAtMost)
            if present != bytes { try folder.replace(TrustFiles.deny, with: bytes) }
            if next.mark != mark { try state.commit(next.mark) }
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
