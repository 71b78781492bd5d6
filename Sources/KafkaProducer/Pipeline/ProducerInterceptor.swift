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

    /// Called once, when the producer closes.
    func close() throws
}

extension ProducerInterceptor {
    public func onSend(_ record: ProducerRecord<Key, Value>) -> ProducerRecord<Key, Value> { record }
    public func onAcknowledgement(_ metadata: RecordMetadata, _ error: KafkaError?) {}
    public func close() {}
}
