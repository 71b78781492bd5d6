/// Asks which broker coordinates a consumer group or a transactional id.
public struct FindCoordinatorRequest: Request {
    public typealias Response = FindCoordinatorResponse
    public static let api = APIKey.findCoordinator

    /// Versions up to 3.
    public var key = ""
    /// `group`, `transaction` or `share`; version 0 knows groups only.
    public var keyType: Int8 = 0
    /// From version 4 on (KIP-699).
    public var coordinatorKeys: [String] = []

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        if coder.version <= 3 { try coder.field(&key) }
        if coder.version >= 1 { try coder.field(&keyType) }
        if coder.version >= 4 { try coder.field(&coordinatorKeys) }
    }

    /// A `keyType`: the keys are consumer groups.
    public static let group: Int8 = 0
    /// A `keyType`: the keys are transactional ids.
    public static let transaction: Int8 = 1
    /// A `keyType`: the keys are partitions of share groups (KIP-932).
    public static let share: Int8 = 2
}

/// The coordinators: one in the response itself up to version 3, from version 4 on one for each key.
public struct FindCoordinatorResponse: Message {
    public static let api = APIKey.findCoordinator

    public var throttleTimeMs: Int32 = 0
    public var errorCode = ErrorCode.none
    public var errorMessage: String?
    public var nodeId: Int32 = 0
    public var host = ""
    public var port: Int32 = 0
    public var coordinators: [Coordinator] = []

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        if coder.version >= 1 { try coder.field(&throttleTimeMs) }
        if coder.version >= 4 { return try coder.field(&coordinators) }
        try coder.field(&errorCode)
        if coder.version >= 1 { try coder.field(&errorMessage) }
        try coder.field(&nodeId)
        try coder.field(&host)
        try coder.field(&port)
    }

    /// The coordinator of one key, or why there is none.
    public struct Coordinator: WireStruct {
        public var key = ""
        /// −1 with an error.
        public var nodeId: Int32 = 0
        public var host = ""
        public var port: Int32 = 0
        public var errorCode = ErrorCode.none
        public var errorMessage: String?

        public init() {}

        public mutating func code(_ coder: inout some Coder) throws(WireError) {
            try coder.field(&key)
            try coder.field(&nodeId)
            try coder.field(&host)
            try coder.field(&port)
            try coder.field(&errorCode)
            try coder.field(&errorMessage)
        }
    }
}
