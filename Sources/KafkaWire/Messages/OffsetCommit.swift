/// Stores how far a consumer group has read; sent to the group's coordinator.
public struct OffsetCommitRequest: Request {
    public typealias Response = OffsetCommitResponse
    public static let api = APIKey.offsetCommit

    public var groupId = ""
    /// −1 outside a group.
    public var generationIdOrMemberEpoch: Int32 = -1
    /// Empty outside a group.
    public var memberId = ""
    /// Nil without static membership; version 7 and up (KIP-345).
    public var groupInstanceId: String?
    /// Milliseconds for which the offsets are kept, −1 for the broker's own time; up to version 4.
    public var retentionTimeMs: Int64 = -1
    public var topics: [OffsetCommitRequestTopic] = []

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&groupId)
        try coder.field(&generationIdOrMemberEpoch)
        try coder.field(&memberId)
        if coder.version >= 7 { try coder.field(&groupInstanceId) }
        if coder.version <= 4 { try coder.field(&retentionTimeMs) }
        try coder.field(&topics)
    }

    /// The offsets in one topic.
    public struct OffsetCommitRequestTopic: WireStruct {
        public var name = ""
        public var partitions: [OffsetCommitRequestPartition] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&name)
            try coder.field(&partitions)
        }
    }

    /// The offset in one partition.
    public struct OffsetCommitRequestPartition: WireStruct {
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
            if coder.version >= 6 { try coder.field(&committedLeaderEpoch) }
            try coder.field(&committedMetadata)
        }
    }
}

/// Which offsets are stored now.
public struct OffsetCommitResponse: Message {
    public static let api = APIKey.offsetCommit

    public var throttleTimeMs: Int32 = 0
    public var topics: [OffsetCommitResponseTopic] = []

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        if coder.version >= 3 { try coder.field(&throttleTimeMs) }
        try coder.field(&topics)
    }

    /// The results of one topic.
    public struct OffsetCommitResponseTopic: WireStruct {
        public var name = ""
        public var partitions: [OffsetCommitResponsePartition] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&name)
            try coder.field(&partitions)
        }
    }

    /// The result of one partition.
    public struct OffsetCommitResponsePartition: WireStruct {
        public var partitionIndex: Int32 = 0
        public var errorCode = ErrorCode.none

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&partitionIndex)
            try coder.field(&errorCode)
        }
    }
}
