import CJansson
import KafkaProducer
import LuaRuntime

/// JSON for scripts, by libjansson: integers and reals stay apart, null is `kafka.null`.
enum LuaJSON {
    /// Deeper than this is taken for a table that holds itself.
    private static let maximumDepth = 200

    // MARK: - Decode

    /// Writes the value that a text holds.
    /// - Throws: `LuaError` with line and column of what is wrong.
    static func decode(
        _ text: UnsafeRawBufferPointer, to results: inout LuaWriter, _ classes: ScriptClasses
    ) throws(LuaError) {
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
        append(root, to: &results, classes)
    }

    private static func append(
        _ value: UnsafeMutablePointer<json_t>, to results: inout LuaWriter, _ classes: ScriptClasses
    ) {
        switch value.pointee.type {
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
            results.appendTable(items: count, metatable: classes.arrayMetatable) { writer in
                for index in 0..<count {
                    guard let item = json_array_get(value, index) else { continue }
                    writer.append(index + 1)
                    append(item, to: &writer, classes)
                }
            }
        case JSON_OBJECT:
            results.appendTable(fields: json_object_size(value)) { writer in
                var iterator = json_object_iter(value)
                while let place = iterator {
                    if let key = json_object_iter_key(place), let item = json_object_iter_value(place) {
                        writer.append(String(cString: key))
                        append(item, to: &writer, classes)
                    }
                    iterator = json_object_iter_next(value, place)
                }
            }
        default: results.append(classes.nullValue)
        }
    }

    // MARK: - Encode

    /// The text of a value, compact, with keys sorted: a table has no order of its own.
    /// - Throws: `LuaError` that says where a value is that JSON has no word for.
    static func encode(
        _ slot: LuaSlot, in frame: borrowing LuaFrame, _ classes: ScriptClasses
    ) throws(LuaError) -> [UInt8] {
        let root = try tree(slot, in: frame, classes, path: "value", depth: 0)
        defer { json_decref(root) }
        let flags = Int(JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY)
        let size = json_dumpb(root, nil, 0, flags)
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = buffer.withMemoryRebound(to: CChar.self) { json_dumpb(root, $0.baseAddress, size, flags) }
        }
    }

    private static func tree(
        _ slot: LuaSlot, in frame: borrowing LuaFrame, _ classes: ScriptClasses, path: String, depth: Int
    ) throws(LuaError) -> UnsafeMutablePointer<json_t> {
        let node: UnsafeMutablePointer<json_t>?
        switch frame.type(slot) {
        case .absent, .nil: node = json_null()
        case .boolean: node = frame.truth(slot) ? json_true() : json_false()
        case .integer: node = json_integer(try frame.integer(slot))
        case .number:
            node = json_real(try frame.number(slot))
            if node == nil { throw LuaError("json: \(path) is not a finite number") }
        case .string:
            let bytes = try frame.unsafeBytes(slot)
            // An empty string in Lua has an address too, so this is never null.
            node = json_stringn(bytes.bindMemory(to: CChar.self).baseAddress, bytes.count)
            if node == nil { throw LuaError("json: \(path) is a string that is not UTF-8") }
        case .table: node = try table(slot, in: frame, classes, path: path, depth: depth)
        default:
            guard frame.object(slot, KafkaNull.self) != nil else {
                throw LuaError("json: \(path) is a \(frame.typeName(slot)), which JSON does not have")
            }
            node = json_null()
        }
        guard let node else { throw LuaError(.memory, "not enough memory") }
        return node
    }

    private static func table(
        _ slot: LuaSlot, in frame: borrowing LuaFrame, _ classes: ScriptClasses, path: String, depth: Int
    ) throws(LuaError) -> UnsafeMutablePointer<json_t>? {
        guard depth < maximumDepth else { throw LuaError("json: \(path) is nested too deeply, or holds itself") }
        let count = try frame.itemCount(slot)
        var pairs = 0
        try frame.forEach(of: slot) { (_, _) throws(LuaError) in
            pairs += 1
            return true
        }
        let isArray = pairs == count && (count > 0 || frame.metatableAddress(of: slot) == classes.arrayAddress)
        guard let node = isArray ? json_array() : json_object() else { return nil }
        do throws(LuaError) {
            if isArray {
                for index in 0..<count {
                    try frame.scoped { () throws(LuaError) in
                        let item = try frame.item(index + 1, of: slot)
                        json_array_append_new(
                            node, try tree(item, in: frame, classes, path: "\(path)[\(index + 1)]", depth: depth + 1))
                    }
                }
            } else {
                try frame.forEach(of: slot) { (key, item) throws(LuaError) in
                    let name = try fieldName(key, in: frame, path)
                    json_object_set_new(
                        node, name, try tree(item, in: frame, classes, path: "\(path).\(name)", depth: depth + 1))
                    return true
                }
            }
        } catch {
            json_decref(node)
            throw error
        }
        return node
    }

    private static func fieldName(_ key: LuaSlot, in frame: borrowing LuaFrame, _ path: String) throws(LuaError)
        -> String
    {
        switch frame.type(key) {
        case .string: return try frame.string(key)
        case .integer: return String(try frame.integer(key))
        default: throw LuaError("json: \(path) has a key that is a \(frame.typeName(key))")
        }
    }
}
