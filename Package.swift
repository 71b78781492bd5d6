// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableExperimentalFeature("Lifetimes"),
]

/// A library of the system, found by pkg-config and installed by `scripts/setup`.
func system(_ name: String, pkgConfig: String, apt: String, brew: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt]), .brew([brew])])
}

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: swiftSettings)
}

extension Target.Dependency {
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    static let nioTLS = product(name: "NIOTLS", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let coreMetrics = product(name: "CoreMetrics", package: "swift-metrics")
    static let metricsTestKit = product(name: "MetricsTestKit", package: "swift-metrics")
    static let logging = product(name: "Logging", package: "swift-log")
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let deque = product(name: "DequeModule", package: "swift-collections")
    static let histogram = product(name: "Histogram", package: "hdrhistogram-swift")
    static let orderedCollections = product(name: "OrderedCollections", package: "swift-collections")
}

let package = Package(
    name: "kafka-lua",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "KafkaProducer", targets: ["KafkaProducer"]),
        .library(name: "KafkaJSON", targets: ["KafkaJSON"]),
        .library(name: "KafkaLua", targets: ["KafkaLua"]),
        .library(name: "DevBroker", targets: ["DevBroker"]),
        .executable(name: "kafka-lua", targets: ["kafka-lua"]),
        .executable(name: "kafka-lua-benchmarks", targets: ["Benchmarks"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        system("CLua", pkgConfig: "lua5.4", apt: "liblua5.4-dev", brew: "lua"),
        system("CLZ4", pkgConfig: "liblz4", apt: "liblz4-dev", brew: "lz4"),
        system("CZstd", pkgConfig: "libzstd", apt: "libzstd-dev", brew: "zstd"),
        system("CSnappy", pkgConfig: "snappy", apt: "libsnappy-dev", brew: "snappy"),
        system("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev", brew: "zlib"),
        system("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev", brew: "openssl@3"),
        system("CIdn", pkgConfig: "libidn", apt: "libidn-dev", brew: "libidn"),
        system("CJansson", pkgConfig: "jansson", apt: "libjansson-dev", brew: "jansson"),
        .target(name: "CSupport"),
        .target(name: "CLuaShim", dependencies: ["CLua"]),
        .target(name: "CRdkafka", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),

        library("KafkaWire", ["CSupport", "CLZ4", "CZstd", "CSnappy", "CZlib"]),
        library("SCRAM", ["KafkaWire", "CCrypto", "CIdn"]),
        library(
            "KafkaProducer",
            [
                "KafkaWire", "SCRAM", "CSupport", .nioCore, .nioPosix, .nioTLS, .nioSSL, .coreMetrics, .logging,
                .deque, .orderedCollections,
            ]),
        library("KafkaJSON", ["KafkaProducer"]),
        library(
            "DevBroker",
            ["KafkaWire", "SCRAM", "CSupport", "CJansson", .nioCore, .nioPosix, .nioSSL, .logging, .deque]),
        library("LuaRuntime", ["CLuaShim"]),
        .target(
            name: "KafkaLua",
            dependencies: [
                "KafkaProducer", "KafkaWire", "LuaRuntime", "CLuaShim", "CSupport", "CJansson", .nioCore, .logging,
                .deque, .histogram,
            ],
            resources: [.embedInCode("Definitions/kafka.lua")],
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "kafka-lua",
            dependencies: [
                "KafkaLua", "LuaRuntime", "KafkaProducer", "KafkaWire", "DevBroker", "CSupport", "CJansson",
                "ChildProcess", .argumentParser, .logging, .histogram,
            ],
            swiftSettings: swiftSettings),
        library("ChildProcess", []),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "KafkaProducer", "KafkaLua", "LuaRuntime", "DevBroker", "ChildProcess", "CRdkafka", .argumentParser,
            ],
            swiftSettings: swiftSettings),

        tests("KafkaWireTests", ["TestSupport", "KafkaWire", "CSupport"], resources: [.copy("Resources")]),
        tests("SCRAMTests", ["SCRAM"]),
        tests(
            "KafkaProducerTests",
            [
                "TestSupport", "ProducerSimulation", "KafkaProducer", "KafkaWire", "SCRAM", "DevBroker", .nioCore,
                .nioPosix, .nioEmbedded, .logging, .deque, .orderedCollections, .coreMetrics, .metricsTestKit,
            ]),
        tests("KafkaJSONTests", ["KafkaJSON", "KafkaProducer", "KafkaWire", "DevBroker"]),
        tests("LuaRuntimeTests", ["LuaRuntime", "CLuaShim", "CLua"]),
        tests(
            "KafkaLuaTests",
            [
                "TestSupport", "KafkaLua", "LuaRuntime", "KafkaProducer", "DevBroker", .nioCore, .nioPosix, .logging,
            ]),
        tests("DevBrokerTests", ["TestSupport", "DevBroker", "KafkaWire", "SCRAM", .nioCore, .logging]),
        tests(
            "CommandTests",
            [
                "TestSupport", "kafka-lua", "KafkaProducer", .argumentParser, "ChildProcess", "DevBroker", "KafkaWire",
                .histogram,
            ], resources: [.copy("Terminal/Screens")]),
        .target(
            name: "TestSupport", dependencies: ["ChildProcess", "CThreadSanitizer"], path: "Tests/TestSupport",
            swiftSettings: swiftSettings),
        .target(name: "CThreadSanitizer", path: "Tests/CThreadSanitizer"),
        .target(
            name: "ProducerSimulation",
            dependencies: [
                "TestSupport", "KafkaProducer", "KafkaWire", .nioCore, .nioEmbedded, .logging, .deque,
            ], path: "Tests/ProducerSimulation", swiftSettings: swiftSettings),
        .executableTarget(
            name: "Simulate", dependencies: ["ProducerSimulation", .argumentParser], path: "Tests/Simulate",
            swiftSettings: swiftSettings),
        .executableTarget(name: "MockCluster", dependencies: ["CRdkafka"], path: "Tests/MockCluster"),
        .executableTarget(
            name: "TransactionalProducer", dependencies: ["CRdkafka"], path: "Tests/TransactionalProducer"),
        .executableTarget(
            name: "soak",
            dependencies: [
                "KafkaProducer", "KafkaLua", "LuaRuntime", "KafkaWire", "DevBroker", "ChildProcess", .argumentParser,
                .logging,
            ],
            path: "Tests/Soak", swiftSettings: swiftSettings),
        tests("SoakTests", ["soak", "ChildProcess", "DevBroker", "KafkaWire"]),
        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
        .executableTarget(
            name: "Allocations", dependencies: ["KafkaProducer", "CAllocationCounter", .argumentParser],
            path: "Tests/Allocations", swiftSettings: swiftSettings),
        tests("BenchmarksTests", ["Benchmarks", "Allocations", "DevBroker", "KafkaWire", "ChildProcess"]),
        tests("ChildProcessTests", ["ChildProcess"]),
        tests("PeerTests", ["TestSupport", "KafkaProducer", "KafkaWire", "DevBroker", "ChildProcess"]),
    ],
    swiftLanguageModes: [.v6]
)
