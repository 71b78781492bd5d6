import ChildProcess

/// librdkafka's transactional producer in a process of its own, which ends with this value.
struct LibrdkafkaProducer: ~Copyable {
    private var process: ChildProcess
    /// Longer than the program's own, which says what took so long.
    private static let patience = Duration.seconds(120)

    /// - Parameter settings: As librdkafka names them.
    init(bootstrapServers: String, transactionalId: String, settings: [(String, String)] = []) throws {
        let all = [("bootstrap.servers", bootstrapServers), ("transactional.id", transactionalId)] + settings
        var process = try ChildProcess(BuiltProduct("TransactionalProducer").path, all.flatMap { [$0, $1] })
        try Self.command("init", to: &process)
        self.process = process
    }

    mutating func begin() throws { try command("begin") }

    mutating func produce(_ value: String, to topic: String, partition: Int) throws {
        try command("produce \(topic) \(partition) \(value)")
    }

    mutating func sendOffset(_ offset: Int, of group: String, topic: String, partition: Int) throws {
        try command("offsets \(group) \(topic) \(partition) \(offset)")
    }

    mutating func flush() throws { try command("flush") }

    mutating func commit() throws { try command("commit") }

    mutating func abort() throws { try command("abort") }

    private mutating func command(_ text: String) throws { try Self.command(text, to: &process) }

    private static func command(_ text: String, to process: inout ChildProcess) throws {
        try process.write(text + "\n", within: patience)
        let answer = try process.readLine(within: patience)
        guard answer == "ok" else { throw LibrdkafkaFailure(description: "\(text): \(answer ?? "no answer")") }
    }
}

/// What librdkafka complained of.
struct LibrdkafkaFailure: Error, CustomStringConvertible {
    let description: String
}
