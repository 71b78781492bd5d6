/// Where to reach a leader that a `LeaderIdAndEpoch` of the same response names (KIP-951).
public struct NodeEndpoint: WireStruct {
    public var nodeId: Int32 = 0
    public var host = ""
    public var port: Int32 = 0
    public var rack: String?

    public init() {}

    public mutating func code(_ coder: inout some Coder) throws(WireError) {
        try coder.field(&nodeId)
        try coder.field(&host)
        try coder.field(&port)
        try coder.field(&rack)
    }
}
