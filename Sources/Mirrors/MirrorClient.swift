// Fetches objects from mirrors over HTTPS, piece by piece: nothing is held whole, and nothing is believed.

internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// Why a mirror gave nothing.
public struct MirrorProblem: Error, Hashable, Sendable {
    /// One sentence: what went wrong.
    public var sentence: String

    /// Whether asking the same mirror again at once is of no use.
    var isFinal = false
    /// Whether the mirror could not be asked at all, so that it need not be asked for anything else either.
    public private(set) var isOutOfReach = false

    /// A problem in one sentence.
    public init(sentence: String) { self.sentence = sentence }
    init(sentence: String, isFinal: Bool) { (self.sentence, self.isFinal) = (sentence, isFinal) }
    init(outOfReach sentence: String) { (self.sentence, isOutOfReach) = (sentence, true) }
}

/// A client of mirrors. Certificates are checked, although it is the signature in what is fetched that counts.
public final class MirrorClient: Sendable {
    /// How long a connection may take to be made. Engineering default.
    static let connectWithin = TimeAmount.seconds(10)
    /// How long a mirror may say nothing in the midst of an answer. Engineering default.
    static let silentAtMost = TimeAmount.seconds(30)
    /// How long one object may take: 320 MB at 5 Mbit/s and as much again. Engineering default.
    static let wholeWithin = TimeAmount.minutes(20)

    /// The least that a mirror must bring while it is waited for: one that drips keeps the next from being asked. 1 KiB/s over
    /// half a minute, which a line of the second generation (GPRS) has left over. Engineering default.
    private static let leastPace = (bytes: 30 << 10, within: TimeAmount.seconds(30))

    /// Attempts to go on with an answer that broke off, one after the other, that bring nothing; the waits between them
    /// double from 2 s, half a minute in all. Engineering default.
    static let fruitlessAtMost = 5

    private let client: HTTPClient

    /// A client. `authorities` is a file of certificates in PEM form that are trusted in place of the system's.
    public init(authorities: String? = nil) {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let authorities { tls.trustRoots = .file(authorities) }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: Self.connectWithin, read: Self.silentAtMost), decompression: .disabled)
        configuration.httpVersion = .http1Only
        // The next mirror is tried at once; this one again in its turn.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Closes its connections.
    public func close() async { try? await client.shutdown() }

    /// Fetches an object; `take` gets its pieces as they come and may throw to end it. False: the mirror has none.
    ///
    /// An answer that breaks off is asked for from where it ended, if the mirror says by what one knows that it is still
    /// the same (RFC 9110, If-Range). Throws `MirrorProblem` for what the mirror or the network did, and whatever `take`
    /// throws.
    public func fetch(_ address: String, take: ([UInt8]) async throws -> Void) async throws -> Bool {
        let deadline = NIODeadline.now() + Self.wholeWithin
        var (taken, validator, fruitless) = (0, String?.none, 0)
        var pace = Pace()
        while true {
            let before = taken
            do {
                pace.begin()
                guard let response = try await ask(address, from: taken, validator, deadline) else { return false }
                validator = Self.validator(response.headers)
                var pieces = response.body.makeAsyncIterator()
                while let piece = try await Self.next(&pieces) {
                    try pace.came(piece.readableBytes)
                    try await take(Array(piece.readableBytesView))
                    taken += piece.readableBytes
                    pace.begin()
                }
                return true
            } catch let problem as MirrorProblem {
                fruitless = taken > before ? 0 : fruitless + 1
                guard taken > 0, validator != nil, !problem.isFinal, fruitless < Self.fruitlessAtMost else {
                    throw problem
                }
                try await ContinuousClock().sleep(for: .seconds(1 << fruitless))
            }
        }
    }

    /// An answer that begins with a byte of the object; nil where the mirror has none.
    private func ask(
        _ address: String, from first: Int, _ validator: String?, _ deadline: NIODeadline
    ) async throws -> HTTPClientResponse? {
        var request = HTTPClientRequest(url: address)
        request.headers.add(name: "User-Agent", value: "holdfast")
        if first > 0, let validator {
            request.headers.add(name: "Range", value: "bytes=\(first)-")
            request.headers.add(name: "If-Range", value: validator)
        }
        let response: HTTPClientResponse
        do { response = try await client.execute(request, deadline: deadline) } catch {
            let problem = Self.named(error)
            // One that says nothing to this question may answer the next.
            let isSilent = [.readTimeout, .deadlineExceeded].contains(error as? HTTPClientError)
            guard first == 0, !isSilent, let problem = problem as? MirrorProblem else { throw problem }
            throw MirrorProblem(outOfReach: problem.sentence)
        }
        switch response.status {
        case .ok where first == 0: return response
        case .partialContent
        where first > 0 && response.headers.first(name: "Content-Range")?.hasPrefix("bytes \(first)-") == true:
            return response
        case .ok, .partialContent, .rangeNotSatisfiable:
            throw MirrorProblem(sentence: "it broke off, and cannot go on from where it did", isFinal: true)
        case .notFound where first == 0, .gone where first == 0: return nil
        default: throw MirrorProblem(sentence: "it answers \(response.status.code)", isFinal: true)
        }
    }

    /// How fast a mirror brings what it is waited for. The waits between attempts do not count, nor does the post's own disk.
    private struct Pace {
        private var since = NIODeadline.now()
        private var waited = TimeAmount.zero
        private var bytes = 0

        /// The post begins to wait for the mirror.
        mutating func begin() { since = .now() }

        /// So many bytes have come; throws where that is too few for the time that they took.
        mutating func came(_ count: Int) throws(MirrorProblem) {
            waited = waited + (NIODeadline.now() - since)
            bytes += count
            guard waited >= leastPace.within else { return }
            guard bytes >= leastPace.bytes else {
                throw MirrorProblem(
                    sentence:
                        "it brings less than \(leastPace.bytes >> 10) KiB in \(leastPace.within.nanoseconds / 1_000_000_000) s",
                    isFinal: true)
            }
            (waited, bytes) = (.zero, 0)
        }
    }

    /// What says that an object is still the same: a strong ETag, else the date of its last change.
    private static func validator(_ headers: HTTPHeaders) -> String? {
        if let tag = headers.first(name: "ETag"), !tag.hasPrefix("W/") { return tag }
        return headers.first(name: "Last-Modified")
    }

    private static func next(
        _ pieces: inout HTTPClientResponse.Body.AsyncIterator
    ) async throws -> ByteBuffer? {
        do { return try await pieces.next() } catch { throw named(error) }
    }

    /// What the mirror or the network did, in a sentence; an end that somebody asked for stays what it is.
    private static func named(_ error: any Error) -> any Error {
        error is CancellationError ? error : MirrorProblem(sentence: sentence(error))
    }

    private static func sentence(_ error: any Error) -> String {
        if let error = error as? HTTPClientError {
            if error == .connectTimeout {
                return "no connection within \(connectWithin.nanoseconds / 1_000_000_000) s"
            }
            if error == .readTimeout { return "silent for \(silentAtMost.nanoseconds / 1_000_000_000) s" }
            if error == .deadlineExceeded { return "too slow to be waited for" }
        }
        if error is NIOSSLError || error is NIOSSLExtraError {
            return "its certificate is not accepted, or TLS fails (\(error))"
        }
        return "it cannot be reached (\(error))"
    }
}
