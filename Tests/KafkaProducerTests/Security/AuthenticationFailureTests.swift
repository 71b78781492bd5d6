import KafkaWire
import NIOCore
import Testing

@testable import KafkaProducer

/// What becomes of those who wait when a broker does not let the client in; in virtual time.
@Suite struct AuthenticationFailureTests {
    private let refused = KafkaError(ErrorCode.saslAuthenticationFailed, "broker seed:9092")

    @Test("8.16 A send that waits for metadata fails at once when the login is refused")
    func aSendThatWaitsForMetadata() throws {
        let rehearsal = try Rehearsal()
        rehearsal.cluster.unreachable["seed"] = refused
        let future = try #require(try rehearsal.send(within: 10))
        #expect(future.outcome.1 == refused)
        #expect(rehearsal.elapsed <= 10)
        #expect(rehearsal.core.sender.networkError == refused)
    }

    @Test("8.16 So does a question for partitions")
    func aQuestionForPartitions() throws {
        let rehearsal = try Rehearsal()
        rehearsal.cluster.unreachable["seed"] = refused
        var progress = ProducerCore.Progress()
        let topic = rehearsal.core.topic("orders")
        let error = #expect(throws: KafkaError.self) {
            for _ in 0..<10 {
                _ = try rehearsal.core.lookUp(&progress, partitionsOf: topic)
                rehearsal.advance(1)
            }
        }
        #expect(error == refused)
    }

    @Test("8.16 A transaction's call fails at once, and ends the producer as in Java")
    func aTransactionsCall() throws {
        let rehearsal = try Rehearsal(["transactional.id": "t", "enable.idempotence": "true"])
        rehearsal.cluster.unreachable["seed"] = refused
        let outcome = rehearsal.core.begin(.initialize)
        rehearsal.advance(10)
        #expect(outcome.latch.isOpen)
        #expect(outcome.error?.code == .saslAuthenticationFailed)
        #expect(outcome.error?.isFatal == true)
    }

    @Test("8.16 So does a commit that waits, with the records that it waits for")
    func aCommitThatWaits() throws {
        let it = try TimedProducer.transactional()
        try it.perform(.begin)
        let future = try it.send("v")
        it.advance(by: 6)
        let outcome = it.begin(.commit)
        #expect(!outcome.latch.isOpen && !future.isDone)
        shutOut(it)
        #expect(outcome.error?.code == .saslAuthenticationFailed)
        #expect(outcome.error?.isFatal == true)
        #expect(future.outcome.1?.code == .saslAuthenticationFailed)
        try it.close()
    }

    @Test func recordsThatFailSoLeaveATransactionThatCanOnlyBeAborted() throws {
        let it = try TimedProducer.transactional()
        try it.perform(.begin)
        let future = try it.send("v")
        it.advance(by: 6)
        shutOut(it)
        #expect(future.outcome.1 == refused)
        let error = #expect(throws: KafkaError.self) { try it.send("w") }
        #expect(error?.isAbortable == true)
        it.network.refusal = nil
        it.advance(by: 1000)
        try it.perform(.abort)
        try it.perform(.begin)
        try it.close()
    }

    /// Everybody refuses the client from now on.
    private func shutOut(_ it: TimedProducer) {
        it.network.refusal = refused
        for link in it.network.links { link.close(refused) }
        it.settle()
    }

    @Test("8.16 Records that wait for a broker, and those that are under way to it, fail once each")
    func recordsThatWaitForABroker() throws {
        let rehearsal = try Rehearsal(["max.in.flight.requests.per.connection": "1", "batch.size": "0"])
        try rehearsal.deliver()
        rehearsal.cluster.silent = ["one"]
        let ends = Log<KafkaError?>()
        for _ in 0..<3 { try rehearsal.sendCounting(ends) }
        rehearsal.settle()
        #expect(ends.entries.isEmpty)
        rehearsal.cluster.unreachable["one"] = refused
        rehearsal.cluster.link(to: "one")?.close(refused)
        rehearsal.cluster.link(to: "seed")?.close(refused)
        rehearsal.settle()
        #expect(ends.entries == [refused, refused, refused])
        rehearsal.advance(200_000)
        #expect(ends.entries.count == 3)
    }

    @Test("8.16 Records for other brokers, which let the client in, go on")
    func recordsForOtherBrokersGoOn() throws {
        let rehearsal = try Rehearsal()
        rehearsal.cluster.leaders = [1, 2]
        try rehearsal.deliver(partition: 0)
        rehearsal.cluster.unreachable["two"] = refused
        let lost = try #require(try rehearsal.send(partition: 1))
        let stored = try #require(try rehearsal.send(partition: 0))
        rehearsal.advance(10)
        #expect(lost.outcome.1 == refused)
        #expect(stored.outcome.1 == nil)
    }

    @Test("8.17 Nobody comes back to the broker by itself")
    func nobodyComesBackByItself() throws {
        let rehearsal = try Rehearsal(["metadata.recovery.rebootstrap.trigger.ms": "2000"])
        rehearsal.cluster.unreachable["seed"] = refused
        _ = try rehearsal.send(within: 10)
        rehearsal.advance(10_000)
        #expect(rehearsal.cluster.attempts.count == 1)
    }

    @Test("8.17 The next send tries again, after the pause")
    func theNextSendTriesAgain() throws {
        let rehearsal = try Rehearsal(["reconnect.backoff.ms": "100", "reconnect.backoff.max.ms": "100"])
        rehearsal.cluster.unreachable["seed"] = refused
        for _ in 0..<5 {
            let future = try rehearsal.sendWaiting(atMost: 500)
            #expect(future?.outcome.1 == refused)
        }
        let starts = rehearsal.cluster.attempts.map { rehearsal.milliseconds($0.at) }
        #expect(starts.count == 5)
        #expect(zip(starts.dropFirst(), starts).allSatisfy { $0 - $1 >= 80 }, "\(starts)")
        rehearsal.cluster.unreachable = [:]
        let future = try #require(try rehearsal.sendWaiting(atMost: 500))
        rehearsal.advance(10)
        #expect(future.isDone && future.outcome.1 == nil)
        #expect(rehearsal.core.sender.networkError == nil)
    }

    @Test("8.17 A renewal that fails costs the connection, and the next send opens another")
    func aRenewalThatFails() throws {
        let rehearsal = try Rehearsal()
        try rehearsal.deliver()
        rehearsal.cluster.silent = ["one"]
        let lost = try #require(try rehearsal.send())
        rehearsal.settle()
        rehearsal.cluster.link(to: "one")?.close(refused)
        rehearsal.settle()
        #expect(lost.outcome.1 == refused)
        rehearsal.cluster.silent = []
        _ = rehearsal.takeLog()
        try rehearsal.deliver()
        #expect(rehearsal.takeLog() == ["open one", "produce one 0"])
    }

    @Test func otherAddressesOfTheBrokerAreNotTriedWithoutAPause() throws {
        let rehearsal = try Rehearsal(["reconnect.backoff.ms": "1000", "reconnect.backoff.max.ms": "1000"])
        rehearsal.cluster.unreachable["seed"] = refused
        rehearsal.cluster.untried["seed"] = 3
        _ = try rehearsal.sendWaiting(atMost: 10)
        #expect(try rehearsal.sendWaiting(atMost: 500) == nil)
        #expect(rehearsal.cluster.attempts.count == 1)
    }

    @Test func aBrokerThatRefusesAnIdempotentProducerFailsItsRecords() throws {
        let rehearsal = try Rehearsal(["enable.idempotence": "true"])
        let future = try #require(try rehearsal.send())
        rehearsal.cluster.unreachable = ["one": refused, "two": refused]
        rehearsal.cluster.link(to: "seed")?.close(refused)
        rehearsal.advance(20)
        #expect(future.outcome.1?.isAuthenticationFailure == true)
    }
}

extension Rehearsal {
    /// Sends a record that waits at its latch, as callers do, for so many milliseconds; nil if the latch stays closed.
    fileprivate func sendWaiting(atMost limit: Int64) throws -> DeliveryFuture? {
        var progress = ProducerCore.Progress()
        var left = limit
        while true {
            let attempt = try Array("value".utf8).withUnsafeBytes { value in
                try core.attempt(
                    &progress, RecordBytes(key: nil, value: value, timestamp: 1), to: core.topic("orders"),
                    partition: 0, headers: Headers(), callback: nil)
            }
            switch attempt {
            case .sent(let future): return future
            case .mustWait(let latch):
                while !latch.isOpen {
                    guard left > 0 else { return nil }
                    advance(1)
                    left -= 1
                }
            }
        }
    }

    /// Sends a record whose completions are counted; metadata is there.
    fileprivate func sendCounting(_ ends: Log<KafkaError?>) throws {
        try Array("value".utf8).withUnsafeBytes { value in
            _ = try core.send(
                RecordBytes(key: nil, value: value, timestamp: 1), to: core.topic("orders"), partition: 0
            ) { _, error in ends.append(error) }
        }
    }
}
