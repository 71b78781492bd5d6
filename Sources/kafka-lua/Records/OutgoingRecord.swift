import KafkaProducer

/// A record that `send` was asked to send.
struct OutgoingRecord: Equatable, Sendable {
    var key: [UInt8]?
    /// Nil is a tombstone.
    var value: [UInt8]?
    var frame: RecordFrame
}

/// All of a record but its key and its value.
struct RecordFrame: Equatable, Sendable {
    var topic: String
    /// Nil lets the partitioner choose.
    var partition: Int32?
    /// Milliseconds since 1970; nil is now.
    var timestamp: Int64?
    var headers = Headers()
}

/// A producer of records whose keys and values are bytes.
protocol RecordSender: AnyObject, Sendable {
    /// Hands a record over, whose bytes are lent for the length of the call; waits while there is no memory for it. On
    /// one thread.
    func send(key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?, _ frame: RecordFrame) throws(Failure)

    /// What became of the records so far. From any thread.
    var counts: ProgressCounts { get }

    /// Waits for all that was sent. Returns what could not be delivered.
    /// - Parameter isComplete: whether all that was to be sent was handed over, so that a transaction may be committed.
    func close(isComplete: Bool) -> [Failure]
}

extension RecordSender {
    func send(_ record: OutgoingRecord) throws(Failure) {
        let lent = (record.key.map(HeldBytes.init), record.value.map(HeldBytes.init))
        defer { withExtendedLifetime(lent) {} }
        try send(key: lent.0?.bytes, value: lent.1?.bytes, record.frame)
    }
}
