// The digits of one card as they come in, until they are whole: bounded in length and in time.

import AllowList
import Post

/// What a reader has read.
public enum CardReading: Hashable, Sendable {
    /// A card, in the form that issuer and post agree on, as `kind:text`.
    case card(String)
    /// Something that is no card.
    case garbage
}

/// Collects the characters of one card.
struct CardText {
    /// A UID has at most 20 hexadecimal digits; what is longer than this is kept no further.
    static let charactersAtMost = 40
    /// A reader sends a card in one go: what is older than this is a torn piece. Engineering default; 20 digits take
    /// 21 ms at 9,600 bits a second.
    static let wholeWithin: Interval = .seconds(1)

    private var text = ""
    private var isSpoiled = false
    private var beganAt = Instant.zero

    /// Another character; nil: one that no card has.
    mutating func take(_ character: Character?, at now: Instant) {
        if !text.isEmpty || isSpoiled, now - beganAt > Self.wholeWithin { self = CardText() }
        if text.isEmpty, !isSpoiled { beganAt = now }
        guard let character, text.count < Self.charactersAtMost else {
            isSpoiled = true
            return
        }
        text.append(character)
    }

    /// The card is whole; nil if nothing came since the last one.
    mutating func end(at now: Instant) -> CardReading? {
        defer { self = CardText() }
        guard !text.isEmpty || isSpoiled else { return nil }
        guard !isSpoiled, now - beganAt <= Self.wholeWithin else { return .garbage }
        do throws(TokenProblem) {
            return .card(try CanonicalToken(.card, text).description)
        } catch {
            return .garbage
        }
    }
}

/// Tells a card that lies on the reader from one that is shown again.
struct SameCard {
    /// A card that is read again within this time of its last reading was never taken away. Engineering default:
    /// readers repeat a card that lies on them several times a second.
    static let goneAfter: Interval = .seconds(2)

    private var last: (card: String, at: Instant)?

    /// Whether this reading is a tap of its own.
    mutating func isNew(_ card: String, at now: Instant) -> Bool {
        let isSame = last.map { $0.card == card && now - $0.at < Self.goneAfter } ?? false
        last = (card, now)
        return !isSame
    }
}
