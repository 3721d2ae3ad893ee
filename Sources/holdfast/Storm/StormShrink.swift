// `holdfast storm shrink`: a storm that fails becomes a scenario file of the few steps that it takes to fail.

import ArgumentParser
import CommandOutput
import Foundation
import Scenarios
import StrictYAML
import Traces

#if HOLDFAST_SEAMS
    import Post
#endif

struct StormShrink: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shrink", abstract: "Cut a failing storm down to a scenario file.",
        discussion: """
            Leaves out steps, connectors and drivers, and shortens what lasts, as long as the storm goes on failing in the same \
            way: the same ending and finding, and each of its numbers within a factor of two. Each try is played in a process of \
            its own, so that a storm that kills its process, or hangs it, is cut down like any other. A storm that \
            diverges is played twice each time.

            Exit codes: 0 cut down, 64 usage, 65 the storm ends well, 73 the file is there already, 74 cannot write.

            EXAMPLES
              holdfast storm shrink 4711
              holdfast storm shrink 4711 --out Simulations/found/storm-4711.yaml
              holdfast storm shrink 4711 --modbus --json
            """)
    @Argument(help: "The seed of a storm that fails.") var seed: UInt64
    @OptionGroup(title: "DEVICES OF BYTES") var link: ByteLink
    @Option(help: ArgumentHelp("Write the scenario here instead of printing it.", valueName: "file")) var out:
        String?
    @OptionGroup var overwriting: Overwriting
    @Option(
        help: ArgumentHelp(
            "A play that computes, or waits without computing, for longer counts as one that hangs.",
            valueName: "seconds"))
    var hangsAfter = 60
    @Flag(help: "Print the answer as JSON, the scenario in it.") var json = false
    @Flag(help: .hidden) var worker = false

    #if HOLDFAST_SEAMS
        @Option(
            help: ArgumentHelp(
                "Put a defect into the post (debug builds; see `storm defects`), as the storm had it.",
                valueName: "number"))
        var with: UInt8?
        /// What a storm that holds a text does to its worker, for tests: `trap:press_stop`, `hang:...`, `diverge:...`.
        @Option(help: .hidden) var pretend: String?
    #endif

    private struct Cut: Encodable {
        var seed: UInt64
        var ending, complaint: String
        var plays: Int
        var file: String?
        var repeatCommand: String
        var scenario: String
    }

    func validate() throws { try within("--hangs-after", Int64(hangsAfter), 1...86_400) }

    func run() throws {
        if worker { return try serve() }
        if let out {
            try overwriting.mayWrite(out)
            try tryFile(out)
        }
        _ = try link.maker()
        let asker = Asker(arguments: ["storm", "shrink", "\(seed)", "--worker"] + options, hangsAfter: hangsAfter)
        // A worker that dies between two questions must not take this process along.
        signal(SIGPIPE, SIG_IGN)
        var whole = Storm.scenario(seed: seed)
        if link.modbus { whole.devices = .bytes }
        let progress = ProgressLine()
        let found = try Shrinker.shrink(whole, by: asker.end) { progress.show("\($0) steps left") }
        progress.clear()
        signal(SIGPIPE, SIG_DFL)
        guard let found else {
            complain("The storm of seed \(seed) ends well\(defectWords): there is nothing to shrink.")
            throw ExitCode(65)
        }
        let command = repeatCommand(out ?? "FILE", found.end.ending)
        let text = head(found.end.ending, command) + found.scenario.text
        if let out { try writeFile(Data(text.utf8), to: out) }
        if json {
            return printJSON(
                Cut(
                    seed: seed, ending: found.end.ending.rawValue, complaint: found.end.complaint,
                    plays: found.plays,
                    file: out, repeatCommand: command, scenario: text))
        }
        guard let out else { return print(text, terminator: "") }
        print("\(out): ends as storm \(seed) does, \(found.end.ending.rawValue): \(found.end.headline)")
        print("cut down in \(found.plays) plays. Repeat with: \(command)")
    }

    /// What a reader of the file must know to see it fail.
    private func head(_ ending: StormEnding, _ command: String) -> String {
        let about: String
        switch ending {
        case .crash: about = "Ends as CRASH: playing it kills, or hangs, the process that does."
        case .diverged: about = "Ends as DIVERGED: two plays of it are not the same."
        default: about = "Ends as \(ending.rawValue)\(defectWords)."
        }
        return "# \(about) Play it: \(command)\n"
    }

    private func repeatCommand(_ file: String, _ ending: StormEnding) -> String {
        // The file says itself that its devices answer as bytes.
        var words = ["holdfast", "replay", shellWord(file)]
        if let maps = link.maps.maps { words += ["--maps", shellWord(maps)] }
        if ending == .diverged { words.append("--twice") }
        return (words + defectOptions).joined(separator: " ")
    }

    private var defectOptions: [String] {
        #if HOLDFAST_SEAMS
            return with.map { ["--with", "\($0)"] } ?? []
        #else
            return []
        #endif
    }

    private var defectWords: String {
        defectOptions.isEmpty ? "" : " with the defect of \(defectOptions.joined(separator: " "))"
    }

    /// What a worker must be told as well.
    private var options: [String] {
        #if HOLDFAST_SEAMS
            return link.words + defectOptions + (pretend.map { ["--pretend", $0] } ?? [])
        #else
            return link.words
        #endif
    }
}

/// What a worker is asked: a storm as text, and whether to play it twice.
private struct Question: Codable {
    var text: String
    var isTwice: Bool
}

extension StormShrink {
    /// The worker's side: a storm a line, and how it ended.
    private func serve() throws {
        let farLink = try link.maker()
        #if HOLDFAST_SEAMS
            let defect = try with.map(seededDefect)
        #endif
        while let line = readLine() {
            let question = try JSONStyle.decoder.decode(Question.self, from: Data(line.utf8))
            guard var scenario = try? scenarioDocument.read(text: question.text, file: "storm.yaml") else {
                say("null")
                continue
            }
            scenario.farLink = farLink
            #if HOLDFAST_SEAMS
                dieIfAsked(question)
                var outcome = Storm.play(scenario, with: defect)
                if question.isTwice, isPretended("diverge", question) { outcome.hash &+= 1 }
                let second = question.isTwice ? Storm.play(scenario, with: defect) : outcome
            #else
                let outcome = Storm.play(scenario)
                let second = question.isTwice ? Storm.play(scenario) : outcome
            #endif
            let end = question.isTwice && outcome.hash != second.hash ? StormEnd.diverged : outcome.end
            say(String(decoding: try JSONStyle.encoder(isPretty: false).encode(end), as: UTF8.self))
        }
    }

    #if HOLDFAST_SEAMS
        private func isPretended(_ what: String, _ question: Question) -> Bool {
            guard let pretend, pretend.hasPrefix(what + ":") else { return false }
            return question.text.contains(pretend.dropFirst(what.count + 1))
        }

        private func dieIfAsked(_ question: Question) {
            if isPretended("trap", question) { fatalError("a trap that was asked for") }
            if isPretended("spin", question) { while true {} }
            while isPretended("hang", question) { sleep(1) }
        }
    #endif
}

/// Has storms played by a worker, and by another one where the first dies or hangs.
private final class Asker {
    private let arguments: [String]
    private let hangsAfter: Int
    private var worker: WorkerProcess?

    init(arguments: [String], hangsAfter: Int) {
        (self.arguments, self.hangsAfter) = (arguments, hangsAfter)
    }

    deinit { worker?.endNow() }

    func end(_ scenario: Scenario, isTwice: Bool) throws -> StormEnd {
        let question = Question(text: scenario.text, isTwice: isTwice)
        let line = String(decoding: try JSONStyle.encoder(isPretty: false).encode(question), as: UTF8.self)
        let worker = try self.worker ?? WorkerProcess(arguments, isAsked: true)
        self.worker = worker
        try worker.ask(line)
        switch worker.answer(within: hangsAfter) {
        case .line(let answer):
            if let end = try JSONStyle.decoder.decode(StormEnd?.self, from: Data(answer.utf8)) { return end }
            complain(
                "The storm of seed \(scenario.seed) has no form as a scenario file, so it cannot be cut down to one."
            )
            throw ExitCode(70)
        case .silent:
            worker.endNow()
            self.worker = nil
            return StormEnd(.crash, StormWorkers.hangs(after: hangsAfter))
        case .ended:
            self.worker = nil
            switch worker.end() {
            case .died(let cause): return StormEnd(.crash, cause)
            case .stopped: throw ExitCode(128 + SIGTERM)
            case .well: throw ExitCode(70)
            }
        }
    }
}
