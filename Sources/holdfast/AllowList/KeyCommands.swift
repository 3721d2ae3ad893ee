// `allowlist keygen`, `sign`, `request`, `attach`: keys, and signatures made here or behind an air gap.

import AllowList
import ArgumentParser
import CommandOutput
import Foundation

struct KeyGen: ParsableCommand {
    enum Role: String, CaseIterable, ExpressibleByArgument { case office, root, list, deny, voucher }
    static let configuration = CommandConfiguration(
        commandName: "keygen", abstract: "Make keys: a whole office's folder, or one key of a role.",
        discussion: """
            The office's folder holds operator, list-keys and pepper (for posts) and list-secret (for the office only). \
            A single key becomes NAME.secret and NAME.public; roots belong on a machine without a network.

            EXAMPLES
              holdfast allowlist keygen --out keys
              holdfast allowlist keygen --role root --out root-1
            """)
    @Option(help: ArgumentHelp("A folder, or the name of a key, that is not there yet.", valueName: "path"))
    var out: String
    @Option(help: "Whose: office, root, list, deny or voucher.") var role = Role.office
    @OptionGroup var answer: AnswerForm

    /// The files that were made, by who needs them.
    private struct Made: Encodable {
        var role: String
        var secret: [String]
        var posts: [String]
    }

    func run() throws {
        let (secret, open) = KeyMaker.signingKey()
        guard role == .office else {
            try createFile(hexadecimal(secret) + "\n", at: out + ".secret", mode: 0o600)
            try createFile(hexadecimal(open) + "\n", at: out + ".public", mode: 0o644)
            return answer.tell(
                Made(role: role.rawValue, secret: [out + ".secret"], posts: [out + ".public"]),
                "\(out).secret stays with its keeper; \(out).public goes into the trust bundle.")
        }
        guard !FileManager.default.fileExists(atPath: out + "/list-secret") else {
            complain("\(out) holds keys already; they are not overwritten. Name another folder.")
            throw ExitCode(73)
        }
        do { try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true) } catch {
            complain("\(out) cannot be made: \(error.localizedDescription)")
            throw ExitCode(73)
        }
        let operatorID = Array(KeyMaker.randomBytes().prefix(16))
        for (name, bytes, mode) in [
            ("operator", operatorID, 0o644), ("list-keys", open, 0o644), ("pepper", KeyMaker.randomBytes(), 0o640),
            ("list-secret", secret, 0o600),
        ] { try createFile(hexadecimal(bytes) + "\n", at: out + "/" + name, mode: mode) }
        answer.tell(
            Made(
                role: role.rawValue, secret: [out + "/list-secret"],
                posts: ["operator", "list-keys", "pepper"].map { "\(out)/\($0)" }),
            "Keys are in \(out). Give operator, list-keys and pepper to the posts; keep list-secret at the issuing office."
        )
    }
}

struct Sign: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Add a signature to a list, trust bundle or deny object.",
        discussion: """
            A second list key lets a list pass that changes unusually much. The file is replaced whole.

            EXAMPLES
              holdfast allowlist sign list.pal --secret second.secret
            """)
    @Argument(help: "The file.") var file: String
    @Option(help: ArgumentHelp("The file of the secret key.", valueName: "file")) var secret: String
    @Option(help: ArgumentHelp("Write here instead of replacing the file.", valueName: "file")) var out: String?
    @OptionGroup var answer: AnswerForm

    func run() throws {
        let key = try readHexadecimal(secret)
        let signed = try refusing(file, answer.json) {
            var signed = try SignedFile(try readBytes(file))
            try signed.sign(key)
            return signed
        }
        try writeBytes(signed.bytes, to: out ?? file)
        answer.tell(
            WrittenObject(signed, at: out ?? file),
            "\(out ?? file): \(signed.kind.rawValue) \(signed.fingerprint) carries \(signed.signatureCount) signature(s)."
        )
    }
}

struct Request: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the bytes that an air-gapped signer signs.",
        discussion: """
            A few hundred bytes: the object's domain and its 512-byte head. Any Ed25519 signer will do. Compare the \
            fingerprint on both machines before signing.

            EXAMPLES
              holdfast allowlist request list.pal --out list.request
              openssl pkeyutl -sign -rawin -inkey key.pem -in list.request -out list.signature
              holdfast allowlist attach list.pal --signature list.signature --public list-1.public
            """)
    @Argument(help: "The list, trust bundle or deny object.") var file: String
    @Option(help: ArgumentHelp("Where to write the request.", valueName: "file")) var out: String
    @OptionGroup var answer: AnswerForm

    private struct Asked: Encodable {
        var request: String
        var bytes: Int
        var kind: String
        var fingerprint: String
    }

    func run() throws {
        let object = try refusing(file, answer.json) { try SignedFile(try readBytes(file)) }
        try writeBytes(object.request, to: out)
        answer.tell(
            Asked(
                request: out, bytes: object.request.count, kind: object.kind.rawValue,
                fingerprint: object.fingerprint),
            "\(out): \(object.request.count) bytes of \(object.kind.rawValue) \(object.fingerprint).")
    }
}

struct Attach: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Attach a signature that was made elsewhere, if it is good.",
        discussion: """
            The signature is 64 raw bytes, or 128 hexadecimal digits.

            EXAMPLES
              holdfast allowlist attach list.pal --signature list.signature --public list-1.public
            """)
    @Argument(help: "The list, trust bundle or deny object.") var file: String
    @Option(help: ArgumentHelp("The signature.", valueName: "file")) var signature: String
    @Option(name: .customLong("public"), help: ArgumentHelp("The signer's public key.", valueName: "file"))
    var key: String
    @Option(help: ArgumentHelp("Write here instead of replacing the file.", valueName: "file")) var out: String?
    @OptionGroup var answer: AnswerForm

    func run() throws {
        let raw = try readBytes(signature)
        let made = raw.count == 64 ? raw : try readHexadecimal(signature)
        let open = try readHexadecimal(key)
        let object = try refusing(file, answer.json) {
            var object = try SignedFile(try readBytes(file))
            try object.attach(made, by: open)
            return object
        }
        try writeBytes(object.bytes, to: out ?? file)
        answer.tell(
            WrittenObject(object, at: out ?? file),
            "\(out ?? file): \(object.kind.rawValue) carries \(object.signatureCount) signature(s).")
    }
}
