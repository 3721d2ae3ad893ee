// What the local interface tells: status, faults, sessions, metrics.

import Console
import ControlClient
import Foundation
import Post
import Testing

@Suite("What the local interface tells", .timeLimit(.minutes(1)))
struct StatusTests {
    @Test("the status of a free post, key by key")
    func goldenStatus() async throws {
        try await onSocket(ScriptedPost()) { client in
            let text = try await client.get("/v1/status").text
            // The catalog's sentences have tests of their own.
            let sentences = try Regex(#""(sentence|why|next)":"[^"]+""#)
            #expect(text.replacing(sentences) { #""\#($0.output[1].substring ?? "")":"...""# } == golden + "\n")
        }
    }

    @Test("a wait, a reading, a session and a fault are told with their units")
    func busyStatus() async throws {
        let post = ScriptedPost()
        post.change { state in
            state.view.connectors[0].phase = .charging
            state.view.connectors[0].waiting = .powerShare
            state.view.connectors[0].waitsUntil = state.view.now + .seconds(12)
            state.view.connectors[0].limitedBy = .cable
            state.view.connectors[0].millivolts = 400_500
            state.view.connectors[0].milliamperes = 100_000
            _ = state.view.connectors[0].faults.insert(Fault.allCases[0])
            state.view.faultSince = { $0 == Fault.allCases[0] && $1 == ConnectorID(0) ? 1_700_000_000_000 : nil }
            state.view.deviceTroubles = ["The meter of connector 1 does not answer."]
        }
        try await onSocket(post) { client in
            let body = Data(try await client.get("/v1/status").body)
            let status = try #require(JSONSerialization.jsonObject(with: body) as? [String: Any])
            #expect(status["device_troubles"] as? [String] == ["The meter of connector 1 does not answer."])
            let connector = try #require((status["connectors"] as? [[String: Any]])?.first)
            #expect(connector["state"] as? String == "charging")
            #expect(connector["waits_for"] as? String == "power_share")
            #expect(connector["waits_seconds_left"] as? Double == 12)
            #expect(connector["limited_by"] as? String == "cable")
            #expect(connector["volts"] as? Double == 400.5)
            #expect(connector["power_watts"] as? Int == 40_050)
            #expect(connector["faults"] as? [String] == [Fault.allCases[0].code])
            let details = try #require((connector["fault_details"] as? [[String: Any]])?.first)
            #expect(details["since_utc_ms"] as? Int64 == 1_700_000_000_000)
            for key in ["title", "what_happened", "driver_action", "operator_action", "who_may_clear"] {
                #expect((details[key] as? String)?.isEmpty == false, "\(key)")
            }
            for key in ["sentence", "why", "next"] {
                #expect((connector[key] as? String)?.isEmpty == false, "\(key)")
            }
        }
    }

    @Test("a session that is over says which it was, why it ended and what it took, until its plug is pulled")
    func endedSession() async throws {
        let post = ScriptedPost()
        post.change { state in
            state.view.connectors[0].phase = .finishing
            state.view.connectors[0].waiting = .unplug
            state.view.connectors[0].ended = EndedSession(
                id: SessionID(boot: 4, counter: 7), reason: .emergencyStop, fault: .emergencyStop,
                energyWattHours: 1_234, hasCharged: true)
        }
        try await onSocket(post) { client in
            let text = try await client.get("/v1/status").text
            #expect(
                text.contains(
                    #""ended":{"energy_watt_hours":1234,"fault":"emergency_stop","reason":"emergency_stop","#
                        + #""sentence":"The emergency stop ended charging.","session":"4-7"}"#), "\(text)")
            #expect(
                text.contains(
                    "Charging has finished. The emergency stop ended charging. Please unplug your vehicle."))
        }
    }

    @Test("a session's price is the one it began with, and its cost is whole minor units, a half rounded up")
    func costs() async throws {
        let post = ScriptedPost()
        let tariff = Tariff(currency: try #require(Tariff.packed("EUR")), minorUnitsPerKilowattHour: 49)
        post.change { state in
            state.view.connectors[0].session = SessionStatus(
                id: SessionID(boot: 1, counter: 2), token: TokenName(high: 0, low: 1), source: .list,
                startedAt: .zero, energyWattHours: 1_500, allowanceWattHours: 9_000, isRecorded: true,
                tariff: tariff)
        }
        try await onSocket(post) { client in
            let text = try await client.get("/v1/status").text
            #expect(text.contains("\"cost_minor_units\":74"))
            #expect(text.contains("\"price\":{\"currency\":\"EUR\",\"minor_units_per_kwh\":49}"))
        }
        let price = PriceView(tariff)
        #expect([0, 10, 11, 1_000, -5].map(price.cost) == [0, 0, 1, 49, 0])
        var dear = price
        dear.minor_units_per_kwh = Int64.max
        #expect(dear.cost(ofWattHours: Int64.max) == Int64.max)
        #expect(dear.cost(ofWattHours: 1_000) == Int64.max)
    }

    @Test("where no card is accepted nobody is invited, and why stands in status and metrics")
    func nobodyLetIn() async throws {
        let post = ScriptedPost()
        post.change { $0.view.nobodyLetIn = .refused(.noList) }
        try await onSocket(post) { client in
            let text = try await client.get("/v1/status").text
            #expect(
                text.contains(#""nobody_let_in":{"code":"no_list","sentence":"This post has no list"#), "\(text)")
            #expect(
                text.contains("This connector is free. This post has no list of cards that it can use."), "\(text)")
            #expect(!text.contains("hold your card") && !text.contains("\"refused\":\""), "\(text)")
            #expect(try await client.get("/metrics").text.contains("holdfast_nobody_let_in{why=\"no_list\"} 1\n"))
        }
        post.change { state in
            state.view.nobodyLetIn = .notConfigured(
                "/etc/holdfast/holdfast.yaml", outputs: "Its outputs are held safe.")
            (state.view.isCloudReachable, state.view.recordsOwed) = (nil, nil)
        }
        try await onSocket(post) { client in
            let text = try await client.get("/v1/status").text
            #expect(text.contains("Mend /etc/holdfast/holdfast.yaml"), "\(text)")
            #expect(!text.contains("cloud_reachable") && !text.contains("records_owed"), "\(text)")
            let metrics = try await client.get("/metrics").text
            #expect(
                !metrics.contains("\nholdfast_outbox_records") && !metrics.contains("\nholdfast_cloud_connected"))
        }
    }

    @Test("what was given up is counted for whoever scrapes")
    func losses() async throws {
        let post = ScriptedPost()
        post.change { $0.view.losses = [("report", 3), ("event", 0)] }
        try await onSocket(post) { client in
            let text = try await client.get("/metrics").text
            #expect(text.contains("holdfast_given_up_total{what=\"report\"} 3\n"))
        }
    }

    @Test("every fault can be looked up, an unknown one is refused with a remedy")
    func faults() async throws {
        try await onSocket(ScriptedPost()) { client in
            let all = try JSONSerialization.jsonObject(with: Data(try await client.get("/v1/faults").body))
            #expect((all as? [[String: String]])?.compactMap { $0["code"] } == Fault.allCases.map(\.code))
            let code = Fault.allCases[0].code
            #expect(try await client.get("/v1/faults/\(code)").text.contains("\"code\":\"\(code)\""))
            let refusal = try await refused { try await client.get("/v1/faults/nonsense") }
            #expect(refusal?.status == 404 && refusal?.code == "no_such_fault" && refusal?.whatToDo != "")
        }
    }

    @Test(
        "as many sessions are given as are asked for",
        arguments: [("", 50), ("?limit=2", 2), ("?limit=1000", 1_000)])
    func sessions(_ query: String, _ count: Int) async throws {
        try await onSocket(ScriptedPost()) { client in
            let body = Data(try await client.get("/v1/sessions\(query)").body)
            let sessions = try #require(JSONSerialization.jsonObject(with: body) as? [[String: Any]])
            #expect(sessions.count == count)
            #expect(sessions.first?["stop_reason"] as? String == "other")
            #expect(sessions.first?["stop_sentence"] as? String == "A door of this post is open.")
        }
    }

    @Test("a number of sessions that cannot be given is refused", arguments: ["0", "1001", "-1", "many", ""])
    func sessionsRefused(_ limit: String) async throws {
        try await onSocket(ScriptedPost()) { client in
            let refusal = try await refused { try await client.get("/v1/sessions?limit=\(limit)") }
            #expect(refusal?.status == 422 && refusal?.code == "bad_value", "\(String(describing: refusal))")
            #expect(refusal?.whatToDo.contains("1 to 1000") == true)
        }
    }

    @Test("the metrics are Prometheus text; a connector is in exactly one state; no reading, no sample")
    func metrics() async throws {
        let post = ScriptedPost()
        post.change { $0.view.connectors.append(ConnectorStatus()) }
        post.change { $0.view.connectors[0].millivolts = 400_500 }
        try await onSocket(post) { client in
            let text = try await client.get("/metrics").text
            let line = try Regex(
                ##"(# HELP holdfast_\w+ .+|# TYPE holdfast_\w+ (gauge|counter)|"##
                    + ##"holdfast_\w+(\{\w+="[^"\\]*"(,\w+="[^"\\]*")*\})? -?\d+(\.\d+)?(e-?\d+)?)"##)
            let lines = text.split(separator: "\n")
            for each in lines { #expect(each.wholeMatch(of: line) != nil, "\(each)") }
            #expect(text.hasSuffix("\n"))
            for connector in 1...2 {
                let states = lines.filter { $0.hasPrefix("holdfast_connector_state{connector=\"\(connector)\"") }
                #expect(states.count == ConnectorPhase.allCases.count)
                #expect(states.filter { $0.hasSuffix(" 1") }.count == 1)
            }
            #expect(
                lines.filter { $0.hasPrefix("holdfast_bus_volts") } == ["holdfast_bus_volts{connector=\"1\"} 400.5"]
            )
            #expect(lines.contains("holdfast_outbox_records 3"))
        }
    }
}

/// The refusal that `body` meets.
func refused(_ body: () async throws -> ControlAnswer) async throws -> ControlRefusal? {
    do {
        let answer = try await body()
        Issue.record("not refused: \(answer.text)")
        return nil
    } catch ControlError.refused(let refusal) {
        return refusal
    }
}

private let golden =
    #"{"allow_list":"version 7","backend":"simulated","clock":{"quality":0,"source":"none"},"#
    + #""cloud_reachable":false,"configuration_problems":[],"#
    + #""connectors":[{"connector":1,"demanded_watts":0,"fault_details":[],"faults":[],"granted_watts":0,"#
    + #""indication":"unavailable","name":"left","next":"...","power_watts":0,"sentence":"...","#
    + #""state":"available","waits_for":"plug","why":"..."}],"device_troubles":[],"energy_at_risk_watt_hours":0,"#
    + #""list":{"counts":{"answered_by_nobody":0,"answered_by_previous":0,"lines_lost":0,"refused":{},"scrubs":0,"#
    + #""scrubs_failed":0},"damaged_pages":0,"is_damaged":false,"is_demoted":false,"lost":[],"mirrors":[]},"#
    + #""longest_step_microseconds":40,"#
    + #""name":"Yard","newest_report":0,"records_owed":3,"utc_ms":1700000000000,"version":"1.2.3","warnings":[]}"#
