// The policy as the operator writes it: JSON in kilowatt-hours, every key known, defaults for what is left out.

import AllowList
import ArgumentParser
import CommandOutput
import Foundation

struct PolicyFile: Codable {
    struct Cap: Codable {
        var fresh: Double?
        var stale: Double?
        var expired: Double?
    }
    struct Guests: Codable {
        var session_kwh: Double
        var sessions_per_day: UInt16
    }
    struct Guessing: Codable {
        var misses: UInt16
        var window_seconds: UInt16
        var first_pause_seconds: UInt16
        var longest_pause_seconds: UInt16
    }
    struct Guard: Codable {
        var removed_percent: Double
        var added_percent: Double
    }
    struct Limits: Codable {
        var session_kwh: Double
        var sessions_per_day: UInt16
        var until_contact_kwh: Double?
    }
    struct Profile: Codable {
        var number: UInt16
        var kw: Double
        var whitelist: String?
        var strength: String?
        var tariff: UInt32?
        var pause_seconds: UInt32?
        var confirmed: Limits?
        var fresh: Limits
        var stale: Limits
        var expired: Limits
    }
    var post_exposure_kwh: Cap?
    var site_exposure_kwh: Cap?
    var guests: Guests?
    var guessing: Guessing?
    var install_guard: Guard?
    var profiles: [Profile]?

    /// Reads a policy, or says what is wrong and where.
    static func read(_ path: String) throws -> ListPolicy {
        let data = Data(try readBytes(path))
        do {
            let file = try JSONDecoder().decode(PolicyFile.self, from: data)
            let given = try JSONSerialization.jsonObject(with: data)
            let known = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(file))
            if let stranger = unknownKey(given, known) { throw Problem(sentence: "there is no key \(stranger).") }
            return try file.policy()
        } catch let problem as Problem {
            complain("\(path): \(problem.sentence)")
        } catch let problem as DecodingError {
            complain("\(path): \(explain(problem))")
        } catch {
            complain("\(path) is no JSON: \(error.localizedDescription)")
        }
        throw ExitCode(65)
    }

    private struct Problem: Error { var sentence: String }

    private func policy() throws -> ListPolicy {
        var policy = ListPolicy()
        if let cap = post_exposure_kwh { policy.postExposure = try Self.cap(cap) }
        if let cap = site_exposure_kwh { policy.siteExposure = try Self.cap(cap) }
        if let guests {
            policy.guests = GuestFloor(
                sessionWattHours: try Self.wattHours(guests.session_kwh), sessionsPerDay: guests.sessions_per_day)
        }
        if let guessing {
            policy.guessing = GuessingLimits(
                misses: guessing.misses, windowSeconds: guessing.window_seconds,
                firstPauseSeconds: guessing.first_pause_seconds, longestPauseSeconds: guessing.longest_pause_seconds
            )
        }
        if let limits = install_guard {
            policy.installGuard = GuardLimits(
                removedPermille: UInt16(try Self.whole(limits.removed_percent * 10, 65_535)),
                addedPermille: UInt16(try Self.whole(limits.added_percent * 10, 65_535)))
        }
        if let profiles { policy.profiles = try profiles.map(Self.profile).sorted { $0.number < $1.number } }
        return policy
    }

    private static func profile(_ profile: Profile) throws -> ListProfile {
        let modes = [
            "always": WhitelistMode.always, "allowed": .allowed, "allowed_offline": .allowedOffline,
            "never": .never,
        ]
        let strengths = ["number_only": TokenStrength.numberOnly, "proves_itself": .provesItself]
        guard let mode = modes[profile.whitelist ?? "allowed"] else {
            throw Problem(
                sentence: "profile \(profile.number): whitelist is always, allowed, allowed_offline or never.")
        }
        guard let strength = strengths[profile.strength ?? "number_only"] else {
            throw Problem(sentence: "profile \(profile.number): strength is number_only or proves_itself.")
        }
        return ListProfile(
            number: profile.number, maximumWatts: try wattHours(profile.kw), fresh: try limits(profile.fresh),
            stale: try limits(profile.stale), expired: try limits(profile.expired),
            confirmed: try profile.confirmed.map(limits), whitelist: mode, strength: strength,
            tariff: profile.tariff ?? 0, pauseSeconds: profile.pause_seconds ?? 0)
    }

    private static func limits(_ limits: Limits) throws -> ProfileLimits {
        ProfileLimits(
            sessionWattHours: try wattHours(limits.session_kwh), sessionsPerDay: limits.sessions_per_day,
            contactWattHours: try limits.until_contact_kwh.map(wattHours))
    }
    private static func cap(_ cap: Cap) throws -> ExposureCap {
        ExposureCap(
            fresh: try cap.fresh.map(wattHours) ?? .max, stale: try cap.stale.map(wattHours) ?? .max,
            expired: try cap.expired.map(wattHours) ?? .max)
    }
    private static func wattHours(_ kilo: Double) throws -> UInt32 {
        UInt32(try whole(kilo * 1_000, 4_294_967_294))
    }
    private static func whole(_ value: Double, _ most: Double) throws -> Double {
        guard value.isFinite, (0...most).contains(value) else {
            throw Problem(sentence: "\(value) is out of range; 0 to \(Int64(most)) is expected.")
        }
        return value.rounded()
    }

    /// The first key of what was given that is not known.
    private static func unknownKey(_ given: Any, _ known: Any?) -> String? {
        if let given = given as? [String: Any] {
            let known = known as? [String: Any] ?? [:]
            for key in given.keys.sorted() {
                guard known[key] != nil else { return "\"\(key)\"" }
                if let stranger = unknownKey(given[key] ?? "", known[key]) { return stranger }
            }
        }
        if let given = given as? [Any], let known = known as? [Any] {
            for (one, other) in zip(given, known) {
                if let stranger = unknownKey(one, other) { return stranger }
            }
        }
        return nil
    }
}

/// A decoding problem as a sentence: where and what.
func explain(_ problem: DecodingError) -> String {
    func place(_ context: DecodingError.Context) -> String {
        let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        return path.isEmpty ? "at the top" : "at \(path)"
    }
    return switch problem {
    case .keyNotFound(let key, let context): "\(place(context)): \"\(key.stringValue)\" is missing."
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
        "\(place(context)): \(context.debugDescription)"
    @unknown default: problem.localizedDescription
    }
}
