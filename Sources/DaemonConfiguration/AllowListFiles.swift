// The files that `allow_list` names: keys, pepper and first trust bundle, read in one place for start and check.

public import AllowList
import Foundation

/// Why a file that the configuration names cannot be used.
public struct AllowListFileProblem: Error, Hashable, Sendable {
    /// How it is wrong.
    public enum Kind: Hashable, Sendable {
        /// There is none.
        case missing
        /// It is there, and this user may not read it.
        case notPermitted
        /// It does not hold what it should.
        case garbled
    }
    /// How it is wrong.
    public var kind: Kind
    /// The key of the configuration: `allow_list.keys_file`.
    public var key: String
    /// One sentence: what, where, and what to do. Without the key, and without a full stop.
    public var sentence: String
}

extension DaemonConfiguration.AllowListSetting {
    /// Whether lists are accepted at all.
    public var acceptsLists: Bool { !operatorID.isEmpty || !bundleFile.isEmpty }

    /// The pepper, 32 bytes.
    public func pepper() throws(AllowListFileProblem) -> [UInt8] {
        let key = "allow_list.pepper_file"
        guard let first = try lines(of: pepperFile, key).first, let pepper = bytes(hexadecimal: first),
            pepper.count == 32
        else {
            throw AllowListFileProblem(
                kind: .garbled, key: key,
                sentence:
                    "\(pepperFile) does not hold 32 bytes in hexadecimal digits: take it from the issuing office again"
            )
        }
        return pepper
    }

    /// The trusted keys, one at least.
    public func trustedKeys() throws(AllowListFileProblem) -> [TrustedKey] {
        let key = "allow_list.keys_file"
        let lines = try lines(of: keysFile, key)
        var keys: [TrustedKey] = []
        for (index, line) in lines.enumerated() {
            guard let read = bytes(hexadecimal: line).flatMap({ try? TrustedKey($0) }) else {
                throw AllowListFileProblem(
                    kind: .garbled, key: key,
                    sentence:
                        "\(keysFile) holds no public key in hexadecimal digits in its line \(index + 1): take it from the issuing office again"
                )
            }
            keys.append(read)
        }
        guard !keys.isEmpty else {
            throw AllowListFileProblem(
                kind: .garbled, key: key,
                sentence: "\(keysFile) holds no key: take it from the issuing office again")
        }
        return keys
    }

    /// The bytes of the first trust bundle.
    public func firstBundle() throws(AllowListFileProblem) -> [UInt8] {
        try content(of: bundleFile, "allow_list.bundle_file", atMost: TrustBundle.lengthAtMost)
    }

    /// What is wrong with the files that a post with this configuration reads at its start. None is read by one that
    /// accepts no list.
    public var fileProblems: [AllowListFileProblem] {
        guard acceptsLists else { return [] }
        var problems: [AllowListFileProblem] = []
        func look(_ read: () throws(AllowListFileProblem) -> Void) {
            do throws(AllowListFileProblem) { try read() } catch { problems.append(error) }
        }
        look { () throws(AllowListFileProblem) in _ = try pepper() }
        if bundleFile.isEmpty {
            look { () throws(AllowListFileProblem) in _ = try trustedKeys() }
        } else {
            look { () throws(AllowListFileProblem) in
                guard (try? TrustBundle(first: try firstBundle())) == nil else { return }
                throw AllowListFileProblem(
                    kind: .garbled, key: "allow_list.bundle_file",
                    sentence: "\(bundleFile) is no first trust bundle: take it from the issuing office again")
            }
        }
        return problems
    }

    private func lines(of path: String, _ key: String) throws(AllowListFileProblem) -> [String] {
        // Some thousand keys; no office has as many.
        let bytes = try content(of: path, key, atMost: 1 << 18)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw AllowListFileProblem(
                kind: .garbled, key: key, sentence: "\(path) is no text: take the right file")
        }
        return text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }

    private func content(of path: String, _ key: String, atMost limit: Int) throws(AllowListFileProblem) -> [UInt8]
    {
        let manager = FileManager.default
        let type = try? manager.attributesOfItem(atPath: (path as NSString).resolvingSymlinksInPath)[.type]
        guard let type = type as? FileAttributeType else {
            throw AllowListFileProblem(
                kind: .missing, key: key, sentence: "\(path) is not there: put it there, or correct the path")
        }
        guard type == .typeRegular else {
            throw AllowListFileProblem(
                kind: .garbled, key: key, sentence: "\(path) is not a file: correct the path")
        }
        guard manager.isReadableFile(atPath: path) else {
            throw AllowListFileProblem(
                kind: .notPermitted, key: key,
                sentence: "\(path) may not be read by this user: give the daemon's user the right to read it")
        }
        guard let data = manager.contents(atPath: path), data.count <= limit else {
            throw AllowListFileProblem(
                kind: .garbled, key: key,
                sentence: "\(path) cannot be read, or has more than \(limit) bytes: take the right file")
        }
        return Array(data)
    }
}
