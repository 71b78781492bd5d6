/// Creates topics; sent to the controller.
public struct CreateTopicsRequest: Request {
    public typealias Response = CreateTopicsResponse
    public static let api = APIKey.createTopics

    public var topics: [CreatableTopic] = []
    /// Milliseconds for which the broker waits until the topics are there.
    public var timeoutMs: Int32 = 60_000
    /// Whether to look only whether the topics could be created; version 1 and up.
    public var validateOnly = false

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&topics)
        try coder.field(&timeoutMs)
        if coder.version >= 1 { try coder.field(&validateOnly) }
    }

    /// A topic to create.
    public struct CreatableTopic: WireStruct {
        public var name = ""
        /// −1 for the broker's default (KIP-464), or when `assignments` say it.
        public var numPartitions: Int32 = 0
        /// −1 for the broker's default (KIP-464), or when `assignments` say it.
        public var replicationFactor: Int16 = 0
        /// Empty where the broker shall choose.
        public var assignments: [CreatableReplicaAssignment] = []
        public var configs: [CreatableTopicConfig] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&name)
            try coder.field(&numPartitions)
            try coder.field(&replicationFactor)
            try coder.field(&assignments)
            try coder.field(&configs)
        }
    }

    /// The brokers that shall hold a partition.
    public struct CreatableReplicaAssignment: WireStruct {
        public var partitionIndex: Int32 = 0
        public var brokerIds: [Int32] = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&partitionIndex)
            try coder.field(&brokerIds)
        }
    }

    /// A configuration value of a topic to create.
    public struct CreatableTopicConfig: WireStruct {
        public var name = ""
        public var value: String? = ""

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&name)
            try coder.field(&value)
        }
    }
}

/// Which topics were created, with what, or why not.
public struct CreateTopicsResponse: Message {
    public static let api = APIKey.createTopics

    public var throttleTimeMs: Int32 = 0
    public var topics: [CreatableTopicResult] = []

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        if coder.version >= 2 { try coder.field(&throttleTimeMs) }
        try coder.field(&topics)
    }

    /// A topic that was created, or why not.
    public struct CreatableTopicResult: WireStruct {
        public var name = ""
        /// Version 7 and up.
        public var topicId = KafkaUUID.zero
        public var errorCode = ErrorCode.none
        public var errorMessage: String?
        /// Why `configs` are not told; version 5 and up (KIP-525).
        public var topicConfigErrorCode = ErrorCode.none
        /// −1 when it is not known; version 5 and up.
        public var numPartitions: Int32 = -1
        /// −1 when it is not known; version 5 and up.
        public var replicationFactor: Int16 = -1
        /// Version 5 and up.
        public var configs: [CreatableTopicConfigs]? = []

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&name)
            if coder.version >= 7 { try coder.field(&topicId) }
            try coder.field(&errorCode)
            if coder.version >= 1 { try coder.field(&errorMessage) }
            if coder.version >= 5 {
                try coder.field(&numPartitions)
                try coder.field(&replicationFactor)
                try coder.field(&configs)
            }
        }

        public mutating func codeTags(_ coder: inout some Coder) throws(WireError) {
            try coder.tag(0, &topicConfigErrorCode)
        }
    }

    /// A configuration value of a topic that was created.
    public struct CreatableTopicConfigs: WireStruct {
        public var name = ""
        public var value: String? = ""
        public var readOnly = false
        /// Where the value comes from (KIP-226); −1 when it is not known.
        public var configSource: Int8 = -1
        public var isSensitive = false

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&name)
            try coder.field(&value)
            try coder.field(&readOnly)
            try coder.field(&configSource)
            try coder.field(&isSensitive)
        }
    }
}
