/// Tells the transaction's coordinator that the transaction is going to commit offsets of a consumer group (KIP-98).
public struct AddOffsetsToTxnRequest: Request {
    public typealias Response = AddOffsetsToTxnResponse
    public static let api = APIKey.addOffsetsToTxn

    public var transactionalId = ""
    public var producerId: Int64 = 0
    public var producerEpoch: Int16 = 0
    public var groupId = ""

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&transactionalId)
        try coder.field(&producerId)
        try coder.field(&producerEpoch)
        try coder.field(&groupId)
    }
}

/// Whether the group is part of the transaction now.
public struct AddOffsetsToTxnResponse: Message {
    public static let api = APIKey.addOffsetsToTxn

    public var throttleTimeMs: Int32 = 0
    public var errorCode = ErrorCode.none

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&throttleTimeMs)
        try coder.field(&errorCode)
    }
}
