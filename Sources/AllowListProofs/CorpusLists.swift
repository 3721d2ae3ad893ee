// The corpus, lists: versions and streams, formats, contents, guards.

import AllowList

extension AttackCorpus {
    /// Rows 7, 8, 10 and 34: rollback, fast-forward, replay elsewhere, split view.
    mutating func addVersions() throws {
        list("rollback", file("list-4.pal"))
        let header = try ListHeader(parsing: file("list-4.pal"))
        list("rollback-with-damaged-page", file("list-4.pal").flipped(Int(header.pagesOffset) + 1))
        list("fork-of-entries", try office.list(5, 0..<101))
        list("fork-of-dates", try office.list(5) { $0.hardExpiry += 86_400 })
        let five = try SignedHead(.list, parsing: file("list-5.pal")).hash
        list("follows-the-installed", try office.list(6) { $0.previousHash = five })
        list("follows-another-fork", try office.list(6) { $0.previousHash = [UInt8](repeating: 0xF0, count: 32) })
        list(
            "follows-what-was-missed", try office.list(9) { $0.previousHash = [UInt8](repeating: 0xF0, count: 32) })
        list("other-stream", try office.list(6) { $0.listID = office.streamB })
        contents["bundle-steps.pab"] = try office.bundle {
            $0.streams = [BundleStream(listID: office.streamA, minimumVersion: 6, largestStep: 10)]
        }
        list("fast-forward", try office.list(.max), bundle: "bundle-steps.pab")
        list("step-too-long", try office.list(16), bundle: "bundle-steps.pab")
        list("longest-step", try office.list(15), bundle: "bundle-steps.pab")
        list("step-of-one", file("list-6.pal"), bundle: "bundle-steps.pab")
        list("least-version", file("list-6.pal"), bundle: "bundle-steps.pab", installed: "")
        list("fast-forward-unbounded", try office.list(.max))
        list("first-of-all-may-be-high", try office.list(500), bundle: "bundle-steps.pab", installed: "")
        list("withdrawn-version", try office.list(5, 0..<98), bundle: "bundle-steps.pab", installed: "")
        contents["bundle-stream-b.pab"] = try office.bundle { $0.streams = [BundleStream(listID: office.streamB)] }
        contents["list-max.pal"] = try office.list(.max)
        list(
            "new-stream-recovers", try office.list(1) { $0.listID = office.streamB }, bundle: "bundle-stream-b.pab",
            installed: "list-max.pal")
        list("old-stream-is-dead", file("list-6.pal"), bundle: "bundle-stream-b.pab")
        contents["bundle-both-streams.pab"] = try office.bundle {
            $0.streams = [BundleStream(listID: office.streamA), BundleStream(listID: office.streamB)]
        }
        list(
            "other-living-stream", try office.list(9) { $0.listID = office.streamB },
            bundle: "bundle-both-streams.pab")
        contents["list-5-b.pal"] = try office.list(5) { $0.listID = office.streamB }
        list(
            "same-living-stream", try office.list(9) { $0.listID = office.streamB },
            bundle: "bundle-both-streams.pab",
            installed: "list-5-b.pal")
        list("other-operator", try office.list(6) { $0.operatorID = [UInt8](repeating: 0x0B, count: 16) })
        let scoped = try office.list(6) { $0.scopeID = office.site }
        list("other-site", scoped)
        list("this-site", scoped, scope: hexadecimal(office.site))
        for (name, type) in [("this-group", UInt32(1)), ("this-post", 3)] {
            list(
                name, try office.list(6) { ($0.scopeID, $0.scopeType) = (office.site, type) },
                scope: hexadecimal(office.site))
        }
        list("all-sites", file("list-6.pal"), scope: hexadecimal(office.site))
        list("needs-newer-bundle", try office.list(6) { $0.minimumBundle = 2 })
        list("needs-this-bundle", try office.list(6) { $0.minimumBundle = 1 })
    }

    /// Rows 26, 29 and 30: formats and values under a good signature.
    mutating func addFormats() throws {
        let key = [CorpusOffice.listKeys[0]]
        let good = file("list-6.pal")
        func header(_ name: String, _ change: (inout [UInt8]) -> Void) throws {
            list(name, try office.signed(good, by: key, change))
        }
        try header("format-2") { $0.put(UInt16(2), at: 8) }
        try header("format-0") { $0.put(UInt16(0), at: 8) }
        try header("minor-7") { $0.put(UInt16(7), at: 10) }
        try header("header-of-511") { $0.put(UInt32(511), at: 12) }
        try header("critical-flag") { $0.put(UInt32(1), at: 92) }
        try header("harmless-flag") { $0.put(UInt32(0x8000_0000), at: 92) }
        try header("suite-2") { $0.put(UInt32(2), at: 260) }
        try header("suite-0") { $0.put(UInt32(0), at: 260) }
        try header("tags-of-8") { $0.put(UInt16(8), at: 164) }
        try header("scope-type-4") { $0.put(UInt32(4), at: 88) }
        try header("scope-without-type") { $0[96] = 1 }
        try header("page-size-512") { $0.put(UInt32(512), at: 176) }
        try header("page-size-0") { $0.put(UInt32(0), at: 176) }
        try header("pages-one-too-many") { $0.put(UInt32(5), at: 180) }
        try header("entries-beyond-count") { $0.put(UInt64.max, at: 168) }
        try header("entries-one-too-few") { $0.put(UInt64(95), at: 168) }
        try header("length-of-everything") { $0.put(UInt64.max, at: 184) }
        try header("policy-of-4-GiB") { $0.put(UInt32.max, at: 256) }
        try header("dates-backwards") { $0.put(UInt64(1), at: 72) }
        try header("dates-before-1970") { $0.put(UInt64.max, at: 64) }
        list(
            "stale-and-expired-at-once",
            try office.list(6) { ($0.softExpiry, $0.hardExpiry) = ($0.issuedAt, $0.issuedAt) })
        list("issued-in-1970", try office.list(6) { $0.issuedAt = 0 })
        try header("reserved-byte") { $0[511] = 1 }
        try header("pepper-2") { $0.put(UInt32(2), at: 160) }
        contents["bundle-format-2.pab"] = try office.bundle { $0.minimumFormat = 2 }
        list("format-given-up", good, bundle: "bundle-format-2.pab")
        list("pages-of-2048", try office.list(6) { $0.pageSize = 2_048 })
        list("pages-of-4096", try office.list(6) { $0.pageSize = 4_096 })
    }

    /// Rows 19, 29 and 35: contents that are signed and make no sense.
    mutating func addContents() throws {
        list("no-entries", try office.list(6, 0..<0))
        list("one-entry", try office.list(6, 0..<1), installed: "")
        list("a-full-page", try office.list(6, 0..<32), installed: "")
        list("a-page-and-one", try office.list(6, 0..<33), installed: "")
        list(
            "unsorted-in-page",
            try office.forged(6) { _ in
            } _: {
                $0.swapAt(3, 4)
            })
        list(
            "unsorted-across-pages",
            try office.forged(6) { _ in
            } _: {
                $0.swapAt(31, 32)
            })
        list(
            "entry-twice",
            try office.forged(6) { _ in
            } _: {
                $0[5].tag = $0[4].tag
            })
        list(
            "profile-that-is-not",
            try office.forged(6) { _ in
            } _: {
                $0[50].profile = 9
            })
        list(
            "ends-before-it-begins",
            try office.forged(6) { _ in
            } _: {
                $0[50].notBefore = 20
                $0[50].notAfter = 20
            })
        list(
            "begins-before-it-ends",
            try office.forged(6) { _ in
            } _: {
                $0[50].notBefore = 19
                $0[50].notAfter = 20
            })
        list("staler-grants-more", try office.forged(6) { $0.profiles[0].expired.sessionWattHours = 40_001 })
        list("staler-grants-as-much", try office.forged(6) { $0.profiles[0].expired = $0.profiles[0].stale })
        list("profile-twice", try office.forged(6) { $0.profiles.append($0.profiles[0]) })
        list(
            "profiles-backwards",
            try office.forged(6) {
                $0.profiles.insert(Self.profile(3), at: 0)
            })
        list("two-profiles", try office.forged(6) { $0.profiles.append(Self.profile(3)) })
        list("256-profiles", try office.forged(6) { $0.profiles = (0..<256).map(Self.profile) })
        list("257-profiles", try office.forged(6) { $0.profiles = (0..<257).map(Self.profile) })
        list(
            "profile-of-nothing",
            try office.forged(6) {
                ($0.profiles[0].confirmed, $0.profiles[0].fresh) = (.none, .none)
                ($0.profiles[0].stale, $0.profiles[0].expired) = (.none, .none)
            })
        list("no-profiles", try office.forged(6) { $0.profiles = [] })
        list(
            "cap-grows-with-age",
            try office.forged(6) { $0.policy.postExposure = ExposureCap(fresh: 1, stale: 2, expired: 0) })
        list(
            "cap-shrinks-with-age",
            try office.forged(6) { $0.policy.postExposure = ExposureCap(fresh: 2, stale: 2, expired: 1) })
    }

    private static func profile(_ number: UInt16) -> ListProfile {
        var profile = ListProfile.standard
        profile.number = number
        return profile
    }

    /// Row 35: an insider's list, and honest counts.
    mutating func addGuards() throws {
        contents["list-5-large.pal"] = try office.list(5, 0..<2_000)
        let large = try SignedHead(.list, parsing: file("list-5-large.pal")).hash
        let both = CorpusOffice.listKeys
        func guarded(_ name: String, _ bytes: [UInt8]) { list(name, bytes, installed: "list-5-large.pal") }
        guarded("removes-a-fifth", try office.list(6, 400..<2_000))
        guarded("removes-one-more", try office.list(6, 401..<2_000))
        guarded("removes-one-more-by-two-keys", try office.list(6, 401..<2_000, by: both))
        guarded("emptied", try office.list(6, 0..<0))
        guarded("adds-as-many", try office.list(6, 0..<4_000))
        guarded("adds-one-more", try office.list(6, 0..<4_001))
        guarded("swaps-a-quarter", try office.list(6, 500..<2_500))
        guarded(
            "emptied-under-other-salt", try office.list(6, 0..<0) { $0.salt = [UInt8](repeating: 1, count: 32) })
        let other = [UInt8](repeating: 1, count: 32)
        guarded("swapped-under-other-salt", try office.list(6, 3_000..<5_000) { $0.salt = other })
        guarded(
            "swapped-under-other-salt-by-two-keys", try office.list(6, 3_000..<5_000, by: both) { $0.salt = other })
        guarded("same-under-other-salt", try office.list(6, 0..<2_000) { $0.salt = other })
        list("small-list-under-other-salt", try office.list(6, 50..<150) { $0.salt = other })
        contents["list-5-101.pal"] = try office.list(5, 0..<101)
        list(
            "one-more-under-other-salt", try office.list(6, 0..<101) { $0.salt = other },
            installed: "list-5-101.pal")
        list(
            "swapped-into-other-stream", try office.list(1, 3_000..<5_000) { $0.listID = office.streamB },
            bundle: "bundle-stream-b.pab", installed: "list-5-large.pal")
        guarded(
            "counts-right",
            try office.list(6, 10..<2_015) { ($0.previousHash, $0.added, $0.removed) = (large, 15, 10) })
        guarded(
            "counts-wrong",
            try office.list(6, 10..<2_015) { ($0.previousHash, $0.added, $0.removed) = (large, 15, 9) })
        list("small-lists-may-change", try office.list(6, 50..<150))
    }
}
