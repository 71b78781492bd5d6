import Foundation
import KafkaWire
import Testing

/// A batch that Apache Kafka's own builder wrote, and the records that it was given.
struct BatchVector: Decodable, Sendable, CustomTestStringConvertible {
    struct Entry: Decodable, Sendable {
        var timestamp: Int64
        var key: String?
        var value: String?
        var headers: [[String?]]
    }

    var codec: String
    var baseOffset: Int64
    var producerId: Int64
    var producerEpoch: Int16
    var baseSequence: Int32
    var transactional: Bool
    var hex: String
    var records: [Entry]

    var bytes: [UInt8] { Self.bytes(hex: hex) }

    /// The records as the reader has to give them.
    var expected: [Record] {
        records.enumerated().map { index, entry in
            Record(
                offset: baseOffset + Int64(index), timestamp: entry.timestamp,
                key: entry.key.map { Array($0.utf8) }, value: entry.value.map { Array($0.utf8) },
                headers: entry.headers.map { header in
                    RecordHeader(name: header[0] ?? "", value: header[1].map { Array($0.utf8) })
                })
        }
    }

    var testDescription: String { "\(codec), \(records.count) records from \(baseOffset)" }

    static let all: [BatchVector] = {
        guard let url = Bundle.module.url(forResource: "Resources/batches", withExtension: "jsonl"),
            let data = try? Data(contentsOf: url)
        else { return [] }
        return data.split(separator: UInt8(ascii: "\n")).compactMap {
            try? JSONDecoder().decode(BatchVector.self, from: $0)
        }
    }()

    static func bytes(hex: String) -> [UInt8] {
        let digits = hex.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
