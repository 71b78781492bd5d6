import KafkaWire
import NIOCore

@testable import KafkaProducer

/// A partition's queue without a sender.
struct TestPartition {
    let topic = Topic(name: "orders")
    let queue: PartitionQueue

    init() {
        queue = PartitionQueue(topic: topic, partition: 3)
    }

    /// Appends a record, in a chunk of its own if there is no room, as a producer does.
    @discardableResult
    func append(
        key: String? = nil, value: String? = "v", headers: Headers = Headers(), timestamp: Int64 = 1,
        chunkSize: Int = 200, callback: DeliveryCallback? = nil
    ) -> (future: DeliveryFuture, effects: PartitionQueue.AppendEffects)? {
        let (key, value) = (key.map { Array($0.utf8) }, value.map { Array($0.utf8) })
        var chunk: Chunk?
        var effects: PartitionQueue.AppendEffects = []
        while true {
            let result = headers.withEncoded { headers in
                RecordBytes.lend(key: key, value: value, headers: headers, timestamp: timestamp) { record in
                    queue.append(record, callback: callback, chunk: &chunk, sticky: nil, now: .now())
                }
            }
            switch result {
            case .appended(let future, let more): return (future, effects.union(more))
            case .needsChunk(let more):
                effects.formUnion(more)
                chunk = Chunk(capacity: chunkSize)
            case .closed, .moved: return nil
            }
        }
    }
}

extension RecordBytes {
    /// Lends arrays; null where there is none.
    static func lend<Result>(
        key: [UInt8]?, value: [UInt8]?, headers: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
        timestamp: Int64, _ body: (RecordBytes) throws -> Result
    ) rethrows -> Result {
        try (key ?? []).withUnsafeBytes { keyBytes in
            try (value ?? []).withUnsafeBytes { valueBytes in
                try body(
                    RecordBytes(
                        key: key == nil ? nil : keyBytes, value: value == nil ? nil : valueBytes, headers: headers,
                        timestamp: timestamp))
            }
        }
    }
}
