// `allowlist measure`: page sizes side by side on this very machine, warm and cold.

import AllowList
import ArgumentParser
import Foundation
import Glibc

struct Measure: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time lists of several page sizes on this machine.",
        discussion: """
            Run it on the post's own computer and flash: page size trades hashing per tap against the directory that \
            stays in memory. Needs disk space for one list; \"cold\" asks the kernel to forget the file before each tap.

            EXAMPLES
              holdfast allowlist measure --entries 1000000
            """)
    @Option(help: "How many drivers.") var entries = 1_000_000
    @Option(help: "Where the list is written meanwhile.") var folder = "/tmp"
    @Option(help: "Look-ups timed, warm.") var taps = 100_000
    @OptionGroup var answer: AnswerForm

    /// What one page size costs.
    private struct Row: Encodable {
        var page_bytes: UInt32
        var file_megabytes: Double
        var directory_kilobytes: Double
        var issue_seconds: Double
        var open_milliseconds: Double
        var scrub_milliseconds: Double
        var warm_p50_microseconds: Double
        var warm_p99_microseconds: Double
        var cold_p50_microseconds: Double
        var cold_p99_microseconds: Double

        var line: String {
            String(
                format: "%5u  %8.1f  %12.0f  %7.2f  %7.2f  %8.1f  %6.2f / %6.2f  %6.1f / %6.1f", page_bytes,
                file_megabytes, directory_kilobytes, issue_seconds, open_milliseconds, scrub_milliseconds,
                warm_p50_microseconds, warm_p99_microseconds, cold_p50_microseconds, cold_p99_microseconds)
        }
    }

    func run() throws {
        let drivers = try (0..<entries).map { ListEntry(token: try CanonicalToken(.free, "D\($0)")) }
        let (secret, open) = KeyMaker.signingKey()
        var rows: [Row] = []
        if !answer.json {
            print("page    file MB  directory KB  issue s  open ms  scrub ms  warm p50/p99 us  cold p50/p99 us")
        }
        for size: UInt32 in [1_024, 2_048, 4_096] {
            var order = ListOrder(
                operatorID: [UInt8](repeating: 1, count: 16), listID: [UInt8](repeating: 2, count: 16), version: 1,
                issuedAt: nowSeconds, salt: KeyMaker.randomBytes(), pepper: KeyMaker.randomBytes())
            order.pageSize = size
            let path = folder + "/holdfast-measure-\(ProcessInfo.processInfo.processIdentifier).pal"
            defer { unlink(path) }
            let issued = try timed { try writeBytes(try order.issue(drivers, secretKey: secret), to: path) }
            let audience = ListAudience(operatorID: order.operatorID, keys: [try TrustedKey(open)])
            func reader() throws -> ListReader<ListFile> {
                try ListReader(try ListFile(path: path), for: audience, pepper: order.pepper)
            }
            var list = try reader()
            let opened = try (0..<5).map { _ in try timed { list = try reader() } }.min() ?? 0
            let scrubbed = try timed { try list.verifyEveryPage() }
            let warm = (0..<taps).map { tap in timed { ask(&list, drivers[tap &* 7_919 % entries]) } }.sorted()
            let cold = (0..<min(2_000, taps)).map { tap in
                forget(path)
                return timed { ask(&list, drivers[tap &* 104_729 % entries]) }
            }.sorted()
            let row = Row(
                page_bytes: size, file_megabytes: Double(list.header.fileLength) / 1e6,
                directory_kilobytes: Double(list.header.pageCount) * 48 / 1e3, issue_seconds: issued,
                open_milliseconds: opened * 1e3, scrub_milliseconds: scrubbed * 1e3,
                warm_p50_microseconds: at(warm, 50), warm_p99_microseconds: at(warm, 99),
                cold_p50_microseconds: at(cold, 50), cold_p99_microseconds: at(cold, 99))
            if !answer.json { print(row.line) }
            rows.append(row)
        }
        if answer.json { printJSON(rows) }
    }

    private func ask(_ list: inout ListReader<ListFile>, _ driver: ListEntry) {
        _ = list.lookUp(driver.token, lowerBound: 0, trusted: nil)
    }
    private func timed(_ act: () throws -> Void) rethrows -> Double {
        let began = ContinuousClock.now
        try act()
        return (ContinuousClock.now - began) / .seconds(1)
    }
    private func at(_ sorted: [Double], _ percent: Int) -> Double {
        sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * percent / 100)] * 1e6
    }
    /// Asks the kernel to drop the file's pages from its cache.
    private func forget(_ path: String) {
        let descriptor = Glibc.open(path, O_RDONLY)
        guard descriptor >= 0 else { return }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
        close(descriptor)
    }
}
