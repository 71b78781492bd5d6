import KafkaProducer
import Testing

/// Our producer to three brokers that were written elsewhere and fail on purpose, read back by kcat.
@Suite struct MockClusterFaultTests {
    private static let produceKey = 0
    private static let initProducerIdKey = 22
    /// In place of an error code: closes the connection before anything is stored.
    private static let disconnect = -195

    private let topic = "orders"
    private let partitions = 6

    struct Mode: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let settings: [String: String]
        /// Mock brokers do not look at sequences: a batch may overtake another that failed.
        let keepsOrder: Bool

        static let all = [
            Mode(testDescription: "idempotent", settings: [:], keepsOrder: false),
            Mode(
                testDescription: "one request in flight",
                settings: ["enable.idempotence": "false", "max.in.flight.requests.per.connection": "1"],
                keepsOrder: true),
        ]
    }

    /// Kafka's error codes that are worth a retry and that a broker may answer to produce.
    static let produceErrors = [2, 3, 5, 6, 7, 9, 13, 19, 20, 56, 74, 75, 89, 100, 103, disconnect]

    @Test(arguments: Mode.all, produceErrors)
    func eachPassingErrorOfProduceIsRetried(_ mode: Mode, error: Int) async throws {
        var cluster = try startCluster()
        let records = try KeyedRecords(to: topic, on: cluster.bootstrapServers, mode.settings)
        try cluster.fail(apiKey: Self.produceKey, with: [error], times: 3)
        try await records.send(200)
        try await records.finish(inOrder: mode.keepsOrder, once: error != Self.disconnect)
    }

    @Test(arguments: Mode.all) func allErrorsOneAfterTheOtherAreRetried(_ mode: Mode) async throws {
        var cluster = try startCluster()
        let records = try KeyedRecords(to: topic, on: cluster.bootstrapServers, mode.settings)
        for _ in 0..<5 {
            try cluster.fail(apiKey: Self.produceKey, with: Self.produceErrors)
            try await records.send(2000)
        }
        // A connection that is closed takes with it the answers to what was stored before.
        try await records.finish(inOrder: mode.keepsOrder, once: false)
    }

    @Test func producerIdsAreAskedForAgain() async throws {
        var cluster = try startCluster()
        let records = try KeyedRecords(to: topic, on: cluster.bootstrapServers)
        try cluster.fail(apiKey: Self.initProducerIdKey, with: [14, 15, 16, 7, Self.disconnect])
        try await records.send(200)
        try await records.finish()
    }

    @Test(arguments: [3, 5]) func aTopicWithoutMetadataIsSentToOnceItHasSome(error: Int) async throws {
        var cluster = try startCluster()
        try cluster.setError(error, of: topic)
        let records = try KeyedRecords(to: topic, on: cluster.bootstrapServers, ["max.block.ms": "300"])
        #expect(throws: KafkaError.self) { try records.sendInVain().get() }
        try cluster.setError(0, of: topic)
        try await records.send(200)
        try await records.finish()
    }

    @Test(arguments: Mode.all) func leadersThatMoveAreFollowed(_ mode: Mode) async throws {
        var cluster = try startCluster()
        let records = try KeyedRecords(to: topic, on: cluster.bootstrapServers, mode.settings)
        for round in 0..<6 {
            let futures = try records.begin(500)
            for partition in 0..<partitions {
                try cluster.setLeader(topic, partition: partition, broker: (round + partition) % 3 + 1)
            }
            for future in futures { _ = try await future.value }
        }
        try await records.finish(inOrder: mode.keepsOrder)
    }

    @Test(arguments: Mode.all) func brokersThatGoAndComeBackAreFoundAgain(_ mode: Mode) async throws {
        var cluster = try startCluster()
        let records = try KeyedRecords(to: topic, on: cluster.bootstrapServers, mode.settings)
        try await records.send(500)
        for broker in 1...3 {
            // Answers are held back when the broker goes.
            try cluster.setRoundTrip(ofBroker: broker, milliseconds: 50)
            let futures = try records.begin(500)
            try cluster.setBroker(broker, up: false)
            try cluster.setRoundTrip(ofBroker: broker, milliseconds: 0)
            try cluster.setBroker(broker, up: true)
            for future in futures { _ = try await future.value }
        }
        try await records.finish(inOrder: mode.keepsOrder, once: false)
    }

    private func startCluster() throws -> MockCluster {
        var cluster = try MockCluster()
        try cluster.createTopic(topic, partitions: partitions)
        return cluster
    }
}
