import Logging

/// Calls the interceptors in order; what one of them throws is logged, and the chain goes on with the last good record.
@usableFromInline
struct InterceptorChain<Key, Value>: Sendable {
    private let interceptors: [any ProducerInterceptor<Key, Value>]
    private let logger: Logger
    /// Whether one of them is exchanged while records flow.
    private let hasGenerations: Bool

    init(_ interceptors: [any ProducerInterceptor<Key, Value>], logger: Logger) {
        self.interceptors = interceptors
        self.logger = logger
        hasGenerations = interceptors.contains { $0.generation >= 0 }
    }

    @usableFromInline var isEmpty: Bool { interceptors.isEmpty }

    @usableFromInline
    func onSend(_ record: ProducerRecord<Key, Value>) -> ProducerRecord<Key, Value> {
        var record = record
        for interceptor in interceptors {
            attempt("onSend", interceptor) { record = try interceptor.onSend(record) }
        }
        return record
    }

    func onAcknowledgement(_ metadata: RecordMetadata, _ error: KafkaError?, _ generations: [Int]) {
        for (index, interceptor) in interceptors.enumerated() {
            attempt("onAcknowledgement", interceptor) {
                if generations.isEmpty {
                    try interceptor.onAcknowledgement(metadata, error)
                } else {
                    try interceptor.onAcknowledgement(metadata, error, generation: generations[index])
                }
            }
        }
    }

    /// The versions that have just seen a record; empty where there is only one of each.
    private var generations: [Int] { hasGenerations ? interceptors.map(\.generation) : [] }

    /// A record that `send` throws an error for, instead of completing it.
    @usableFromInline
    func refused(_ record: ProducerRecord<Key, Value>, _ error: KafkaError) {
        onAcknowledgement(RecordMetadata(topic: record.topic, partition: record.partition ?? -1), error, generations)
    }

    /// The callback of a record: interceptors first, then the user's.
    @usableFromInline
    func acknowledging(_ callback: DeliveryCallback?) -> DeliveryCallback {
        { [generations] metadata, error in
            onAcknowledgement(metadata, error, generations)
            callback?(metadata, error)
        }
    }

    func close() {
        for interceptor in interceptors {
            attempt("close", interceptor) { try interceptor.close() }
        }
    }

    private func attempt(_ call: String, _ interceptor: any ProducerInterceptor<Key, Value>, _ body: () throws -> Void)
    {
        do {
            try body()
        } catch {
            logger.warning("interceptor \(type(of: interceptor)) failed in \(call): \(error)")
        }
    }
}
