/// Where a node of the cluster listens.
public struct BrokerAddress: Hashable, Sendable, CustomStringConvertible {
    public var nodeId: Int32
    public var host: String
    public var port: Int

    public init(nodeId: Int32, host: String, port: Int) {
        self.nodeId = nodeId
        self.host = host
        self.port = port
    }

    /// `host:port`, as `bootstrap.servers` takes it.
    public var description: String { "\(host):\(port)" }
}
