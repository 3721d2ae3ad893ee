// A line as the kernel shows it to somebody who does not take it.

import BoardProfiles
import CLibgpiod

/// One line of a profile: whether it is there, and who holds it.
public struct SurveyedLine: Hashable, Sendable {
    /// Its name in the profile.
    public var name: String
    /// The name under which a post would hold it: `holdfast:K1-drive`.
    public var role: String
    /// Whether a post drives it.
    public var isOutput: Bool
    /// What was found.
    public var finding: Finding

    /// What was found.
    public enum Finding: Hashable, Sendable {
        /// Nobody holds it. The place reads `gpiochip0 17`.
        case free(place: String)
        /// Somebody holds it under this name.
        case held(by: String, place: String)
        /// It cannot be found or looked at.
        case missing(LineFailure)
    }

    /// Whether it is held under a name of a post.
    public var isHeldByAPost: Bool {
        if case .held(let holder, _) = finding { holder.hasPrefix(HeldLines.consumer("")) } else { false }
    }

    /// Looks the line up now.
    init(_ wiring: LineWiring, role: String, isOutput: Bool) {
        (name, self.role, self.isOutput) = (wiring.name, role, isOutput)
        var sight = holdfast_gpio_sight()
        let code = wiring.name.withCString { name in
            guard let chip = wiring.chip else { return holdfast_gpio_look(nil, name, &sight) }
            return chip.withCString { holdfast_gpio_look($0, name, &sight) }
        }
        guard code == 0 else {
            finding = .missing(LineFailure(line: wiring.name, consumer: role, code: code))
            return
        }
        let place = "\(text(sight.chip)) \(sight.offset)"
        finding = sight.is_held ? .held(by: text(sight.holder), place: place) : .free(place: place)
    }
}

/// A name of at most 31 bytes out of C.
private func text<Bytes>(_ bytes: Bytes) -> String {
    withUnsafeBytes(of: bytes) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
