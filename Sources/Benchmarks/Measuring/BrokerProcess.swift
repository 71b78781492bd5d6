import ChildProcess

/// A discarding broker in a process of its own.
enum BrokerProcess {
    /// Starts a broker, lends its bootstrap servers, and ends it.
    static func run<Result>(
        nodes: Int, partitions: Int, _ body: (_ bootstrapServers: String) throws -> Result
    ) throws -> Result {
        var broker = try ChildProcess(
            CommandLine.arguments[0], ["broker", "--nodes", "\(nodes)", "--partitions", "\(partitions)"],
            errors: .inherited)
        guard let servers = try broker.readLine() else { throw BenchmarkError("the broker did not start") }
        let result = try body(servers)
        _ = try broker.finish()
        return result
    }
}
