// swift-tools-version: 6.2
// The rooms of Holdfast, one target a folder. Imports only ever point down this list.

import PackageDescription

/// What every room is built with: Swift 6 mode, no warning tolerated, imports said out loud.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Where no line reaches for memory by hand, the compiler holds that so; the few calls of the C library are marked.
let safe: [SwiftSetting] = house + [.strictMemorySafety()]

/// Seams for tests, in debug builds alone: rows of the fault table can be switched off. Never in a release build.
let seams: [SwiftSetting] = [.define("HOLDFAST_SEAMS", .when(configuration: .debug))]

/// The rooms that simulations spend their time in are optimised in debug builds too:
/// 18 times the events a second inside `swift test`.
let fast: [SwiftSetting] = house + seams + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// The rooms of simulations alone, of which `holdfastd` has nothing: their release builds leave out the
/// run-time checks of exclusive access to the world's classes. Debug builds make those checks in the same stories
/// and storms, each of which plays alike in both (`.ci/determinism`).
let simulated: [SwiftSetting] =
    fast + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let client: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let tls: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let histogram: Target.Dependency = .product(name: "Histogram", package: "hdrhistogram-swift")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]

let package = Package(
    name: "holdfast",
    products: [
        .executable(name: "holdfast", targets: ["holdfast"]),
        .executable(name: "holdfastd", targets: ["holdfastd"]),
        .executable(name: "holdfastd-bench", targets: ["holdfastd-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The core: every decision, no import.
        .target(name: "Post", swiftSettings: fast + [.strictMemorySafety()]),
        // What is said to people about faults and refusals; alone knows languages.
        .target(name: "Catalog", dependencies: ["Post"], swiftSettings: safe),
        // The hardware abstraction: one small protocol a device.
        .target(name: "Devices", dependencies: ["Post"], swiftSettings: fast + [.strictMemorySafety()]),
        // The signed list: layout, issue, verify, look up. Knows nothing of posts.
        .target(name: "AllowList", dependencies: [crypto], swiftSettings: fast),
        // The list's adversary: the attack corpus and the fuzzer. Never part of what a post runs.
        .target(name: "AllowListProofs", dependencies: ["AllowList", crypto], swiftSettings: fast),
        // Durable session records and the outbox.
        .target(name: "Ledger", dependencies: ["Post", "AllowList", grdb], swiftSettings: safe),
        // What a program prints, and how it ends when nobody can take that.
        .target(name: "CommandOutput", dependencies: [arguments], swiftSettings: house),
        // Threads of the machine's own, and the pipe that wakes one.
        .target(name: "Threads", swiftSettings: house),
        // Deflate, for what is kept of a recording.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // One post, assembled: the same code under the live, the virtual and the replay driver.
        .target(
            name: "Runtime", dependencies: ["Post", "Devices", "AllowList", "Ledger", "Threads", "CZlib", crypto],
            swiftSettings: fast),
        // Every situation that one connector can get into, by playing the core itself at small scale.
        .target(name: "Exploration", dependencies: ["Post"], swiftSettings: fast),
        // The simulated world behind the device protocols, and its own judge.
        .target(
            name: "Simulator", dependencies: ["Post", "Devices", "Runtime", "AllowList", "Ledger"],
            swiftSettings: simulated),
        // YAML read into values once, at the border, with line and column.
        .target(name: "StrictYAML", dependencies: [yams], swiftSettings: safe),
        // Modbus: meters and other devices as data, libmodbus, and the buses they hang on.
        .systemLibrary(name: "CLibmodbus", pkgConfig: "libmodbus", providers: [.apt(["libmodbus-dev"])]),
        .target(name: "RegisterMaps", dependencies: ["Post", "Devices", "StrictYAML"], swiftSettings: safe),
        .target(
            name: "ModbusDriver", dependencies: ["Post", "Devices", "RegisterMaps", "CLibmodbus", "Threads"],
            swiftSettings: house),
        // Modbus slaves that answer from the simulated world, by the same register maps.
        .target(
            name: "SimulatedBus", dependencies: ["Post", "Devices", "RegisterMaps", "Simulator", "StrictYAML"],
            swiftSettings: fast),
        // The same slaves and the post's own driver in virtual time, for storms and scenarios.
        .target(
            name: "VirtualBus",
            dependencies: [
                "Post", "Devices", "Runtime", "RegisterMaps", "ModbusDriver", "SimulatedBus", "Simulator",
            ],
            swiftSettings: fast),
        .testTarget(
            name: "RegisterMapsTests", dependencies: ["Post", "RegisterMaps", "StrictYAML"], swiftSettings: house),
        .testTarget(
            name: "ModbusDriverTests",
            dependencies: [
                "Post", "Devices", "RegisterMaps", "ModbusDriver", "CLibmodbus", "StrictYAML", "holdfast",
            ],
            exclude: ["slaves.py", "requirements.txt"], swiftSettings: house),
        // The course of a run, told to people and to other tools: HTML, VCD, Perfetto, JSON lines.
        .target(name: "Traces", swiftSettings: safe),
        // Scenario files, player, verdicts, reports.
        .target(
            name: "Scenarios",
            dependencies: [
                "Post", "Catalog", "Devices", "Runtime", "Simulator", "AllowList", "Ledger", "StrictYAML", "Traces",
            ],
            swiftSettings: simulated),
        // The configuration file of the daemon.
        .target(
            name: "DaemonConfiguration", dependencies: ["Post", "AllowList", "StrictYAML"], swiftSettings: safe),
        // The lines, buses and devices of a board, from a YAML file.
        .target(name: "BoardProfiles", dependencies: ["Post", "StrictYAML"], swiftSettings: safe),
        // Real lines: libgpiod 1.6 or 2 behind one header, and the near devices on them.
        .target(name: "CLibgpiod", linkerSettings: [.linkedLibrary("gpiod")]),
        .target(
            name: "GPIODriver", dependencies: ["Post", "Devices", "BoardProfiles", "CLibgpiod"],
            swiftSettings: fast),
        .executableTarget(
            name: "gpio-rig", dependencies: ["Post", "Devices", "BoardProfiles", "GPIODriver", "CLibgpiod"],
            path: "Tests/GPIORig", swiftSettings: fast),
        .testTarget(
            name: "BoardProfilesTests", dependencies: ["Post", "BoardProfiles", "StrictYAML"], swiftSettings: house),
        .testTarget(
            name: "GPIODriverTests", dependencies: ["Post", "Devices", "BoardProfiles", "GPIODriver"],
            swiftSettings: house),
        // Serial ports and input devices: opened for us alone, a thread each.
        .target(name: "DeviceFiles", dependencies: ["Post", "Threads"], swiftSettings: house),
        // The serial link to the safety controller.
        .target(name: "SafetyLink", dependencies: ["Post", "DeviceFiles", "Threads"], swiftSettings: house),
        .testTarget(
            name: "SafetyLinkTests", dependencies: ["Post", "SafetyLink"], exclude: ["controller.py"],
            swiftSettings: house),
        // Card readers, serial and keyboard.
        .target(
            name: "CardReaders", dependencies: ["Post", "Devices", "AllowList", "DeviceFiles"], swiftSettings: house
        ),
        .testTarget(
            name: "CardReadersTests", dependencies: ["Post", "DeviceFiles", "CardReaders"], swiftSettings: house),
        // A real post: lines and buses behind the live loop.
        .target(
            name: "HardwarePlant",
            dependencies: [
                "Post", "Devices", "Runtime", "BoardProfiles", "GPIODriver", "RegisterMaps", "ModbusDriver",
                "SafetyLink", "CardReaders", "DeviceFiles", "StrictYAML",
            ],
            swiftSettings: house),
        .testTarget(
            name: "HardwarePlantTests",
            dependencies: [
                "Post", "Devices", "Runtime", "BoardProfiles", "RegisterMaps", "ModbusDriver", "Threads",
                "HardwarePlant", "StrictYAML",
                "Ledger", "AllowList",
            ],
            swiftSettings: house),
        // The bench: an engineer walked through the devices of a board, under the supervisor's degree *bench*.
        .target(
            name: "BringUp",
            dependencies: [
                "Post", "Catalog", "Devices", "Runtime", "BoardProfiles", "GPIODriver", "SafetyLink",
                "HardwarePlant",
                "Threads",
            ],
            swiftSettings: house),
        // The local HTTP API.
        .target(
            name: "Console",
            dependencies: [
                "Post", "Catalog", hummingbird, logging, lifecycle,
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: safe),
        // Objects from mirrors, over HTTPS.
        .target(name: "Mirrors", dependencies: [client] + nio + [tls], swiftSettings: house),
        // The daemon's services, shared by its two programs.
        .target(
            name: "Daemon",
            dependencies: [
                "Post", "Catalog", "Devices", "Runtime", "AllowList", "Ledger", "DaemonConfiguration", "Console",
                "StrictYAML", "Threads", "Mirrors", "CommandOutput", logging, lifecycle, signals, arguments,
            ],
            swiftSettings: house),
        // The local API's client.
        .target(
            name: "ControlClient", dependencies: nio,
            swiftSettings: safe + [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]),
        .executableTarget(
            name: "holdfastd",
            dependencies: [
                "Post", "Runtime", "HardwarePlant", "Daemon", "DaemonConfiguration", "CommandOutput", arguments,
            ],
            swiftSettings: house),
        .executableTarget(
            name: "holdfastd-bench",
            dependencies: [
                "Post", "Devices", "Runtime", "Simulator", "SimulatedBus", "RegisterMaps", "BoardProfiles",
                "HardwarePlant", "DaemonConfiguration", "Console", "Daemon", "StrictYAML", "CommandOutput",
                arguments,
            ],
            swiftSettings: house),
        .executableTarget(
            name: "holdfast",
            dependencies: [
                "Post", "Catalog", "AllowList", "AllowListProofs", "Ledger", "DaemonConfiguration", "ControlClient",
                "Scenarios", "Simulator", "StrictYAML", "Traces", "BoardProfiles", "GPIODriver", "ModbusDriver",
                "RegisterMaps", "HardwarePlant", "BringUp", "Runtime", "Exploration", "VirtualBus", "SimulatedBus",
                "CommandOutput", arguments,
            ],
            swiftSettings: house + seams),
        // Slaves for the Modbus benchmark and a plain loop in C to hold the driver against; in the benchmarks alone.
        .target(name: "CModbusLoop", linkerSettings: [.linkedLibrary("modbus")]),
        // Counts allocations; linked into the benchmarks and nothing else.
        .target(name: "CAllocationCount"),
        .executableTarget(
            name: "holdfast-benchmarks",
            dependencies: [
                "Post", "Devices", "Runtime", "Simulator", "Scenarios", "AllowList", "ControlClient",
                "RegisterMaps",
                "StrictYAML", "ModbusDriver", "CModbusLoop", "CAllocationCount", "Threads", "Console", "Daemon",
                "DaemonConfiguration", arguments, histogram, grdb, sqlite, crypto,
            ],
            swiftSettings: fast),

        .testTarget(
            name: "PostTests", dependencies: ["Post", "Catalog"], exclude: ["Transitions/Tables"],
            swiftSettings: fast),
        .testTarget(
            name: "ExplorationTests", dependencies: ["Post", "Exploration"], swiftSettings: house + seams),
        .testTarget(name: "CatalogTests", dependencies: ["Post", "Catalog"], swiftSettings: house),
        .testTarget(
            name: "AllowListTests",
            dependencies: ["AllowList", "AllowListProofs", "Catalog", "CAllocationCount", "holdfast", crypto],
            exclude: ["verify_list.py", "judge_corpus.py", "corpus-verdicts.txt"], swiftSettings: house),
        .testTarget(
            name: "LedgerTests", dependencies: ["Post", "Ledger", "AllowList", grdb], swiftSettings: house),
        .testTarget(
            name: "RuntimeTests",
            dependencies: ["Post", "Devices", "Runtime", "Simulator", "Scenarios", "Ledger", "AllowList"],
            swiftSettings: house),
        .testTarget(
            name: "SimulatorTests", dependencies: ["Post", "Devices", "Runtime", "Simulator"],
            swiftSettings: house + seams),
        .testTarget(
            name: "ScenariosTests", dependencies: ["Post", "Scenarios", "Simulator", "StrictYAML", "Traces"],
            swiftSettings: house + seams),
        .testTarget(
            name: "DaemonConfigurationTests", dependencies: ["Post", "DaemonConfiguration", "StrictYAML"],
            swiftSettings: house),
        .testTarget(
            name: "DaemonTests", dependencies: ["Post", "Catalog", "Daemon", logging], swiftSettings: house),
        .testTarget(name: "ControlClientTests", dependencies: ["ControlClient"] + nio, swiftSettings: house),
        .testTarget(
            name: "BlackBoxTests",
            dependencies: ["Post", "Runtime", "ControlClient", "holdfast", "holdfastd", "holdfastd-bench"],
            exclude: ["mirror.py"], swiftSettings: house),
        .testTarget(
            name: "ConsoleTests",
            dependencies: ["Post", "Console", "ControlClient", hummingbird, logging, lifecycle] + nio,
            swiftSettings: house),
        .testTarget(
            name: "VirtualBusTests", dependencies: ["Scenarios", "Simulator", "SimulatedBus", "VirtualBus"],
            swiftSettings: house),
        .testTarget(name: "TracesTests", dependencies: ["Traces"], swiftSettings: house),
        .testTarget(name: "TidyTests", swiftSettings: house),
    ]
)
