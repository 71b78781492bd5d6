import KafkaProducer
import LuaRuntime

extension Headers {
    /// Reads what an interceptor left in `r.headers`: a list of `{name, value}`, a map of names and values, or the list
    /// with names added to it.
    init(_ value: LuaValue) throws(LuaError) {
        self.init()
        guard case .table(let table) = value else {
            if value.isNull { return }
            throw LuaError("field 'headers' of a record must be a table, got \(value.typeName)")
        }
        if table.isTruncated { throw LuaError("field 'headers' of a record is too large") }
        // A table gives what was added to it in no order.
        for (_, entry) in table.numbered {
            guard case .table(let pair) = entry, let name = pair.item(1)?.text else {
                throw LuaError("headers must be names and values, or a list of {name, value}")
            }
            add(name, bytes: try Self.bytes(pair.item(2) ?? .nil, of: name))
        }
        for (name, value) in table.named { add(name, bytes: try Self.bytes(value, of: name)) }
    }

    private static func bytes(_ value: LuaValue, of name: String) throws(LuaError) -> [UInt8]? {
        if value.isNull { return nil }
        guard case .string(let bytes) = value else {
            throw LuaError("header '\(name)' must be a string or nil, got \(value.typeName)")
        }
        return bytes
    }
}

extension LuaWriter {
    /// Headers as a plugin sees them: a list of `{name, value}`.
    mutating func append(_ headers: Headers) {
        appendTable(items: headers.count) { writer in
            for (index, header) in headers.enumerated() {
                writer.append(index + 1)
                writer.appendTable(items: 2) { writer in
                    writer.append(1)
                    writer.append(header.name)
                    guard let value = header.value else { return }
                    writer.append(2)
                    writer.append(value)
                }
            }
        }
    }
}

extension LuaTable {
    fileprivate func item(_ number: Int64) -> LuaValue? {
        pairs.first { $0.key == .integer(number) }?.value
    }

    /// The values of integer keys, in the order of the keys.
    fileprivate var numbered: [(Int64, LuaValue)] {
        pairs.compactMap { pair in pair.key.integer.map { ($0, pair.value) } }.sorted { $0.0 < $1.0 }
    }

    /// The values of string keys, in the order of the keys.
    fileprivate var named: [(String, LuaValue)] {
        pairs.compactMap { pair in pair.key.text.map { ($0, pair.value) } }.sorted { $0.0 < $1.0 }
    }
}

extension LuaValue {
    var integer: Int64? { if case .integer(let value) = self { value } else { nil } }

    /// Lua's nil, or `kafka.null`.
    var isNull: Bool {
        switch self {
        case .nil, .other(type: KafkaNull.className, address: _): true
        default: false
        }
    }

    /// The type as Lua says it.
    var typeName: String {
        switch self {
        case .nil: "nil"
        case .boolean: "boolean"
        case .integer, .number: "number"
        case .string: "string"
        case .table: "table"
        case .function: "function"
        case .reference: "value"
        case .other(let type, _): type
        }
    }

    /// Whether a copy left out something of a table, however deep.
    var isTruncated: Bool {
        guard case .table(let table) = self else { return false }
        return table.isTruncated || table.pairs.contains { $0.value.isTruncated }
    }
}
