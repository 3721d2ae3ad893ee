// Takes out of a text what nobody outside may read: cards, keys, passwords. When in doubt it takes out.

import Foundation

/// Replaces secrets in texts, and finds them in what cannot be changed.
struct Redaction {
    /// What stands in place of a secret.
    static let mark = "[redacted]"

    /// Secrets of this machine by themselves, in every form in which they may be written.
    private let known: [String]

    /// - Parameter secrets: The bytes of each.
    init(secrets: [[UInt8]] = []) {
        known = secrets.filter { $0.count >= 8 }.flatMap { secret in
            let hexadecimal = secret.map { String(format: "%02x", $0) }.joined()
            return [hexadecimal, hexadecimal.uppercased(), Data(secret).base64EncodedString()]
        }
    }

    /// The text without them, and how many there were.
    func redacted(_ text: String) -> (text: String, count: Int) {
        var (text, count) = (text, 0)
        for secret in known {
            count += text.ranges(of: secret).count
            text = text.replacing(secret, with: Self.mark)
        }
        text = text.replacing(/(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----/) { _ in
            count += 1
            return Self.mark
        }
        // https://user:password@host
        text = text.replacing(/:\/\/[^\/\s@"']+@/) { _ in
            count += 1
            return "://\(Self.mark)@"
        }
        text = text.replacing(/(?i)(authorization["']?\s*[:=]\s*["']?(?:basic|bearer|token)\s+)[^\s"']+/) { match in
            count += 1
            return match.output.1 + Self.mark
        }
        // free:ALICE, card:04a1b2c3
        text = text.replacing(/(?i)\b(card|vehicle|contract|pin|free):([^\s"',}\])\[]+)/) { match in
            count += 1
            return match.output.1 + ":" + Self.mark
        }
        text = text.replacing(
            /(?i)([\w-]*(?:password|passphrase|secret|token|pepper|api_?key|private_?key)[\w-]*)(["']?\s*[:=]\s*["']?)([^\s"',}\])\[{]+)/
        ) { match in
            let (whole, name, between, value) = match.output
            guard !Self.isHarmless(value, of: name) else { return String(whole) }
            count += 1
            return name + between + Self.mark
        }
        // 16 bytes or more in hexadecimal digits: a key, a pseudonym, a hash.
        text = text.replacing(/\b[0-9a-fA-F]{32,}\b/) { _ in
            count += 1
            return Self.mark
        }
        // 32 bytes or more in base 64.
        text = text.replacing(/[A-Za-z0-9+_-]{43,}={0,2}/) { match in
            guard Self.looksRandom(match.output) else { return String(match.output) }
            count += 1
            return Self.mark
        }
        return (text, count)
    }

    /// Whether a long word is one that nobody writes: a name in a path has a case, or numbers itself as a UUID does.
    private static func looksRandom(_ word: Substring) -> Bool {
        word.contains(/[a-z]/) && word.contains(/[A-Z]/) && word.contains(/[0-9]/)
            && !word.contains(/[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-/)
    }

    /// Paths, numbers and words that say yes or no are what a key of that name is meant to have.
    private static func isHarmless(_ value: Substring, of name: Substring) -> Bool {
        let isPlace = ["_file", "_folder", "_path"].contains { name.lowercased().hasSuffix($0) }
        return isPlace || value.hasPrefix("/") || Int(value) != nil
            || ["true", "false", "null", "none", mark[...]].contains(value)
    }

    /// Whether bytes that cannot be changed without breaking them hold a secret.
    func holdsSecrets(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return known.contains { text.contains($0) } || text.contains(/"token":/)
            || text.contains(/\b(card|vehicle|contract|pin|free):[0-9A-Za-z]/)
    }
}
