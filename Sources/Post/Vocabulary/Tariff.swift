// What energy costs, as the session is told at its start and keeps to its end.

/// A price: whole numbers only, since money is never rounded in the core.
public struct Tariff: Hashable, Sendable {
    /// The currency of ISO 4217: its three ASCII capitals, the first in bits 16...23 and the last in bits 0...7.
    public var currency: UInt32
    /// The price of one kilowatt-hour in minor units of that currency (cents of EUR, yen of JPY); 0 is free.
    public var minorUnitsPerKilowattHour: Int64

    /// A tariff with these values. The border has checked that the currency is three capitals and the price not negative.
    public init(currency: UInt32, minorUnitsPerKilowattHour: Int64) {
        self.currency = currency
        self.minorUnitsPerKilowattHour = minorUnitsPerKilowattHour
    }

    /// The currency's three letters.
    public var currencyCode: String {
        String(decoding: [16, 8, 0].map { UInt8(truncatingIfNeeded: currency >> $0) }, as: UTF8.self)
    }

    /// Packs a currency's three ASCII capitals, or nil if it is anything else.
    public static func packed(_ currency: String) -> UInt32? {
        guard currency.utf8.count == 3, currency.utf8.allSatisfy({ (65...90).contains($0) }) else { return nil }
        return currency.utf8.reduce(0) { $0 << 8 | UInt32($1) }
    }
}
