/// Asks how far consumer groups have read: one group up to version 7, from version 8 on several (KIP-709).
public struct OffsetFetchRequest: Request {
    public typealias Response = OffsetFetchResponse
    public static let api = APIKey.offsetFetch

    /// Versions up to 7.
    public var groupId = ""
    /// Nil asks for all that the group has stored, from version 2 on; versions up to 7.
    public var topics: [OffsetFetchRequestTopic]? = []
    /// From version 8 on.
    public var groups: [OffsetFetchRequestGroup] = []
    /// Whether to be refused while a transaction may still store offsets; version 7 and up (KIP-447).
    public var requireStable = false

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        if coder.version >= 8 {
            try coder.field(&groups)
        } else {
            try coder.field(&groupId)
            try coder.field(&topics, nullableFrom: 2)
        }
        if coder.version >= 7 { try coder.field(&requireStable) }
    }

    /// A group, and the partitions to ask about.
    public struct OffsetFetchRequestGroup: WireStruct {
        public var groupId = ""
        /// Nil outside a group; version 9 and up (KIP-848).
        public var memberId: String?
        /// −1 outside a group; version 9 and up (KIP-848).
        public var memberEpoch: Int32 = -1
        /// Nil asks for all that the group has stored.
        public var topics: [OffsetFetchRequestTopic]? = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&groupId)
            if coder.version >= 9 {
                try coder.field(&memberId)
                try coder.field(&memberEpoch)
            }
            try coder.field(&topics)
        }
    }

    /// Partitions of one topic.
    public struct OffsetFetchRequestTopic: WireStruct {
        public var name = ""
        public var partitionIndexes: [Int32] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&name)
            try coder.field(&partitionIndexes)
        }
    }
}

/// The offsets that were stored: of one group in the response itself up to version 7, from version 8 on of each group.
public struct OffsetFetchResponse: Message {
    public static let api = APIKey.offsetFetch

    public var throttleTimeMs: Int32 = 0
    /// Versions up to 7.
    public var topics: [OffsetFetchResponseTopic] = []
    /// Versions 2 to 7.
    public var errorCode = ErrorCode.none
    /// From version 8 on.
    public var groups: [OffsetFetchResponseGroup] = []

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        if coder.version >= 3 { try coder.field(&throttleTimeMs) }
        if coder.version >= 8 { return try coder.field(&groups) }
        try coder.field(&topics)
        if coder.version >= 2 { try coder.field(&errorCode) }
    }

    /// The offsets of one group, or why they cannot be told.
    public struct OffsetFetchResponseGroup: WireStruct {
        public var groupId = ""
        public var topics: [OffsetFetchResponseTopic] = []
        public var errorCode = ErrorCode.none

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&groupId)
            try coder.field(&topics)
            try coder.field(&errorCode)
        }
    }

    /// The offsets in one topic.
    public struct OffsetFetchResponseTopic: WireStruct {
        public var name = ""
        public var partitions: [OffsetFetchResponsePartition] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&name)
            try coder.field(&partitions)
        }
    }

    /// The offset in one partition.
    public struct OffsetFetchResponsePartition: WireStruct {
        public var partitionIndex: Int32 = 0
        /// The offset of the next record to read; −1 when none is stored.
        public var committedOffset: Int64 = 0
        /// The epoch of the last record read; −1 when it is not known.
        public var committedLeaderEpoch: Int32 = -1
        public var metadata: String? = ""
        public var errorCode = ErrorCode.none

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&partitionIndex)
            try coder.field(&committedOffset)
            if coder.version >= 5 { try coder.field(&committedLeaderEpoch) }
            try coder.field(&metadata)
            try coder.field(&errorCode)
        }
    }
}
