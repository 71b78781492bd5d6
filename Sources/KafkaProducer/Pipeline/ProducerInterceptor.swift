/// Sees each record before it is serialized and after its fate is known (KIP-42).
///
/// What an interceptor throws is logged and passed over: it never keeps a record from being sent.
public protocol ProducerInterceptor<Key, Value>: Sendable {
    associatedtype Key
    associatedtype Value

    /// Returns the record to send in place of `record`; sees what the interceptor before it returned. Runs on the
    /// thread that called `send`.
    func onSend(_ record: ProducerRecord<Key, Value>) throws -> ProducerRecord<Key, Value>

    /// Told once for each record, before the record's callback; runs on the I/O thread and must not block.
    func onAcknowledgement(_ metadata: RecordMetadata, _ error: KafkaError?) throws

    /// As `onAcknowledgement` without a generation, which is what it calls unless it is implemented.
    func onAcknowledgement(_ metadata: RecordMetadata, _ error: KafkaError?, generation: Int) throws

    /// Which of its versions has seen the record, where an interceptor is exchanged while records flow: asked right after
    /// `onSend`, on its thread, and given to `onAcknowledgement`. −1, for one that is never exchanged, unless it is
    /// implemented.
    var generation: Int { get }

    /// Called once, when the producer closes.
    func close() throws
}

extension ProducerInterceptor {
    public func onSend(_ record: ProducerRecord<Key, Value>) -> ProducerRecord<Key, Value> { record }
    public func onAcknowledgement(_ metadata: RecordMetadata, _ error: KafkaError?) {}
    public func onAcknowledgement(_ metadata: RecordMetadata, _ error: KafkaError?, generation: Int) throws {
        try onAcknowledgement(metadata, error)
    }
    public var generation: Int { -1 }
    public func close() {}
}
