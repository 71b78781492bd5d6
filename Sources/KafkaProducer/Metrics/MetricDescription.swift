/// A metric apart from its value: Java's name and group for it, and what it means.
public struct MetricDescription: Sendable, Hashable {
    /// As Java names it, such as `record-send-rate`.
    public let name: String
    /// `producer-metrics`, `producer-topic-metrics` or `producer-node-metrics`.
    public let group: String
    public let unit: MetricUnit
    /// A sentence.
    public let text: String
}
