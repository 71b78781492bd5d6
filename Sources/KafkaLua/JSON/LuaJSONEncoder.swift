import LuaRuntime

/// Writes a value of Lua as JSON: compact, keys sorted since a table has no order of its own, integers without and
/// reals with a fraction or an exponent, reals as short as they can be read back exactly.
struct LuaJSONEncoder {
    private(set) var bytes: [UInt8] = []
    private let classes: ScriptClasses
    /// Where the value is that is being written, for errors.
    private var path: [Step] = []

    private enum Step {
        case item(Int)
        case field([UInt8])
    }

    init(_ classes: ScriptClasses) { self.classes = classes }

    /// - Throws: `LuaError` that says where a value is that JSON has no word for.
    mutating func write(_ slot: LuaSlot, in frame: borrowing LuaFrame) throws(LuaError) {
        // A table that is in many places is written in each: a small one may stand for more than memory holds.
        guard bytes.count <= LuaJSON.maximumSize else {
            throw LuaError("json: the text would be longer than \(LuaJSON.maximumSize) bytes")
        }
        switch frame.type(slot) {
        case .absent, .nil: append("null")
        case .boolean: append(frame.truth(slot) ? "true" : "false")
        case .integer: append(try frame.integer(slot).description)
        case .number:
            let number = try frame.number(slot)
            guard number.isFinite else { throw unfit("not a finite number") }
            append(number.description)
        case .string: try writeString(frame.unsafeBytes(slot))
        case .table: try writeTable(slot, in: frame)
        default:
            guard frame.object(slot, KafkaNull.self) != nil else {
                throw unfit("a \(frame.typeName(slot)), which JSON does not have")
            }
            append("null")
        }
    }

    // MARK: - Tables

    private mutating func writeTable(_ slot: LuaSlot, in frame: borrowing LuaFrame) throws(LuaError) {
        guard path.count < LuaJSON.maximumDepth else { throw unfit("nested too deeply, or holds itself") }
        let count = try frame.itemCount(slot)
        var pairs = 0
        try frame.forEach(of: slot) { (_, _) throws(LuaError) in
            pairs += 1
            return true
        }
        if pairs == count, count > 0 || frame.metatableAddress(of: slot) == classes.arrayAddress {
            try writeArray(slot, count, in: frame)
        } else {
            try writeObject(slot, in: frame)
        }
    }

    private mutating func writeArray(_ slot: LuaSlot, _ count: Int, in frame: borrowing LuaFrame) throws(LuaError) {
        bytes.append(UInt8(ascii: "["))
        for number in 0..<count {
            if number > 0 { bytes.append(UInt8(ascii: ",")) }
            path.append(.item(number + 1))
            try frame.scoped { () throws(LuaError) in
                try write(try frame.item(number + 1, of: slot), in: frame)
            }
            path.removeLast()
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// The fields are written as they come, and put in order when all are there.
    private mutating func writeObject(_ slot: LuaSlot, in frame: borrowing LuaFrame) throws(LuaError) {
        let start = bytes.count
        var fields: [(name: [UInt8], text: Range<Int>)] = []
        try frame.forEach(of: slot) { (key, value) throws(LuaError) in
            let name = try fieldName(key, in: frame)
            let begin = bytes.count - start
            path.append(.field(name))
            try writeString(name)
            bytes.append(UInt8(ascii: ":"))
            try write(value, in: frame)
            path.removeLast()
            fields.append((name, begin..<bytes.count - start))
            return true
        }
        fields.sort { $0.name.lexicographicallyPrecedes($1.name) }
        for (field, next) in zip(fields, fields.dropFirst()) where field.name == next.name {
            throw unfit("a table with the key \(String(decoding: field.name, as: UTF8.self)) as number and as string")
        }
        let texts = Array(bytes[start...])
        bytes.removeSubrange(start...)
        bytes.append(UInt8(ascii: "{"))
        for (number, field) in fields.enumerated() {
            if number > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += texts[field.text]
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private func fieldName(_ key: LuaSlot, in frame: borrowing LuaFrame) throws(LuaError) -> [UInt8] {
        switch frame.type(key) {
        case .string: return Array(try frame.unsafeBytes(key))
        case .integer: return Array(try frame.integer(key).description.utf8)
        default: throw unfit("a table with a key that is a \(frame.typeName(key))")
        }
    }

    // MARK: - Strings

    private static let escapes: [UInt8: StaticString] = [
        UInt8(ascii: "\""): "\\\"", UInt8(ascii: "\\"): "\\\\", 8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r",
    ]

    private mutating func writeString(_ text: some Collection<UInt8>) throws(LuaError) {
        var isASCII = true
        bytes.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0..<0x20: appendEscaped(byte)
            default:
                if byte >= 0x80 { isASCII = false }
                bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
        guard isASCII || String(validating: text, as: UTF8.self) != nil else { throw unfit("not UTF-8") }
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        if let escape = Self.escapes[byte] { return append(escape.description) }
        append(byte < 0x10 ? "\\u000" : "\\u00")
        append(String(byte, radix: 16))
    }

    private mutating func append(_ text: String) { bytes += text.utf8 }

    // MARK: - Errors

    /// The error of a value that JSON does not have: `json: value.list[3] is a function, …`.
    private func unfit(_ what: String) -> LuaError {
        var place = "value"
        for step in path {
            switch step {
            case .item(let number): place += "[\(number)]"
            case .field(let name): place += "." + String(decoding: name, as: UTF8.self)
            }
            if place.utf8.count > Self.longestPlace {
                place += "…"
                break
            }
        }
        return LuaError("json: \(place) is \(what)")
    }

    private static let longestPlace = 200
}
