import Foundation
import KafkaWire
import Testing

/// A line of `wire.jsonl`: a body that Apache Kafka's own serializer wrote, and the values in it.
struct WireVector: Sendable, CustomTestStringConvertible {
    let message: String
    let version: Int16
    let isFlexible: Bool
    let bytes: [UInt8]
    let fields: JSON

    var testDescription: String { "\(message) \(version)" }

    /// All lines of the file.
    static let all: [WireVector] = {
        do {
            guard let url = Bundle.module.url(forResource: "wire", withExtension: "jsonl", subdirectory: "Resources")
            else { throw CocoaError(.fileNoSuchFile) }
            return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
                try WireVector(JSON(parsing: String(line)))
            }
        } catch {
            fatalError("wire.jsonl: \(error)")
        }
    }()

    init(_ line: JSON) throws {
        guard case .string(let message)? = line["message"], case .number(let version)? = line["version"],
            case .bool(let isFlexible)? = line["flexible"], case .string(let hex)? = line["hex"],
            let fields = line["fields"]
        else { throw CocoaError(.coderValueNotFound) }
        self.message = message
        self.version = Int16(version)
        self.isFlexible = isFlexible
        self.bytes = [UInt8](hex: hex)
        self.fields = fields
    }
}
