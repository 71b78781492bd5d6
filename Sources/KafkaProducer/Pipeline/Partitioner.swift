/// Chooses the partition of a record that names none. Runs on the thread that called `send`, several at a time.
public protocol Partitioner: AnyObject, Sendable {
    /// The partition, from 0 to `partitions.count` − 1; nil leaves the choice to the built-in partitioner.
    /// - Throws: whatever it likes: the record then fails with an error of kind `partitioner`.
    func partition(of record: borrowing SerializedRecord, partitions: TopicPartitions) throws -> Int32?

    /// Whether it leaves every record to the built-in partitioner for now, and need not be asked. False unless it is
    /// implemented.
    var isIdle: Bool { get }

    /// Whether `onNewBatch` wants to be told, and the partition then asked for once more. False unless it is
    /// implemented: a partitioner that counts its records would otherwise count some of them twice (KAFKA-9965).
    var observesNewBatches: Bool { get }

    /// A record would open a new batch in `previous`; a partitioner that sticks may choose another partition now
    /// (KIP-480). `partition` is then asked once more, and its answer counts whatever it is; at most once a record,
    /// however long that waits for memory. Nothing is told of records whose partition the partitioner did not choose.
    func onNewBatch(topic: String, partitions: TopicPartitions, previous: Int32)

    /// As `onNewBatch` without a generation, which is what it calls unless it is implemented.
    func onNewBatch(topic: String, partitions: TopicPartitions, previous: Int32, generation: Int)

    /// Which of its versions has the next record, where a partitioner is exchanged while records flow: from 0, and needed
    /// until `endRecord`. Asked once a record, whose questions all name it (`SerializedRecord.generation`). −1, for one
    /// that is never exchanged, unless it is implemented.
    func beginRecord() -> Int

    /// A record that `beginRecord` gave a version is in its batch, or has failed.
    func endRecord(generation: Int)

    /// The last generation that may have another mapping of keys than those before it: a topic takes records of it, and
    /// of later ones, once those of older generations are done. 0, for none, unless it is implemented.
    var drainedGeneration: Int { get }

    /// A transaction has begun or ended, on the thread of the call: what is to be exchanged waits for the end.
    func transactionChanged(isOpen: Bool)

    /// Called once, when the producer closes.
    func close()
}

extension Partitioner {
    public var isIdle: Bool { false }
    public var observesNewBatches: Bool { false }
    public func onNewBatch(topic: String, partitions: TopicPartitions, previous: Int32) {}
    public func onNewBatch(topic: String, partitions: TopicPartitions, previous: Int32, generation: Int) {
        onNewBatch(topic: topic, partitions: partitions, previous: previous)
    }
    public func beginRecord() -> Int { -1 }
    public func endRecord(generation: Int) {}
    public var drainedGeneration: Int { 0 }
    public func transactionChanged(isOpen: Bool) {}
    public func close() {}
}

/// A serialized record, lent for the length of a call.
public struct SerializedRecord: ~Escapable {
    // Nothing in it is counted: it is made for each record.
    package let bytes: RecordBytes
    private let destination: Unmanaged<Topic>
    private let lentHeaders: UnsafePointer<Headers>
    /// What the partitioner's `beginRecord` gave for this record.
    public let generation: Int

    /// The topic and the headers must be there as long as the bytes are.
    @_lifetime(borrow bytes)
    init(_ bytes: borrowing RecordBytes, topic: Topic, headers: UnsafePointer<Headers>, generation: Int = -1) {
        self.bytes = copy bytes
        destination = .passUnretained(topic)
        lentHeaders = headers
        self.generation = generation
    }

    public var topic: String { destination._withUnsafeGuaranteedRef { $0.name } }
    /// The topic's name where the topic keeps it.
    package var topicBytes: UnsafeRawBufferPointer { destination._withUnsafeGuaranteedRef { $0.nameBytes } }
    /// From 1, and that of no other topic; another producer's topic of the same name has its own.
    package var topicNumber: Int { destination._withUnsafeGuaranteedRef { $0.number } }
    public var headers: Headers { lentHeaders.pointee }
    package var hasHeaders: Bool { !bytes.headers.isEmpty }
    /// Milliseconds since 1970.
    public var timestamp: Int64 { bytes.timestamp }

    /// nil if the record has no key.
    public var key: RawSpan? {
        @_lifetime(copy self) get { span(bytes.key) }
    }

    /// nil for a tombstone.
    public var value: RawSpan? {
        @_lifetime(copy self) get { span(bytes.value) }
    }

    @_lifetime(copy self)
    private func span(_ bytes: UnsafeRawBufferPointer?) -> RawSpan? {
        guard let bytes else { return nil }
        return _overrideLifetime(RawSpan(_unsafeBytes: bytes), copying: self)
    }

    /// The key as text; nil if there is none or it is not UTF-8.
    public var keyText: String? {
        guard let key else { return nil }
        return key.withUnsafeBytes { String(validating: $0, as: UTF8.self) }
    }

    /// Whether the key is that text, without making a string of it.
    public func keyEquals(_ text: String) -> Bool {
        guard let key, key.byteCount == text.utf8.count else { return false }
        return key.withUnsafeBytes { $0.elementsEqual(text.utf8) }
    }
}

/// What a partitioner may know of a topic.
public struct TopicPartitions: Sendable, Hashable {
    /// All partitions; Kafka never takes one away.
    public let count: Int32
    /// Those whose leader is known, ascending.
    public let available: [Int32]

    public init(count: Int32, available: [Int32]) {
        self.count = count
        self.available = available
    }
}
