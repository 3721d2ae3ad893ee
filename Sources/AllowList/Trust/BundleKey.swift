// The rows of a trust bundle: which key may do what, up to which ceiling, and which streams of lists are alive.

/// What a key may sign. Authority is scoped so that no key that is online can grant anything.
public enum KeyRole: UInt16, CaseIterable, Sendable {
    /// Offline: trust bundles, together with other roots.
    case root = 1
    /// Offline or in a signing box: lists within its scope and ceiling.
    case list
    /// Online: revocations and proof of freshness. It can only deny.
    case deny
    /// Online: vouchers up to its ceiling.
    case voucher

    /// Its word on the command line.
    public var name: String { "\(self)" }
}

/// The most that what a key signs may grant; `UInt32.max` is no ceiling.
public struct KeyCeiling: Hashable, Sendable {
    /// Energy a session, in watt-hours.
    public var sessionWattHours: UInt32
    /// Power, in watts.
    public var watts: UInt32
    /// How long a voucher may live, in hours. Lists have dates of their own.
    public var lifetimeHours: UInt32

    /// A ceiling; none by default.
    public init(sessionWattHours: UInt32 = .max, watts: UInt32 = .max, lifetimeHours: UInt32 = .max) {
        self.sessionWattHours = sessionWattHours
        self.watts = watts
        self.lifetimeHours = lifetimeHours
    }
    /// Nothing at all: what a root and a deny key may grant.
    public static let nothing = KeyCeiling(sessionWattHours: 0, watts: 0, lifetimeHours: 0)

    /// Whether a profile stays below it, at every step of its ladder.
    package func allows(_ profile: ListProfile) -> Bool {
        profile.maximumWatts <= watts
            && profile.ladder.allSatisfy { $0.sessionWattHours <= sessionWattHours }
    }
}

/// One key of a bundle.
public struct BundleKey: Hashable, Sendable {
    static let length = 128
    /// The key.
    public var key: TrustedKey
    /// What it may sign.
    public var role: KeyRole
    /// It signs only what is issued from then on, in seconds since 1970; 0: no bound.
    public var notBefore: Int64
    /// And before this moment; 0: no bound. A deny key should have one: it bounds how far its dates can reach.
    public var notAfter: Int64
    /// The one scope it may sign for, 32 bytes; zeros: every scope.
    public var scopeID: [UInt8]
    /// The most it may grant.
    public var ceiling: KeyCeiling

    /// A key with these bounds.
    public init(
        _ key: TrustedKey, _ role: KeyRole, notBefore: Int64 = 0, notAfter: Int64 = 0,
        scopeID: [UInt8] = [UInt8](repeating: 0, count: 32), ceiling: KeyCeiling? = nil
    ) {
        self.key = key
        self.role = role
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.scopeID = scopeID
        self.ceiling = ceiling ?? (role == .list || role == .voucher ? KeyCeiling() : .nothing)
    }

    /// Whether something issued at a moment can be its work. No clock is asked: the issue date is signed.
    func couldSign(at issuedAt: Int64) -> Bool {
        (notBefore == 0 || issuedAt >= notBefore) && (notAfter == 0 || issuedAt < notAfter)
    }

    func write(to out: inout ByteWriter) {
        out.put(key.bytes)
        out.put(role.rawValue)
        out.zeros(6)
        out.put(UInt64(bitPattern: notBefore))
        out.put(UInt64(bitPattern: notAfter))
        out.put(scopeID)
        out.put(ceiling.sessionWattHours)
        out.put(ceiling.watts)
        out.put(ceiling.lifetimeHours)
        out.zeros(28)
    }

    init(_ reader: inout ByteReader) throws(ListRefusal) {
        key = try TrustedKey(reader.take(32))
        guard let role = KeyRole(rawValue: reader.u16()) else { throw .unknownFormat }
        self.role = role
        guard reader.zeros(6) else { throw .badBundle }
        notBefore = reader.time()
        notAfter = reader.time()
        scopeID = reader.take(32)
        ceiling = KeyCeiling(sessionWattHours: reader.u32(), watts: reader.u32(), lifetimeHours: reader.u32())
        guard reader.zeros(28) else { throw .badBundle }
    }
}

/// A stream of list versions that is alive. To recover from a version that was driven too high, the next bundle
/// names another stream in its place: the count begins anew there.
public struct BundleStream: Hashable, Sendable {
    static let length = 32
    /// The stream, 16 bytes.
    public var listID: [UInt8]
    /// Older versions are not installed any more.
    public var minimumVersion: UInt64
    /// The most that one installation may raise the version by; 0: no bound.
    public var largestStep: UInt32

    /// A stream with these bounds.
    public init(listID: [UInt8], minimumVersion: UInt64 = 0, largestStep: UInt32 = 0) {
        self.listID = listID
        self.minimumVersion = minimumVersion
        self.largestStep = largestStep
    }

    func write(to out: inout ByteWriter) {
        out.put(listID)
        out.put(minimumVersion)
        out.put(largestStep)
        out.zeros(4)
    }

    init(_ reader: inout ByteReader) throws(ListRefusal) {
        listID = reader.take(16)
        minimumVersion = reader.u64()
        largestStep = reader.u32()
        guard reader.zeros(4) else { throw .badBundle }
    }
}
