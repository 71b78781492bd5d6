import DevBroker
import KafkaWire
import NIOCore
import Testing

@testable import KafkaProducer

@Suite struct ProducerMetricsTests {
    // MARK: - What is sent

    @Test func recordsBatchesAndRequestsAreCounted() throws {
        let broker = try Broker()
        let producer = try broker.producer(["linger.ms": "60000", "delivery.timeout.ms": "120000"])
        for number in 0..<90 { try producer.send(ProducerRecord(topic: "t", partition: 0, value: "\(number)")) }
        for number in 0..<10 { try producer.send(ProducerRecord(topic: "u", partition: 0, value: "\(number)")) }
        try producer.flush()
        let metrics = producer.metrics
        try producer.close()

        #expect(metrics["record-send-total"] == 100)
        #expect(metrics.topic("t")["record-send-total"] == 90)
        #expect(metrics.topic("u")["record-send-total"] == 10)
        let rate = try #require(metrics["record-send-rate"])
        #expect(rate > 0 && rate <= 100.0 / 30)
        // Numbers of one digit or two, with seven bytes around each, or eight from the 65th on; 61 bytes lead a batch.
        let t: Double = 61 + 64 * 7 + 26 * 8 + 10 + 80 * 2
        let u: Double = 61 + 10 * 7 + 10
        #expect(metrics.topic("t")["byte-total"] == t)
        #expect(metrics.topic("u")["byte-total"] == u)
        #expect(metrics["batch-size-max"] == t)
        #expect(metrics["batch-size-avg"] == (t + u) / 2)
        #expect(metrics["compression-rate-avg"] == 1)
        #expect(metrics["record-size-avg"] == (t + u - 122) / 100)
        let waited = try #require(metrics["record-queue-time-avg"])
        let longest = try #require(metrics["record-queue-time-max"])
        #expect(waited > 0 && longest >= waited)
        #expect(metrics["record-error-total"] == 0)
        #expect(metrics["record-retry-total"] == 0)
        #expect(metrics["produce-throttle-time-max"] == 0)
        #expect(try #require(metrics["request-latency-max"]) >= #require(metrics["request-latency-avg"]))
    }

    @Test func requestsAndAnswersAreCountedByNode() throws {
        let broker = try Broker(nodes: 2, partitions: 2)
        let producer = try broker.producer()
        for partition in 0..<2 {
            for _ in 0..<3 {
                try producer.send(ProducerRecord(topic: "t", partition: Int32(partition), value: "v")).get()
            }
        }
        try producer.close()
        let metrics = producer.metrics
        #expect(metrics["requests-in-flight"] == 0)
        #expect(metrics["connection-count"] == 0)
        #expect(metrics["connection-creation-total"] == metrics["connection-close-total"])
        #expect(metrics["request-total"] == metrics["response-total"])
        for name in ["request-total", "response-total", "outgoing-byte-total", "incoming-byte-total"] {
            let sum = metrics.nodes.values.reduce(0) { $0 + ($1[name] ?? 0) }
            #expect(metrics[name] == sum, "\(name)")
        }
        #expect(metrics["network-io-total"] == 2 * (metrics["request-total"] ?? 0))
        for node: Int32 in [1, 2] {
            #expect(try #require(metrics.node(node)["request-total"]) >= 3)
            #expect(metrics.node(node)["request-latency-avg"] != nil)
        }
    }

    @Test func compressionShows() throws {
        let broker = try Broker()
        let producer = try broker.producer(["compression.type": "zstd"])
        let value = String(repeating: "kafka", count: 1000)
        try producer.send(ProducerRecord(topic: "t", partition: 0, value: value)).get()
        let metrics = producer.metrics
        try producer.close()
        let rate = try #require(metrics.topic("t")["compression-rate"])
        #expect(rate > 0 && rate < 0.1)
        #expect(metrics["compression-rate-avg"] == rate)
        #expect(try #require(metrics["batch-size-max"]) < 500)
        #expect(try #require(metrics["record-size-avg"]) > 5000)
    }

    @Test func theLargestRecordCountsWhereverItStands() throws {
        let broker = try Broker()
        let producer = try broker.producer(["linger.ms": "60000", "delivery.timeout.ms": "120000"])
        for size in [10, 20, 700, 15, 699, 3] {
            try producer.send(ProducerRecord(topic: "t", partition: 0, value: String(repeating: "v", count: size)))
        }
        try producer.flush()
        let metrics = producer.metrics
        try producer.close()
        let bound = RecordBatchWriter.batchUpperBound(keyCount: 0, valueCount: 700, headersCount: 0)
        #expect(metrics["record-size-max"] == Double(bound))
    }

    // MARK: - What does not get through

    @Test func repeatedRecordsCountAsRetriesAndAsSent() throws {
        let broker = try Broker()
        let producer = try broker.producer()
        broker.broker.inject(.closeBefore, times: 2)
        #expect(try producer.send(record).get().offset == 0)
        try producer.close()
        let metrics = producer.metrics
        #expect(metrics["record-retry-total"] == 2)
        #expect(metrics.topic("t")["record-retry-total"] == 2)
        #expect(metrics["record-send-total"] == 3)
        #expect(metrics["record-error-total"] == 0)
        #expect(metrics["requests-in-flight"] == 0)
        #expect(try #require(metrics["connection-close-total"]) >= 2)
    }

    @Test func recordsThatFailCountAsErrors() throws {
        let broker = try Broker()
        let producer = try broker.producer(["delivery.timeout.ms": "300", "request.timeout.ms": "100"])
        _ = try producer.partitions(of: "t")
        broker.broker.isSilent = true
        let futures = try (0..<3).map { _ in try producer.send(record) }
        for future in futures { #expect(throws: KafkaError.self) { try future.get() } }
        try producer.close()
        #expect(producer.metrics["record-error-total"] == 3)
        #expect(producer.metrics.topic("t")["record-error-total"] == 3)
    }

    @Test func aRecordThatIsTooLargeIsAnErrorOfTheProducerOnly() throws {
        let broker = try Broker()
        let producer = try broker.producer(["max.request.size": "1000"])
        let future = try producer.send(ProducerRecord(topic: "t", value: String(repeating: "v", count: 2000)))
        #expect(throws: KafkaError.self) { try future.get() }
        #expect(producer.metrics["record-error-total"] == 1)
        #expect(producer.metrics.topic("t").isEmpty)
        #expect(producer.metrics.topic("t")["record-error-total"] == nil)
        try producer.close()
    }

    // MARK: - Callers that wait

    @Test func waitingForMemoryIsMeasured() throws {
        let broker = try Broker()
        let producer = try broker.producer([
            "buffer.memory": "4000", "batch.size": "4000", "max.block.ms": "20", "enable.idempotence": "false",
        ])
        // Not within a time that may be too short for a broker that is busy.
        while (try? producer.partitions(of: "t")) == nil {}
        broker.broker.isSilent = true
        try producer.send(record)
        #expect(producer.metrics["buffer-available-bytes"] == 0)
        let refused = try producer.send(ProducerRecord(topic: "t", partition: 1, value: "value"))
        #expect(throws: KafkaError.self) { try refused.get() }
        var metrics = producer.metrics
        #expect(metrics["buffer-exhausted-total"] == 1)
        #expect(metrics["record-error-total"] == 1)
        #expect(try #require(metrics["bufferpool-wait-time-ns-total"]) >= 20e6)
        #expect(try #require(metrics["bufferpool-wait-ratio"]) > 0)
        #expect(metrics["waiting-threads"] == 0)
        #expect(metrics["buffer-total-bytes"] == 4000)
        try producer.close(timeout: .zero)
        metrics = producer.metrics
        #expect(metrics["buffer-available-bytes"] == 4000)
        #expect(metrics["requests-in-flight"] == 0)
    }

    @Test func waitingForMetadataAndForFlushIsMeasured() async throws {
        let broker = try Broker()
        let producer = try broker.producer(["linger.ms": "60000", "delivery.timeout.ms": "120000"])
        #expect(producer.metrics["metadata-wait-time-ns-total"] == 0)
        #expect(producer.metrics["metadata-age"] == nil)
        try producer.send(ProducerRecord(topic: "t", value: "v"), onCompletion: nil)
        let first = producer.metrics
        #expect(try #require(first["metadata-wait-time-ns-total"]) > 0)
        #expect(try #require(first["metadata-age"]) >= 0)
        #expect(first["flush-time-ns-total"] == 0)
        await producer.flush()
        let second = producer.metrics
        #expect(try #require(second["flush-time-ns-total"]) > 0)
        #expect(second["metadata-wait-time-ns-total"] == first["metadata-wait-time-ns-total"])
        #expect(try #require(second["metadata-age"]) > #require(first["metadata-age"]))
        await producer.close()
    }

    // MARK: - Who asks

    @Test func metricsAreThereInCallbacks() throws {
        let broker = try Broker()
        let producer = try broker.producer()
        let seen = Log<Double?>()
        try producer.send(ProducerRecord(topic: "t", value: "v")) { [unowned producer] _, _ in
            seen.append(producer.metrics["record-send-total"])
        }.get()
        try producer.close()
        #expect(seen.entries == [1])
    }

    @Test func metricsAreThereForManyThreadsAndAfterTheEnd() async throws {
        let broker = try Broker()
        let producer = try broker.producer(["batch.size": "512"])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var latest = 0.0
                    for number in 0..<500 {
                        _ = try? producer.send(ProducerRecord(topic: "t", value: "\(number)"), onCompletion: nil)
                        guard number % 10 == 0 else { continue }
                        let total = producer.metrics["record-send-total"] ?? -1
                        #expect(total >= latest)
                        latest = total
                    }
                }
            }
        }
        await producer.close()
        let metrics = producer.metrics
        #expect(metrics["record-send-total"] == 2000)
        #expect(metrics.topic("t")["record-send-total"] == 2000)
        #expect(metrics["buffer-available-bytes"] == metrics["buffer-total-bytes"])
    }

    @Test func everyMetricIsListedWithItsTags() throws {
        let broker = try Broker()
        let producer = try broker.producer(["client.id": "shop"])
        try producer.send(ProducerRecord(topic: "t", value: "v")).get()
        try producer.close()
        let metrics = producer.metrics
        #expect(metrics.clientId == "shop")
        #expect(metrics.all.allSatisfy { $0.tags["client-id"] == "shop" })
        let byGroup = Dictionary(grouping: metrics.all, by: \.description.group)
        #expect(byGroup["producer-metrics"]?.map(\.name) == metrics.producer.map(\.name))
        #expect(byGroup["producer-topic-metrics"]?.allSatisfy { $0.tags["topic"] == "t" } == true)
        #expect(byGroup["producer-node-metrics"]?.contains { $0.tags["node-id"] == "node-1" } == true)
        #expect(metrics["record-sent-total"] == nil)
    }

    @Test func aProducerWithoutANameIsGivenOne() throws {
        let broker = try Broker()
        let (first, second) = (try broker.producer(), try broker.producer())
        let pattern = /producer-[0-9]+/
        #expect(first.metrics.clientId.wholeMatch(of: pattern) != nil)
        #expect(second.metrics.clientId.wholeMatch(of: pattern) != nil)
        #expect(first.metrics.clientId != second.metrics.clientId)
        #expect(first.core.configuration.clientId == first.metrics.clientId)
        try first.close()
        try second.close()
    }

    private var record: ProducerRecord<String, String> { ProducerRecord(topic: "t", partition: 0, value: "value") }
}
