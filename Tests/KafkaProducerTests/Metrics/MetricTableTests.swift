import Testing

@testable import KafkaProducer

@Suite struct MetricTableTests {
    /// Java's names, by group, as the producer's contract asks for them.
    static let names: [String: Set<String>] = [
        "producer-metrics": [
            "batch-size-avg", "batch-size-max", "compression-rate-avg", "record-queue-time-avg",
            "record-queue-time-max", "request-latency-avg", "request-latency-max", "record-send-rate",
            "record-send-total", "record-retry-rate", "record-retry-total", "record-error-rate", "record-error-total",
            "records-per-request-avg", "record-size-avg", "record-size-max", "requests-in-flight", "metadata-age",
            "produce-throttle-time-avg", "produce-throttle-time-max", "bufferpool-wait-time-ns-total",
            "bufferpool-wait-ratio", "buffer-available-bytes", "buffer-total-bytes", "buffer-exhausted-rate",
            "buffer-exhausted-total", "batch-split-rate", "batch-split-total", "waiting-threads",
            "flush-time-ns-total", "metadata-wait-time-ns-total", "connection-count", "connection-creation-rate",
            "connection-creation-total", "connection-close-rate", "connection-close-total", "network-io-rate",
            "network-io-total", "request-rate", "request-total", "request-size-avg", "request-size-max",
            "response-rate", "response-total", "outgoing-byte-rate", "outgoing-byte-total", "incoming-byte-rate",
            "incoming-byte-total",
        ],
        "producer-topic-metrics": [
            "record-send-rate", "record-send-total", "byte-rate", "byte-total", "compression-rate",
            "record-retry-rate", "record-retry-total", "record-error-rate", "record-error-total",
        ],
        "producer-node-metrics": [
            "request-latency-avg", "request-latency-max", "request-rate", "request-total", "request-size-avg",
            "request-size-max", "response-rate", "response-total", "outgoing-byte-rate", "outgoing-byte-total",
            "incoming-byte-rate", "incoming-byte-total",
        ],
    ]

    @Test("7.11 Metrics have the names of Java's, each once")
    func theTableHasJavasNamesEachOnce() {
        let groups = Dictionary(grouping: ProducerMetrics.descriptions, by: \.group).mapValues { $0.map(\.name) }
        #expect(groups.mapValues(Set.init) == Self.names)
        #expect(groups.allSatisfy { Set($0.value).count == $0.value.count })
    }

    @Test func aNameSaysWhatItsValueIs() {
        for metric in ProducerMetrics.descriptions {
            let unit = metric.unit
            if metric.name.hasSuffix("-rate"), !metric.name.contains("compression") {
                #expect(unit == .countPerSecond || unit == .bytesPerSecond, "\(metric.name)")
            }
            if metric.name.hasSuffix("-ns-total") { #expect(unit == .nanoseconds, "\(metric.name)") }
            if metric.name.contains("byte"), !metric.name.hasSuffix("-rate") {
                #expect(unit == .bytes, "\(metric.name)")
            }
            #expect(metric.text.hasSuffix("."), "\(metric.name)")
        }
    }

    @Test func aRecordThatIsNoLargerThanTheLargestNeedNotBeNoted() {
        let largest = LargestRecord()
        func covers(_ size: Int) -> Bool { largest.covers(size) }
        func read(_ milliseconds: Int64) -> Int { largest.read(at: .ms(milliseconds)) }
        #expect(!covers(1))
        #expect(read(0) == 0)
        largest.note(50)
        largest.note(20)
        #expect(covers(50))
        #expect(!covers(51))
        // A batch's header is counted, as for max.request.size.
        #expect(read(999) == 111)
        #expect(read(1000) == 111)
        #expect(!covers(1))
        #expect(read(1001) == 0)
    }
}
