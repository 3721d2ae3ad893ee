// A configuration read again while the post runs: checked whole, then taken in parts, each when it is safe.

import Console
import DaemonConfiguration
import Foundation
import Logging
import Post
import Runtime
import StrictYAML
import Synchronization

extension LivePost {
    /// Reads the file again. A bad one changes nothing and is told. Of a good one texts, log level, whose lists
    /// are accepted and a lower limit of power count at once; other limits, the price and who may charge wait in the
    /// core until every connector is idle;
    /// what the hardware is made of, and where things are kept, counts at the next start: so does a board profile that has
    /// changed. A board that a start could not use is refused like a bad file.
    func reload() async throws(ConsoleProblem) -> String {
        let file = surroundings.file
        let new: DaemonConfiguration
        do {
            new = try DaemonConfiguration.read(path: file)
        } catch {
            let lines = error.lines
            current.withLock { $0.view.refused = lines }
            throw ConsoleProblem.badConfiguration(file, lines)
        }
        let ofBoard = surroundings.judgeBoard(new)
        guard ofBoard.isEmpty else {
            current.withLock { $0.view.refused = ofBoard }
            throw ConsoleProblem.badConfiguration(file, ofBoard)
        }
        let changedFiles = surroundings.backend.boardFiles.changed
        let (old, restart) = current.withLock { current in
            let old = current.configuration
            let restart = Self.needsRestart(old, new) + changedFiles
            var taken = new
            // What needs a restart stays as it is, so that a later reading is compared with what really runs.
            taken.backend = old.backend
            taken.stateFolder = old.stateFolder
            taken.socketPath = old.socketPath
            taken.loopbackPort = old.loopbackPort
            taken.flightRecording = old.flightRecording
            taken.realTime = old.realTime
            taken.post.connectors = old.post.connectors
            taken.post.stages = old.post.stages
            taken.post.readers = old.post.readers
            if new.connectorNames.count != old.connectorNames.count { taken.connectorNames = old.connectorNames }
            current.configuration = taken
            current.view.refused = []
            current.view.needs_restart = restart
            current.view.read_at = WallTime.machineUTCMilliseconds / 1_000
            if taken.post != old.post { control.inbox.post(.configured(taken.post)) }
            return (old, restart)
        }
        surroundings.level.change(to: new.logLevel)
        if new.allowList != old.allowList, let recordThread {
            let lists = lists
            await lists.disk.perform { lists.begin(new.allowList, mark: MarkInRecords(recordThread)) }
        }
        // Of the board what runs is kept: what it will be has not been tried.
        LastGood.keep(
            file, changedFiles.isEmpty ? surroundings.backend.boardFiles : BoardFiles(), in: old.stateFolder)
        for warning in new.warnings { surroundings.logger.warning("\(warning)") }
        return json(ReloadAnswer(outcome: restart.isEmpty ? "taken" : "taken_in_part", needs_restart: restart))
    }

    /// The keys whose new values only a start can bring into force.
    static func needsRestart(_ old: DaemonConfiguration, _ new: DaemonConfiguration) -> [String] {
        var keys: [String] = []
        func compare(_ key: String, _ isSame: Bool) { if !isSame { keys.append(key) } }
        compare("connectors", old.post.connectors == new.post.connectors)
        compare("stages", old.post.stages == new.post.stages)
        compare("readers", old.post.readers == new.post.readers)
        compare("backend", old.backend == new.backend)
        compare("state_folder", old.stateFolder == new.stateFolder)
        compare("socket", old.socketPath == new.socketPath)
        compare("loopback_port", old.loopbackPort == new.loopbackPort)
        compare("flight_recording", old.flightRecording == new.flightRecording)
        compare("real_time", old.realTime == new.realTime)
        compare("allow_list.folders", old.allowList.folders == new.allowList.folders)
        compare("allow_list.mirrors", old.allowList.mirrors == new.allowList.mirrors)
        return keys
    }

    private struct ReloadAnswer: Encodable {
        var outcome: String
        var needs_restart: [String]
    }
}
