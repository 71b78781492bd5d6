import NIOCore
import NIOEmbedded
import TestSupport
import Testing

@testable import KafkaProducer

@Suite struct MaxBlockTests {
    @Test("1.20 Waiting for metadata and for memory share one max.block.ms")
    func oneBudgetForBoth() async throws {
        let network = TimedNetwork(.init(topicError: .leaderNotAvailable))
        let loop = NIOAsyncTestingEventLoop()
        await loop.advanceTime(by: .hours(1))
        var configuration = try ProducerConfiguration(bootstrapServers: "127.0.0.1:1")
        for (key, value) in WaitingTests.oneBatch { try configuration.set(key, value) }
        try configuration.set("max.block.ms", "1000")
        try configuration.set("retry.backoff.ms", "10")
        try configuration.set("retry.backoff.max.ms", "10")
        let core = try ProducerCore(
            configuration, logger: CapturedLog.logger(Log()),
            environment: ProducerEnvironment(
                eventLoop: loop, transport: network, generator: SeededGenerator(seed: 1)))
        // Nobody gives the memory back.
        guard case .chunk = core.memory.allocate(200) else { throw Inbox<Void>.NothingCame() }
        let sending = Task { try await send(core) }
        while try await loop.executeInContext({ network.questions.isEmpty }) { await loop.advanceTime(by: .zero) }
        await loop.advanceTime(by: .milliseconds(700))
        try await loop.executeInContext { network.script.topicError = .none }
        // The next question comes within a pause; the send then goes on by itself, on a thread of its own.
        await loop.advanceTime(by: .milliseconds(20))
        while core.memory.waiterCount == 0 { await Task.yield() }
        #expect(loop.now < NIODeadline.uptimeNanoseconds(0) + .hours(1) + .milliseconds(1000))
        await loop.advanceTime(to: NIODeadline.uptimeNanoseconds(0) + .hours(1) + .milliseconds(999))
        #expect(core.memory.waiterCount == 1)
        await loop.advanceTime(by: .milliseconds(1))
        #expect(try await sending.value.outcome.1?.kind == .bufferExhausted)
        try await loop.executeInContext { core.beginClose() }
        await loop.shutdownGracefully()
    }

    private func send(_ core: ProducerCore) async throws -> DeliveryFuture {
        let owned = OwnedRecord(key: nil, value: Array("v".utf8).span.bytes, headers: Headers(), timestamp: 1)
        return try await core.send(owned, to: core.topic("t"), partition: 0, callback: nil)
    }
}
