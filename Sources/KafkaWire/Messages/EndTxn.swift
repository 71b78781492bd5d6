/// Commits or aborts a transaction (KIP-98).
public struct EndTxnRequest: Request {
    public typealias Response = EndTxnResponse
    public static let api = APIKey.endTxn

    public var transactionalId = ""
    public var producerId: Int64 = 0
    public var producerEpoch: Int16 = 0
    /// False to abort.
    public var committed = false

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&transactionalId)
        try coder.field(&producerId)
        try coder.field(&producerEpoch)
        try coder.field(&committed)
    }
}

/// Whether the transaction has ended, and the id and epoch of the next one.
public struct EndTxnResponse: Message {
    public static let api = APIKey.endTxn

    public var throttleTimeMs: Int32 = 0
    public var errorCode = ErrorCode.none
    /// What the next transaction writes with; −1 before version 5 (KIP-890).
    public var producerId: Int64 = -1
    /// What the next transaction writes with; −1 before version 5 (KIP-890).
    public var producerEpoch: Int16 = -1

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&throttleTimeMs)
        try coder.field(&errorCode)
        if coder.version >= 5 {
            try coder.field(&producerId)
            try coder.field(&producerEpoch)
        }
    }
}
