import DevBroker
import Dispatch
import KafkaProducer
import Logging

/// One run: a broker with faults, a producer, and what became of the records.
struct Soak {
    private let command: SoakCommand
    private let seed: UInt64
    private let topic = "soak"

    init(_ command: SoakCommand, seed: UInt64) {
        self.command = command
        self.seed = seed
    }

    /// Sends, closes, and compares what the callbacks said with what the partitions have.
    func run() async throws -> SoakResult {
        var configuration = DevBrokerConfiguration()
        configuration.nodes = command.nodes
        configuration.maxMessageBytes = command.maxMessageBytes
        configuration.logger.logLevel = .critical
        configuration.faults = try Faults(parsing: command.faults + ",seed=\(seed)")
        let broker = DevBroker(configuration)
        try await broker.start()
        try broker.createTopic(topic, partitions: command.partitions)

        let ledger = Ledger(count: command.records)
        let clock = ContinuousClock()
        let start = clock.now
        let producer = try makeProducer(broker.bootstrapServers)
        try await send(with: producer, ledger, on: broker)
        await producer.close()
        let duration = start.duration(to: clock.now)

        var check = LogCheck(ledger, command)
        for partition in 0..<command.partitions {
            check.begin(partition: partition)
            try broker.forEachRecord(topic: topic, partition: partition) { check.look(at: $0) }
        }
        check.finish { place(of: $0) }
        let missing = producer.core.configuration.bufferMemory - producer.core.availableMemory
        if missing != 0 { check.problems.append("\(missing) bytes of buffer.memory did not come home") }
        let result = SoakResult(
            records: command.records, duration: duration, longestPause: check.longestPause, failed: check.failed,
            duplicates: check.duplicates,
            faults: broker.faultCounts, problems: check.problems)
        try await broker.shutdown()
        return result
    }

    /// Batches are small, so that there are many, and all waits short; memory is so little that `send` waits for it.
    private func makeProducer(_ servers: String) throws -> Producer<String, Int64> {
        var configuration = try ProducerConfiguration(bootstrapServers: servers)
        let settings = [
            "batch.size=1024", "linger.ms=1", "buffer.memory=1048576", "retry.backoff.ms=1", "retry.backoff.max.ms=10",
            "reconnect.backoff.ms=1", "reconnect.backoff.max.ms=10", "request.timeout.ms=500",
            "delivery.timeout.ms=120000", "enable.idempotence=\(command.idempotence)",
        ]
        for setting in settings + command.settings {
            let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
            try configuration.set(parts[0], parts.count > 1 ? parts[1] : "")
        }
        var logger = Logger(label: "soak")
        logger.logLevel = .critical
        return try Producer(configuration, logger: logger)
    }

    /// Sends in four parts; a node is away during the second and third of them.
    private func send(with producer: Producer<String, Int64>, _ ledger: Ledger, on broker: DevBroker) async throws {
        let parts = 4
        let node = Int32(seed % UInt64(command.nodes)) + 1
        for part in 0..<parts {
            if command.nodes > 1, part == 1 { try await broker.stopNode(node) }
            if command.nodes > 1, part == 3 { try await broker.startNode(node) }
            let numbers = command.records * part / parts..<command.records * (part + 1) / parts
            DispatchQueue.concurrentPerform(iterations: command.threads) { thread in
                for number in numbers where number % command.threads == thread {
                    let record = ProducerRecord<String, Int64>(
                        topic: topic, partition: Int32(place(of: number)), value: Int64(number))
                    do throws(KafkaError) {
                        try producer.send(record) { metadata, error in ledger.note(number, metadata, error) }
                    } catch {
                        ledger.note(refused: number, error)
                    }
                }
            }
        }
    }

    /// The partition that a record goes to.
    private func place(of number: Int) -> Int {
        Int((UInt64(number) &* 0x9e37_79b9_7f4a_7c15) >> 33) % command.partitions
    }
}
