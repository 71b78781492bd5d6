import KafkaProducer
import Synchronization

/// What a script and its workers have in common. From any thread.
final class ScriptContext: Sendable {
    let shared = SharedValues()
    /// The producers of all of them, for reports.
    private let cores = Mutex<[ProducerCore]>([])

    func add(_ core: ProducerCore) { cores.withLock { $0.append(core) } }

    /// What became of the records that were sent, producer by producer.
    var deliveryReports: [DeliveryReport] { cores.withLock { $0 }.flatMap(\.deliveryReports) }

    /// Bytes of the batches that were sent.
    var bytesSent: Int {
        cores.withLock { $0 }.flatMap { $0.metrics.topics.values }.reduce(0) { $0 + Int($1["byte-total"] ?? 0) }
    }
}
