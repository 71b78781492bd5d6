import CoreMetrics

/// The backend of swift-metrics that the process, or the task that made the producer, has chosen.
///
/// Counters, timers, recorders and meters go there as they come. Rates and maxima do not: a backend makes its own.
struct MetricsBackend: Sendable {
    private let factory: any MetricsFactory

    /// nil where nobody listens.
    static var current: MetricsBackend? {
        let factory = MetricsSystem.factory
        return factory is NOOPMetricsHandler ? nil : MetricsBackend(factory: factory)
    }

    /// What a metric is there; nil if it is left to the backend.
    func instrument<Sensors>(for metric: MetricDefinition<Sensors>, tags: [(String, String)]) -> Instrument? {
        guard let kind = metric.instrument else { return nil }
        return Instrument(
            kind, label: Sensors.labelPrefix + metric.instrumentName, dimensions: tags, factory: factory)
    }
}

extension MetricDefinition {
    fileprivate var instrument: Instrument.Kind? {
        switch reading {
        case .gauge: .meter
        case .statistic(.total, _): .counter
        case .statistic(.eventTotal, _): .eventCounter
        case .statistic(.average, _): description.unit == .milliseconds ? .timer : .recorder
        case .statistic(.maximum, _), .statistic(.rate, _), .statistic(.eventRate, _), .statistic(.ratio, _): nil
        }
    }

    /// A recorder is told the values themselves and not their average.
    fileprivate var instrumentName: String {
        let suffix = "-avg"
        return description.name.hasSuffix(suffix)
            ? String(description.name.dropLast(suffix.count)) : description.name
    }
}
