import KafkaProducer
import LuaRuntime

extension NamedSerializer {
    /// The bytes of a Lua value. Null is for the caller.
    /// - Throws: `LuaError` that names the argument and what the serializer takes.
    func bytes(of slot: LuaSlot, in frame: borrowing LuaFrame, _ classes: ScriptClasses) throws -> [UInt8] {
        switch self {
        case .string, .bytes: return Array(try frame.unsafeBytes(slot))
        case .json: return try LuaJSON.encode(slot, in: frame, classes)
        case .int16: return try Serializer.int16.serialize(integer(slot, in: frame))
        case .int32: return try Serializer.int32.serialize(integer(slot, in: frame))
        case .int64: return try Serializer.int64.serialize(frame.integer(slot))
        case .double: return try Serializer.double.serialize(frame.number(slot))
        case .bool: return try Serializer.bool.serialize(frame.boolean(slot))
        case .float:
            let number = try frame.number(slot)
            let rounded = Float(number)
            if rounded.isInfinite, number.isFinite { throw frame.invalid(slot, "\(number) does not fit a float") }
            return try Serializer.float.serialize(rounded)
        case .uuid:
            guard let uuid = KafkaUUID(hyphenated: try frame.string(slot)) else {
                throw frame.invalid(slot, "a UUID looks like 123e4567-e89b-12d3-a456-426614174000")
            }
            return try Serializer.uuid.serialize(uuid)
        case .void: throw frame.invalid(slot, "the serializer void takes nothing but kafka.null")
        case .list(let item): return try item.list(of: slot, in: frame, classes)
        }
    }

    private func integer<Integer: FixedWidthInteger>(
        _ slot: LuaSlot, in frame: borrowing LuaFrame
    ) throws(LuaError) -> Integer {
        let number = try frame.integer(slot)
        guard let integer = Integer(exactly: number) else {
            throw frame.invalid(slot, "\(number) does not fit an \(name)")
        }
        return integer
    }

    /// The items of a table, in order; `kafka.null` among them is null.
    private func list(
        of slot: LuaSlot, in frame: borrowing LuaFrame, _ classes: ScriptClasses
    ) throws -> [UInt8] {
        let count = try frame.itemCount(slot)
        var pairs = 0
        try frame.forEach(of: slot) { (_, _) throws(LuaError) in
            pairs += 1
            return pairs <= count
        }
        guard pairs == count else {
            throw frame.invalid(slot, "list expected, got a table with other keys than 1 to n")
        }
        var items: [[UInt8]?] = []
        for number in 0..<count {
            // What JSON throws is an error of another type than Lua's.
            var failure: (any Error)?
            try frame.scoped { () throws(LuaError) in
                let item = try frame.item(number + 1, of: slot)
                if frame.object(item, KafkaNull.self) != nil { return items.append(nil) }
                do { items.append(try self.bytes(of: item, in: frame, classes)) } catch { failure = error }
            }
            if let failure { throw failure }
        }
        let serializer = Serializer<[UInt8]>(name: name, hasConstantSize: hasConstantSize) { bytes, _, headers, body in
            try body(bytes.span.bytes, headers)
        }
        return try Serializer<[[UInt8]?]>.list(of: serializer).serialize(items)
    }
}
