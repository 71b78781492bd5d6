/// Commits the offsets of a consumer group as part of a transaction (KIP-98); sent to the group's coordinator.
public struct TxnOffsetCommitRequest: Request {
    public typealias Response = TxnOffsetCommitResponse
    public static let api = APIKey.txnOffsetCommit

    public var transactionalId = ""
    public var groupId = ""
    public var producerId: Int64 = 0
    public var producerEpoch: Int16 = 0
    /// −1 outside a group; version 3 and up (KIP-447).
    public var generationId: Int32 = -1
    /// Empty outside a group; version 3 and up (KIP-447).
    public var memberId = ""
    /// Nil without static membership; version 3 and up (KIP-447).
    public var groupInstanceId: String?
    public var topics: [TxnOffsetCommitRequestTopic] = []

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&transactionalId)
        try coder.field(&groupId)
        try coder.field(&producerId)
        try coder.field(&producerEpoch)
        if coder.version >= 3 {
            try coder.field(&generationId)
            try coder.field(&memberId)
            try coder.field(&groupInstanceId)
        }
        try coder.field(&topics)
    }

    /// The offsets in one topic.
    public struct TxnOffsetCommitRequestTopic: WireStruct {
        public var name = ""
        public var partitions: [TxnOffsetCommitRequestPartition] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&name)
            try coder.field(&partitions)
        }
    }

    /// The offset in one partition.
    public struct TxnOffsetCommitRequestPartition: WireStruct {
        public var partitionIndex: Int32 = 0
        /// The offset of the next record to read.
        public var committedOffset: Int64 = 0
        /// The epoch of the last record read; −1 when it is not known.
        public var committedLeaderEpoch: Int32 = -1
        public var committedMetadata: String? = ""

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&partitionIndex)
            try coder.field(&committedOffset)
            if coder.version >= 2 { try coder.field(&committedLeaderEpoch) }
            try coder.field(&committedMetadata)
        }
    }
}

/// Which offsets are part of the transaction now.
public struct TxnOffsetCommitResponse: Message {
    public static let api = APIKey.txnOffsetCommit

    public var throttleTimeMs: Int32 = 0
    public var topics: [TxnOffsetCommitResponseTopic] = []

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&throttleTimeMs)
        try coder.field(&topics)
    }

    /// The results of one topic.
    public struct TxnOffsetCommitResponseTopic: WireStruct {
        public var name = ""
        public var partitions: [TxnOffsetCommitResponsePartition] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&name)
            try coder.field(&partitions)
        }
    }

    /// The result of one partition.
    public struct TxnOffsetCommitResponsePartition: WireStruct {
        public var partitionIndex: Int32 = 0
        public var errorCode = ErrorCode.none

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&partitionIndex)
            try coder.field(&errorCode)
        }
    }
}
