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

    /// A problem in one sentence.
    public init(sentence: String) { self.sentence = sentence }
}

/// A client of mirrors. Certificates are checked, although it is the signature in what is fetched that counts.
public final class MirrorClient: Sendable {
    /// How long a connection may take to be made. Engineering default.
    static let connectWithin = TimeAmount.seconds(10)
    /// How long a mirror may say nothing in the midst of an answer. Engineering default.
    static let silentAtMost = TimeAmount.seconds(30)
    /// How long one object may take: 320 MB at 5 Mbit/s and as much again. Engineering default.
    static let wholeWithin = TimeAmount.minutes(20)

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
    /// Throws `MirrorProblem` for what the mirror or the network did, and whatever `take` throws.
    public func fetch(_ address: String, take: ([UInt8]) async throws -> Void) async throws -> Bool {
        let response: HTTPClientResponse
        do {
            var request = HTTPClientRequest(url: address)
            request.headers.add(name: "User-Agent", value: "holdfast")
            response = try await client.execute(request, timeout: Self.wholeWithin)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw MirrorProblem(sentence: Self.sentence(error))
        }
        switch response.status {
        case .ok: break
        case .notFound, .gone: return false
        default: throw MirrorProblem(sentence: "it answers \(response.status.code)")
        }
        var pieces = response.body.makeAsyncIterator()
        while true {
            let piece: ByteBuffer?
            do { piece = try await pieces.next() } catch let error as CancellationError {
                throw error
            } catch {
                throw MirrorProblem(sentence: Self.sentence(error))
            }
            guard let piece else { return true }
            try await take(Array(piece.readableBytesView))
        }
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
