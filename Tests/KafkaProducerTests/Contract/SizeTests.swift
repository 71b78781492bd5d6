import KafkaWire
import Testing

@testable import KafkaProducer

/// What a record may measure: the most bytes that a batch of it alone can take count.
@Suite struct SizeTests {
    /// The longest value without a key that fits.
    private func longestValue(within limit: Int) -> Int {
        limit - RecordBatchWriter.batchUpperBound(keyCount: 0, valueCount: 0, headersCount: 0)
    }

    private func record(_ size: Int) -> ProducerRecord<String, String> {
        ProducerRecord(topic: "t", partition: 0, value: String(repeating: "x", count: size))
    }

    @Test("1.16 A record larger than max.request.size fails, whether a batch is open or not", arguments: [true, false])
    func maxRequestSize(hasOpenBatch: Bool) throws {
        let broker = try Broker()
        let producer = try broker.producer([
            "max.request.size": "1000", "linger.ms": "60000", "delivery.timeout.ms": "120000",
        ])
        if hasOpenBatch { try producer.send(record(1)) }
        let longest = longestValue(within: 1000)
        let tooLarge = try producer.send(record(longest + 1))
        let error = #expect(throws: KafkaError.self) { try tooLarge.get() }
        #expect(error?.kind == .recordTooLarge)
        #expect(error?.message.contains("max.request.size=1000") == true)
        let fitting = try producer.send(record(longest))
        try producer.flush()
        try fitting.get()
        try producer.close()
    }

    @Test("1.17 A record larger than buffer.memory fails without waiting")
    func bufferMemory() throws {
        let broker = try Broker()
        let producer = try broker.producer(["buffer.memory": "1000", "batch.size": "500", "max.block.ms": "60000"])
        let longest = longestValue(within: 1000)
        let tooLarge = try producer.send(record(longest + 1))
        #expect(tooLarge.isDone)
        let error = #expect(throws: KafkaError.self) { try tooLarge.get() }
        #expect(error?.kind == .recordTooLarge)
        #expect(error?.message.contains("buffer.memory=1000") == true)
        try producer.send(record(longest)).get()
        try producer.close()
    }
}
