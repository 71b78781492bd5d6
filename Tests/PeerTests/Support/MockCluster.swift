import ChildProcess

/// librdkafka's mock brokers in a process of their own, which ends with this value.
struct MockCluster: ~Copyable {
    let bootstrapServers: String
    private var process: ChildProcess

    init(brokers: Int = 3) throws {
        var process = try ChildProcess(BuiltProduct("MockCluster").path, ["\(brokers)"])
        let servers = try process.readLine()
        guard let servers else { throw MockClusterFailure(description: try process.finish().errors) }
        self.process = process
        bootstrapServers = servers
    }

    mutating func createTopic(_ name: String, partitions: Int) throws {
        try command("topic \(name) \(partitions) 1")
    }

    /// Moves a partition to another broker; brokers count from 1.
    mutating func setLeader(_ topic: String, partition: Int, broker: Int) throws {
        try command("leader \(topic) \(partition) \(broker)")
    }

    /// Lets the next requests of an API fail with a Kafka error code.
    mutating func fail(apiKey: Int, with error: Int, times: Int) throws {
        try command("errors \(apiKey) \(error) \(times)")
    }

    private mutating func command(_ text: String) throws {
        try process.write(text + "\n")
        let answer = try process.readLine()
        guard answer == "ok" else { throw MockClusterFailure(description: "\(text): \(answer ?? "no answer")") }
    }
}

/// What the mock cluster refused to do.
struct MockClusterFailure: Error, CustomStringConvertible {
    let description: String
}
