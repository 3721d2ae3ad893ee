// The supervisor's ladder of power, whole: every degree and every thing that a broken machine could want of it.

import Testing

@testable import Post

@Suite("The supervisor's ladder: every degree, every wish")
struct LadderTransitionTests {
    /// The rows: the supervisor of a sound post just before each degree is given, and with each degree in force.
    private static let rows: [(name: String, machine: BrokenMachine)] = {
        var rows = [("no vehicle", BrokenMachine(after: PlausiblePost()))]
        for degree in PowerDegree.allCases {
            rows.append(("about to get \(degree)", BrokenMachine(before: degree)))
        }
        let charging = PlausiblePost()
        charging.charge()
        rows.append(("charging", BrokenMachine(after: charging)))
        charging.handle(.command(CommandNumber(1), .stop(ConnectorID(0), .remote)))
        rows.append(("charging, told to stop", BrokenMachine(after: charging)))
        charging.run(.milliseconds(10))
        charging.sample()
        rows.append(("opened, contacts not yet read", BrokenMachine(after: charging)))
        charging.run(.seconds(2))
        rows.append(("session over", BrokenMachine(after: charging)))
        return rows
    }()

    /// The columns: every kind of action that can do harm. No default below, so that a new action needs a place.
    private static let wishes: [(name: String, actions: [Action])] = {
        let id = ConnectorID(0)
        let number = CommandNumber(900)
        func stage(_ volts: Int32, _ amperes: Int32) -> Action {
            .commandStage(StageID(0), number, .on(millivolts: volts * 1_000, milliamperes: amperes * 1_000))
        }
        var wishes: [(name: String, actions: [Action])] = PowerDegree.allCases.map {
            ("allow \($0)", [.allowPower(id, $0)])
        }
        wishes += [
            ("allow test, and charge with it", [.allowPower(id, .test), .allowPower(id, .charge)]),
            ("withdraw", [.withdrawPower(id)]),
            ("stage off", [.commandStage(StageID(0), number, .off)]),
            ("stage 400 V, no current", [stage(400, 0)]), ("stage 400 V, 2 A", [stage(400, 2)]),
            ("stage 400 V, 100 A", [stage(400, 100)]), ("stage 400 V, 500 A", [stage(400, 500)]),
            ("stage 950 V, 2 A", [stage(950, 2)]), ("stage −1 V", [stage(-1, 2)]),
            ("discharge on", [.setDischarge(id, isOn: true)]), ("discharge off", [.setDischarge(id, isOn: false)]),
            ("unlock", [.setLock(id, isHeld: false)]), ("lock", [.setLock(id, isHeld: true)]),
            ("tell ended", [.tellVehicle(id, number, .ended)]),
            ("tell stopRequested", [.tellVehicle(id, number, .stopRequested)]),
            ("forget a latch", [.recordLatch(Latch(fault: .weldedPlus, connector: id), isSet: false)]),
            ("keep a latch", [.recordLatch(Latch(fault: .weldedPlus, connector: id), isSet: true)]),
        ]
        wishes += PilotOutput.allCases.map { ("pilot \($0)", [.setPilot(id, $0)]) }
        return wishes
    }()

    private static func cell(_ machine: BrokenMachine, _ wants: [Action]) -> String {
        var machine = machine
        let given = machine.handle(wants: wants)
        let dropped = wants.filter { wish in !given.contains(wish) }.compactMap(\.phrase)
        let added = given.filter { action in !wants.contains(action) }.compactMap(\.phrase)
        let reached = machine.supervisor.watched[0].allowed.map { "\($0)" } ?? "no power"
        var parts = ["then \(reached)"]
        if !dropped.isEmpty { parts.append("dropped: \(dropped.joined(separator: ", "))") }
        if !added.isEmpty { parts.append("added: \(added.joined(separator: ", "))") }
        return parts.joined(separator: "; ")
    }

    @Test("the table is what was reviewed")
    func reviewed() throws {
        var table = TransitionTable(
            """
            The supervisor of one connector (CCS) and what a broken machine wants of it in one call: what power stands
            afterwards, which wish was dropped, and what the supervisor did over the machine's head.
            """, rows: Self.rows.map(\.name))
        for wish in Self.wishes { table.append(wish.name, Self.rows.map { Self.cell($0.machine, wish.actions) }) }
        try table.expectReviewed("ladder.txt")
    }

    @Test("only the next degree passes, and only where the machine of a sound post was about to give it")
    func onlyTheNext() {
        for (name, machine) in Self.rows {
            for degree in PowerDegree.allCases {
                var machine = machine
                let given = machine.handle(wants: [.allowPower(ConnectorID(0), degree)])
                let isKept = given.contains(.allowPower(ConnectorID(0), degree))
                #expect(isKept == (name == "about to get \(degree)"), "\(name): \(degree)")
                #expect(isKept || given.defects.contains { $0 != .bounded }, "\(name): \(degree)")
            }
        }
    }
}
