/// Reads record batches from partitions, waiting for some to arrive if need be.
public struct FetchRequest: Request {
    public typealias Response = FetchResponse
    public static let api = APIKey.fetch

    /// Nil for a client; version 12 and up.
    public var clusterId: String?
    /// −1 for a client; up to version 14.
    public var replicaId: Int32 = -1
    /// From version 15 on (KIP-903).
    public var replicaState = ReplicaState()
    /// Milliseconds to wait for `minBytes`.
    public var maxWaitMs: Int32 = 0
    public var minBytes: Int32 = 0
    /// A first batch that alone is larger still comes.
    public var maxBytes = Int32.max
    /// 0 reads all records, 1 those of committed transactions only.
    public var isolationLevel: Int8 = 0
    /// 0 for none (KIP-227).
    public var sessionId: Int32 = 0
    /// −1 for a full fetch without a session.
    public var sessionEpoch: Int32 = -1
    /// In the order in which the broker shall go through them.
    public var topics: [FetchTopic] = []
    /// What leaves the session.
    public var forgottenTopicsData: [ForgottenTopic] = []
    public var rackId = ""

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        if coder.version <= 14 { try coder.field(&replicaId) }
        try coder.field(&maxWaitMs)
        try coder.field(&minBytes)
        try coder.field(&maxBytes)
        try coder.field(&isolationLevel)
        if coder.version >= 7 {
            try coder.field(&sessionId)
            try coder.field(&sessionEpoch)
        }
        try coder.field(&topics)
        if coder.version >= 7 { try coder.field(&forgottenTopicsData) }
        if coder.version >= 11 { try coder.field(&rackId) }
    }

    public mutating func codeTags(_ coder: inout some Coder) throws(WireError) {
        try coder.tag(0, &clusterId)
        if coder.version >= 15 { try coder.tag(1, &replicaState) }
    }

    /// Which replica asks; −1 for clients.
    public struct ReplicaState: WireStruct {
        public var replicaId: Int32 = -1
        public var replicaEpoch: Int64 = -1

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&replicaId)
            try coder.field(&replicaEpoch)
        }
    }

    /// The partitions of one topic to read.
    public struct FetchTopic: WireStruct {
        /// Versions up to 12.
        public var topic = ""
        /// In the name's place from version 13 on (KIP-516).
        public var topicId = KafkaUUID.zero
        public var partitions: [FetchPartition] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            if coder.version <= 12 { try coder.field(&topic) } else { try coder.field(&topicId) }
            try coder.field(&partitions)
        }
    }

    /// A partition to read, and where to begin.
    public struct FetchPartition: WireStruct {
        public var partition: Int32 = 0
        /// The leader's epoch as the client knows it; −1 asks for no check.
        public var currentLeaderEpoch: Int32 = -1
        /// The first offset wanted.
        public var fetchOffset: Int64 = 0
        /// The epoch of the last record fetched; −1 asks for no check.
        public var lastFetchedEpoch: Int32 = -1
        /// The first offset that a follower has; −1 for clients.
        public var logStartOffset: Int64 = -1
        public var partitionMaxBytes: Int32 = 0
        /// Where a follower keeps the partition (KIP-853).
        public var replicaDirectoryId = KafkaUUID.zero

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&partition)
            if coder.version >= 9 { try coder.field(&currentLeaderEpoch) }
            try coder.field(&fetchOffset)
            if coder.version >= 12 { try coder.field(&lastFetchedEpoch) }
            if coder.version >= 5 { try coder.field(&logStartOffset) }
            try coder.field(&partitionMaxBytes)
        }

        public mutating func codeTags(_ coder: inout some Coder) throws(WireError) {
            if coder.version >= 17 { try coder.tag(0, &replicaDirectoryId) }
        }
    }

    /// Partitions that leave the session (KIP-227).
    public struct ForgottenTopic: WireStruct {
        /// Versions up to 12.
        public var topic = ""
        /// In the name's place from version 13 on (KIP-516).
        public var topicId = KafkaUUID.zero
        public var partitions: [Int32] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            if coder.version <= 12 { try coder.field(&topic) } else { try coder.field(&topicId) }
            try coder.field(&partitions)
        }
    }
}

/// The record batches that were there, the last of them perhaps cut short.
public struct FetchResponse: Message {
    public static let api = APIKey.fetch

    /// Milliseconds for which the broker takes nothing more from this connection (KIP-219).
    public var throttleTimeMs: Int32 = 0
    public var errorCode = ErrorCode.none
    /// 0 for none (KIP-227).
    public var sessionId: Int32 = 0
    public var responses: [FetchableTopicResponse] = []
    /// Where to reach the leaders named in `currentLeader`; version 16 and up (KIP-951).
    public var nodeEndpoints: [NodeEndpoint] = []

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&throttleTimeMs)
        if coder.version >= 7 {
            try coder.field(&errorCode)
            try coder.field(&sessionId)
        }
        try coder.field(&responses)
    }

    public mutating func codeTags(_ coder: inout some Coder) throws(WireError) {
        if coder.version >= 16 { try coder.tag(0, &nodeEndpoints) }
    }

    /// What was read from one topic.
    public struct FetchableTopicResponse: WireStruct {
        /// Versions up to 12.
        public var topic = ""
        /// In the name's place from version 13 on (KIP-516).
        public var topicId = KafkaUUID.zero
        public var partitions: [PartitionData] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            if coder.version <= 12 { try coder.field(&topic) } else { try coder.field(&topicId) }
            try coder.field(&partitions)
        }
    }

    /// What was read from one partition.
    public struct PartitionData: WireStruct {
        public var partitionIndex: Int32 = 0
        public var errorCode = ErrorCode.none
        /// The first offset that not all replicas in sync have.
        public var highWatermark: Int64 = 0
        /// The first offset of an open transaction, or the high watermark; −1 when it is not known.
        public var lastStableOffset: Int64 = -1
        /// The first offset that the partition still has; −1 when it is not known.
        public var logStartOffset: Int64 = -1
        /// Where the log of the client's epoch ends, if the client has gone astray.
        public var divergingEpoch = EpochEndOffset()
        public var currentLeader = LeaderIdAndEpoch()
        /// The snapshot to load first; of use to replicas of the metadata log only.
        public var snapshotId = SnapshotId()
        /// The transactions whose records are to be passed over; nil when all records are read.
        public var abortedTransactions: [AbortedTransaction]? = []
        /// The replica to read from the next time; −1 for the leader (KIP-392).
        public var preferredReadReplica: Int32 = -1
        /// The batches, by reference.
        public var records: RecordsReference?

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&partitionIndex)
            try coder.field(&errorCode)
            try coder.field(&highWatermark)
            try coder.field(&lastStableOffset)
            if coder.version >= 5 { try coder.field(&logStartOffset) }
            try coder.field(&abortedTransactions)
            if coder.version >= 11 { try coder.field(&preferredReadReplica) }
            try coder.field(&records)
        }

        public mutating func codeTags(_ coder: inout some Coder) throws(WireError) {
            try coder.tag(0, &divergingEpoch)
            try coder.tag(1, &currentLeader)
            try coder.tag(2, &snapshotId)
        }
    }

    /// The largest offset of an epoch.
    public struct EpochEndOffset: WireStruct {
        public var epoch: Int32 = -1
        public var endOffset: Int64 = -1

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&epoch)
            try coder.field(&endOffset)
        }
    }

    /// The end offset and the epoch of a snapshot.
    public struct SnapshotId: WireStruct {
        public var endOffset: Int64 = -1
        public var epoch: Int32 = -1

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&endOffset)
            try coder.field(&epoch)
        }
    }

    /// A transaction that was aborted: its producer, and where it began.
    public struct AbortedTransaction: WireStruct {
        public var producerId: Int64 = 0
        public var firstOffset: Int64 = 0

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&producerId)
            try coder.field(&firstOffset)
        }
    }
}
