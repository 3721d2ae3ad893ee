// The list in use, the one before it, and the deny object: what a tap is answered from.

/// Something that the journal must hear of.
public enum ListEvent: Hashable, Sendable {
    /// A page of the list in use is damaged; the list before answered, if there is one.
    case pageDamaged(page: Int, refusal: ListRefusal, answeredByPrevious: Bool)
    /// Ten pages are damaged or a scrub has failed: the list as a whole counts as damaged and is asked for anew.
    case listDamaged
    /// A scrub went through the whole list and found it good.
    case scrubbed(pages: Int)

    /// Its stable name in journal and metrics.
    public var name: String {
        switch self {
        case .pageDamaged: "page_damaged"
        case .listDamaged: "list_damaged"
        case .scrubbed: "list_scrubbed"
        }
    }
}

/// The answer to a tap.
public struct InstalledAnswer: Hashable, Sendable {
    /// What the list says; `denied` stands apart.
    public var answer: ListAnswer
    /// Whether the deny object refuses the token, whatever any list says.
    public var isDenied: Bool
    /// The step of the ladder that its limits come from.
    public var rung: LadderRung
}

extension InstalledList: Sendable where Source: Sendable {}

/// The lists and the deny object of a post. It belongs to the one thread that looks up.
public struct InstalledList<Source: ListBytes> {
    /// Damaged pages after which the whole list counts as damaged. 10. Engineering default.
    public static var damagedPagesAtMost: Int { 10 }
    private var current: ListReader<Source>
    private var previous: ListReader<Source>?
    private let demotion: Demotion?
    /// The newest deny object; a new one is simply put here.
    public var deny: DenyObject? { didSet { if deny != nil { isDenyLost = false } } }
    /// Whether there was a deny object that cannot be read any more: nobody knows whom it named.
    private var isDenyLost: Bool
    /// Pages that were found damaged, each once, ten at most.
    public private(set) var damagedPages: [Int] = []
    /// Whether the list counts as damaged and a new copy is due.
    public private(set) var isDamaged = false
    private var scrubPosition: (page: Int, last: Tag?) = (0, nil)
    /// Events that wait for the journal at most. 64. Engineering default.
    public static var eventsAtMost: Int { 64 }
    private var waiting: [ListEvent] = []
    /// Events that found no place because nobody fetched the ones before.
    public private(set) var lostEvents: UInt64 = 0

    /// The lists that a start has found.
    public init(_ booted: BootedList<Source>, deny: DenyObject? = nil, isDenyLost: Bool = false) {
        current = booted.reader
        previous = booted.previous
        demotion = booted.demotion
        self.deny = deny
        self.isDenyLost = isDenyLost
        damagedPages.reserveCapacity(Self.damagedPagesAtMost)
    }

    /// Knows what another copy of the same list has found damaged.
    public mutating func inherit(damageOf other: InstalledList) {
        guard other.headerHash == headerHash else { return }
        for page in other.damagedPages where !damagedPages.contains(page) {
            guard damagedPages.count < Self.damagedPagesAtMost else { break }
            damagedPages.append(page)
        }
        if other.isDamaged { isDamaged = true }
    }

    /// Counts as damaged from now on: another copy of it has been found so.
    public mutating func condemn() { isDamaged = true }

    /// What the journal has not heard of yet; each event is handed out once.
    public mutating func takeEvents() -> [ListEvent] {
        defer { waiting.removeAll(keepingCapacity: true) }
        return waiting
    }

    /// The header of the list in use.
    public var header: ListHeader { current.header }
    /// SHA-256 of the signed bytes of the list in use: its name.
    public var headerHash: [UInt8] { current.headerHash }
    /// The policy of the list in use.
    public var policy: ListPolicy { current.policy }

    /// The step of the ladder that the list stands on.
    public func rung(_ time: TimeReading, cloudIsThere: Bool) -> LadderRung {
        let rung = LadderRung(
            current.header, hash: current.headerHash, time: time, heartbeat: deny, cloudIsThere: cloudIsThere,
            demotion: demotion)
        return isDamaged || isDenyLost ? rung.atMost(.stale) : rung
    }

    /// What the post knows of a token. The deny object wins; a damaged page is answered by the list before, with the
    /// limits of a stale list at most, and the journal hears of it.
    public mutating func lookUp(
        _ token: CanonicalToken, time: TimeReading, cloudIsThere: Bool = false
    ) -> InstalledAnswer {
        let isDenied = deny?.denies(token) ?? false
        let rung = rung(time, cloudIsThere: cloudIsThere)
        let answer = current.lookUp(token, lowerBound: time.lowerBound, trusted: time.trusted)
        guard case .refused(let refusal) = answer else {
            return InstalledAnswer(answer: answer, isDenied: isDenied, rung: rung)
        }
        let old = previous?.lookUp(token, lowerBound: time.lowerBound, trusted: time.trusted)
        var isAnswered = false
        if let old, case .refused = old {} else { isAnswered = old != nil }
        note(page: current.page(of: token) ?? 0, refusal, isAnswered)
        return InstalledAnswer(
            answer: isAnswered ? old ?? answer : answer, isDenied: isDenied,
            rung: self.rung(time, cloudIsThere: cloudIsThere).atMost(.stale))
    }

    /// Checks the next pages of the list in use. At the end it begins anew; a bad page fails the scrub at once.
    public mutating func scrub(pages: Int) {
        for _ in 0..<max(0, pages) where !isDamaged {
            guard scrubPosition.page < Int(current.header.pageCount) else {
                tell(.scrubbed(pages: scrubPosition.page))
                scrubPosition = (0, nil)
                return
            }
            do {
                scrubPosition.last = try current.verify(page: scrubPosition.page, after: scrubPosition.last)
                scrubPosition.page += 1
            } catch {
                note(page: scrubPosition.page, error, false)
                declareDamaged()
            }
        }
    }

    private mutating func note(page: Int, _ refusal: ListRefusal, _ isAnswered: Bool) {
        tell(.pageDamaged(page: page, refusal: refusal, answeredByPrevious: isAnswered))
        guard !damagedPages.contains(page), damagedPages.count < Self.damagedPagesAtMost else { return }
        damagedPages.append(page)
        if damagedPages.count == Self.damagedPagesAtMost { declareDamaged() }
    }

    private mutating func tell(_ event: ListEvent) {
        if waiting.count < Self.eventsAtMost { waiting.append(event) } else { lostEvents += 1 }
    }

    private mutating func declareDamaged() {
        guard !isDamaged else { return }
        isDamaged = true
        tell(.listDamaged)
    }
}
