/// What a producer has measured, as it stood when it was asked: Java's metrics by Java's names.
///
/// Totals count from the making of the producer. Rates, averages and maxima are of the last 30 to 90 seconds.
///
/// ```swift
/// let metrics = producer.metrics
/// metrics["record-send-total"]
/// metrics.topic("orders")["record-error-rate"]
/// ```
public struct ProducerMetrics: Sendable {
    /// The `client.id`, or the one that was made up for a producer that was given none.
    public let clientId: String
    /// Those of the producer as a whole (`producer-metrics`).
    public let producer: MetricGroup
    /// Those of each topic that was sent to (`producer-topic-metrics`), by name.
    public let topics: [String: MetricGroup]
    /// Those of each node that was connected to (`producer-node-metrics`), by id. Negative ids stand for the addresses
    /// of `bootstrap.servers`, from −1 downwards.
    public let nodes: [Int32: MetricGroup]

    /// The value of one of the producer's metrics, such as `record-send-rate`.
    ///
    /// nil if there is no such metric, or if it is an average or a maximum and nothing was recorded within the last
    /// minute.
    public subscript(name: String) -> Double? { producer[name] }

    /// The metrics of a topic; empty if nothing was sent to it.
    public func topic(_ name: String) -> MetricGroup { topics[name] ?? MetricGroup() }

    /// The metrics of a node; empty if it was never connected to.
    public func node(_ id: Int32) -> MetricGroup { nodes[id] ?? MetricGroup() }

    /// All of them: the producer's, then topic by topic, then node by node.
    public var all: [Metric] {
        producer + topics.sorted { $0.key < $1.key }.flatMap(\.value)
            + nodes.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    /// What there is to be measured, each once: what the groups are made of.
    public static let descriptions: [MetricDescription] =
        ClientSensors.metrics.map(\.description) + TopicSensors.metrics.map(\.description)
        + NodeSensors.metrics.map(\.description)
}
