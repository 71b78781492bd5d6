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

    /// Lets the next requests of an API fail, so many times with each of Kafka's error codes.
    mutating func fail(apiKey: Int, with errors: [Int], times: Int = 1) throws {
        try command("errors \(apiKey) \(times) \(errors.map(String.init).joined(separator: " "))")
    }

    /// Answers requests for a topic's metadata with an error code; 0 ends that.
    mutating func setError(_ error: Int, of topic: String) throws {
        try command("topic-error \(topic) \(error)")
    }

    /// Closes a broker's connections and port, or opens it again; its partitions stay where they are.
    mutating func setBroker(_ broker: Int, up: Bool) throws {
        try command("\(up ? "up" : "down") \(broker)")
    }

    /// Lets a broker take so long with each answer.
    mutating func setRoundTrip(ofBroker broker: Int, milliseconds: Int) throws {
        try command("rtt \(broker) \(milliseconds)")
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
