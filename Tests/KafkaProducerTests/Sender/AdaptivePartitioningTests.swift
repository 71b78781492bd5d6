import NIOCore
import NIOEmbedded
import Testing

@testable import KafkaProducer

/// KIP-794 from end to end: what the sender sees of its brokers decides where records without a key go. Each record is
/// a batch and a choice; of four partitions, node 1 leads two.
@Suite struct AdaptivePartitioningTests {
    let cluster = StubbornCluster(leaders: [0, 1, 0, 1])

    /// How many of so many records go to partitions of node 1.
    private func share(of core: ProducerCore, records: Int) throws -> Int {
        try (0..<records).count { _ in try cluster.send(core, to: "t") % 2 == 1 }
    }

    private func expectEqualShares(of core: ProducerCore) throws {
        let sent = try share(of: core, records: 1000)
        #expect((450...550).contains(sent))
    }

    private func withProducer(
        adaptive: Bool = true, availabilityTimeout: Int = 0, _ body: (ProducerCore) throws -> Void
    ) throws {
        let keys = [
            "batch.size": "0", "partitioner.adaptive.partitioning.enable": "\(adaptive)",
            "partitioner.availability.timeout.ms": "\(availabilityTimeout)", "request.timeout.ms": "1000",
            "delivery.timeout.ms": "2000",
        ]
        try cluster.withProducer(keys, body)
    }

    @Test func brokersThatKeepUpGetEqualShares() throws {
        try withProducer { core in
            try expectEqualShares(of: core)
        }
    }

    @Test("7.5 A broker that does not keep up gets less")
    func aBrokerThatDoesNotKeepUpGetsLess() throws {
        try withProducer { core in
            cluster.stick(1)
            // Five requests are under way, and the more wait behind them, the fewer come.
            let sent = try share(of: core, records: 1000)
            #expect((20...150).contains(sent))
            cluster.release(1)
            _ = try share(of: core, records: 8)
            try expectEqualShares(of: core)
        }
    }

    @Test("7.5 Without adaptive partitioning it gets its share")
    func withoutAdaptivePartitioningItGetsItsShare() throws {
        try withProducer(adaptive: false) { core in
            cluster.stick(1)
            try expectEqualShares(of: core)
        }
    }

    @Test("7.6 A broker that is lost gets nothing until it takes what waits")
    func aBrokerThatIsLostGetsNothingUntilItTakesWhatWaits() throws {
        try withProducer(availabilityTimeout: 300) { core in
            cluster.stick(1)
            _ = try share(of: core, records: 100)
            cluster.loop.advanceTime(by: .milliseconds(200))
            #expect(try share(of: core, records: 100) > 0)
            cluster.loop.advanceTime(by: .milliseconds(400))
            _ = try share(of: core, records: 8)
            #expect(try share(of: core, records: 1000) == 0)
            cluster.release(1)
            _ = try share(of: core, records: 8)
            try expectEqualShares(of: core)
        }
    }

    @Test func whenAllAreLostAllAreChosen() throws {
        try withProducer(availabilityTimeout: 300) { core in
            _ = try share(of: core, records: 1)
            cluster.stick(0)
            cluster.stick(1)
            _ = try share(of: core, records: 100)
            cluster.loop.advanceTime(by: .milliseconds(600))
            _ = try share(of: core, records: 8)
            try expectEqualShares(of: core)
        }
    }

    /// What waited has expired: a broker that nobody waits for is tried again.
    @Test func aLostBrokerThatNothingWaitsForGetsAnotherTry() throws {
        try withProducer(availabilityTimeout: 100) { core in
            cluster.stick(1)
            _ = try share(of: core, records: 100)
            cluster.loop.advanceTime(by: .milliseconds(1000))
            _ = try share(of: core, records: 8)
            #expect(try share(of: core, records: 100) == 0)
            cluster.loop.advanceTime(by: .milliseconds(4000))
            #expect(try share(of: core, records: 20) > 0)
        }
    }
}
