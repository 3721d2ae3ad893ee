// A kind of value: how it is described and how it is read, in one.

/// A kind of value that a document may hold. Each carries its description as well as its reader, so the two cannot
/// drift apart: JSON Schema, reference page and error texts are written from what is read.
///
/// Kinds are finite trees: a kind that holds itself is not supported.
public struct Kind<Value: Sendable>: Sendable {
    /// What the value may look like.
    let shape: @Sendable () -> Shape
    /// A value to go on with when the real one is wrong, so that the other mistakes are found too.
    let standIn: @Sendable () -> Value
    /// The value; nil when it is wrong, and then that has been reported.
    let read: @Sendable (Tree, Reading, String) -> Value?
}

/// A value together with the place where it stands, for what can only be judged later.
public struct Located<Value: Sendable>: Sendable {
    /// The value.
    public var value: Value
    /// Where it stands in its document.
    public var position: SourcePosition

    /// A value and its place.
    public init(_ value: Value, at position: SourcePosition) {
        self.value = value
        self.position = position
    }
}

extension Kind {
    /// The same, with the place where the value stands.
    public var located: Kind<Located<Value>> {
        Kind<Located<Value>>(
            shape: shape, standIn: { Located(self.standIn(), at: .wholeFile) },
            read: { tree, reading, path in
                self.read(tree, reading, path).map { Located($0, at: tree.position) }
            })
    }

    /// The same value as another type; the document does not change.
    public func converted<Other: Sendable>(_ convert: @escaping @Sendable (Value) -> Other) -> Kind<Other> {
        Kind<Other>(
            shape: shape, standIn: { convert(self.standIn()) },
            read: { tree, reading, path in self.read(tree, reading, path).map(convert) })
    }

    /// The same, allowed only where `isAllowed` says so; `expected` completes "expected ...". The schema does not
    /// know of the condition.
    public func refined(_ expected: String, _ isAllowed: @escaping @Sendable (Value) -> Bool) -> Kind {
        Kind(
            shape: shape, standIn: standIn,
            read: { tree, reading, path in
                guard let value = self.read(tree, reading, path) else { return nil }
                guard isAllowed(value) else {
                    reading.report(.badValue, tree, path, expected: expected)
                    return nil
                }
                return value
            })
    }
}
