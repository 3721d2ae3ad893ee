// How everything that leaves this repository as JSON is written: keys in snake case, as the local API has them, sorted.

public import Foundation

/// One style for every JSON text.
public enum JSONStyle {
    /// Writes keys in snake case and sorted, slashes as they are.
    public static func encoder(isPretty: Bool = true) -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return encoder
    }

    /// Reads what the encoder wrote, and what was written before keys were in snake case.
    public static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}
