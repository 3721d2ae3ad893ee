// Documentation/API.md tells every route, field and code that there is, and none that there is not.

import ControlClient
import Foundation
import Post
import Testing

@testable import Console

@Suite("The page about the local interface", .timeLimit(.minutes(1)))
struct InterfaceDocumentTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test("it is current")
    func current() throws {
        let page = Self.root.appendingPathComponent("Documentation/API.md")
        if ProcessInfo.processInfo.environment["HOLDFAST_WRITE_DOCUMENTATION"] == "1" {
            try Data(InterfaceDocument.text.utf8).write(to: page)
        }
        #expect(
            try String(contentsOf: page, encoding: .utf8) == InterfaceDocument.text,
            "out of date: HOLDFAST_WRITE_DOCUMENTATION=1 swift test --filter ConsoleTests")
    }

    @Test("every route of the table is served, and whoever asks for another is told them all")
    func routes() async throws {
        let extra = ExtraRoute(path: "sim/dance") { _ in "{}" }
        try await onSocket(ScriptedPost(), extra: [extra]) { client in
            for route in LocalRoute.allCases where route != .events {
                let path = route.path.replacingOccurrences(of: "{number}", with: "1")
                    .replacingOccurrences(of: "{verb}", with: "dance")
                    .replacingOccurrences(of: "{code}", with: "nonsense")
                do {
                    switch route.name.prefix(4) {
                    case "GET ": _ = try await client.get(path)
                    case "POST": _ = try await client.post(path)
                    default: _ = try await client.put(path, file: Self.root.path + "/LICENSE")
                    }
                } catch ControlError.refused(let refusal) {
                    #expect(refusal.code != "no_such_route", "\(route.name)")
                }
            }
            let refusal = try await refused { try await client.get("/status") }
            #expect(refusal?.code == "no_such_route" && refusal?.status == 404)
            for name in LocalRoute.allCases.map(\.name) + ["POST /v1/sim/dance", "API.md"] {
                #expect(refusal?.whatToDo.contains(name) == true, "\(name): \(refusal?.whatToDo ?? "")")
            }
        }
        try await onLoopback(ScriptedPost()) { exchange in
            let answer = try await exchange(
                "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            #expect(answer.contains("GET /v1/status, GET /v1/events, GET /metrics."), "\(answer)")
        }
    }

    @Test("every field that can be told is explained, with its unit, and no other")
    func fields() throws {
        try expectSame(json(StatusJSON(Self.fullView())), InterfaceField.status, free: ["list.counts.refused"])
        let tariff = Tariff(currency: try #require(Tariff.packed("EUR")), minorUnitsPerKilowattHour: 49)
        let session = SessionView(
            id: SessionID(boot: 1, counter: 2), connector: ConnectorID(0), energyWattHours: 1, startedUTC: 1,
            stoppedUTC: 2, stopReason: .other, fault: .doorOpen, tariff: tariff)
        try expectSame(json(session), InterfaceField.session)
        try expectSame(json(FaultJSON(.doorOpen)), InterfaceField.fault)
        let asked = ClearedByHand(fault: .weldedPlus, connector: ConnectorID(0), reason: "Replaced.", by: "kim")
        let clearing = ClearingView(asked, utcMilliseconds: 1, refusal: .faultStillPresent)
        try expectSame(json(clearing), InterfaceField.clearing)
        let line = JournalLine(
            number: 1, utcMilliseconds: 2, report: .faultRaised(.doorOpen, ConnectorID(0)))
        try expectSame(json(LineJSON(line)), InterfaceField.entry)
        // What may be missing is said to be: a free post tells the rest.
        var quiet = ScriptedPost.quietView()
        (quiet.isCloudReachable, quiet.recordsOwed) = (nil, nil)
        quiet.connectors[0].waiting = .nothing
        let told = try paths(of: json(StatusJSON(quiet)))
        let always = InterfaceField.status.filter { !$0.mayBeMissing && !$0.path.contains("fault_details[].") }
        #expect(told == Set(always.map(\.path)))
    }

    @Test("every code that the sources give is explained, with its status, and no other")
    func codes() throws {
        let made = try Regex(#"status:\s*(\d+),\s*code:\s*"([a-z_]+)""#)
        var found: Set<String> = []
        for folder in ["Console", "Daemon", "holdfastd-bench"] {
            let start = Self.root.appendingPathComponent("Sources/\(folder)")
            let names = try FileManager.default.contentsOfDirectory(atPath: start.path)
            for name in names where name.hasSuffix(".swift") {
                let text = try String(contentsOf: start.appendingPathComponent(name), encoding: .utf8)
                for match in text.matches(of: made) {
                    found.insert("\(match.output[2].substring ?? "") \(match.output[1].substring ?? "")")
                }
            }
        }
        // Its status is that of the framework's own error.
        found.insert("bad_request 400")
        // What comes in as a list meets its code and its status in two places (`DeliveryProblem`, `SocketDelivery`).
        found.formUnion(["busy 409", "no_operator 409", "nothing_new 409", "too_large 413", "disk_failed 507"])
        #expect(found == Set(InterfaceDocument.problems.map { "\($0.code) \($0.status)" }))
    }

    /// A view in which everything is told.
    private static func fullView() throws -> StatusView {
        var view = ScriptedPost.quietView()
        let tariff = Tariff(currency: try #require(Tariff.packed("EUR")), minorUnitsPerKilowattHour: 49)
        view.nobodyLetIn = .refused(.noList)
        view.recordsProblem = "The disk is full."
        view.recording = "/run/holdfast/flight"
        view.price = PriceView(tariff)
        view.clock = ClockView(source: "network", quality: 2, errorMicroseconds: 3)
        view.clock.is_believed = true
        view.clock.not_before = 4
        view.clock.not_before_by = "list key 0102030405060708"
        view.memory = MemoryView(residentBytes: 1, SafetyLimits())
        view.configuration = ConfigurationView(file: "/etc/holdfast/holdfast.yaml")
        view.list.trust_bundle = 1
        view.list.trust_bundle_due_at = 1
        view.list.deny_object = 1
        view.list.deny_object_issued_at = 1
        view.list.denied = 1
        view.list.lost = [ListView.Lost(code: "bundle_damaged", sentence: "Lost.")]
        view.list.version = 1
        view.list.fingerprint = "00"
        view.list.entries = 1
        view.list.demotion = "withdrawn"
        view.list.freshness = "fresh"
        view.list.step = "fresh"
        view.list.issued_at = 1
        view.list.stale_from = 1
        view.list.expired_from = 1
        view.list.scrubbed_at = 1
        view.list.refused = ListView.Refused(
            code: "rollback", sentence: "Older.", driver: "Nothing changes.", utcMilliseconds: 1)
        var mirror = ListView.Mirror(address: "https://office.example/")
        mirror.answered_at = 1
        mirror.trouble = "It is silent."
        view.list.mirrors = [mirror]
        view.list.counts.refused = ["rollback": 1]
        view.faultSince = { _, _ in 1 }
        var connector = ConnectorStatus()
        connector.phase = .charging
        connector.waiting = .stage
        connector.waitsUntil = view.now
        connector.waitsFor = ConnectorID(1)
        connector.faults.insert(.doorOpen)
        connector.refusal = .notYourSession
        connector.limitedBy = .site
        connector.millivolts = 1
        connector.milliamperes = 1
        connector.stateOfChargePerMille = 1
        connector.powerAllowed = .charge
        connector.session = SessionStatus(
            id: SessionID(boot: 1, counter: 2), token: TokenName(high: 0, low: 1), source: .list, startedAt: .zero,
            energyWattHours: 1, allowanceWattHours: 2, isRecorded: true, tariff: tariff)
        connector.ended = EndedSession(
            id: SessionID(boot: 1, counter: 1), reason: .other, fault: .doorOpen, energyWattHours: 1,
            hasCharged: true)
        view.connectors = [connector]
        return view
    }

    private func expectSame(
        _ text: String, _ fields: [InterfaceField], free: Set<String> = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let told = try paths(of: text, free: free)
        let explained = Set(fields.map(\.path))
        #expect(told.subtracting(explained) == [], "told and not explained", sourceLocation: sourceLocation)
        #expect(explained.subtracting(told) == [], "explained and not told", sourceLocation: sourceLocation)
        #expect(explained.count == fields.count, "explained twice", sourceLocation: sourceLocation)
        for field in fields { #expect(!field.meaning.isEmpty && !field.unit.isEmpty, "\(field.path)") }
    }

    /// Where every field of a text of JSON is. The keys of an object in `free` are words, not fields.
    private func paths(of text: String, free: Set<String> = []) throws -> Set<String> {
        var found: Set<String> = []
        func look(at value: Any, _ path: String) {
            if let object = value as? [String: Any] {
                guard !free.contains(path) else { return }
                for (key, inner) in object {
                    let place = path.isEmpty ? key : path + "." + key
                    found.insert(place)
                    look(at: inner, place)
                }
            } else if let list = value as? [Any] {
                for inner in list { look(at: inner, path + "[]") }
            }
        }
        look(at: try JSONSerialization.jsonObject(with: Data(text.utf8)), "")
        return found
    }
}
