// The core's whole state as bytes: a replay can begin in the middle of a life, where the core was written down.

/// How the state of the core is written down: the configuration it was made of, and then every field that its parts would
/// not have again by being made anew, in the order in which `visit` names them.
public enum StateCoding {
    /// The version of the order. It rises with every field that comes or goes; the encoding of each field has its own.
    public static let version: UInt8 = 7
}

/// Goes over the fields of a state: one visitor writes them, the other reads them back in their place. So both are the same
/// list of fields, and none can be written and not read.
protocol StateVisitor {
    /// Writes or reads one field.
    mutating func field<Value: Canonical>(_ value: inout Value) throws(CanonicalError)
}

/// A part of the core whose fields can be gone over.
protocol Visitable {
    /// Shows every field to the visitor, in order.
    mutating func visit(_ visitor: inout some StateVisitor) throws(CanonicalError)
}

extension StateVisitor {
    /// Parts of which the configuration says how many there are.
    mutating func parts(_ parts: inout [some Visitable]) throws(CanonicalError) {
        for index in parts.indices { try parts[index].visit(&self) }
    }

    /// A limit and when it was heard.
    mutating func heard(_ limit: inout (watts: Int64, at: Instant)?) throws(CanonicalError) {
        var (watts, at) = (limit?.watts, limit?.at ?? .zero)
        try field(&watts)
        try field(&at)
        limit = watts.map { ($0, at) }
    }

    /// A name and until when it counts.
    mutating func timed<Value: Canonical>(_ value: inout (Value, until: Instant)?) throws(CanonicalError) {
        var name = value?.0
        var until = value?.until
        try field(&name)
        try field(&until)
        if let name, let until { value = (name, until) } else { value = nil }
    }
}

private struct StateWriter: StateVisitor {
    var writer: CanonicalWriter
    mutating func field<Value: Canonical>(_ value: inout Value) throws(CanonicalError) {
        value.encode(into: &writer)
    }
}

private struct StateReader: StateVisitor {
    var reader: CanonicalReader
    mutating func field<Value: Canonical>(_ value: inout Value) throws(CanonicalError) {
        value = try reader.take()
    }
}

extension CanonicalWriter {
    /// Writes a core between two events: what a replay from there begins with.
    public mutating func append(_ core: PostCore) {
        number(UInt64(StateCoding.version))
        append(core.configuration)
        var copy = core
        var visitor = StateWriter(writer: self)
        // Nothing that is written can be wrong.
        try? copy.visit(&visitor)
        self = visitor.writer
    }
}

extension CanonicalReader {
    /// Reads a core as it was between two events.
    public mutating func readCore() throws(CanonicalError) -> PostCore {
        let start = offset
        guard try number() == UInt64(StateCoding.version) else { throw CanonicalError(.otherVersion, at: start) }
        var core = PostCore(configuration: try readConfiguration())
        var visitor = StateReader(reader: self)
        try core.visit(&visitor)
        self = visitor.reader
        return core
    }
}
