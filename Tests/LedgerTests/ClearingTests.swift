// Who cleared which fault: kept over a restart, newest first, and no more of them than the bound.

import Post
import Testing

@testable import Ledger

@Suite("Faults cleared by hand")
struct ClearingTests {
    private func clearing(_ reason: String, _ refusal: Refusal? = nil, at connector: ConnectorID? = nil) -> Clearing
    {
        Clearing(fault: .weldedPlus, connector: connector, at: noon, by: "kim", reason: reason, refusal: refusal)
    }

    @Test("they come back from a file as they went in, newest first")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let all = [
            clearing("only looked", .faultStillPresent), clearing("K1 \"new\"; tested — good", at: ConnectorID(7)),
        ]
        do {
            let ledger = try Ledger(path: folder.records)
            for one in all { try ledger.record(one) }
        }
        let ledger = try Ledger(path: folder.records)
        #expect(try ledger.clearings(limit: 9) == all.reversed())
        #expect(try ledger.clearings(limit: 1) == [all[1]])
    }

    @Test("the oldest beyond the bound goes")
    func bounded() throws {
        let ledger = try Ledger()
        for number in 0...Ledger.clearingsAtMost { try ledger.record(clearing("\(number)")) }
        let kept = try ledger.clearings(limit: 2_000)
        #expect(kept.count == Int(Ledger.clearingsAtMost))
        #expect(kept.first?.reason == "\(Ledger.clearingsAtMost)" && kept.last?.reason == "1")
    }
}
