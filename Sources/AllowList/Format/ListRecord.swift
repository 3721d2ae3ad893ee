// Entries: 32 bytes each, in the list's pages.

/// One entry: a keyed tag instead of the token, its validity, its profile and its group.
package struct ListRecord: Hashable, Sendable {
    package static let length = 32
    /// Minutes since 2020-01-01 00:00 UTC are counted from here, in seconds since 1970.
    static let epoch: Int64 = 1_577_836_800

    package var tag: Tag
    /// In minutes since `epoch`; 0: from the beginning.
    package var notBefore: UInt32
    /// In minutes since `epoch`; 0: for ever.
    package var notAfter: UInt32
    package var profile: UInt16
    package var group: UInt32

    package func write(to out: inout ByteWriter) {
        out.put(tag.high)
        out.put(tag.low)
        out.put(notBefore)
        out.put(notAfter)
        out.put(profile)
        out.put(UInt16(0))
        out.put(group)
    }

    package init(tag: Tag, notBefore: UInt32, notAfter: UInt32, profile: UInt16, group: UInt32) {
        self.tag = tag
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.profile = profile
        self.group = group
    }

    /// The record at an offset, which the caller has checked to lie 32 bytes before the end.
    package init(_ page: [UInt8], at offset: Int) {
        tag = Tag(page, at: offset)
        (notBefore, notAfter, profile, group) = page.withUnsafeBytes { raw in
            (
                UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: offset + 16, as: UInt32.self)),
                UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: offset + 20, as: UInt32.self)),
                UInt16(bigEndian: raw.loadUnaligned(fromByteOffset: offset + 24, as: UInt16.self)),
                UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: offset + 28, as: UInt32.self))
            )
        }
    }

    /// Whether a time that nobody can be before has reached the end.
    func hasEnded(at lowerBound: Int64) -> Bool {
        notAfter != 0 && lowerBound >= Self.epoch + Int64(notAfter) * 60
    }
    /// Whether a trusted time is before the beginning.
    func isEarly(at trusted: Int64?) -> Bool {
        guard let trusted, notBefore != 0 else { return false }
        return trusted < Self.epoch + Int64(notBefore) * 60
    }
}
