import NIOCore
import OrderedCollections
import Synchronization

/// The sensors of one producer. Values come from the sender, a visit for each request and not for each record, and from
/// callers that had to wait; they are read from any thread.
final class ProducerSensors: Sendable {
    struct State {
        var client: ClientSensors
        // Changed in place, at their index: a value of a dictionary is taken out and put back.
        var topics: OrderedDictionary<String, TopicSensors> = [:]
        var nodes: OrderedDictionary<Int32, NodeSensors> = [:]
        var requestsInFlight = 0
        var connectionCount = 0
        var metadataUpdate: NIODeadline?
    }

    let clientId: String
    let backend: MetricsBackend?
    /// The same as `backend` says, without a copy of it.
    private let hasBackend: Bool
    let largestRecord = LargestRecord()
    private let memory: MemoryBudget
    private let state: Mutex<State>
    /// Empty without a metrics backend.
    private let gauges: [GaugeInstrument]

    private struct GaugeInstrument: Sendable {
        let path: MetricDefinition<ClientSensors>.GaugePath
        let instrument: Instrument
    }

    init(clientId: String, memory: MemoryBudget, backend: MetricsBackend? = .current) {
        self.clientId = clientId
        self.memory = memory
        self.backend = backend
        hasBackend = backend != nil
        let tags = Self.tags(clientId)
        state = Mutex(State(client: ClientSensors(reportingTo: backend, tags: tags)))
        gauges = ClientSensors.metrics.compactMap { metric in
            guard case .gauge(let path) = metric.reading else { return nil }
            return backend?.instrument(for: metric, tags: tags).map { GaugeInstrument(path: path, instrument: $0) }
        }
    }

    private static func tags(_ clientId: String) -> [(String, String)] { [("client-id", clientId)] }
    var tags: [(String, String)] { Self.tags(clientId) }
    func tags(topic: String) -> [(String, String)] { tags + [("topic", topic)] }
    func tags(node: Int32) -> [(String, String)] { tags + [("node-id", "node-\(node)")] }

    // MARK: - Write

    /// Visits the sensors, and tells a metrics backend afterwards.
    func record(at now: NIODeadline, _ body: (inout State, inout Recording) -> Void) {
        let reports = state.withLock { state in
            var recording = Recording(now: now)
            body(&state, &recording)
            return recording.reports
        }
        guard hasBackend else { return }
        for report in reports { report.deliver() }
        reportGauges(at: now)
    }

    /// Tells a metrics backend how the gauges stand.
    func reportGauges(at now: NIODeadline) {
        guard hasBackend else { return }
        let client = client(at: now)
        for gauge in gauges { gauge.instrument.report(client[keyPath: gauge.path] ?? 0) }
    }

    // MARK: - Read

    /// All metrics as they stand.
    func snapshot(at now: NIODeadline) -> ProducerMetrics {
        let (topics, nodes) = state.withLock { ($0.topics, $0.nodes) }
        return ProducerMetrics(
            clientId: clientId, producer: client(at: now).read(tags: tags, at: now),
            topics: Dictionary(
                uniqueKeysWithValues: topics.map { ($0.key, $0.value.read(tags: tags(topic: $0.key), at: now)) }),
            nodes: Dictionary(
                uniqueKeysWithValues: nodes.map { ($0.key, $0.value.read(tags: tags(node: $0.key), at: now)) }))
    }

    /// The producer's sensors with its gauges as they stand.
    private func client(at now: NIODeadline) -> ClientSensors {
        var client = state.withLock { state in
            var client = state.client
            client.gauges.requestsInFlight = Double(state.requestsInFlight)
            client.gauges.connectionCount = Double(state.connectionCount)
            client.gauges.metadataAge = state.metadataUpdate.map { Double((now - $0).nanoseconds) / 1e9 }
            return client
        }
        client.gauges.waitingThreads = Double(memory.waiterCount)
        client.gauges.bufferTotalBytes = Double(memory.total)
        client.gauges.bufferAvailableBytes = Double(memory.availableBytes)
        return client
    }
}
