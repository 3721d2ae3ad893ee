// Drivers from what back offices have: CSV, OCPI tokens, OCPP SendLocalList. Every mistake is named with its place.

import AllowList
import ArgumentParser
import CommandOutput
import Foundation
import Scenarios
import StrictYAML

/// Drivers read from a file, and what was left out and why.
struct Imported {
    var entries: [ListEntry] = []
    var problems: [String] = []
    /// The number of each entry in its file, from 1; empty where entries are lines.
    var numbers: [Int] = []
    /// What was left out on purpose, by reason.
    var leftOut: [String: Int] = [:]
    /// Cards whose number is no UID, and where they stand: they are kept as free tokens.
    var keptAsFree: [String] = []
    private var groups = GroupNumbers(pepper: [])

    init(entries: [ListEntry] = [], problems: [String] = []) { (self.entries, self.problems) = (entries, problems) }
    private init(_ groups: GroupNumbers) { self.groups = groups }

    enum Format: String, CaseIterable, ExpressibleByArgument { case csv, ocpi, ocpp }

    /// Reads a file; the format is told from its content unless it is given.
    static func read(
        _ path: String, _ format: Format?, _ policy: ListPolicy, pepper: @autoclosure () throws -> [UInt8]
    ) throws -> Imported {
        let text = try readText(
            path,
            hint: " It holds a line for the columns and one for each driver. For a first one: "
                + "printf 'token,valid_from,valid_until,profile,group\\n04A1B2C3D4E5F6\\n' > \(shellWord(path))")
        let first = text.first { !$0.isWhitespace }
        let isJSON = first == "{" || first == "["
        let guess: Format = !isJSON ? .csv : text.contains("localAuthorizationList") ? .ocpp : .ocpi
        let format = format ?? guess
        let groups = GroupNumbers(pepper: format == .csv ? [] : try pepper())
        var imported: Imported
        do {
            switch format {
            case .csv: imported = csv(text)
            case .ocpi: imported = try ocpi(Data(text.utf8), policy, groups)
            case .ocpp: imported = try ocpp(Data(text.utf8), groups)
            }
        } catch let problem as DecodingError {
            imported = Imported(problems: [explain(problem)])
        } catch {
            imported = Imported(problems: ["it is no JSON: \(error.localizedDescription)"])
        }
        guard imported.problems.isEmpty else {
            for problem in imported.problems.prefix(100) { complain("\(path): \(problem)") }
            throw ExitCode(65)
        }
        return imported
    }

    private static func csv(_ text: String) -> Imported {
        let (entries, problems) = ListCSV.entries(text, explain: whyNoToken)
        return Imported(entries: entries, problems: problems.map { "\($0.place): \($0.sentence)" })
    }

    mutating func add(
        _ kind: TokenKind, _ text: String, at index: Int, until: Int64? = nil, profile: UInt16 = 0,
        group name: String?
    ) {
        do {
            // What back offices call RFID need not be the UID of a card; if it was meant to be one, no reader ever sends it.
            let isNoUID = kind == .card && (try? CanonicalToken(.card, text)) == nil
            let token = try CanonicalToken(isNoUID ? .free : kind, text)
            let group = try groups.number(of: name)
            if isNoUID { keptAsFree.append("token \(index + 1): \(text)") }
            entries.append(ListEntry(token: token, validUntil: until, profile: profile, group: group))
            numbers.append(index + 1)
        } catch let problem as TokenProblem {
            problems.append("token \(index + 1): \"\(text)\" is no token. \(problem.sentence)")
        } catch let problem as IssueProblem {
            problems.append("token \(index + 1): \(problem.sentence)")
        } catch {
            problems.append("token \(index + 1): \(error.localizedDescription)")
        }
    }

    /// Why no list can be made of the entries: in which file, and where in it.
    func told(_ problem: IssueProblem, _ path: String, _ keys: String, _ policy: String?) -> String {
        switch problem {
        case .duplicate(let token):
            let places = places(of: token, in: path)
            guard places.count > 1 else { return "\(path): \(problem.sentence)" }
            return "\(path): \(places[1]): \(token) stands in \(places[0]) already: remove one of them."
        case .endsBeforeItBegins(let token):
            return "\(path): \(places(of: token, in: path).first.map { "\($0): " } ?? "")\(problem.sentence)"
        case .badKey, .badOrder: return "\(keys): \(problem.sentence)"
        case .badPolicy: return "\(policy ?? path): \(problem.sentence)"
        case .unknownProfile, .tooMany, .sameGroupNumber: return "\(path): \(problem.sentence)"
        }
    }

    /// Where a token stands. Looked for only when it is to be told: a list may have ten million lines.
    private func places(of token: CanonicalToken, in path: String) -> [String] {
        guard numbers.isEmpty else {
            return zip(entries, numbers).filter { $0.0.token == token }.map { "token \($0.1)" }
        }
        let lines = ((try? readText(path)) ?? "").split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return lines.enumerated().filter { ListCSV.token(of: $0.element) == token }.map { "line \($0.offset + 1)" }
    }

    mutating func leaveOut(_ reason: String) { leftOut[reason, default: 0] += 1 }
}

extension Imported {
    private struct OCPIToken: Decodable {
        var uid: String
        var type: String
        var valid: Bool
        var whitelist: String
        var group_id: String?
    }
    private struct OCPIResponse: Decodable { var data: [OCPIToken] }

    /// OCPI 2.2.1 and 2.3.0 Token objects: an array, or a response with `data`.
    fileprivate static func ocpi(_ data: Data, _ policy: ListPolicy, _ groups: GroupNumbers) throws -> Imported {
        let tokens =
            data.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 } == 0x7B
            ? try JSONDecoder().decode(OCPIResponse.self, from: data).data
            : try JSONDecoder().decode([OCPIToken].self, from: data)
        let modes: [String: WhitelistMode] = [
            "ALWAYS": .always, "ALLOWED": .allowed, "ALLOWED_OFFLINE": .allowedOffline, "NEVER": .never,
        ]
        var imported = Imported(groups)
        for (index, token) in tokens.enumerated() {
            guard token.valid else {
                imported.leaveOut("not valid")
                continue
            }
            guard let mode = modes[token.whitelist] else {
                imported.problems.append(
                    "token \(index + 1): whitelist is \"\(token.whitelist)\"; ALWAYS, ALLOWED, ALLOWED_OFFLINE or NEVER is expected."
                )
                continue
            }
            guard mode != .never else {
                imported.leaveOut("its issuer permits no answer from a list (whitelist NEVER)")
                continue
            }
            let profile = policy.profiles.first { $0.whitelist == mode } ?? policy.profiles.first
            imported.add(
                TokenKind(otherName: token.type) ?? .free, token.uid, at: index, profile: profile?.number ?? 0,
                group: token.group_id)
        }
        return imported
    }

    private struct Authorization: Decodable {
        struct Token: Decodable {
            var idToken: String
            var type: String
        }
        struct Info: Decodable {
            var status: String
            var expiryDate: String?
            var cacheExpiryDateTime: String?
            var parentIdTag: String?
            var groupIdToken: Token?
        }
        var idTag: String?
        var idToken: Token?
        var idTagInfo: Info?
        var idTokenInfo: Info?
        var info: Info? { idTagInfo ?? idTokenInfo }
        var group: String? { info?.parentIdTag ?? info?.groupIdToken?.idToken }
    }
    private struct SendLocalList: Decodable {
        var updateType: String
        var localAuthorizationList: [Authorization]?
    }
    /// A call as it goes over the wire: `[2, "id", "SendLocalList", {...}]`.
    private struct Call: Decodable {
        var payload: SendLocalList
        init(from decoder: any Decoder) throws {
            var parts = try decoder.unkeyedContainer()
            _ = try parts.decode(Int.self)
            _ = try parts.decode(String.self)
            _ = try parts.decode(String.self)
            payload = try parts.decode(SendLocalList.self)
        }
    }

    /// OCPP 1.6 and 2.0.1 SendLocalList.req: the payload, or the whole call.
    fileprivate static func ocpp(_ data: Data, _ groups: GroupNumbers) throws -> Imported {
        let isCall = data.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 } == 0x5B
        let request =
            isCall
            ? try JSONDecoder().decode(Call.self, from: data).payload
            : try JSONDecoder().decode(SendLocalList.self, from: data)
        guard request.updateType == "Full" else {
            return Imported(problems: [
                "updateType is \(request.updateType): a list is issued from a Full update; deltas are made with delta make."
            ])
        }
        let list = request.localAuthorizationList ?? []
        var imported = Imported(groups)
        for (index, item) in list.enumerated() {
            guard let info = item.info, info.status == "Accepted" else {
                imported.leaveOut(item.info.map { "status \($0.status)" } ?? "no information about the token")
                continue
            }
            guard let token = item.idToken.map({ ($0.type, $0.idToken) }) ?? item.idTag.map({ ("ISO14443", $0) })
            else {
                imported.problems.append("token \(index + 1): there is neither idTag nor idToken.")
                continue
            }
            var until: Int64?
            if let text = info.expiryDate ?? info.cacheExpiryDateTime {
                do throws(WrittenTimeProblem) { until = try WrittenTime(text).end } catch {
                    imported.problems.append("token \(index + 1): the date is \"\(text)\". \(error.sentence)")
                    continue
                }
            }
            imported.add(
                TokenKind(otherName: token.0) ?? .free, token.1, at: index, until: until, group: item.group)
        }
        return imported
    }
}

/// Why a text is no token, and which kind may have been meant by the word before its colon.
func whyNoToken(_ problem: TokenProblem, _ text: String) -> String {
    guard problem == .unknownKind, let colon = text.firstIndex(of: ":") else { return problem.sentence }
    let word = String(text[..<colon])
    let known = TokenKind.allCases.map(\.name) + TokenKind.otherNames.keys.sorted()
    let meant = Nearest.word(to: word, among: known).flatMap { TokenKind(name: $0) ?? TokenKind(otherName: $0) }
    return problem.sentence + (meant.map { " Did you mean \($0.name)\(text[colon...])?" } ?? "")
}

/// A time in an option: a day or an instant of ISO 8601, or seconds since 1970.
func writtenTime(_ text: String) throws -> Int64 {
    do throws(WrittenTimeProblem) { return try WrittenTime(text).begin } catch {
        throw ValidationError(error.sentence)
    }
}
