// The system journal's catalog: what `journalctl --catalog` prints under a line that names a fault or a refusal.

public import Post

/// The number by which the system journal knows a message and finds its explanation.
///
/// It is made of the code alone, so it is the same in every build and on every post: 128-bit FNV-1a of
/// `holdfast/fault/welded_plus`, in the shape of a UUID of version 8 (RFC 9562), as 32 hexadecimal digits.
public struct MessageIdentifier: Hashable, Sendable, CustomStringConvertible {
    /// 32 hexadecimal digits, as the field MESSAGE_ID wants them.
    public let description: String

    /// That of a fault.
    public init(_ fault: Fault) { self.init(kind: "fault", code: fault.code) }
    /// That of a refusal.
    public init(_ refusal: Refusal) { self.init(kind: "refusal", code: refusal.code) }

    /// That of something that was not taken for the list: it is told in the same field as a driver's refusal.
    public init(_ refusal: DeliveryRefusal) { self.init(kind: "refusal", code: refusal.code) }

    /// That of a code of this kind, `fault` or `refusal`.
    public init(kind: String, code: String) {
        // Offset and prime of the 128-bit variant: draft-eastlake-fnv, section 5.
        var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
        for byte in "holdfast/\(kind)/\(code)".utf8 {
            hash = (hash ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013B
        }
        hash = hash & ~(0xF << 76) | 8 << 76
        hash = hash & ~(0b11 << 62) | 0b10 << 62
        let digits = String(hash, radix: 16)
        description = String(repeating: "0", count: 32 - digits.count) + digits
    }
}

extension Sentences {
    /// The catalog in this language, as systemd's `journalctl --update-catalog` reads it.
    public func journalCatalog() -> String {
        var text = """
            # What journalctl --catalog says about faults and refusals. Made from the tables that the post itself uses; a
            # test fails when it is out of date: HOLDFAST_WRITE_DOCUMENTATION=1 swift test --filter CatalogTests

            """
        for fault in Fault.allCases {
            let said = self.fault(fault)
            text += entry(
                MessageIdentifier(fault), said.title, code: fault.code, said.whatHappened,
                [said.operatorAction, said.whoMayClear], driver: said.driverAction)
        }
        for refusal in Refusal.allCases {
            let said = self.refusal(refusal)
            text += entry(
                MessageIdentifier(refusal), String(said.whatHappened.dropLast()), code: refusal.code,
                said.whatHappened,
                [said.operatorAction], driver: said.driverAction)
        }
        for refusal in DeliveryRefusal.allCases {
            let said = delivery(refusal)
            text += entry(
                MessageIdentifier(refusal), String(said.whatHappened.dropLast()), code: refusal.code,
                said.whatHappened, [said.operatorAction], driver: said.driverAction, isDelivery: true)
        }
        return text
    }

    private func entry(
        _ identifier: MessageIdentifier, _ subject: String, code: String, _ cause: String, _ remedy: [String],
        driver: String, isDelivery: Bool = false
    ) -> String {
        let labels = JournalLabels(language)
        let place =
            isDelivery ? "\(labels.source) @HOLDFAST_SOURCE@" : "\(labels.connector) @HOLDFAST_CONNECTOR@"
        return """

            -- \(identifier)
            Subject: \(subject)
            Defined-By: Holdfast
            Documentation: man:holdfastd(8)

            \(cause) (\(code), \(place))

            \(labels.remedy): \(remedy.joined(separator: " "))

            \(labels.driver): \(driver)

            """
    }
}

/// The headings of an entry.
private struct JournalLabels {
    var connector: String
    var source: String
    var remedy: String
    var driver: String

    init(_ language: Language) {
        (connector, source, remedy, driver) =
            switch language {
            case .english: ("connector", "source", "Remedy", "The driver is told")
            case .french: ("connecteur", "source", "Remède", "Ce qui est dit au conducteur")
            case .german: ("Anschluss", "Quelle", "Abhilfe", "Dem Fahrer wird gesagt")
            }
    }
}
