/// Appends record batches to partitions.
public struct ProduceRequest: Request {
    public typealias Response = ProduceResponse
    public static let api = APIKey.produce

    /// Nil for a producer without transactions.
    public var transactionalId: String?
    /// Whose copy the broker waits for: 0 nobody's (there is no response), 1 the leader's, −1 all in sync.
    public var acks: Int16 = 0
    /// Milliseconds for which the broker waits for the copies.
    public var timeoutMs: Int32 = 0
    public var topicData: [TopicProduceData] = []

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&transactionalId)
        try coder.field(&acks)
        try coder.field(&timeoutMs)
        try coder.field(&topicData)
    }

    /// The batches for one topic.
    public struct TopicProduceData: WireStruct {
        /// Versions up to 12.
        public var name = ""
        /// In the name's place from version 13 on (KIP-516).
        public var topicId = KafkaUUID.zero
        public var partitionData: [PartitionProduceData] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            if coder.version <= 12 { try coder.field(&name) } else { try coder.field(&topicId) }
            try coder.field(&partitionData)
        }
    }

    /// The batch for one partition.
    public struct PartitionProduceData: WireStruct {
        public var index: Int32 = 0
        /// One batch, by reference.
        public var records: RecordsReference?

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&index)
            try coder.field(&records)
        }
    }
}

/// Where the batches were appended, or why not.
public struct ProduceResponse: Message {
    public static let api = APIKey.produce

    public var responses: [TopicProduceResponse] = []
    /// Milliseconds for which the broker takes nothing more from this connection (KIP-219).
    public var throttleTimeMs: Int32 = 0
    /// Where to reach the leaders named in `currentLeader`; version 10 and up (KIP-951).
    public var nodeEndpoints: [NodeEndpoint] = []

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&responses)
        try coder.field(&throttleTimeMs)
    }

    public mutating func codeTags(_ coder: inout some Coder) throws(WireError) {
        if coder.version >= 10 { try coder.tag(0, &nodeEndpoints) }
    }

    /// What became of the batches for one topic.
    public struct TopicProduceResponse: WireStruct {
        /// Versions up to 12.
        public var name = ""
        /// In the name's place from version 13 on (KIP-516).
        public var topicId = KafkaUUID.zero
        public var partitionResponses: [PartitionProduceResponse] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            if coder.version <= 12 { try coder.field(&name) } else { try coder.field(&topicId) }
            try coder.field(&partitionResponses)
        }
    }

    /// What became of the batch for one partition.
    public struct PartitionProduceResponse: WireStruct {
        public var index: Int32 = 0
        public var errorCode = ErrorCode.none
        /// The offset of the batch's first record.
        public var baseOffset: Int64 = 0
        /// Milliseconds since 1970, or −1 when the records keep the time of their creation.
        public var logAppendTimeMs: Int64 = -1
        /// The first offset that the partition still has; −1 when it is not known.
        public var logStartOffset: Int64 = -1
        /// The records for whose sake the batch was refused (KIP-467).
        public var recordErrors: [BatchIndexAndErrorMessage] = []
        public var errorMessage: String?
        /// The leader, when this broker is not; version 10 and up (KIP-951).
        public var currentLeader = LeaderIdAndEpoch()

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&index)
            try coder.field(&errorCode)
            try coder.field(&baseOffset)
            try coder.field(&logAppendTimeMs)
            if coder.version >= 5 { try coder.field(&logStartOffset) }
            if coder.version >= 8 {
                try coder.field(&recordErrors)
                try coder.field(&errorMessage)
            }
        }

        public mutating func codeTags(_ coder: inout some Coder) throws(WireError) {
            if coder.version >= 10 { try coder.tag(0, &currentLeader) }
        }
    }

    /// A record for whose sake its batch was refused.
    public struct BatchIndexAndErrorMessage: WireStruct {
        /// Which record of the batch, from 0.
        public var batchIndex: Int32 = 0
        public var batchIndexErrorMessage: String?

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&batchIndex)
            try coder.field(&batchIndexErrorMessage)
        }
    }
}
