// The signed list measured: as the office issues it, as a post installs it, opens it and asks it.

import AllowList
import CAllocationCount
import Foundation

struct SignedListFigures {
    private let count: Int
    private let folder: String
    private let secret: [UInt8]
    private let audience: ListAudience
    private let order: ListOrder
    private var path: String { folder + "/issued.pal" }

    init(_ count: Int, in folder: String) throws {
        self.count = count
        self.folder = folder
        let (secret, open) = KeyMaker.signingKey()
        self.secret = secret
        order = ListOrder(
            operatorID: [UInt8](repeating: 1, count: 16), listID: [UInt8](repeating: 2, count: 16), version: 1,
            issuedAt: 1_760_000_000, salt: [UInt8](repeating: 3, count: 32),
            pepper: [UInt8](repeating: 4, count: 32))
        audience = ListAudience(operatorID: order.operatorID, keys: [try TrustedKey(open)])
    }

    func run() throws {
        try issue(order, 0..<count, to: path, "signed list, issued")
        report("  file", megabytes(of: path), "MB")
        let place = FolderOnDisk(path: folder)
        let slots = ListSlots(
            in: place, state: TrustStateFile(in: place), for: audience, pepper: order.pepper)
        try Cost.of { try slots.install(try ListFile(path: path)) }.report("  installed, every page checked")
        let installed = folder + "/" + ListSlot.a.name
        try medianOpening(installed, before: { forget(installed) }).report(
            "  opened until ready, cold, median of 20")
        try medianOpening(installed).report("  opened until ready, warm, median of 20")
        try ask(installed)
        try change(slots, installed)
        try? FileManager.default.removeItem(atPath: path)
    }

    private func medianOpening(_ path: String, before: () -> Void = {}) throws -> Cost {
        let costs = try (0..<20).map { _ in
            before()
            return try Cost.of { _ = try opened(path) }
        }
        return costs.sorted { $0.wallSeconds < $1.wallSeconds }[10]
    }

    private func opened(_ path: String) throws -> ListReader<ListFile> {
        try ListReader(try ListFile(path: path), for: audience, pepper: order.pepper)
    }

    private func issue(_ order: ListOrder, _ numbers: Range<Int>, to path: String, _ what: String) throws {
        let entries = try numbers.map { ListEntry(token: try CanonicalToken(.free, ListBenchmarks.driver($0))) }
        var file: [UInt8] = []
        try Cost.of { file = try order.issue(entries, secretKey: secret) }.report(what)
        guard FileManager.default.createFile(atPath: path, contents: Data(file)) else {
            throw CocoaError(.fileWriteUnknown)
        }
    }

    private func ask(_ installed: String) throws {
        var reader: ListReader<ListFile>?
        let kept = try privateMegabytes { reader = try opened(installed) }
        report("  private memory while open", kept, "MB", decimals: 2)
        guard var reader else { return }
        let tokens = try (0..<ListBenchmarks.warmTaps).map {
            try CanonicalToken(
                .free, ListBenchmarks.driver(ListBenchmarks.asked($0, of: count)))
        }
        for token in tokens { _ = reader.lookUp(token, lowerBound: 0, trusted: nil) }
        lookUps("  look-up, authenticated, warm", tokens.count) { turn in
            _ = reader.lookUp(tokens[turn], lowerBound: 0, trusted: nil)
        }
        lookUps("  look-up, authenticated, cold", ListBenchmarks.coldTaps, before: { forget(installed) }) { turn in
            _ = reader.lookUp(tokens[turn], lowerBound: 0, trusted: nil)
        }
        let before = allocation_count()
        for token in tokens { _ = reader.lookUp(token, lowerBound: 0, trusted: nil) }
        report(
            "  allocations of a warm look-up", Double(allocation_count() - before) / Double(tokens.count), "",
            decimals: 3)
    }

    private func change(_ slots: ListSlots<FolderOnDisk, TrustStateFile<FolderOnDisk>>, _ installed: String) throws
    {
        var next = order
        next.version = 2
        let (half, nextPath) = (ListBenchmarks.changes(of: count) / 2, folder + "/next.pal")
        try issue(next, half..<count + half, to: nextPath, "  the next version, issued")
        defer { try? FileManager.default.removeItem(atPath: nextPath) }
        var delta: [UInt8] = []
        try Cost.of {
            delta = try ListDelta.make(from: try opened(installed), to: try opened(nextPath))
        }.report("  delta of \(ListBenchmarks.changes(of: count)) changes, made")
        report("  its size", Double(delta.count) / 1e3, "kB")
        try Cost.of {
            try slots.install(try DeltaTarget(try ListDelta(delta), on: try opened(installed)))
        }.report("  delta installed, every page checked")
    }
}
