// The signed list: how long issuing takes, and one warm, authenticated look-up, with every check on.

import AllowList
import Histogram

enum ListBenchmarks {
    static func run() throws {
        for count in [10_000, 1_000_000] { try measure(count) }
    }

    private static func measure(_ count: Int) throws {
        var order = ListOrder(
            operatorID: [UInt8](repeating: 1, count: 16), listID: [UInt8](repeating: 2, count: 16), version: 1,
            issuedAt: 1_760_000_000, salt: [UInt8](repeating: 3, count: 32),
            pepper: [UInt8](repeating: 4, count: 32))
        order.profiles = [.standard]
        let entries = try (0..<count).map { ListEntry(token: try CanonicalToken(.free, "D\($0)")) }
        let (secret, open) = KeyMaker.signingKey()
        var file: [UInt8] = []
        let issuing = try seconds { file = try order.issue(entries, secretKey: secret) }
        report("list of \(count), issued", issuing, "s", decimals: 2)
        report("  its size", Double(file.count) / 1e6, "MB")
        let audience = ListAudience(operatorID: order.operatorID, keys: [try TrustedKey(open)])
        var reader = try ListReader(ListInMemory(file), for: audience, pepper: order.pepper)
        var nanoseconds = Histogram<UInt64>(
            highestTrackableValue: 1_000_000_000, numberOfSignificantValueDigits: .three)
        for number in 0..<20_000 {
            let token = try CanonicalToken(.free, "D\(number * 7_919 % count)")
            let began = ContinuousClock.now
            _ = reader.lookUp(token, lowerBound: 0, trusted: nil)
            nanoseconds.record(UInt64((ContinuousClock.now - began) / .nanoseconds(1)))
        }
        report("  look-up, p50", Double(nanoseconds.valueAtPercentile(50)) / 1_000, "us")
        report("  look-up, p99", Double(nanoseconds.valueAtPercentile(99)) / 1_000, "us")
    }
}
