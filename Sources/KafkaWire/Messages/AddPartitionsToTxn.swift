/// Tells the transaction's coordinator which partitions the transaction is going to write to (KIP-98).
///
/// Clients speak versions up to 3, with one transaction in the fields that Kafka calls `v3AndBelow`; brokers speak to
/// each other from version 4 on, with several transactions.
public struct AddPartitionsToTxnRequest: Request {
    public typealias Response = AddPartitionsToTxnResponse
    public static let api = APIKey.addPartitionsToTxn

    public var transactions: [AddPartitionsToTxnTransaction] = []
    public var v3AndBelowTransactionalId = ""
    public var v3AndBelowProducerId: Int64 = 0
    public var v3AndBelowProducerEpoch: Int16 = 0
    public var v3AndBelowTopics: [AddPartitionsToTxnTopic] = []

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        if coder.version >= 4 { return try coder.field(&transactions) }
        try coder.field(&v3AndBelowTransactionalId)
        try coder.field(&v3AndBelowProducerId)
        try coder.field(&v3AndBelowProducerEpoch)
        try coder.field(&v3AndBelowTopics)
    }

    /// A transaction, and the partitions to add to it.
    public struct AddPartitionsToTxnTransaction: WireStruct {
        public var transactionalId = ""
        public var producerId: Int64 = 0
        public var producerEpoch: Int16 = 0
        /// Whether to look only whether the partitions are part of the transaction.
        public var verifyOnly = false
        public var topics: [AddPartitionsToTxnTopic] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&transactionalId)
            try coder.field(&producerId)
            try coder.field(&producerEpoch)
            try coder.field(&verifyOnly)
            try coder.field(&topics)
        }
    }

    /// Partitions of one topic.
    public struct AddPartitionsToTxnTopic: WireStruct {
        public var name = ""
        public var partitions: [Int32] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&name)
            try coder.field(&partitions)
        }
    }
}

/// Which partitions are part of the transaction now.
public struct AddPartitionsToTxnResponse: Message {
    public static let api = APIKey.addPartitionsToTxn

    public var throttleTimeMs: Int32 = 0
    /// From version 4 on.
    public var errorCode = ErrorCode.none
    /// From version 4 on.
    public var resultsByTransaction: [AddPartitionsToTxnResult] = []
    /// Versions up to 3.
    public var resultsByTopicV3AndBelow: [AddPartitionsToTxnTopicResult] = []

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&throttleTimeMs)
        if coder.version >= 4 {
            try coder.field(&errorCode)
            try coder.field(&resultsByTransaction)
        } else {
            try coder.field(&resultsByTopicV3AndBelow)
        }
    }

    /// The results of one transaction.
    public struct AddPartitionsToTxnResult: WireStruct {
        public var transactionalId = ""
        public var topicResults: [AddPartitionsToTxnTopicResult] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&transactionalId)
            try coder.field(&topicResults)
        }
    }

    /// The results of one topic.
    public struct AddPartitionsToTxnTopicResult: WireStruct {
        public var name = ""
        public var resultsByPartition: [AddPartitionsToTxnPartitionResult] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&name)
            try coder.field(&resultsByPartition)
        }
    }

    /// The result of one partition.
    public struct AddPartitionsToTxnPartitionResult: WireStruct {
        public var partitionIndex: Int32 = 0
        public var partitionErrorCode = ErrorCode.none

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&partitionIndex)
            try coder.field(&partitionErrorCode)
        }
    }
}
