// The faults that are present and since when, kept from the reports: people ask how long it has been so.

public import Post

/// One fault that is present.
public struct PresentFault: Hashable, Sendable {
    /// What.
    public var fault: Fault
    /// Where; nil is the whole post.
    public var connector: ConnectorID?
    /// Since when, in milliseconds since 1970, by whatever the wall clock said then.
    public var sinceUTCMilliseconds: Int64

    /// A fault, its place and its beginning.
    public init(_ fault: Fault, _ connector: ConnectorID?, sinceUTCMilliseconds: Int64) {
        self.fault = fault
        self.connector = connector
        self.sinceUTCMilliseconds = sinceUTCMilliseconds
    }
}

extension [PresentFault] {
    /// Takes what a report says. A latch from before the start is in no report: nothing is known of its beginning.
    public mutating func take(_ report: Report, utcMilliseconds: Int64) {
        switch report {
        case .faultRaised(let fault, let connector):
            guard !contains(where: { $0.fault == fault && $0.connector == connector }) else { return }
            append(PresentFault(fault, connector, sinceUTCMilliseconds: utcMilliseconds))
        case .faultCleared(let fault, let connector):
            removeAll { $0.fault == fault && $0.connector == connector }
        default: break
        }
    }

    /// Since when a fault that a connector shows has been there: its own, or the whole post's.
    public func since(_ fault: Fault, at connector: ConnectorID) -> Int64? {
        first { $0.fault == fault && ($0.connector == connector || $0.connector == nil) }?.sinceUTCMilliseconds
    }
}
