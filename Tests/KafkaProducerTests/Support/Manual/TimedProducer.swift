import Logging
import NIOCore
import NIOEmbedded
import TestSupport

@testable import KafkaProducer

/// A producer in a time that stands still until the test moves it, all in one thread, with brokers that do what the test
/// says.
final class TimedProducer {
    let loop = EmbeddedEventLoop()
    let network: TimedNetwork
    let core: ProducerCore
    let topic: Topic

    init(_ keys: [String: String] = [:], _ script: ManualBroker.Script = .init()) throws {
        network = TimedNetwork(script)
        // Not the beginning of time, from which nothing can be subtracted.
        loop.advanceTime(by: .hours(1))
        var configuration = try ProducerConfiguration(bootstrapServers: "127.0.0.1:1")
        for (key, value) in keys { try configuration.set(key, value) }
        core = try ProducerCore(
            configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            environment: ProducerEnvironment(
                eventLoop: loop, transport: network, generator: SeededGenerator(seed: 1)))
        topic = core.topic("t")
    }

    /// A producer that has metadata and an identity, and has stored a record in partition 0.
    static func established(_ keys: [String: String] = [:], _ script: ManualBroker.Script = .init()) throws
        -> TimedProducer
    {
        let it = try TimedProducer(keys, script)
        try it.learn()
        let first = try it.send("established")
        it.advance(by: it.core.configuration.linger.milliseconds + 1)
        it.network.arrivals.removeFirst().answer()
        it.settle()
        _ = try first.get()
        return it
    }

    /// Asks for the topic's metadata.
    func learn() throws {
        var progress = ProducerCore.Progress()
        _ = try core.lookUp(&progress, partitionsOf: topic)
        settle()
    }

    /// Sends a record, which must not have to wait.
    @discardableResult
    func send(_ value: String, to partition: Int32 = 0) throws -> DeliveryFuture {
        let future = try Array(value.utf8).withUnsafeBytes { bytes in
            try core.send(RecordBytes(key: nil, value: bytes, timestamp: 1), to: topic, partition: partition)
        }
        settle()
        return future
    }

    /// Lets happen what needs no time.
    func settle() { loop.run() }

    /// Lets so many milliseconds pass.
    func advance(by milliseconds: Int64) { loop.advanceTime(by: .milliseconds(milliseconds)) }

    /// Milliseconds since `start`.
    func elapsed(since start: NIODeadline) -> Int64 { (loop.now - start).nanoseconds / 1_000_000 }

    func close() throws {
        core.beginClose()
        settle()
        try loop.syncShutdownGracefully()
    }
}
