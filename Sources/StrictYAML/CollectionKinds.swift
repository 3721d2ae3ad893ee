// Lists and sets of keys.

extension Kind {
    /// A list of so many values of one kind.
    public static func list<Element: Sendable>(_ counts: ClosedRange<Int>, of element: Kind<Element>) -> Kind
    where Value == [Element] {
        let expected = "a list of \(Shape.count(counts.lowerBound, counts.upperBound, "value"))"
        return Kind(
            shape: { .list(element.shape(), minimum: counts.lowerBound, maximum: counts.upperBound) },
            standIn: { [] },
            read: { tree, reading, path in
                guard case .list(let elements) = tree.content else {
                    reading.report(
                        .wrongType, tree, path, expected: expected,
                        remedy: "Write each value on a line of its own after a dash, or all of them in [brackets].")
                    return nil
                }
                guard elements.count <= counts.upperBound, elements.count >= counts.lowerBound else {
                    reading.report(
                        Problem(
                            code: .badValue, position: tree.position, path: path,
                            what: "a list of \(elements.count)",
                            expected: expected, remedy: "Write \(expected)."))
                    return nil
                }
                // All elements are read before any is missed: each has its own mistakes to report.
                let values = elements.enumerated().map {
                    element.read($0.element, reading, "\(path)[\($0.offset)]")
                }
                let right = values.compactMap(\.self)
                return right.count == values.count ? right : nil
            })
    }

    /// A set of known keys, read by `body`. The same function is the description: it is also run without a
    /// document, on stand-in values, to learn which keys there are. It has to ask for every key each time, whatever
    /// the values.
    public static func record(_ body: @escaping @Sendable (RecordReader) -> Value) -> Kind {
        Kind(
            shape: { .record(RecordReader.describe(body).shape) },
            standIn: { RecordReader.describe(body).standIn },
            read: { tree, reading, path in
                guard case .map(let entries) = tree.content else {
                    reading.report(
                        .wrongType, tree, path, expected: "a set of keys",
                        remedy: "Write \"key: value\" lines, indented under this key.")
                    return nil
                }
                let reader = RecordReader(entries, at: tree.position, reading, path)
                let value = body(reader)
                reader.finish()
                return value
            })
    }

    /// A set of keys that the author chooses, all with values of one kind, in the order written. `key` says what
    /// the keys are: "a name of a vehicle".
    public static func table<Element: Sendable>(
        _ counts: ClosedRange<Int>, key: String, rule: TextRule = .name, of element: Kind<Element>
    ) -> Kind where Value == [TableEntry<Element>] {
        let shape: @Sendable () -> Shape = {
            .table(
                key: key, keyPattern: rule.pattern ?? "", element.shape(), minimum: counts.lowerBound,
                maximum: counts.upperBound)
        }
        return Kind(
            shape: shape, standIn: { [] },
            read: { tree, reading, path in
                guard case .map(let entries) = tree.content, counts.contains(entries.count) else {
                    reading.report(.wrongType, tree, path, expected: shape().expected)
                    return nil
                }
                let values = entries.map { entry -> TableEntry<Element>? in
                    if !rule.allows(entry.key) {
                        reading.report(
                            Problem(
                                code: .badValue, position: entry.keyPosition, path: path, what: "wrong key",
                                found: entry.key, expected: "\(key): \(rule.noun)", remedy: "Rename it."))
                    }
                    return element.read(entry.value, reading, "\(path)[\(entry.key)]").map {
                        TableEntry(key: entry.key, value: $0, position: entry.keyPosition)
                    }
                }
                let right = values.compactMap(\.self)
                return right.count == values.count ? right : nil
            })
    }
}

/// One entry of a set of keys that the author chose.
public struct TableEntry<Value: Sendable>: Sendable {
    /// The key as written.
    public var key: String
    /// Its value.
    public var value: Value
    /// Where the key stands.
    public var position: SourcePosition

    /// An entry that was made rather than read.
    public init(key: String, value: Value, position: SourcePosition) {
        self.key = key
        self.value = value
        self.position = position
    }
}
