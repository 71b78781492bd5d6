import Logging
import NIOCore
import NIOEmbedded
import TestSupport

@testable import KafkaProducer

/// A producer whose clock, chance and brokers are the test's. Used from one thread.
final class Rehearsal {
    let loop = EmbeddedEventLoop()
    let cluster = ScriptedCluster()
    let core: ProducerCore
    private let start: NIODeadline

    init(_ keys: [String: String] = [:]) throws {
        var configuration = try ProducerConfiguration(bootstrapServers: "seed:9092")
        for (key, value) in ["enable.idempotence": "false", "linger.ms": "0"].merging(keys, uniquingKeysWith: { $1 }) {
            try configuration.set(key, value)
        }
        loop.advanceTime(by: .hours(24))
        start = loop.now
        core = try ProducerCore(
            configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            environment: ProducerEnvironment(
                eventLoop: loop, transport: cluster, generator: SeededGenerator(seed: 1)))
    }

    deinit {
        core.sender.shutDown().whenComplete { _ in }
        loop.run()
    }

    /// Milliseconds since the beginning.
    var elapsed: Int64 { milliseconds(loop.now) }

    func milliseconds(_ instant: NIODeadline) -> Int64 { (instant - start).nanoseconds / 1_000_000 }

    func advance(_ milliseconds: Int64) {
        for _ in 0..<milliseconds { loop.advanceTime(by: .milliseconds(1)) }
    }

    /// Sends a record as far as it goes now, letting time pass while metadata is missing, for at most `limit` ms.
    @discardableResult
    func send(partition: Int32? = 0, within limit: Int64 = 100) throws -> DeliveryFuture? {
        var progress = ProducerCore.Progress()
        let topic = core.topic("orders")
        for _ in 0...limit {
            let attempt = try Array("value".utf8).withUnsafeBytes { value in
                try core.attempt(
                    &progress, RecordBytes(key: nil, value: value, timestamp: 1), to: topic, partition: partition,
                    headers: Headers(), callback: nil)
            }
            switch attempt {
            case .sent(let future): return future
            case .mustWait: advance(1)
            }
        }
        return nil
    }

    /// Lets happen what needs no time.
    func settle() { loop.run() }

    /// Sends a record and waits until it is delivered.
    func deliver(partition: Int32 = 0) throws {
        let future = try send(partition: partition)
        for _ in 0..<100 where future?.isDone == false { advance(1) }
        try future?.get(timeout: .zero)
    }

    /// What happened at the brokers since the last look.
    func takeLog() -> [String] {
        defer { cluster.clearLog() }
        return cluster.log
    }
}
