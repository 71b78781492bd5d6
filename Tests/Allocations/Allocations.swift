import ArgumentParser
import CAllocationCounter
import KafkaProducer

/// Sends records, fire and forget, and prints how often memory was asked for meanwhile: for each number of records
/// given, one after the other, a line.
@main
struct Allocations: ParsableCommand {
    @Argument var bootstrapServers: String
    @Argument var records: [Int]
    /// How many different keys are sent in turn; 0 for records without one.
    @Option var keys = 0
    @Option var valueBytes = 100
    /// Whether each record has a callback, which the test knows to cost memory.
    @Flag var callback = false

    func run() throws {
        var configuration = ProducerConfiguration()
        try configuration.set("bootstrap.servers", bootstrapServers)
        try configuration.set("batch.size", "1000000")
        // Batches are sent when they are full, so that there are as many of them in each run.
        try configuration.set("linger.ms", "60000")
        let producer = try Producer<[UInt8], [UInt8]>(configuration)
        let keys = (0..<keys).map { Array("key-\($0)".utf8) }
        let value = [UInt8](repeating: UInt8(ascii: "v"), count: valueBytes)
        // Connections, metadata, and all the memory that the producer may have.
        try send(300_000, keys, value, through: producer)
        for records in records {
            let before = allocation_count()
            try send(records, keys, value, through: producer)
            let after = allocation_count()
            print(before < 0 ? "uncounted" : "\(after - before)")
        }
        try producer.close()
    }

    private func send(
        _ records: Int, _ keys: [[UInt8]], _ value: [UInt8], through producer: Producer<[UInt8], [UInt8]>
    ) throws {
        for number in 0..<records {
            let record = ProducerRecord(
                topic: "allocations", key: keys.isEmpty ? nil : keys[number % keys.count], value: value)
            if callback {
                try producer.send(record) { _, _ in _ = number }
            } else {
                try producer.send(record)
            }
        }
        try producer.flush()
        let lost = producer.deliveryReports.reduce(0) { $0 + $1.failed + $1.pending }
        guard lost == 0 else { throw ValidationError("\(lost) records were not delivered") }
    }
}
