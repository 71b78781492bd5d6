import NIOCore

/// Sensors that are kept together: those of a producer, of a topic, of a node.
protocol SensorGroup: Sendable {
    /// Java's name for the group of metrics.
    static var group: String { get }
    /// What stands before the metrics' names in a metrics backend.
    static var labelPrefix: String { get }
    static var metrics: [MetricDefinition<Self>] { get }

    init()
}

extension SensorGroup {
    /// Sensors whose values a metrics backend is told too, if there is one.
    init(reportingTo backend: MetricsBackend?, tags: [(String, String)]) {
        self.init()
        guard let backend else { return }
        for metric in Self.metrics {
            guard case .statistic(_, let path) = metric.reading,
                let instrument = backend.instrument(for: metric, tags: tags)
            else { continue }
            self[keyPath: path].instruments.append(instrument)
        }
    }

    /// The metrics as they stand.
    func read(tags: [(String, String)], at now: NIODeadline) -> MetricGroup {
        let tags = Dictionary(tags, uniquingKeysWith: { $1 })
        return MetricGroup(
            Self.metrics.map { metric in
                let value =
                    switch metric.reading {
                    case .statistic(let statistic, let path): self[keyPath: path].value(of: statistic, at: now)
                    case .gauge(let path): self[keyPath: path]
                    }
                return Metric(description: metric.description, tags: tags, value: value)
            })
    }
}
