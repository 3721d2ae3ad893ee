// Measures and reports; asserts nothing, since machines are shared and differ.

import Foundation

/// One subject that can be measured alone: `holdfast-benchmarks core charge`.
struct Benchmark: Sendable {
    let name: String
    let run: @Sendable () async throws -> Void
}

@main
struct Benchmarks {
    static let all = [
        Benchmark(name: "core", run: CoreBenchmarks.run),
        Benchmark(name: "charge", run: WorldBenchmarks.charge),
        Benchmark(name: "recorder", run: WorldBenchmarks.recorder),
        Benchmark(name: "idle", run: WorldBenchmarks.idle),
        Benchmark(name: "memory", run: MemoryBenchmarks.run),
        Benchmark(name: "scenarios", run: WorldBenchmarks.scenarios),
        Benchmark(name: "outage", run: WorldBenchmarks.outage),
        Benchmark(name: "list", run: ListBenchmarks.run),
        Benchmark(name: "modbus", run: ModbusBenchmarks.run),
        Benchmark(name: "daemon", run: DaemonBenchmarks.run),
        Benchmark(name: "loop", run: LoopBenchmarks.run),
    ]

    static func main() async throws {
        let wanted = CommandLine.arguments.dropFirst()
        if wanted.first == "post-under-load" { return try await PostUnderLoad.run(Array(wanted.dropFirst())) }
        let unknown = wanted.filter { name in !all.contains { $0.name == name } }
        guard unknown.isEmpty else {
            let names = all.map(\.name).joined(separator: " ")
            print("no benchmark \(unknown.joined(separator: ", ")); there are: \(names)")
            exit(EX_USAGE)
        }
        print(
            "holdfast benchmarks: one run each, on \(ProcessInfo.processInfo.activeProcessorCount) cores that may be"
        )
        print("shared: speeds are by processor time, what the daemon does is by the clock\n")
        for benchmark in all where wanted.isEmpty || wanted.contains(benchmark.name) { try await benchmark.run() }
    }
}
