// The corpus: deny objects, trust bundles, deltas, and attacks that are no files.

import AllowList

extension AttackCorpus {
    /// Rows 9, 11 and 33: the heartbeat's own ways to go wrong.
    mutating func addDenies() throws {
        func deny(
            _ name: String, _ bytes: [UInt8], bundle: String = "bundle-1.pab", installed: String = "deny-3.pan"
        ) {
            add(name, name + ".pan", bytes, bundle: bundle, installed: installed)
        }
        let good = try office.deny(4, [7, 8, 9])
        deny("deny-good", good)
        deny("deny-first", good, installed: "")
        deny("deny-same-again", file("deny-3.pan"))
        deny("deny-nobody", try office.deny(4, []))
        deny("deny-3840", try office.deny(4, Array(0..<3_840)))
        deny("deny-rollback", try office.deny(2))
        deny("deny-fork", try office.deny(3, [8]))
        deny("deny-flip-magic", good.flipped(3))
        deny("deny-flip-sequence", good.flipped(55))
        deny("deny-flip-tag", good.flipped(4_100))
        deny("deny-cut", Array(good.dropLast()))
        deny("deny-byte-more", good + [0])
        deny("deny-too-long", good + [UInt8](repeating: 0, count: 65_536))
        deny("deny-by-list-key", try office.deny(4, by: [CorpusOffice.listKeys[0]]))
        deny("deny-by-stranger", try office.deny(4, by: [CorpusOffice.stranger]))
        deny("deny-by-nobody", try office.deny(4, by: []))
        deny("deny-other-operator", try office.deny(4) { $0.operatorID = [UInt8](repeating: 0x0B, count: 16) })
        deny("deny-next-but-nine", try office.deny(13))
        deny("deny-from-2100", try office.deny(4) { $0.issuedAt = 4_102_444_800 })
        deny("deny-at-its-keys-end", try office.deny(4) { $0.issuedAt = CorpusOffice.now + 400 * 86_400 - 1 })
        let key = [CorpusOffice.denyKeys[0]]
        deny("deny-format-2", try office.signed(good, by: key) { $0.put(UInt16(2), at: 8) })
        deny("deny-counts-one-more", try office.signed(good, by: key) { $0.put(UInt32(4), at: 140) })
        var start = try SignedHead(.deny, parsing: good)
        start.signatures[0].signature = KeyMaker.sign(SignedObject.list.domain + start.head, key[0]) ?? []
        deny("deny-in-list-domain", start.encoded + good[4_096...])
        // A list that calls itself a deny object keeps its signature, and that no longer fits.
        deny("list-as-deny", SignedObject.deny.magic + file("list-6.pal")[8...].prefix(8_000))
        let order = DenyOrder(
            operatorID: office.operatorID, listID: office.streamA, sequence: 4, issuedAt: CorpusOffice.now,
            listVersion: 6, listHash: [UInt8](repeating: 0, count: 32), salt: [UInt8](repeating: 0, count: 32))
        deny(
            "deny-unsorted",
            try office.signed(order.assembled([Tag(high: 2, low: 0), Tag(high: 1, low: 0)]), by: key))
        deny(
            "deny-sorted",
            try office.signed(order.assembled([Tag(high: 1, low: 0), Tag(high: 2, low: 0)]), by: key))
        // A stolen key drove the count to its end; the next bundle drops it, and the next key counts anew.
        contents["deny-max.pan"] = try office.deny(.max)
        contents["bundle-new-deny-key.pab"] = try office.bundle { [office] in
            $0.keys[5] = try office.row(CorpusOffice.denyKeys[1], .deny)
        }
        deny("deny-count-exhausted", try office.deny(4), installed: "deny-max.pan")
        deny(
            "deny-new-key-recovers", try office.deny(1, by: [CorpusOffice.denyKeys[1]]),
            bundle: "bundle-new-deny-key.pab", installed: "deny-max.pan")
    }

    /// Rows 4 to 6 and 27: rotation, theft of one root, weak keys.
    mutating func addBundles() throws {
        let first = file("bundle-1.pab")
        func bundle(_ name: String, _ bytes: [UInt8], installed: String = "bundle-1.pab") {
            add(name, name + ".pab", bytes, bundle: "", installed: installed)
        }
        let roots = CorpusOffice.roots
        let next = file("bundle-2.pab")
        bundle("bundle-next", next)
        bundle("bundle-first", first, installed: "")
        bundle("bundle-same-again", first)
        bundle("bundle-by-three", try office.bundle(2, after: first, by: Array(roots.prefix(3))))
        bundle("bundle-by-one", try office.bundle(2, after: first, by: [roots[0]]))
        bundle("bundle-by-one-twice", try office.bundle(2, after: first, by: [roots[0], roots[0]]))
        bundle(
            "bundle-by-one-and-stranger", try office.bundle(2, after: first, by: [roots[0], CorpusOffice.stranger]))
        bundle(
            "bundle-by-one-and-list-key",
            try office.bundle(2, after: first, by: [roots[0], CorpusOffice.listKeys[0]]))
        bundle("bundle-by-list-key", try office.bundle(2, after: first, by: CorpusOffice.listKeys))
        bundle("bundle-by-stranger", try office.bundle(2, after: first, by: [CorpusOffice.stranger]))
        bundle("bundle-by-nobody", try office.bundle(2, after: first, by: []))
        let rotate: (inout TrustBundle) throws -> Void = { [office] in
            for index in 0..<3 { $0.keys[index] = try office.row(roots[3 + index], .root) }
        }
        bundle(
            "roots-rotated",
            try office.bundle(2, after: first, by: [roots[0], roots[1], roots[3], roots[4]], rotate))
        bundle("roots-rotated-by-old-only", try office.bundle(2, after: first, by: [roots[0], roots[1]], rotate))
        bundle("roots-rotated-by-new-only", try office.bundle(2, after: first, by: [roots[3], roots[4]], rotate))
        bundle(
            "roots-rotated-by-one-new",
            try office.bundle(2, after: first, by: [roots[0], roots[1], roots[3]], rotate))
        bundle("bundle-gap", try office.bundle(3, after: next))
        bundle("bundle-third", try office.bundle(3, after: next), installed: "bundle-2.pab")
        bundle("bundle-rollback", first, installed: "bundle-2.pab")
        bundle("bundle-fork", try office.bundle(2, after: first) { $0.softExpiry += 1 }, installed: "bundle-2.pab")
        bundle("bundle-on-another-fork", try office.bundle(2, after: next))
        bundle("bundle-backdated", try office.bundle(2, after: first) { $0.issuedAt -= 1 })
        bundle("bundle-other-operator", try office.bundle(2, after: first) { $0.operatorID[0] = 1 })
        bundle("bundle-flip-magic", next.flipped(3))
        bundle("bundle-flip-number", next.flipped(39))
        bundle("bundle-flip-key", next.flipped(4_100))
        bundle("bundle-cut", Array(next.dropLast()))
        bundle("bundle-byte-more", next + [0])
        bundle("bundle-key-twice", try office.bundle(2, after: first) { $0.keys.append($0.keys[3]) })
        bundle("bundle-root-twice", try office.bundle(2, after: first) { $0.keys[1] = $0.keys[0] })
        bundle("bundle-threshold-4", try office.bundle(2, after: first) { $0.threshold = 4 })
        bundle("bundle-threshold-0", try office.bundle(2, after: first) { $0.threshold = 0 })
        bundle("bundle-threshold-3-by-two", try office.bundle(2, after: first) { $0.threshold = 3 })
        bundle(
            "bundle-threshold-3-by-three",
            try office.bundle(2, after: first, by: Array(roots.prefix(3))) { $0.threshold = 3 })
        bundle("bundle-deny-key-grants", try office.bundle(2, after: first) { $0.keys[5].ceiling = KeyCeiling() })
        bundle(
            "bundle-stream-twice",
            try office.bundle(2, after: first) { [office] in
                $0.streams = [BundleStream(listID: office.streamA), BundleStream(listID: office.streamA)]
            })
        bundle(
            "bundle-adds-stream",
            try office.bundle(2, after: first) { [office] in
                $0.streams = [BundleStream(listID: office.streamA), BundleStream(listID: office.streamB)]
            })
        bundle("bundle-due-at-once", try office.bundle(2, after: first) { $0.softExpiry = $0.issuedAt })
        bundle(
            "bundle-voucher-key-grants",
            try office.bundle(2, after: first) { $0.keys[6].ceiling = KeyCeiling(watts: 1) })
        bundle("bundle-drops-list-key", try office.bundle(2, after: first) { $0.keys.remove(at: 3) })
        try addForgedRows(first, roots)
    }

    /// Key rows that no honest tool writes: a point of small order, a role that is none.
    private mutating func addForgedRows(_ first: [UInt8], _ roots: [[UInt8]]) throws {
        let next = try office.bundle(2, after: first)
        func forged(_ name: String, _ change: (inout [UInt8]) -> Void) throws {
            var body = Array(next[4_096...])
            change(&body)
            let hash = SHA.hash(body)
            let bytes = try office.signed(Array(next[..<4_096]) + body, by: Array(roots.prefix(2))) {
                $0.replaceSubrange(72..<104, with: hash)
            }
            add(name, name + ".pab", bytes, bundle: "", installed: "bundle-1.pab")
        }
        try forged("bundle-weak-key") {
            $0.replaceSubrange(3 * 128..<3 * 128 + 32, with: [UInt8](repeating: 0, count: 32))
        }
        try forged("bundle-weak-root") {
            $0.replaceSubrange(2 * 128..<2 * 128 + 32, with: [1] + [UInt8](repeating: 0, count: 31))
        }
        try forged("bundle-role-9") { $0[3 * 128 + 33] = 9 }
        try forged("bundle-row-padding") { $0[3 * 128 + 127] = 1 }
    }

    /// Row 12: deltas that lead elsewhere.
    mutating func addDeltas() throws {
        let base = file("list-5.pal")
        let target = try office.list(6, 10..<115)
        func opened(_ bytes: [UInt8]) throws -> ListReader<ListInMemory> {
            let audience = ListAudience(try TrustBundle(first: file("bundle-1.pab")))
            return try ListReader(ListInMemory(bytes), for: audience, pepper: office.pepper)
        }
        let good = try ListDelta.make(from: try opened(base), to: try opened(target))
        func delta(_ name: String, _ bytes: [UInt8], installed: String = "list-5.pal") {
            add(name, name + ".pad", bytes, installed: installed)
        }
        let changes = 64 + Int(try ListHeader(parsing: target).directoryOffset)
        delta("delta-good", good)
        delta("delta-of-nothing", try ListDelta.make(from: try opened(base), to: try opened(file("list-6.pal"))))
        delta(
            "delta-to-empty", try ListDelta.make(from: try opened(base), to: try opened(try office.list(6, 0..<0))))
        delta(
            "delta-of-everything",
            try ListDelta.make(from: try opened(base), to: try opened(try office.list(6, 200..<300))))
        delta(
            "delta-of-policy",
            try ListDelta.make(
                from: try opened(base), to: try opened(try office.list(6) { $0.profiles[0].tariff = 9 })))
        delta(
            "delta-of-page-size",
            try ListDelta.make(from: try opened(base), to: try opened(try office.list(6) { $0.pageSize = 4_096 })))
        delta("delta-wrong-base", good, installed: "list-6.pal")
        delta("delta-flip-magic", good.flipped(3))
        delta("delta-flip-base", good.flipped(20))
        delta("delta-flip-count", good.flipped(51))
        delta("delta-flip-target", good.flipped(64 + 55))
        delta("delta-flip-signature", good.flipped(64 + 540))
        delta("delta-flip-delete", good.flipped(changes + 15))
        delta("delta-flip-upsert", good.flipped(changes + 10 * 16 + 30))
        delta("delta-cut", Array(good.dropLast()))
        delta("delta-byte-more", good + [0])
        delta(
            "delta-to-rollback",
            try ListDelta.make(from: try opened(base), to: try opened(try office.list(4, 1..<101))))
        let other = try office.list(7, 5..<120)
        delta(
            "delta-mixed",
            ListDelta.assembled(
                try opened(base).headerHash, Array(other[..<(changes - 64)]),
                Array(good[changes..<changes + 160]), Array(good[(changes + 160)...])))
        delta(
            "delta-deletes-twice",
            ListDelta.assembled(
                try opened(base).headerHash, Array(target[..<(changes - 64)]),
                Array(good[changes..<changes + 16] + good[changes..<changes + 144]), Array(good[(changes + 160)...])
            ))
    }

    /// Rows 8, 13 and 14: dates from the future, where somebody vouches for the clock and where nobody does.
    mutating func addDates() throws {
        let (now, day) = (CorpusOffice.now, TimeFloor.longestJumpSeconds)
        let first = file("bundle-1.pab")
        for (name, ahead, isVouched) in [
            ("dated-a-day-ahead", day, true), ("dated-further-ahead", day + 1, true),
            ("dated-ahead-of-no-clock", 69 * 365 * day, false),
        ] {
            let vouched = isVouched ? now : nil
            let list = try office.list(6) {
                $0.issuedAt += ahead
                $0.softExpiry = $0.issuedAt
                $0.hardExpiry = $0.issuedAt
            }
            add("list-" + name, "list-\(name).pal", list, installed: "list-5.pal", vouched: vouched)
            // The key of a deny object has an end: 400 days.
            let deny = try office.deny(4) { $0.issuedAt = now + min(ahead, 399 * day) }
            add("deny-" + name, "deny-\(name).pan", deny, installed: "deny-3.pan", vouched: vouched)
            let bundle = try office.bundle(2, after: first) {
                $0.issuedAt += ahead
                $0.softExpiry = $0.issuedAt
            }
            add(
                "bundle-" + name, "bundle-\(name).pab", bundle, bundle: "", installed: "bundle-1.pab",
                vouched: vouched)
        }
        // Its version is refused after its date, since nothing may be concluded from what it says.
        add(
            "rollback-from-the-future", "rollback-from-the-future.pal",
            try office.list(4) {
                $0.issuedAt += 2 * day
                $0.softExpiry = $0.issuedAt
                $0.hardExpiry = $0.issuedAt
            }, installed: "list-5.pal", vouched: now)
    }

    /// Rows 13 to 16, 25, 31 to 34: clocks, probes, rot and revocation.
    mutating func addSteps() {
        for (name, steps) in [
            ("tap-listed", "tap D1"), ("tap-unlisted", "tap X1"), ("tap-lower-case", "tap d1"),
            ("clock-at-1970", "clock 0 unauthenticated; tap D1"),
            ("clock-none", "clock none; tap D1"),
            ("clock-a-day-ahead", "clock +86400 unauthenticated; tap D1"),
            ("clock-in-2100", "clock +2366000000 unauthenticated; tap D1"),
            ("clock-in-2100-and-back", "clock +2366000000 unauthenticated; clock +60 unauthenticated; tap D1"),
            ("clock-vouched-in-8-days", "clock +691200 authenticated; tap D1"),
            ("clock-vouched-in-36-days", "clock +3110400 authenticated; tap D1"),
            ("eight-days-without-clock", "elapse 691200; clock none; tap D1"),
            (
                "heartbeat-keeps-fresh",
                "elapse 604000; deny 604000; elapse 87200; clock +691200 unauthenticated; tap D1"
            ),
            ("heartbeat-of-newer-list", "newer; tap D1"),
            ("tap-denied", "deny 3600 D1; tap D1"), ("tap-not-denied", "deny 3600 D2; tap D1"),
            ("page-rots", "rot D1; tap D1"), ("other-page-rots", "rot D2; tap D1"),
            ("page-rots-and-denied", "rot D1; deny 3600 D1; tap D1"),
            ("page-rots-of-removed-driver", "rot D100; tap D100"), ("removed-driver", "tap D100"),
            ("page-rots-without-previous", "alone; rot D1; tap D1"),
            ("scrub-finds-rot", "rot D2; scrub; tap D1"), ("scrub-finds-nothing", "scrub; tap D1"),
            ("nine-guesses", "guess 9; reader"), ("ten-guesses", "guess 10; reader"),
            ("ten-guesses-then-wait", "guess 10; elapse 30; reader"), ("cloud-is-there", "cloud; tap D1"),
            // A stolen list key, or an office whose clock was wrong: 2099.
            ("list-poisons-the-time", "list +2300000000; list +60; clock +60 unauthenticated; tap D1"),
            ("list-poisons-no-vouched-clock", "clock +60 authenticated; list +2300000000"),
            (
                "list-poison-ends-with-its-key",
                "list +2300000000; bundle list; second +60; clock +60 unauthenticated; tap D1"
            ),
            ("list-poison-outlives-another-key", "list +2300000000; bundle deny; list +60; tap D1"),
            ("withdrawn-list-serves-on", "list +2300000000; bundle list; tap D1"),
            // A stolen deny key, a year ahead.
            ("deny-poisons-a-day-at-most", "deny 31536000; clock +86401 unauthenticated; tap D1"),
            ("deny-poison-untrusts-the-clock", "deny 31536000; clock +60 unauthenticated; tap D1"),
            ("deny-poison-twice-is-no-more", "deny 31536000; deny 31536001; clock +86401 unauthenticated; tap D1"),
            ("deny-poisons-no-vouched-clock", "clock +60 authenticated; deny 31536000"),
            ("deny-poison-ends-with-its-key", "deny 31536000; clock +60 unauthenticated; bundle deny; tap D1"),
            (
                "deny-poison-beside-a-list-poison",
                "list +2300000000; deny 34500000; bundle list; clock +86401 unauthenticated; second +60; tap D1"
            ),
            ("time-runs-on-under-a-poison", "list +2300000000; elapse 691200; bundle list; second +60; tap D1"),
        ] { cases.append(CorpusCase(name: name, steps: steps)) }
    }
}
