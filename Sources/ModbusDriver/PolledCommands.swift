// Commands of a device at a bus: the newest wins, "off" overtakes, each has one outcome, each write is read back.

import Post
import RegisterMaps

extension PolledDevice {
    /// Takes a newer command out of its slot; one that is under way gives way to it and is answered as refused.
    func takeCommand(at now: Instant) {
        guard let newer = slot.take() else { return }
        if let number = command?.number { work.finished(number, .refused) }
        begin(newer, at: now)
        standingOff = newer.isOff ? newer : nil
    }

    private func begin(_ newer: ScriptedCommand, at now: Instant) {
        command = newer
        commandStep = 0
        commandAttempts = 0
        commandDoubts = 0
        commandSince = now
        work.began(newer)
    }

    /// The request of the step that is due.
    func commandRequest() -> ModbusRequest? {
        guard let command, commandStep < command.steps.count else { return nil }
        switch command.steps[commandStep] {
        case .write(let body), .verify(let body, _): return ModbusRequest(unit: unit, body)
        }
    }

    /// The step's answer is right in form.
    func commandAdvances(_ words: [UInt16], at now: Instant) {
        guard let command, commandStep < command.steps.count else { return }
        if case .verify(_, let wanted) = command.steps[commandStep], words != wanted {
            // It confirmed the write and does not hold it: written once more from the beginning, then given up.
            slot.note { $0.lastFailure = .notTaken(address: command.verifiedAddress(commandStep)) }
            commandDoubts += 1
            commandAttempts = 0
            commandStep = 0
            if commandDoubts >= 2 { finish(.refused) }
            return
        }
        // Each exchange has its own attempts: on a line with noise a command of many steps needs more than one of them.
        commandAttempts = 0
        commandStep += 1
        if commandStep == command.steps.count { finish(.done) }
    }

    /// The step's exchange failed.
    func commandFails(_ failure: ModbusFailure, at now: Instant) {
        if case .exception = failure, !Self.isWorthAnother(failure) { return finish(.refused) }
        commandAttempts += 1
        if commandAttempts >= Self.attemptsAtMost { finish(.timedOut) }
    }

    /// There is no way to the device: after a while the command is answered. "Off" stays wanted.
    func commandWaits(at now: Instant) {
        guard command != nil else {
            if let standingOff { beginAgain(standingOff) }
            return
        }
        commandStep = 0
        if let commandSince, now - commandSince >= Self.patience { finish(.timedOut) }
    }

    /// When a command that waits for the connection has to be answered.
    var commandPatienceEnds: Instant? {
        guard command?.number != nil, let commandSince else { return nil }
        return commandSince + Self.patience
    }

    private func beginAgain(_ off: ScriptedCommand) {
        command = ScriptedCommand(number: nil, steps: off.steps, isOff: true)
        commandStep = 0
        commandAttempts = 0
        commandDoubts = 0
        commandSince = nil
    }

    private func finish(_ outcome: CommandOutcome) {
        // A stop waits for the first reading after "off", and has 30 ms where the vehicle has left.
        isOffUnread = outcome == .done && command?.isOff == true
        if let number = command?.number { work.finished(number, outcome) }
        command = nil
        commandSince = nil
    }
}

extension ScriptedCommand {
    func verifiedAddress(_ step: Int) -> UInt16 {
        guard case .verify(let body, _) = steps[step] else { return 0 }
        switch body {
        case .read(let block): return block.address
        default: return 0
        }
    }
}
