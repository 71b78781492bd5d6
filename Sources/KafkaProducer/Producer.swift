public import Logging

/// Sends records to Kafka: batched, compressed, in order, each with exactly one completion.
///
/// Safe to use from many threads, and meant to be shared: one producer for a process is the rule. Close it, or what is
/// under way fails.
public final class Producer<Key, Value>: Sendable {
    @usableFromInline package let core: ProducerCore
    @usableFromInline let keySerializer: Serializer<Key>
    @usableFromInline let valueSerializer: Serializer<Value>
    @usableFromInline let interceptors: InterceptorChain<Key, Value>
    @usableFromInline let hasInterceptors: Bool
    /// The form of keys and values, where it is the same.
    @usableFromInline let directForm: SerializedForm

    /// - Throws: `KafkaError` of kind `configuration`, which names the key.
    public init(
        _ configuration: ProducerConfiguration, keySerializer: Serializer<Key>, valueSerializer: Serializer<Value>,
        interceptors: [any ProducerInterceptor<Key, Value>] = [], logger: Logger = Logger(label: "kafka-producer")
    ) throws(KafkaError) {
        // One that masks what must not be seen cannot be passed over.
        if interceptors.isEmpty, !configuration.interceptorClasses.isEmpty {
            throw KafkaError(
                .configuration,
                "interceptor.classes=\(configuration.interceptorClasses.joined(separator: ",")): nothing here loads "
                    + "them by name; give interceptors to the producer instead")
        }
        core = try ProducerCore(configuration, logger: logger)
        self.keySerializer = keySerializer
        self.valueSerializer = valueSerializer
        self.interceptors = InterceptorChain(interceptors, logger: logger)
        hasInterceptors = !interceptors.isEmpty
        directForm = keySerializer.form == valueSerializer.form ? valueSerializer.form : .function
    }

    /// Sends a record: returns at once, unless metadata or memory have to be waited for (`max.block.ms`).
    ///
    /// The future may be dropped (fire and forget), asked with `get` (sync) or awaited; the callback runs on the I/O
    /// thread, after the interceptors' `onAcknowledgement`. Failures of the cluster and time-outs come that way too.
    /// - Throws: `KafkaError` of kind `serialization`, `closed` or `illegalArgument`.
    @inlinable
    @inline(__always)
    @discardableResult
    public func send(
        _ record: ProducerRecord<Key, Value>, onCompletion callback: DeliveryCallback? = nil
    ) throws(KafkaError) -> DeliveryFuture {
        // Field by field: a record that is made where it is sent need not be put together.
        if hasInterceptors {
            return try sendIntercepted(
                record.key, record.value, record.headers, record.timestamp, record.topic, record.partition, callback)
        }
        return try dispatch(
            record.key, record.value, record.headers, record.timestamp, record.topic, record.partition, callback)
    }

    @usableFromInline
    func sendIntercepted(
        _ key: Key?, _ value: Value?, _ headers: Headers, _ timestamp: Int64?, _ topic: String, _ partition: Int32?,
        _ callback: DeliveryCallback?
    ) throws(KafkaError) -> DeliveryFuture {
        let record = interceptors.onSend(
            ProducerRecord(
                topic: topic, partition: partition, timestamp: timestamp, key: key, value: value, headers: headers))
        do throws(KafkaError) {
            return try dispatch(
                record.key, record.value, record.headers, record.timestamp, record.topic, record.partition,
                interceptors.acknowledging(callback))
        } catch {
            interceptors.refused(record, error)
            throw error
        }
    }

    @inlinable
    func dispatch(
        _ key: Key?, _ value: Value?, _ headers: Headers, _ timestamp: Int64?, _ topic: String, _ partition: Int32?,
        _ callback: DeliveryCallback?
    ) throws(KafkaError) -> DeliveryFuture {
        // Bytes and text need no serializer. Spelled out: a closure, or an optional that is not taken apart at once,
        // would have the arrays' references counted.
        switch directForm {
        case .bytes:
            if let value = value as? [UInt8] {
                if let key = key as? [UInt8] {
                    return try core.send(
                        key: key.span.bytes, value: value.span.bytes, headers: headers, timestamp: timestamp,
                        to: topic, partition: partition, callback: callback
                    ).accepted()
                }
                return try core.send(
                    key: nil, value: value.span.bytes, headers: headers, timestamp: timestamp, to: topic,
                    partition: partition, callback: callback
                ).accepted()
            }
        case .text:
            if let value = value as? String {
                if let key = key as? String {
                    return try core.send(
                        key: key.utf8Span.span.bytes, value: value.utf8Span.span.bytes, headers: headers,
                        timestamp: timestamp, to: topic, partition: partition, callback: callback
                    ).accepted()
                }
                return try core.send(
                    key: nil, value: value.utf8Span.span.bytes, headers: headers, timestamp: timestamp, to: topic,
                    partition: partition, callback: callback
                ).accepted()
            }
        case .function: break
        }
        var future: DeliveryFuture?
        try serialize(key, value, topic, headers) { key, value, headers in
            future = core.send(
                key: key, value: value, headers: headers, timestamp: timestamp, to: topic, partition: partition,
                callback: callback)
        }
        guard let future else { throw KafkaError.noBytes(topic: topic) }
        return try future.accepted()
    }

    /// Lends the record's bytes to `body`: key first, then value, each serializer free to add headers.
    @inlinable
    @inline(__always)
    func serialize(
        _ key: Key?, _ value: Value?, _ topic: String, _ headers: Headers,
        _ body: (_ key: RawSpan?, _ value: RawSpan?, _ headers: Headers) -> Void
    ) throws(KafkaError) {
        do {
            try keySerializer.lend(key, topic, headers) { key, headers in
                try valueSerializer.lend(value, topic, headers) { value, headers in
                    body(key, value, headers)
                }
            }
        } catch {
            throw KafkaError(serialization: error, topic: topic)
        }
    }

    /// Sends a record and suspends until it is acknowledged; also while metadata or memory have to be waited for.
    /// - Throws: the record's error, and what `send(_:onCompletion:)` throws.
    @discardableResult
    public func send(_ record: ProducerRecord<Key, Value>) async throws(KafkaError) -> RecordMetadata {
        let record = interceptors.isEmpty ? record : interceptors.onSend(record)
        let callback = interceptors.isEmpty ? nil : interceptors.acknowledging(nil)
        let topic = core.topic(record.topic)
        let future: DeliveryFuture
        do throws(KafkaError) {
            var owned: OwnedRecord?
            try serialize(record.key, record.value, record.topic, record.headers) { key, value, headers in
                owned = OwnedRecord(key: key, value: value, headers: headers, timestamp: record.timestamp)
            }
            guard let owned else { throw KafkaError.noBytes(topic: record.topic) }
            // Asked here, on the thread that interceptors and serializers ran on.
            let generation = record.partition == nil ? core.partitioner?.beginRecord() ?? -1 : -1
            future = try await core.send(
                owned, to: topic, partition: record.partition, generation: generation, callback: callback)
        } catch {
            interceptors.refused(record, error)
            throw error
        }
        return try await future.value
    }

    /// Sends at once whatever lingers, and blocks until all that was sent before is complete.
    /// - Throws: `KafkaError` of kind `illegalState` in a callback, which would wait for itself (KIP-1118).
    public func flush() throws(KafkaError) { try core.flush() }

    /// Sends at once whatever lingers, and suspends until all that was sent before is complete.
    public func flush() async { await core.flush() }

    /// The partitions of a topic; blocks for metadata at most `max.block.ms`.
    /// - Throws: `KafkaError` of kind `timeout`, or the broker's error.
    public func partitions(of topic: String) throws(KafkaError) -> TopicPartitions {
        try core.partitions(of: core.topic(topic))
    }

    /// What became of the records so far, topic by topic: for those who dropped their futures.
    public var deliveryReports: [DeliveryReport] { core.deliveryReports }

    /// What the producer has measured, as it stands: from any thread, in callbacks too, and after `close`.
    ///
    /// The same values go to the backend of swift-metrics that was chosen before the producer was made, as counters,
    /// timers, recorders and meters called `kafka.producer.…`, `kafka.producer.topic.…` and `kafka.producer.node.…`.
    public var metrics: ProducerMetrics { core.metrics }

    /// Completes what is under way and ends the producer; closing twice is closing once.
    /// - Parameter timeout: how long to wait for acknowledgements; what is left then fails with kind `closed`. nil waits
    ///   as long as `delivery.timeout.ms` lets records live. In a callback nothing is waited for.
    /// - Throws: `KafkaError` of kind `illegalArgument` if the timeout is negative.
    public func close(timeout: Duration? = nil) throws(KafkaError) {
        try core.close(timeout: timeout, onClosed: closeParts)
    }

    /// Suspending form of `close`.
    public func close() async {
        await core.close(onClosed: closeParts)
    }

    /// In Java's order; the partitioner follows.
    private var closeParts: @Sendable () -> Void {
        { [interceptors, keySerializer, valueSerializer] in
            interceptors.close()
            keySerializer.close()
            valueSerializer.close()
        }
    }
}

extension Producer where Key: KafkaSerializable, Value: KafkaSerializable {
    /// A producer with the serializers of its types.
    /// - Throws: `KafkaError` of kind `configuration`, which names the key; also where the configuration names another
    ///   serializer than that of the type.
    public convenience init(
        _ configuration: ProducerConfiguration, interceptors: [any ProducerInterceptor<Key, Value>] = [],
        logger: Logger = Logger(label: "kafka-producer")
    ) throws(KafkaError) {
        try configuration.keySerializer?.requireMatch("key.serializer", Key.serializer)
        try configuration.valueSerializer?.requireMatch("value.serializer", Value.serializer)
        try self.init(
            configuration, keySerializer: Key.serializer, valueSerializer: Value.serializer,
            interceptors: interceptors, logger: logger)
    }
}
