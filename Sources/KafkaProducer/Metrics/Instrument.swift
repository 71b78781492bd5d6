import CoreMetrics
import Synchronization

/// A metric as a backend of swift-metrics has it. The backend hears of it with its first value, outside of any lock
/// of the producer's: a backend may do what it likes.
final class Instrument: Sendable {
    enum Kind: Sendable {
        /// Grows by the value.
        case counter
        /// Grows by the number of events.
        case eventCounter
        /// Milliseconds.
        case timer
        case recorder
        /// Is set to the value.
        case meter
    }

    private enum Handler: Sendable {
        case counter(Counter)
        case timer(Timer)
        case recorder(Recorder)
        case meter(Meter)
    }

    private let kind: Kind
    private let label: String
    private let dimensions: [(String, String)]
    private let factory: any MetricsFactory
    private let made = Mutex<Handler?>(nil)

    init(_ kind: Kind, label: String, dimensions: [(String, String)], factory: any MetricsFactory) {
        self.kind = kind
        self.label = label
        self.dimensions = dimensions
        self.factory = factory
    }

    func report(_ value: Double, events: Int = 1) {
        switch handler {
        case .counter(let counter): counter.increment(by: kind == .eventCounter ? events : Int(value))
        case .timer(let timer): timer.recordMilliseconds(value)
        case .recorder(let recorder): recorder.record(value / Double(max(events, 1)))
        case .meter(let meter): meter.set(value)
        }
    }

    private var handler: Handler {
        if let handler = made.withLock({ $0 }) { return handler }
        // Two threads may both make it; backends give them the same one.
        let handler = makeHandler()
        made.withLock { $0 = handler }
        return handler
    }

    private func makeHandler() -> Handler {
        switch kind {
        case .counter, .eventCounter: .counter(Counter(label: label, dimensions: dimensions, factory: factory))
        case .timer:
            .timer(
                Timer(
                    label: label, dimensions: dimensions,
                    handler: factory.makeTimer(label: label, dimensions: dimensions), factory: factory))
        case .recorder: .recorder(Recorder(label: label, dimensions: dimensions, factory: factory))
        case .meter: .meter(Meter(label: label, dimensions: dimensions, factory: factory))
        }
    }
}
