import NIOCore
import Testing

@testable import KafkaProducer

/// KIP-794 from end to end: what the sender sees of its brokers decides where records without a key go. Each record is
/// a batch and a choice; of four partitions, node 1 leads two.
@Suite struct AdaptivePartitioningTests {
    /// A producer without acknowledgements, whose requests are done when they are taken.
    private func rehearsal(adaptive: Bool = true, availabilityTimeout: Int = 0) throws -> Rehearsal {
        let rehearsal = try Rehearsal([
            "acks": "0", "batch.size": "0", "partitioner.adaptive.partitioning.enable": "\(adaptive)",
            "partitioner.availability.timeout.ms": "\(availabilityTimeout)", "request.timeout.ms": "1000",
            "delivery.timeout.ms": "2000",
        ])
        rehearsal.cluster.answerTime = .zero
        rehearsal.cluster.hosts = [0: "zero", 1: "one"]
        rehearsal.cluster.leaders = [0, 1, 0, 1]
        return rehearsal
    }

    /// How many of so many records go to partitions of node 1.
    private func share(_ rehearsal: Rehearsal, records: Int) throws -> Int {
        try (0..<records).count { _ in
            let future = try rehearsal.send(partition: nil)
            rehearsal.settle()
            return try #require(future).batch.partition % 2 == 1
        }
    }

    private func expectEqualShares(_ rehearsal: Rehearsal) throws {
        let sent = try share(rehearsal, records: 1000)
        #expect((450...550).contains(sent))
    }

    @Test func brokersThatKeepUpGetEqualShares() throws {
        let it = try rehearsal()
        try expectEqualShares(it)
    }

    @Test("7.5 A broker that does not keep up gets less")
    func aBrokerThatDoesNotKeepUpGetsLess() throws {
        let it = try rehearsal()
        it.cluster.stick("one")
        // Five requests are under way, and the more wait behind them, the fewer come.
        let sent = try share(it, records: 1000)
        #expect((20...150).contains(sent))
        it.cluster.release("one")
        _ = try share(it, records: 8)
        try expectEqualShares(it)
    }

    @Test("7.5 Without adaptive partitioning it gets its share")
    func withoutAdaptivePartitioningItGetsItsShare() throws {
        let it = try rehearsal(adaptive: false)
        it.cluster.stick("one")
        try expectEqualShares(it)
    }

    @Test("7.6 A broker that is lost gets nothing until it takes what waits")
    func aBrokerThatIsLostGetsNothingUntilItTakesWhatWaits() throws {
        let it = try rehearsal(availabilityTimeout: 300)
        it.cluster.stick("one")
        _ = try share(it, records: 100)
        it.advance(200)
        #expect(try share(it, records: 100) > 0)
        it.advance(400)
        _ = try share(it, records: 8)
        #expect(try share(it, records: 1000) == 0)
        it.cluster.release("one")
        _ = try share(it, records: 8)
        try expectEqualShares(it)
    }

    @Test func whenAllAreLostAllAreChosen() throws {
        let it = try rehearsal(availabilityTimeout: 300)
        _ = try share(it, records: 1)
        it.cluster.stick("zero")
        it.cluster.stick("one")
        _ = try share(it, records: 100)
        it.advance(600)
        _ = try share(it, records: 8)
        try expectEqualShares(it)
    }

    /// What waited has expired: a broker that nobody waits for is tried again.
    @Test func aLostBrokerThatNothingWaitsForGetsAnotherTry() throws {
        let it = try rehearsal(availabilityTimeout: 100)
        it.cluster.stick("one")
        _ = try share(it, records: 100)
        it.advance(1000)
        _ = try share(it, records: 8)
        #expect(try share(it, records: 100) == 0)
        it.advance(4000)
        #expect(try share(it, records: 20) > 0)
    }
}
