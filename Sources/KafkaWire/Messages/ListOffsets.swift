/// Asks for the offset of a time: the first record that is not older.
public struct ListOffsetsRequest: Request {
    public typealias Response = ListOffsetsResponse
    public static let api = APIKey.listOffsets

    /// −1 for a client.
    public var replicaId: Int32 = -1
    /// 0 sees all records, 1 those before the first open transaction.
    public var isolationLevel: Int8 = 0
    public var topics: [ListOffsetsTopic] = []

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&replicaId)
        if coder.version >= 2 { try coder.field(&isolationLevel) }
        try coder.field(&topics)
    }

    /// The partitions of one topic to ask about.
    public struct ListOffsetsTopic: WireStruct {
        public var name = ""
        public var partitions: [ListOffsetsPartition] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&name)
            try coder.field(&partitions)
        }
    }

    /// A partition, and the time whose offset is wanted.
    public struct ListOffsetsPartition: WireStruct {
        public var partitionIndex: Int32 = 0
        /// The leader's epoch as the client knows it; −1 asks for no check.
        public var currentLeaderEpoch: Int32 = -1
        /// Milliseconds since 1970, or one of: `latest`, `earliest`, `maxTimestamp`.
        public var timestamp: Int64 = 0
        /// Version 0 only.
        public var maxNumOffsets: Int32 = 1

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&partitionIndex)
            if coder.version >= 4 { try coder.field(&currentLeaderEpoch) }
            try coder.field(&timestamp)
            if coder.version == 0 { try coder.field(&maxNumOffsets) }
        }

        /// A `timestamp` that asks for the offset of the next record to be written.
        public static let latest: Int64 = -1
        /// A `timestamp` that asks for the first offset that the partition still has.
        public static let earliest: Int64 = -2
        /// A `timestamp` that asks for the record with the largest one (KIP-734).
        public static let maxTimestamp: Int64 = -3
    }
}

/// The offsets that were asked for.
public struct ListOffsetsResponse: Message {
    public static let api = APIKey.listOffsets

    public var throttleTimeMs: Int32 = 0
    public var topics: [ListOffsetsTopicResponse] = []

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        if coder.version >= 2 { try coder.field(&throttleTimeMs) }
        try coder.field(&topics)
    }

    /// The offsets in one topic.
    public struct ListOffsetsTopicResponse: WireStruct {
        public var name = ""
        public var partitions: [ListOffsetsPartitionResponse] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&name)
            try coder.field(&partitions)
        }
    }

    /// The offset in one partition.
    public struct ListOffsetsPartitionResponse: WireStruct {
        public var partitionIndex: Int32 = 0
        public var errorCode = ErrorCode.none
        /// Version 0 only, in place of `timestamp` and `offset`.
        public var oldStyleOffsets: [Int64] = []
        /// The time of the record found; −1 when there is none.
        public var timestamp: Int64 = -1
        /// −1 when there is no such record.
        public var offset: Int64 = -1
        public var leaderEpoch: Int32 = -1

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&partitionIndex)
            try coder.field(&errorCode)
            if coder.version == 0 {
                try coder.field(&oldStyleOffsets)
            } else {
                try coder.field(&timestamp)
                try coder.field(&offset)
            }
            if coder.version >= 4 { try coder.field(&leaderEpoch) }
        }
    }
}
