/// What will become of one record: a batch and a place in it, no object of its own.
public struct DeliveryFuture: Sendable {
    package let batch: BatchResult
    /// The record's place in the batch.
    package let index: Int32

    package init(batch: BatchResult, index: Int32) {
        self.batch = batch
        self.index = index
    }

    /// A record that `send` refuses with a throw.
    static func rejected(_ error: KafkaError) -> DeliveryFuture {
        DeliveryFuture(batch: .failed(error, topic: "", partition: -1), index: -1)
    }

    @usableFromInline package var isRejected: Bool { index < 0 }

    /// The future, unless the record was rejected.
    @inlinable
    @inline(__always)
    package func accepted() throws(KafkaError) -> DeliveryFuture {
        if isRejected { throw rejection }
        return self
    }

    /// What to throw for a rejected record.
    @usableFromInline var rejection: KafkaError {
        outcome.1 ?? KafkaError(.illegalState, "the record was not rejected")
    }

    /// Whether the record has been acknowledged or has failed.
    public var isDone: Bool { batch.latch.isOpen }

    /// Opens when the record is done.
    package var latch: Latch { batch.latch }

    /// What became of the record; to be asked once it is done.
    package var outcome: (RecordMetadata, KafkaError?) { batch.outcome(of: index) }

    /// Blocks until the record is acknowledged or has failed.
    /// - Parameter timeout: how long to wait; nil waits as long as `delivery.timeout.ms` lets the record live.
    /// - Throws: the record's error; kind `timeout` if the time was up (the record may still arrive); kind
    ///   `illegalState` in a callback, which would wait for its own thread.
    @discardableResult
    public func get(timeout: Duration? = nil) throws(KafkaError) -> RecordMetadata {
        guard try batch.latch.wait(until: Deadline.after(timeout)) else {
            throw KafkaError(.timeout, "the record was not acknowledged within \(Deadline.describe(timeout))")
        }
        return try batch.result(of: index).get()
    }

    /// Suspends until the record is acknowledged or has failed.
    public var value: RecordMetadata {
        get async throws(KafkaError) {
            await batch.latch.opened()
            return try batch.result(of: index).get()
        }
    }

    /// Runs `body` when the record is done: on the I/O thread, or at once if it is done already.
    public func whenDone(_ body: @escaping DeliveryCallback) {
        batch.latch.whenOpen {
            let (metadata, error) = batch.outcome(of: index)
            body(metadata, error)
        }
    }
}
