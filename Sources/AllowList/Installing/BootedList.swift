// What a start finds in the two places for lists, and why something was not installed.

/// A place for a list in a folder.
public enum ListSlot: String, CaseIterable, Sendable, Codable {
    /// Either of the two.
    case a, b
    /// The name of its file.
    public var name: String { "allow-list.\(rawValue).pal" }
    /// The other place.
    public var other: ListSlot { self == .a ? .b : .a }
}

/// Why a list that is in use does not count as it says.
public enum Demotion: String, Sendable {
    /// A newer one was installed and is damaged or gone: stale limits at most.
    case olderThanMark = "older_than_mark"
    /// The high-water mark cannot be read or written: nobody knows whether this is the newest. Stale limits at most.
    case markUnreadable = "mark_unreadable"
    /// Its key, its stream or its version has been withdrawn by a trust bundle: expired limits at most.
    case withdrawn
}

/// The list to use after a start.
public struct BootedList<Source: ListBytes> {
    /// The list, open.
    public var reader: ListReader<Source>
    /// Where it is.
    public var slot: ListSlot
    /// Why it counts for less than it says, if it does.
    public var demotion: Demotion?
    /// The list in the other place, if it is an older one that can be trusted: it answers for damaged pages.
    public var previous: ListReader<Source>?
    /// A list that stands alone, as on the office's desk.
    public init(alone reader: ListReader<Source>) {
        self.init(reader: reader, slot: .a, demotion: nil, previous: nil)
    }
    package init(
        reader: ListReader<Source>, slot: ListSlot, demotion: Demotion?, previous: ListReader<Source>?
    ) {
        self.reader = reader
        self.slot = slot
        self.demotion = demotion
        self.previous = previous
    }

    /// Whether its limits are those of a stale list at most.
    public var isDemoted: Bool { demotion != nil }
}

extension BootedList: Sendable where Source: Sendable {}

/// Why nothing was installed. Whatever the reason, the list in use stays in use.
public enum InstallProblem: Error, Hashable, Sendable {
    /// The list was refused.
    case refused(ListRefusal)
    /// The disk said no.
    case disk(FileProblem)
    /// The list is in its place, but its mark could be neither written nor the list taken back: it counts from the next start on.
    case unmarked(FileProblem)
    /// The high-water mark cannot be read, so that an old list could not be told from a new one: service must look.
    case markDamaged(FileProblem)
    /// The post's own trust is not what its mark says, so that nothing else can be judged.
    case trustLost(TrustLoss)
}
