import CJansson
import KafkaProducer
import LuaRuntime

/// JSON for scripts: integers and reals stay apart, null is `kafka.null`. libjansson reads it.
enum LuaJSON {
    /// How deep arrays and objects may stand in one another, in both directions: the runtime builds no deeper tables.
    static let maximumDepth = 128

    /// How many bytes a text may have, in both directions: more than any record.
    static let maximumSize = 100 << 20

    /// The text of a value.
    /// - Throws: `LuaError` that says where a value is that JSON has no word for.
    static func encode(
        _ slot: LuaSlot, in frame: borrowing LuaFrame, _ classes: ScriptClasses
    ) throws(LuaError) -> [UInt8] {
        var encoder = LuaJSONEncoder(classes)
        try encoder.write(slot, in: frame)
        return encoder.bytes
    }

    /// Writes the value that a text holds.
    /// - Throws: `LuaError` with line and column of what is wrong.
    static func decode(
        _ text: UnsafeRawBufferPointer, to results: inout LuaWriter, _ classes: ScriptClasses
    ) throws(LuaError) {
        guard text.count <= maximumSize else { throw LuaError("json: the text is longer than \(maximumSize) bytes") }
        var error = json_error_t()
        let flags = Int(JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL)
        guard let root = json_loadb(text.bindMemory(to: CChar.self).baseAddress, text.count, flags, &error) else {
            let reason = withUnsafePointer(to: &error.text) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: Int(JSON_ERROR_TEXT_LENGTH)) {
                    String(cString: $0)
                }
            }
            throw LuaError("json: \(reason) (line \(error.line), column \(error.column))")
        }
        defer { json_decref(root) }
        try append(root, to: &results, classes, depth: 0)
    }

    private static func append(
        _ value: UnsafeMutablePointer<json_t>, to results: inout LuaWriter, _ classes: ScriptClasses, depth: Int
    ) throws(LuaError) {
        let type = value.pointee.type
        if type == JSON_ARRAY || type == JSON_OBJECT, depth == maximumDepth {
            throw LuaError("json: nested more than \(maximumDepth) deep")
        }
        switch type {
        case JSON_STRING:
            results.append(
                RawSpan(
                    _unsafeBytes: UnsafeRawBufferPointer(
                        start: json_string_value(value), count: json_string_length(value))))
        case JSON_INTEGER: results.append(Int64(json_integer_value(value)))
        case JSON_REAL: results.append(json_real_value(value))
        case JSON_TRUE: results.append(true)
        case JSON_FALSE: results.append(false)
        case JSON_ARRAY:
            let count = json_array_size(value)
            try results.appendTable(items: count, metatable: classes.arrayMetatable) { (writer) throws(LuaError) in
                for index in 0..<count {
                    guard let item = json_array_get(value, index) else { continue }
                    writer.append(index + 1)
                    try append(item, to: &writer, classes, depth: depth + 1)
                }
            }
        case JSON_OBJECT:
            try results.appendTable(fields: json_object_size(value)) { (writer) throws(LuaError) in
                var iterator = json_object_iter(value)
                while let place = iterator {
                    if let key = json_object_iter_key(place), let item = json_object_iter_value(place) {
                        writer.append(String(cString: key))
                        try append(item, to: &writer, classes, depth: depth + 1)
                    }
                    iterator = json_object_iter_next(value, place)
                }
            }
        default: results.append(classes.nullValue)
        }
    }
}
