@testable import KafkaProducer

/// A batch without bytes.
final class TestBatch: DispatchedBatch, CustomStringConvertible {
    let name: String
    let recordCount: Int32
    var attempts = 0
    var identity: ProducerIdentity?
    var baseSequence: Int32 = -1

    init(_ name: String, count: Int32 = 1) {
        self.name = name
        recordCount = count
    }

    var description: String { name }
}
