// How a configuration is encoded, its limits included.

extension ConnectorConfiguration: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        stage.encode(into: &sink)
        lockHolder.encode(into: &sink)
        maximumMillivolts.encode(into: &sink)
        maximumMilliamperes.encode(into: &sink)
        isVentilated.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> ConnectorConfiguration {
        ConnectorConfiguration(
            stage: try reader.take(), lockHolder: try reader.take(), maximumMillivolts: try reader.take(),
            maximumMilliamperes: try reader.take(), isVentilated: try reader.take())
    }
}

extension StageConfiguration: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        ratedWatts.encode(into: &sink)
        maximumMillivolts.encode(into: &sink)
        maximumMilliamperes.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> StageConfiguration {
        StageConfiguration(
            ratedWatts: try reader.take(), maximumMillivolts: try reader.take(),
            maximumMilliamperes: try reader.take())
    }
}

extension ReaderScope: Canonical {
    enum Code: UInt8 { case wholePost = 0, connector = 1 }

    func encode(into sink: inout some CanonicalSink) {
        switch self {
        case .wholePost: sink.put(Code.wholePost)
        case .connector(let connector): sink.put(Code.connector, connector)
        }
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> ReaderScope {
        switch try reader.code(Code.self) {
        case .wholePost: .wholePost
        case .connector: .connector(try reader.take())
        }
    }
}

extension AuthorizationPolicy: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        guestFloorWattHours.encode(into: &sink)
        sameCardStops.encode(into: &sink)
        stopsWhenRevoked.encode(into: &sink)
        asksCloudForUnknown.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> AuthorizationPolicy {
        var policy = AuthorizationPolicy()
        policy.guestFloorWattHours = try reader.take()
        policy.sameCardStops = try reader.take()
        policy.stopsWhenRevoked = try reader.take()
        policy.asksCloudForUnknown = try reader.take()
        return policy
    }
}

extension Tariff: Canonical {
    func encode(into sink: inout some CanonicalSink) {
        currency.encode(into: &sink)
        minorUnitsPerKilowattHour.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> Tariff {
        Tariff(currency: try reader.take(), minorUnitsPerKilowattHour: try reader.take())
    }
}

extension PostConfiguration: Canonical {
    // Never inlined into the switch over events: it is rare and large.
    @inline(never)
    func encode(into sink: inout some CanonicalSink) {
        connectors.encode(into: &sink)
        stages.encode(into: &sink)
        readers.encode(into: &sink)
        siteLimitWatts.encode(into: &sink)
        failSafeLimitWatts.encode(into: &sink)
        limits.encode(into: &sink)
        authorization.encode(into: &sink)
        tariff.encode(into: &sink)
    }
    static func decode(from reader: inout CanonicalReader) throws(CanonicalError) -> PostConfiguration {
        PostConfiguration(
            connectors: try reader.take(), stages: try reader.take(), readers: try reader.take(),
            siteLimitWatts: try reader.take(), failSafeLimitWatts: try reader.take(), limits: try reader.take(),
            authorization: try reader.take(), tariff: try reader.take())
    }
}
