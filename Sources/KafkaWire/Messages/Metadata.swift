/// Asks for the brokers, and for the partitions of some topics and their leaders.
public struct MetadataRequest: Request {
    public typealias Response = MetadataResponse
    public static let api = APIKey.metadata

    /// The topics to describe; nil for all, except in version 0, where an empty array stands for all.
    public var topics: [Topic]? = []
    /// Whether a broker that is set up so may create a topic that does not exist; always so before version 4.
    public var allowAutoTopicCreation = true
    /// Versions 8 to 10 only (KIP-700).
    public var includeClusterAuthorizedOperations = false
    public var includeTopicAuthorizedOperations = false

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&topics, nullableFrom: 1)
        if coder.version >= 4 { try coder.field(&allowAutoTopicCreation) }
        if (8...10).contains(coder.version) { try coder.field(&includeClusterAuthorizedOperations) }
        if coder.version >= 8 { try coder.field(&includeTopicAuthorizedOperations) }
    }

    /// A topic by its name, or from version 12 on by its id alone.
    public struct Topic: WireStruct {
        /// Brokers do not look at it before version 12.
        public var topicId = KafkaUUID.zero
        /// May be nil from version 10 on.
        public var name: String? = ""

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            if coder.version >= 10 { try coder.field(&topicId) }
            try coder.field(&name, nullableFrom: 10)
        }
    }
}

/// The brokers, and the partitions of the topics that were asked for.
public struct MetadataResponse: Message {
    public static let api = APIKey.metadata

    /// Milliseconds for which the broker takes nothing more from this connection (KIP-219).
    public var throttleTimeMs: Int32 = 0
    public var brokers: [Broker] = []
    public var clusterId: String?
    /// −1 when there is none.
    public var controllerId: Int32 = -1
    public var topics: [Topic] = []
    /// A bit for each operation; `Int32.min` when they were not asked for. Versions 8 to 10 only.
    public var clusterAuthorizedOperations = Int32.min
    /// Such as `REBOOTSTRAP_REQUIRED` (KIP-1102); version 13 and up.
    public var errorCode = ErrorCode.none

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        if coder.version >= 3 { try coder.field(&throttleTimeMs) }
        try coder.field(&brokers)
        if coder.version >= 2 { try coder.field(&clusterId) }
        if coder.version >= 1 { try coder.field(&controllerId) }
        try coder.field(&topics)
        if (8...10).contains(coder.version) { try coder.field(&clusterAuthorizedOperations) }
        if coder.version >= 13 { try coder.field(&errorCode) }
    }

    /// A node of the cluster, and where to reach it.
    public struct Broker: WireStruct {
        public var nodeId: Int32 = 0
        public var host = ""
        public var port: Int32 = 0
        public var rack: String?

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&nodeId)
            try coder.field(&host)
            try coder.field(&port)
            if coder.version >= 1 { try coder.field(&rack) }
        }
    }

    /// A topic, or why it could not be described.
    public struct Topic: WireStruct {
        public var errorCode = ErrorCode.none
        /// Nil from version 12 on when an id was asked for that nobody knows.
        public var name: String? = ""
        public var topicId = KafkaUUID.zero
        public var isInternal = false
        public var partitions: [Partition] = []
        /// A bit for each operation; `Int32.min` when they were not asked for.
        public var topicAuthorizedOperations = Int32.min

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&errorCode)
            try coder.field(&name, nullableFrom: 12)
            if coder.version >= 10 { try coder.field(&topicId) }
            if coder.version >= 1 { try coder.field(&isInternal) }
            try coder.field(&partitions)
            if coder.version >= 8 { try coder.field(&topicAuthorizedOperations) }
        }
    }

    /// A partition: its leader and its replicas, by their node ids.
    public struct Partition: WireStruct {
        public var errorCode = ErrorCode.none
        public var partitionIndex: Int32 = 0
        /// −1 while there is no leader.
        public var leaderId: Int32 = 0
        /// −1 when it is not known.
        public var leaderEpoch: Int32 = -1
        public var replicaNodes: [Int32] = []
        public var isrNodes: [Int32] = []
        public var offlineReplicas: [Int32] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&errorCode)
            try coder.field(&partitionIndex)
            try coder.field(&leaderId)
            if coder.version >= 7 { try coder.field(&leaderEpoch) }
            try coder.field(&replicaNodes)
            try coder.field(&isrNodes)
            if coder.version >= 5 { try coder.field(&offlineReplicas) }
        }
    }
}
