// Files of the issuing office: read whole or refused with one sentence, written whole or not at all.

import AllowList
import ArgumentParser
import CommandOutput
import Foundation

/// A folder with `operator`, `list-keys` (public), `pepper`, and at the issuing office `list-secret`.
struct KeyFolder: ParsableArguments {
    @Option(help: ArgumentHelp("The folder that keygen made.", valueName: "folder"))
    var keys: String
    @Option(help: ArgumentHelp("Trust what this bundle says, not the key in the folder.", valueName: "file"))
    var bundle: String?
    @Option(help: ArgumentHelp("A scope of the post, 64 hexadecimal digits; may be repeated.", valueName: "hex"))
    var scope: [String] = []
    @Flag(help: "Print the answer as JSON.")
    var json = false

    func read(_ name: String) throws -> [UInt8] { try readHexadecimal(keys + "/" + name) }

    func pepper() throws -> [UInt8] { try read("pepper") }

    func scopes() throws -> [[UInt8]] {
        try scope.map { text in
            guard let scope = bytes(hexadecimal: text), scope.count == 32 else {
                complain("--scope \(text): a scope has 64 hexadecimal digits.")
                throw ExitCode(64)
            }
            return scope
        }
    }

    func audience() throws -> ListAudience {
        if let bundle {
            return try refusing(bundle, json) {
                ListAudience(try TrustBundle(first: try readBytes(bundle)), scopeIDs: try scopes())
            }
        }
        return try refusing(keys, json) {
            ListAudience(
                operatorID: try read("operator"), scopeIDs: try scopes(),
                keys: [try TrustedKey(try read("list-keys"))]
            )
        }
    }

    func open(_ path: String) throws -> ListReader<ListFile> {
        let (audience, pepper) = (try audience(), try pepper())
        return try refusing(path, json) { try ListReader(try ListFile(path: path), for: audience, pepper: pepper) }
    }
}

extension KeyFolder {
    /// A list that has been installed: verified then, although its key or stream may have been withdrawn since.
    func openInstalled(_ path: String) throws -> ListReader<ListFile> {
        guard bundle != nil else { return try open(path) }
        let (audience, pepper) = (try audience(), try pepper())
        return try refusing(path, json) {
            let file = try ListFile(path: path)
            return try ListReader(file, for: audience, pepper: pepper, installedAs: try SignedFile.name(of: file))
        }
    }
}

/// How a command that makes or changes files says what it did: in a sentence, or as JSON.
struct AnswerForm: ParsableArguments {
    @Flag(help: "Print the answer as JSON.")
    var json = false

    func tell(_ facts: some Encodable, _ sentence: String) {
        if json { printJSON(facts) } else { print(sentence) }
    }
}

/// A signed object as it was written: list, trust bundle or deny object.
struct WrittenObject: Encodable {
    var file: String
    var kind: String
    var fingerprint: String
    var signatures: Int

    init(_ object: SignedFile, at file: String) {
        self.file = file
        kind = object.kind.rawValue
        fingerprint = object.fingerprint
        signatures = object.signatureCount
    }
}

/// A whole file. `hint` says how to come by one.
func readBytes(_ path: String, hint: String = "") throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
        complain("\(path) cannot be read: check that it is there and that you may read it.\(hint)")
        throw ExitCode(66)
    }
    return Array(data)
}

/// A whole file of text. `hint` says how to come by one.
func readText(_ path: String, hint: String = "") throws -> String {
    guard let text = String(bytes: try readBytes(path, hint: hint), encoding: .utf8) else {
        complain("\(path) is no UTF-8 text: save it as UTF-8.")
        throw ExitCode(65)
    }
    return text
}

/// The hexadecimal digits on the first line of a file.
func readHexadecimal(_ path: String) throws -> [UInt8] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8),
        let first = text.split(whereSeparator: \.isNewline).first, let bytes = bytes(hexadecimal: String(first))
    else {
        complain(
            "\(path) cannot be read: it must hold hexadecimal digits. Make keys with: holdfast allowlist keygen")
        throw ExitCode(66)
    }
    return bytes
}

/// Writes a file whole or not at all.
func writeBytes(_ bytes: [UInt8], to path: String, mode: Int? = nil) throws {
    do { try put(Data(bytes), at: path, mode: mode) } catch {
        complain("\(path) cannot be written: \(error)")
        throw ExitCode(73)
    }
}

/// Makes a new file that only some may read; an existing one is never overwritten.
func createFile(_ text: String, at path: String, mode: Int) throws {
    guard !FileManager.default.fileExists(atPath: path) else {
        complain("\(path) is there already and is not overwritten. Name another place.")
        throw ExitCode(73)
    }
    guard
        FileManager.default.createFile(
            atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
    else {
        complain("\(path) cannot be written: check that the folder is there and that you may write to it.")
        throw ExitCode(73)
    }
}

/// A refusal for programs.
struct RefusalFacts: Encodable {
    var verdict: String
    var sentence: String
    var driver: String
    var exit_code: Int32
}

/// Says why something is refused, and by which sentence drivers are told; returns the exit code.
func refused(_ problem: InstallProblem, _ path: String, json: Bool = false) -> ExitCode {
    if json {
        printJSON(
            RefusalFacts(
                verdict: problem.code, sentence: problem.sentence, driver: problem.driverSentence,
                exit_code: problem.exitCode))
    }
    complain("\(path): \(problem.code): \(problem.sentence)")
    return ExitCode(problem.exitCode)
}

/// Refuses a number in an option that is not in its range.
func within(_ option: String, _ value: Int64, _ range: ClosedRange<Int64>) throws {
    guard !range.contains(value) else { return }
    throw ValidationError(
        "\(option) \(value): a number from \(range.lowerBound) to \(range.upperBound) is expected.")
}

/// Runs something that may refuse a file, and says so.
func refusing<Value>(_ path: String, _ json: Bool = false, _ act: () throws -> Value) throws -> Value {
    do { return try act() } catch let refusal as ListRefusal { throw refused(.refused(refusal), path, json: json) }
}

/// Says how far long work has come, on a terminal and for large numbers only.
struct Progress {
    let of: Int
    let unit: String

    func report(_ done: Int) {
        guard of >= 50_000, done == of || done % 10_000 == 0 else { return }
        let end = done >= of ? "\n" : ""
        writeError("\r\(done) of \(of) \(unit)\(end)")
    }
}

/// Seconds since 1970 as a date that a person reads.
func day(_ seconds: Int64) -> String {
    (-62_135_596_800...253_402_300_799).contains(seconds)
        ? Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601) : "\(seconds) s"
}

/// The machine's clock.
var nowSeconds: Int64 { Int64(Date().timeIntervalSince1970) }
