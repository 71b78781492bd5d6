/// What is measured of each topic that is sent to (Java's SenderMetricsRegistry).
struct TopicSensors: SensorGroup {
    static let group = "producer-topic-metrics"
    static let labelPrefix = "kafka.producer.topic."

    /// Records of each batch.
    var records = Sensor()
    /// Bytes of each batch, on the wire.
    var bytes = Sensor()
    var compressionRate = Sensor()
    var retries = Sensor()
    var errors = Sensor()

    static let metrics: [MetricDefinition<Self>] = [
        .init("record-send-rate", .rate, of: \.records, .countPerSecond, "Records sent a second."),
        .init("record-send-total", .total, of: \.records, .count, "Records sent."),
        .init("byte-rate", .rate, of: \.bytes, .bytesPerSecond, "Bytes of batches sent a second."),
        .init("byte-total", .total, of: \.bytes, .bytes, "Bytes of batches sent."),
        .init(
            "compression-rate", .average, of: \.compressionRate, .ratio,
            "The average size of a batch's records as they are sent, by their size before compression."),
        .init("record-retry-rate", .rate, of: \.retries, .countPerSecond, "Records to be sent again, a second."),
        .init("record-retry-total", .total, of: \.retries, .count, "Records that had to be sent again."),
        .init("record-error-rate", .rate, of: \.errors, .countPerSecond, "Records that failed, a second."),
        .init("record-error-total", .total, of: \.errors, .count, "Records that failed."),
    ]
}
