extension DevBroker {
    /// Where a node of the cluster listens.
    public struct Address: Hashable, Sendable, CustomStringConvertible {
        public var nodeId: Int32
        public var host: String
        public var port: Int

        /// `host:port`, as `bootstrap.servers` takes it.
        public var description: String { "\(host):\(port)" }
    }
}
