import KafkaProducer
import LuaRuntime

extension NamedSerializer {
    /// Writes the value whose bytes these are: what `bytes(of:in:_:)` takes.
    /// - Throws: `LuaError` if they are not the bytes of such a value.
    func write(_ bytes: UnsafeRawBufferPointer, to results: inout LuaWriter, _ classes: ScriptClasses) throws(LuaError)
    {
        switch self {
        case .string, .bytes: results.append(RawSpan(_unsafeBytes: bytes))
        case .int16: results.append(Int64(try integer(bytes, as: Int16.self)))
        case .int32: results.append(Int64(try integer(bytes, as: Int32.self)))
        case .int64: results.append(try integer(bytes, as: Int64.self))
        case .float: results.append(Double(Float(bitPattern: try integer(bytes, as: UInt32.self))))
        case .double: results.append(Double(bitPattern: try integer(bytes, as: UInt64.self)))
        case .bool:
            guard bytes.count == 1, bytes[0] <= 1 else { throw unfit(bytes) }
            results.append(bytes[0] == 1)
        case .uuid:
            guard let uuid = KafkaUUID(hyphenated: String(decoding: bytes, as: UTF8.self)) else { throw unfit(bytes) }
            results.append(uuid.hyphenated)
        case .void: results.append(classes.nullValue)
        case .json: try LuaJSON.decode(bytes, to: &results, classes)
        case .list(let item): try item.writeList(bytes, to: &results, classes)
        }
    }

    private func integer<Integer: FixedWidthInteger>(
        _ bytes: UnsafeRawBufferPointer, as type: Integer.Type
    ) throws(LuaError) -> Integer {
        guard bytes.count == Integer.bitWidth / 8 else { throw unfit(bytes) }
        return Integer(bigEndian: bytes.loadUnaligned(as: Integer.self))
    }

    private func unfit(_ bytes: UnsafeRawBufferPointer) -> LuaError {
        LuaError("\(bytes.count) bytes are not those of the serializer \(name)")
    }

    // MARK: - Lists

    /// How many bytes an item has, where all have as many.
    private var itemSize: Int? {
        switch self {
        case .int16: 2
        case .int32, .float: 4
        case .int64, .double: 8
        case .uuid: 36
        case .string, .bytes, .bool, .void, .json, .list: nil
        }
    }

    /// Reads what Java's `ListSerializer` writes: items of one size with a list of where the nulls are, or items that
    /// each have their size before them, −1 for null.
    private func writeList(
        _ bytes: UnsafeRawBufferPointer, to results: inout LuaWriter, _ classes: ScriptClasses
    ) throws(LuaError) {
        var rest = bytes[...]
        func unfit() -> LuaError { NamedSerializer.list(self).unfit(bytes) }
        func take(_ count: Int) throws(LuaError) -> UnsafeRawBufferPointer {
            guard count >= 0, count <= rest.count else { throw unfit() }
            defer { rest = rest.dropFirst(count) }
            return UnsafeRawBufferPointer(rebasing: rest.prefix(count))
        }
        func count() throws(LuaError) -> Int { Int(Int32(bigEndian: try take(4).loadUnaligned(as: Int32.self))) }

        guard try take(1)[0] == (itemSize == nil ? 1 : 0) else { throw unfit() }
        var nulls: Set<Int> = []
        if itemSize != nil {
            let nullCount = try count()
            guard nullCount >= 0, nullCount <= rest.count / 4 else { throw unfit() }
            for _ in 0..<nullCount { nulls.insert(try count()) }
        }
        let items = try count()
        // Each item that is not null has at least a byte, and each that is null has its place in the list.
        guard items >= 0, items <= rest.count + nulls.count else { throw unfit() }
        try results.appendTable(items: items) { (writer) throws(LuaError) in
            for index in 0..<items {
                writer.append(index + 1)
                let size = if nulls.contains(index) { -1 } else if let itemSize { itemSize } else { try count() }
                if size == -1 {
                    writer.append(classes.nullValue)
                } else {
                    try write(try take(size), to: &writer, classes)
                }
            }
        }
        guard rest.isEmpty else { throw unfit() }
    }
}
