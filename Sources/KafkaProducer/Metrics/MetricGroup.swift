/// The metrics of a producer, of one of its topics or of one of its nodes, in the order of the documentation.
public struct MetricGroup: Sendable, RandomAccessCollection {
    private let metrics: [Metric]

    init(_ metrics: [Metric] = []) { self.metrics = metrics }

    public var startIndex: Int { metrics.startIndex }
    public var endIndex: Int { metrics.endIndex }
    public subscript(position: Int) -> Metric { metrics[position] }

    /// The value of the metric of that name, such as `record-send-rate`.
    ///
    /// nil if there is no such metric, or if it is an average or a maximum and nothing was recorded within the last
    /// minute.
    public subscript(name: String) -> Double? { metrics.first { $0.name == name }?.value }
}
