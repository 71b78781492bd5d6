/// A metric with its value at the time of a snapshot.
public struct Metric: Sendable, Hashable {
    public let description: MetricDescription
    /// `client-id`, and `topic` or `node-id` where the metric is one of a topic or a node.
    public let tags: [String: String]
    /// nil where Java has not-a-number: nothing was recorded of late that there could be an average or a maximum of.
    public let value: Double?

    /// As Java names it, such as `record-send-rate`.
    public var name: String { description.name }
}
