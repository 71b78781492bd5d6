/// What became of the records that were sent to a topic.
public struct DeliveryReport: Sendable, Equatable {
    public var topic: String
    /// How many partitions the topic has; 0 while that is not known.
    public var partitions: Int32
    /// Neither acknowledged nor failed yet.
    public var pending: Int
    public var delivered: Int
    public var failed: Int
    /// Those among the failed whose transaction was aborted before they were sent: nobody wanted them delivered.
    public var aborted: Int
    /// Why the last one failed that was not aborted.
    public var lastError: KafkaError?
}
