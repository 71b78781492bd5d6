import CJansson
import KafkaProducer
import KafkaWire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Makes records of JSON objects, as `tail --output json` writes them:
/// `{"key": …, "value": …, "headers": [["name", …], …], "partition": …, "timestamp": …}`.
///
/// A key or a value that is a string is its bytes, `{"base64": "…"}` the bytes that it stands for, null is null, and
/// anything else is its JSON. `topic` and `offset`, which say where a record was, are passed over.
struct RecordObject: Sendable {
    /// What holds for what an object does not say.
    let frame: RecordFrame
    let key: [UInt8]?

    private static let ignoredFields: Set<String> = ["topic", "offset"]

    /// The record of a line.
    func record(_ line: UnsafeRawBufferPointer) throws(Failure) -> OutgoingRecord {
        var error = json_error_t()
        let flags = Int(JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY)
        guard let root = json_loadb(line.bindMemory(to: CChar.self).baseAddress, line.count, flags, &error) else {
            throw Failure("this is no JSON: \(Self.text(of: error)) (column \(error.column))")
        }
        defer { json_decref(root) }
        guard root.pointee.type == JSON_OBJECT else {
            throw Failure("a record is an object such as {\"key\": \"k1\", \"value\": \"v\"}")
        }
        var record = OutgoingRecord(key: key, value: nil, frame: frame)
        var hasValue = false
        var iterator = json_object_iter(root)
        while let place = iterator {
            defer { iterator = json_object_iter_next(root, place) }
            guard let key = json_object_iter_key(place), let field = json_object_iter_value(place) else { continue }
            let name = String(cString: key)
            try take(name, field, &record)
            if name == "value" { hasValue = true }
        }
        guard hasValue else { throw Failure("the record has no value; \"value\": null is a tombstone") }
        return record
    }

    private func take(
        _ name: String, _ field: UnsafeMutablePointer<json_t>, _ record: inout OutgoingRecord
    ) throws(Failure) {
        switch name {
        case "key": record.key = try Self.bytes(field)
        case "value": record.value = try Self.bytes(field)
        case "headers": try Self.add(headers: field, to: &record.frame.headers)
        case "partition": record.frame.partition = try Self.integer(field, name).map(Int32.init(clamping:))
        case "timestamp": record.frame.timestamp = try Self.integer(field, name)
        case _ where Self.ignoredFields.contains(name): break
        default:
            throw Failure(
                "a record has no field \(JSONText.quoted(name)): there are key, value, headers, partition and timestamp"
            )
        }
    }

    private static func integer(_ field: UnsafeMutablePointer<json_t>, _ name: String) throws(Failure) -> Int64? {
        if field.pointee.type == JSON_NULL { return nil }
        guard field.pointee.type == JSON_INTEGER, json_integer_value(field) >= 0 else {
            throw Failure("\(name) is null or an integer from 0")
        }
        return Int64(json_integer_value(field))
    }

    private static func bytes(_ field: UnsafeMutablePointer<json_t>) throws(Failure) -> [UInt8]? {
        if field.pointee.type == JSON_NULL { return nil }
        if let string = string(field) { return string }
        if json_object_size(field) == 1, let encoded = json_object_get(field, "base64"), let text = string(encoded) {
            guard let bytes = Base64.decode(String(decoding: text, as: UTF8.self)) else {
                throw Failure("what \"base64\" holds is no Base64")
            }
            return bytes
        }
        guard let text = json_dumps(field, Int(JSON_COMPACT | JSON_ENCODE_ANY)) else {
            throw Failure("JSON that is nested too deep")
        }
        defer { free(text) }
        return Array(UnsafeBufferPointer(start: text, count: strlen(text)).map { UInt8(bitPattern: $0) })
    }

    private static func string(_ field: UnsafeMutablePointer<json_t>) -> [UInt8]? {
        guard field.pointee.type == JSON_STRING else { return nil }
        return Array(UnsafeRawBufferPointer(start: json_string_value(field), count: json_string_length(field)))
    }

    /// Takes pairs in order, as names may stand twice; or an object.
    private static func add(headers field: UnsafeMutablePointer<json_t>, to headers: inout Headers) throws(Failure) {
        switch field.pointee.type {
        case JSON_NULL: break
        case JSON_OBJECT:
            var iterator = json_object_iter(field)
            while let place = iterator {
                defer { iterator = json_object_iter_next(field, place) }
                guard let name = json_object_iter_key(place), let value = json_object_iter_value(place) else {
                    continue
                }
                headers.add(String(cString: name), bytes: try bytes(value))
            }
        case JSON_ARRAY:
            for index in 0..<json_array_size(field) {
                guard let pair = json_array_get(field, index), json_array_size(pair) == 2,
                    let first = json_array_get(pair, 0), let name = string(first), let value = json_array_get(pair, 1)
                else { throw Failure("each header is a pair such as [\"name\", \"value\"]") }
                headers.add(String(decoding: name, as: UTF8.self), bytes: try bytes(value))
            }
        default: throw Failure("headers are an array of pairs, or an object")
        }
    }

    private static func text(of error: json_error_t) -> String {
        withUnsafeBytes(of: error.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
