import KafkaWire
import NIOCore
import Testing

@testable import KafkaProducer

/// Rules that speak of time, in a time that the test moves.
@Suite struct TimeTests {
    @Test("3.2 A batch with room goes linger.ms after its first record, and not before")
    func lingerIsExact() throws {
        let it = try TimedProducer.established(["linger.ms": "100"])
        try it.send("a")
        it.advance(by: 60)
        try it.send("b")
        it.advance(by: 39)
        #expect(it.network.arrivals.isEmpty)
        it.advance(by: 1)
        #expect(it.network.arrivals.map(\.values) == [["a", "b"]])
        try it.close()
    }

    @Test("3.3 A batch that has to be sent again goes after its pause, before what came behind it")
    func thePauseHoldsTheOrder() throws {
        let it = try TimedProducer.established([
            "linger.ms": "0", "retry.backoff.ms": "100", "retry.backoff.max.ms": "1000",
        ])
        try it.send("a")
        it.network.arrivals.removeFirst().refuse(.notEnoughReplicas)
        it.settle()
        try it.send("b")
        it.advance(by: 79)
        #expect(it.network.arrivals.isEmpty)
        it.advance(by: 41)
        #expect(it.network.arrivals.map(\.values) == [["a"], ["b"]])
        try it.close()
    }

    @Test(
        "3.18 A batch fails delivery.timeout.ms after its creation, whatever was tried meanwhile",
        arguments: [true, false])
    func deliveryTimeoutIsExact(isRepeated: Bool) throws {
        let it = try TimedProducer.established([
            "linger.ms": "0", "request.timeout.ms": "2000", "delivery.timeout.ms": "2000", "retry.backoff.ms": "100",
            "retry.backoff.max.ms": "100",
        ])
        let future = try it.send("a")
        for _ in 0..<10 {
            if isRepeated, !it.network.arrivals.isEmpty { it.network.arrivals.removeFirst().refuse(.notEnoughReplicas) }
            it.advance(by: 199)
            #expect(!future.isDone)
        }
        // Batches are looked at ten times in that time.
        it.advance(by: 10 + 200)
        #expect(future.isDone)
        #expect(future.outcome.1?.kind == .timeout)
        try it.close()
    }

    @Test(
        "3.21 An answer that comes after the batch has expired changes nothing",
        arguments: [ErrorCode.none, .outOfOrderSequenceNumber])
    func lateAnswersAreIgnored(code: ErrorCode) throws {
        let it = try TimedProducer.established([
            "linger.ms": "0", "request.timeout.ms": "1000", "delivery.timeout.ms": "1000",
        ])
        let future = try it.send("lost")
        let late = it.network.arrivals.removeFirst()
        it.advance(by: 1200)
        #expect(future.outcome.1?.kind == .timeout)
        let next = try it.send("next")
        let arrival = it.network.arrivals.removeFirst()
        #expect(arrival.batches.map(\.producerEpoch) == [1])
        arrival.answer()
        it.settle()
        late.answer { $0.errorCode = code }
        it.settle()
        #expect(future.outcome.1?.kind == .timeout)
        #expect(next.isDone && next.outcome.1 == nil)
        try it.send("after that")
        let last = it.network.arrivals.removeFirst()
        #expect(last.batches.map(\.producerEpoch) == [1])
        #expect(last.batches.map(\.baseSequence) == [1])
        last.answer()
        it.settle()
        try it.close()
        #expect(it.core.availableMemory == 33_554_432)
    }

    @Test("3.20 A batch that expires with its outcome unknown lets nothing new go until the rest has come back")
    func expiryEndsTheEpoch() throws {
        let it = try TimedProducer.established([
            "linger.ms": "0", "request.timeout.ms": "1000", "delivery.timeout.ms": "1000",
        ])
        try it.send("lost")
        it.advance(by: 500)
        try it.send("later")
        #expect(it.network.arrivals.map { $0.batches[0].baseSequence } == [1, 2])
        it.advance(by: 600)
        try it.send("next")
        #expect(it.network.arrivals.count == 2)
        it.network.arrivals[1].answer()
        it.settle()
        let next = it.network.arrivals[2].batches[0]
        #expect(next.values == ["next"])
        #expect(next.producerId == 7000 && next.producerEpoch == 1 && next.baseSequence == 0)
        try it.close()
    }

    @Test("3.22 Batches that expire together do so in the order of send")
    func expiryKeepsTheOrder() throws {
        let it = try TimedProducer.established([
            "linger.ms": "0", "batch.size": "0", "request.timeout.ms": "1000", "delivery.timeout.ms": "1000",
            "retry.backoff.ms": "60000", "retry.backoff.max.ms": "60000",
        ])
        let order = Log<Int>()
        for number in 0..<8 { try it.send("\(number)").whenDone { _, _ in order.append(number) } }
        #expect(it.network.arrivals.count == 5)
        // The first waits for its turn again, four are in flight, and three were never sent.
        it.network.arrivals[0].refuse(.notEnoughReplicas)
        it.settle()
        it.advance(by: 1200)
        #expect(order.entries == Array(0..<8))
        try it.close()
    }

    @Test("4.1 Pauses between repetitions double from retry.backoff.ms to retry.backoff.max.ms")
    func retryPauses() throws {
        let it = try TimedProducer.established([
            "linger.ms": "0", "retry.backoff.ms": "100", "retry.backoff.max.ms": "1000",
        ])
        try it.send("a")
        for pause in [100, 200, 400, 800, 1000, 1000] as [Int64] {
            it.network.arrivals.removeFirst().refuse(.notEnoughReplicas)
            it.settle()
            it.advance(by: pause * 8 / 10 - 1)
            #expect(it.network.arrivals.isEmpty)
            it.advance(by: pause * 4 / 10 + 2)
            #expect(it.network.arrivals.count == 1)
        }
        try it.close()
    }

    @Test("4.2 Pauses between attempts to connect double from reconnect.backoff.ms to reconnect.backoff.max.ms")
    func reconnectPauses() throws {
        let attempts = try failedAttempts()
        let pauses = zip(attempts, attempts.dropFirst()).map { ($1.time - $0.time).nanoseconds / 1_000_000 }
        let bases: [Int64] = [50, 100, 200, 400, 800, 1000, 1000]
        for (pause, base) in zip(pauses, bases) {
            #expect((base * 8 / 10 - 1...base * 12 / 10 + 1).contains(pause), "\(pauses)")
        }
        #expect(pauses.count >= bases.count)
    }

    @Test("4.3 The time for an attempt doubles from socket.connection.setup.timeout.ms to its maximum")
    func setupTimeouts() throws {
        let timeouts = try failedAttempts().map(\.setupTimeout.milliseconds)
        let ranges: [ClosedRange<Int64>] = [8000...12_000, 16_000...24_000, 24_000...30_000, 24_000...30_000]
        #expect(timeouts.count >= ranges.count)
        for (timeout, range) in zip(timeouts, ranges) { #expect(range.contains(timeout), "\(timeouts)") }
    }

    /// Attempts to connect to a broker that is not there.
    private func failedAttempts() throws -> [TimedNetwork.Attempt] {
        let it = try TimedProducer()
        it.network.isDown = true
        try it.learn()
        for _ in 0..<500 { it.advance(by: 10) }
        try it.close()
        return it.network.attempts
    }

    @Test("4.5 A throttled connection sends nothing until the time is over")
    func throttleIsExact() throws {
        let it = try TimedProducer.established(["linger.ms": "0"])
        try it.send("a")
        it.network.arrivals.removeFirst().answer(throttle: 500)
        it.settle()
        try it.send("b")
        it.advance(by: 499)
        #expect(it.network.arrivals.isEmpty)
        it.advance(by: 1)
        #expect(it.network.arrivals.map(\.values) == [["b"]])
        try it.close()
    }

    @Test("4.17 Metadata is asked for anew after metadata.max.age.ms")
    func metadataAges() throws {
        let it = try TimedProducer.established(["metadata.max.age.ms": "10000"])
        let known = it.network.questions.count
        it.advance(by: 9000)
        #expect(it.network.questions.count == known)
        it.advance(by: 1000)
        #expect(it.network.questions.count == known + 1)
        #expect(it.network.questions.last?.topics == ["t"])
        try it.close()
    }
}
