/// What is measured of each node (Java's SelectorMetrics, by connection).
struct NodeSensors: SensorGroup {
    static let group = "producer-node-metrics"
    static let labelPrefix = "kafka.producer.node."

    /// Bytes of each request.
    var outgoing = Sensor()
    /// Bytes of each answer.
    var incoming = Sensor()
    /// Milliseconds.
    var requestLatency = Sensor()

    static let metrics: [MetricDefinition<Self>] =
        [
            .init(
                "request-latency-avg", .average, of: \.requestLatency, .milliseconds,
                "The average time from a produce request to its answer."),
            .init(
                "request-latency-max", .maximum, of: \.requestLatency, .milliseconds,
                "The longest time from a produce request to its answer."),
        ] + traffic(outgoing: \.outgoing, incoming: \.incoming)

    /// The metrics of requests and answers, which a node has as the producer has them.
    static func traffic<Sensors>(
        outgoing: MetricDefinition<Sensors>.SensorPath, incoming: MetricDefinition<Sensors>.SensorPath
    ) -> [MetricDefinition<Sensors>] {
        [
            .init("request-rate", .eventRate, of: outgoing, .countPerSecond, "Requests sent a second."),
            .init("request-total", .eventTotal, of: outgoing, .count, "Requests sent."),
            .init("request-size-avg", .average, of: outgoing, .bytes, "The average size of a request."),
            .init("request-size-max", .maximum, of: outgoing, .bytes, "The largest size of a request."),
            .init("response-rate", .eventRate, of: incoming, .countPerSecond, "Answers received a second."),
            .init("response-total", .eventTotal, of: incoming, .count, "Answers received."),
            .init("outgoing-byte-rate", .rate, of: outgoing, .bytesPerSecond, "Bytes sent a second."),
            .init("outgoing-byte-total", .total, of: outgoing, .bytes, "Bytes sent."),
            .init("incoming-byte-rate", .rate, of: incoming, .bytesPerSecond, "Bytes received a second."),
            .init("incoming-byte-total", .total, of: incoming, .bytes, "Bytes received."),
        ]
    }
}
