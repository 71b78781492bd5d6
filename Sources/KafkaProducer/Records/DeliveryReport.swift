/// What became of the records that were sent to a topic.
public struct DeliveryReport: Sendable, Equatable {
    public var topic: String
    /// Neither acknowledged nor failed yet.
    public var pending: Int
    public var delivered: Int
    public var failed: Int
    /// Why the last one failed.
    public var lastError: KafkaError?
}
