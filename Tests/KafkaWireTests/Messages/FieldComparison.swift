import Foundation
import KafkaWire

/// Compares a decoded message with the values that `wire.jsonl` says it carries, by the names of the fields.
///
/// The message is read by reflection, so that a field which is missing on either side is found.
struct FieldComparison {
    /// The bytes that the message was decoded from.
    let body: [UInt8]
    private(set) var differences: [String] = []

    /// The batch that stands in all messages with records: a=v at 1 ms and b=v at 2 ms.
    static let batch = [UInt8](
        hex: """
            000000000000000000000043ffffffff02ddd6267b000000000001000000000000000100000000000000\
            02ffffffffffffffffffffffffffff00000002100000000261027600100002020262027600
            """)

    init(_ message: any WireStruct, _ expected: JSON, body: [UInt8]) {
        self.body = body
        compare(message, expected, path: "")
    }

    private mutating func compare(_ message: any WireStruct, _ expected: JSON, path: String) {
        guard case .object(var rest) = expected else { return differences.append("\(path) is not a structure") }
        // Some messages tell the size of the records, others an empty string in their place.
        if let size = rest.removeValue(forKey: "recordsSizeInBytes") { rest["records"] = size }
        let defaults = Mirror(reflecting: type(of: message).init()).children
        for (field, initial) in zip(Mirror(reflecting: message).children, defaults) {
            let name = field.label ?? ""
            if let wanted = rest.removeValue(forKey: name) {
                compare(field.value, wanted, path: "\(path).\(name)")
            } else if JSON(field.value) != JSON(initial.value) {
                differences.append("\(path).\(name) is \(field.value), which this version does not have")
            }
        }
        differences += rest.keys.map { "\(path).\($0) was not decoded" }
    }

    private mutating func compare(_ value: Any, _ expected: JSON, path: String) {
        if let records = value as? RecordsReference {
            if Array(body.dropFirst(records.offset).prefix(records.count)) != Self.batch {
                differences.append("\(path) is not the batch")
            }
        } else if let value = value as? any WireStruct {
            compare(value, expected, path: path)
        } else if case .array(let wanted) = expected, let values = value as? [Any] {
            if values.count != wanted.count { differences.append("\(path) has \(values.count) elements") }
            for (value, wanted) in zip(values, wanted) { compare(value, wanted, path: "\(path)[]") }
        } else if JSON(value) != expected {
            differences.append("\(path) is \(value), not \(expected)")
        }
    }
}

extension JSON {
    /// A field's value as `wire.jsonl` writes it.
    fileprivate init(_ value: Any) {
        switch value {
        // An empty array of anything casts to an empty array of bytes, so the type itself is asked for.
        case let bytes as [UInt8] where type(of: value) == [UInt8].self:
            self = .string(Data(bytes).base64EncodedString())
        case let value as Bool: self = .bool(value)
        case let value as any BinaryInteger: self = .number(Int64(value))
        case let value as ErrorCode: self = .number(Int64(value.rawValue))
        case let value as String: self = .string(value)
        case let value as KafkaUUID: self = .string(value.description)
        case let values as [Any]: self = .array(values.map { JSON($0) })
        case let value as any WireStruct:
            let members = Mirror(reflecting: value).children.map { ($0.label ?? "", JSON($0.value)) }
            self = .object(Dictionary(members) { first, _ in first })
        default: self = .null
        }
    }
}
