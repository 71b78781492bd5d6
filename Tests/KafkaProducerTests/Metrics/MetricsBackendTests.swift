import CoreMetrics
import MetricsTestKit
import Testing

@testable import KafkaProducer

@Suite struct MetricsBackendTests {
    @Test func aBackendIsToldWhatHappensAsItHappens() throws {
        let broker = try Broker()
        let backend = TestMetrics()
        let producer = try withMetricsFactory(backend) { try broker.producer(["client.id": "shop"]) }
        for _ in 0..<5 { try producer.send(ProducerRecord(topic: "t", partition: 0, value: "value")).get() }
        try producer.close()
        let metrics = producer.metrics

        let client = [("client-id", "shop")]
        let topic = client + [("topic", "t")]
        let node = client + [("node-id", "node-1")]
        #expect(try backend.expectCounter("kafka.producer.record-send-total", client).totalValue == 5)
        #expect(try backend.expectCounter("kafka.producer.topic.record-send-total", topic).totalValue == 5)
        #expect(try backend.expectRecorder("kafka.producer.records-per-request", client).values == [1, 1, 1, 1, 1])
        #expect(
            try backend.expectRecorder("kafka.producer.topic.compression-rate", topic).values.allSatisfy { $0 == 1 })
        #expect(try backend.expectTimer("kafka.producer.request-latency", client).values.allSatisfy { $0 > 0 })
        #expect(try backend.expectTimer("kafka.producer.node.request-latency", node).values.count == 5)
        let bytes = try backend.expectCounter("kafka.producer.outgoing-byte-total", client).totalValue
        #expect(Double(bytes) == metrics["outgoing-byte-total"])
        let requests = try backend.expectCounter("kafka.producer.request-total", client).totalValue
        #expect(Double(requests) == metrics["request-total"])
        #expect(try backend.expectMeter("kafka.producer.connection-count", client).lastValue == 0)
        #expect(try backend.expectMeter("kafka.producer.requests-in-flight", client).lastValue == 0)
        #expect(
            try backend.expectMeter("kafka.producer.buffer-available-bytes", client).lastValue
                == metrics["buffer-total-bytes"])
        // Rates and maxima are the backend's own affair.
        #expect(throws: (any Error).self) { try backend.expectMeter("kafka.producer.record-send-rate", client) }
        #expect(throws: (any Error).self) { try backend.expectMeter("kafka.producer.batch-size-max", client) }
    }

    @Test func aBackendHearsOnlyOfWhatHasHappened() throws {
        let broker = try Broker()
        let backend = TestMetrics()
        let producer = try withMetricsFactory(backend) { try broker.producer() }
        #expect(backend.counters.isEmpty && backend.timers.isEmpty && backend.recorders.isEmpty)
        try producer.close()
    }

    @Test func withoutABackendNobodyIsTold() {
        #expect(MetricsBackend.current == nil)
        let backend = withMetricsFactory(TestMetrics()) { MetricsBackend.current }
        #expect(backend != nil)
        var sensors = TopicSensors(reportingTo: nil, tags: [])
        var recording = Recording(now: .ms(0))
        sensors.records.record(1, &recording)
        #expect(recording.reports.isEmpty)
    }
}
