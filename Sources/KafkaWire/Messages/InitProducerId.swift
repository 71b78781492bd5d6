/// Asks for a producer id and an epoch (KIP-98); from version 3 on also for the next epoch of an id held (KIP-360).
public struct InitProducerIdRequest: Request {
    public typealias Response = InitProducerIdResponse
    public static let api = APIKey.initProducerId

    /// Nil for a producer that is idempotent without transactions.
    public var transactionalId: String?
    /// Milliseconds after which the broker aborts a transaction; of no meaning without a transactional id.
    public var transactionTimeoutMs: Int32 = 0
    /// −1 when none is held.
    public var producerId: Int64 = -1
    /// −1 when none is held.
    public var producerEpoch: Int16 = -1

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&transactionalId)
        try coder.field(&transactionTimeoutMs)
        if coder.version >= 3 {
            try coder.field(&producerId)
            try coder.field(&producerEpoch)
        }
    }
}

/// The producer id and epoch to write with.
public struct InitProducerIdResponse: Message {
    public static let api = APIKey.initProducerId

    public var throttleTimeMs: Int32 = 0
    public var errorCode = ErrorCode.none
    public var producerId: Int64 = -1
    public var producerEpoch: Int16 = 0

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&throttleTimeMs)
        try coder.field(&errorCode)
        try coder.field(&producerId)
        try coder.field(&producerEpoch)
    }
}
