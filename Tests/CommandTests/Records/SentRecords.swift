import KafkaProducer

@testable import kafka_lua

/// A sender that keeps what it is given.
final class SentRecords: RecordSender, @unchecked Sendable {
    private(set) var records: [OutgoingRecord] = []
    /// At which record it fails.
    var failsAt: Int?
    var failuresAtClose: [Failure] = []
    /// What it was closed with.
    private(set) var isComplete: Bool?

    func send(key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?, _ frame: RecordFrame) throws(Failure) {
        if records.count == failsAt { throw Failure("too large") }
        records.append(OutgoingRecord(key: key.map { Array($0) }, value: value.map { Array($0) }, frame: frame))
    }

    var counts: ProgressCounts { ProgressCounts(sent: records.count, delivered: records.count) }

    func close(isComplete: Bool) -> [Failure] {
        self.isComplete = isComplete
        return failuresAtClose
    }

    /// Keys and values as text, `-` for null.
    var texts: [String] {
        records.map { record in
            [record.key, record.value].map { $0.map { String(decoding: $0, as: UTF8.self) } ?? "-" }
                .joined(separator: "|")
        }
    }
}
