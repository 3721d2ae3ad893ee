// A kind of document: its bounds, its reader, its schema, its reference page.

/// A kind of document, such as the daemon's configuration or a scenario.
public struct DocumentKind<Value: Sendable>: Sendable {
    /// What the document is: the schema's title and the reference's heading.
    public let title: String
    /// What it is for, in a sentence or two.
    public let summary: String
    /// The schema's `$id`.
    public let schemaIdentifier: String
    /// The most bytes that are read. Engineering default: 256 KiB.
    public let maximumBytes: Int
    /// How deep collections may stand in each other. Engineering default: 24.
    public let maximumDepth: Int
    let root: Kind<Value>

    /// A kind of document whose keys `body` reads, and thereby describes (see `Kind.record`).
    public init(
        title: String, summary: String, schemaIdentifier: String, maximumBytes: Int = 256 * 1_024,
        maximumDepth: Int = 24, _ body: @escaping @Sendable (RecordReader) -> Value
    ) {
        self.title = title
        self.summary = summary
        self.schemaIdentifier = schemaIdentifier
        self.maximumBytes = maximumBytes
        self.maximumDepth = maximumDepth
        self.root = .record(body)
    }

    /// The value that these bytes hold, or every mistake in them. `file` is the name that messages give the
    /// document.
    public func read(_ bytes: some Collection<UInt8>, file: String) throws(Problems) -> Value {
        let reading = Reading()
        if let value = read(bytes, reading), reading.problems.isEmpty { return value }
        throw Problems(file: file, reading.problems)
    }

    /// The value that this text holds, or every mistake in it.
    public func read(text: String, file: String) throws(Problems) -> Value {
        try read(text.utf8, file: file)
    }

    /// The value that the file at `path` holds, or every mistake in it. Regular files only.
    public func read(path: String) throws(Problems) -> Value {
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.read(path, atMost: maximumBytes + 1)
        } catch {
            throw Problems(file: path, [error.problem])
        }
        return try read(bytes, file: path)
    }

    /// The keys that reading this document asked for although no description knows them, sorted: always empty if
    /// every reader keeps to `Kind.record`'s rule of asking for every key each time. For tests.
    public func undescribedKeys(in text: String) -> [String] {
        let reading = Reading()
        _ = read(text.utf8, reading)
        let described = Set(root.shape().paths(under: ""))
        return reading.askedPaths.subtracting(described).sorted()
    }

    private func read(_ bytes: some Collection<UInt8>, _ reading: Reading) -> Value? {
        guard bytes.count <= maximumBytes else {
            reading.report(
                Problem(
                    code: .tooLarge, position: .wholeFile, path: "", what: "too large",
                    expected: "at most \(maximumBytes) bytes", remedy: "Check that this is the right file."))
            return nil
        }
        // A mark of the order of bytes says nothing in UTF-8, and YAML 1.2 (section 5.2) allows one to begin a document.
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        guard let text = String(validating: bytes, as: UTF8.self) else {
            reading.report(Self.notUTF8(bytes))
            return nil
        }
        guard let tree = Composer(reading: reading, maximumDepth: maximumDepth).compose(text) else { return nil }
        return root.read(tree, reading, "")
    }

    private static func notUTF8(_ bytes: some Collection<UInt8>) -> Problem {
        // The first replacement that decoding makes stands where the bytes stop being UTF-8.
        var position = SourcePosition(line: 1, column: 1)
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if scalar == "\u{FFFD}" { break }
            position =
                scalar == "\n"
                ? SourcePosition(line: position.line + 1, column: 1)
                : SourcePosition(line: position.line, column: position.column + 1)
        }
        return Problem(
            code: .badCharacter, position: position, path: "", what: "bytes that are not UTF-8",
            expected: "UTF-8 text", remedy: "Save the file as UTF-8.")
    }
}

extension Shape {
    /// The paths of every key, list places left out.
    func paths(under path: String) -> [String] {
        switch self {
        case .list(let element, _, _): element.paths(under: path + "[]")
        case .table(_, _, let element, _, _): element.paths(under: path + "[]")
        case .record(let record): record.paths(under: path)
        default: []
        }
    }
}

extension RecordShape {
    fileprivate func paths(under path: String) -> [String] {
        let inner = { (key: String) in path.isEmpty ? key : "\(path).\(key)" }
        let ownKeys = (fields + (choice?.fields ?? [])).flatMap {
            [inner($0.key)] + $0.shape.paths(under: inner($0.key))
        }
        guard let variants else { return ownKeys }
        return ownKeys + [inner(variants.key)] + variants.cases.flatMap { $0.record.paths(under: path) }
    }
}
