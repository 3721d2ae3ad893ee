// What is said of a list that nobody renews, and of one that was found damaged.

import ControlClient
import Foundation
import Testing

extension ListSourceTests {
    @Test(
        "a list that was found damaged stays so over a restart, and rot from a dark time is found soon after the start"
    )
    func condemned() async throws {
        let bench = try Bench()
        try bench.issue("second.pal", version: 2, many)
        try await bench.start()
        _ = try await bench.client.put("/v1/allow-list", file: bench.folder + "/second.pal")
        bench.kill()
        try rot(bench, bench.folder + "/second.pal")
        // It is scrubbed every six hours, and the first time soon after the start.
        try await bench.start()
        try await bench.until("the scrub has found it") {
            try await self.list(bench)["is_damaged"] as? Bool == true
        }
        try await bench.until("it is told") { bench.log.contains("allow_list_step") }
        bench.kill()
        try await bench.start()
        #expect(try await list(bench)["is_damaged"] as? Bool == true)
        #expect(try await list(bench)["step"] as? String == "stale")
        let warnings = try await bench.status()["warnings"] as? [String] ?? []
        #expect(warnings.contains { $0.contains("damaged on the disk") }, "\(warnings)")
        try await bench.until("it is told again") { bench.log.contains("from the start on") }
        _ = try await bench.client.put("/v1/allow-list", file: bench.folder + "/second.pal")
        #expect(try await list(bench)["is_damaged"] as? Bool == false)
        bench.kill()
        try await bench.start()
        #expect(try await list(bench)["is_damaged"] as? Bool == false)
    }

    @Test(
        "a list that nobody renews: status, journal and metrics say so as it grows stale, and when a newer one comes"
    )
    func frozen() async throws {
        let bench = try Bench()
        let age = 7 * 86_400 - 15
        let order = [
            "allowlist", "issue", "--in", bench.folder + "/drivers.csv", "--keys", bench.folder + "/keys",
            "--version-number", "2", "--out", bench.folder + "/second.pal", "--issued-at",
            "\(Int(Date().timeIntervalSince1970) - age)",
        ]
        #expect(try run("holdfast", order).code == 0)
        try await bench.start()
        _ = try await bench.client.put("/v1/allow-list", file: bench.folder + "/second.pal")
        let name = try fingerprint(bench, "second.pal")
        #expect(try await list(bench)["freshness"] as? String == "fresh")
        #expect(try await list(bench)["fingerprint"] as? String == name)
        #expect(bench.log.contains("allow_list_in_use") && bench.log.contains(name))
        try await bench.until("it is stale, and the journal has it") {
            bench.log.contains("allow_list_step") && bench.log.contains("counts as stale, and was fresh")
        }
        #expect(try await list(bench)["freshness"] as? String == "stale")
        let warnings = try await bench.status()["warnings"] as? [String] ?? []
        #expect(
            warnings.contains { $0.contains("counts as stale since") && $0.contains("send a newer list") },
            "\(warnings)")
        var told = try await metrics(bench)
        let issued = try #require(try await list(bench)["issued_at"] as? Int)
        for line in [
            "allow_list_version 2", "allow_list_entries 2", "allow_list_issued_seconds \(issued)",
            "allow_list_stale_seconds \(issued + 7 * 86_400)", "allow_list_expired_seconds \(issued + 35 * 86_400)",
            "allow_list_step{step=\"stale\"} 1", "allow_list_step{step=\"fresh\"} 0",
            "allow_list_info{fingerprint=\"\(name)\"} 1",
        ] { #expect(told.contains("holdfast_\(line)\n"), "\(line)") }
        try bench.issue("third.pal", version: 3, ["free:ALICE"])
        _ = try await bench.client.put("/v1/allow-list", file: bench.folder + "/third.pal")
        try await bench.until("the journal has its end") { bench.log.contains("counts as fresh, and was stale") }
        told = try await metrics(bench)
        #expect(told.contains("holdfast_allow_list_step{step=\"stale\"} 0\n"))
        #expect(
            (try await bench.status()["warnings"] as? [String] ?? []).allSatisfy { !$0.contains("stale since") })
    }
}
