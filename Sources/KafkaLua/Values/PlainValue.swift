import LuaRuntime

/// A value that can go from one Lua state to another: a copy, without functions and without identity.
indirect enum PlainValue: Sendable {
    case `nil`
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case string([UInt8])
    /// `kafka.null`.
    case null
    case histogram(ScriptHistogram.Counts)
    case table([(key: PlainValue, value: PlainValue)], isArray: Bool)

    /// How deep tables may stand in one another, and how many pairs they may have in all.
    private static let maximumDepth = 64
    private static let maximumItems = 1_000_000

    /// - Throws: `LuaError` that names the argument and what of it cannot leave its state.
    init(_ slot: LuaSlot, in frame: borrowing LuaFrame, _ classes: ScriptClasses) throws(LuaError) {
        var items = 0
        self = try Self.read(slot, in: frame, classes, depth: 0, items: &items) { (reason) in
            frame.invalid(slot, reason)
        }
    }

    private static func read(
        _ slot: LuaSlot, in frame: borrowing LuaFrame, _ classes: ScriptClasses, depth: Int, items: inout Int,
        _ refusal: (String) -> LuaError
    ) throws(LuaError) -> PlainValue {
        switch frame.type(slot) {
        case .absent, .nil: return .nil
        case .boolean: return .boolean(frame.truth(slot))
        case .integer: return .integer(try frame.integer(slot))
        case .number: return .number(try frame.number(slot))
        case .string: return .string(Array(try frame.unsafeBytes(slot)))
        case .object where frame.object(slot, KafkaNull.self) != nil: return .null
        case .object:
            if let histogram = frame.object(slot, ScriptHistogram.self) { return .histogram(histogram.counts) }
            fallthrough
        case .function, .record, .other:
            throw refusal("a \(frame.typeName(slot)) cannot leave the script; plain values and histograms can")
        case .table:
            guard depth < maximumDepth else { throw refusal("tables are nested too deeply, or hold themselves") }
            var pairs: [(key: PlainValue, value: PlainValue)] = []
            // Lent as a whole, since what the closure is called with may not overlap `items`.
            var count = items
            try frame.forEach(of: slot) { (key, value) throws(LuaError) in
                count += 1
                guard count <= maximumItems else { throw refusal("tables have more than \(maximumItems) items") }
                pairs.append(
                    (
                        try read(key, in: frame, classes, depth: depth + 1, items: &count, refusal),
                        try read(value, in: frame, classes, depth: depth + 1, items: &count, refusal)
                    ))
                return true
            }
            items = count
            return .table(pairs, isArray: frame.metatableAddress(of: slot) == classes.arrayAddress)
        }
    }
}

extension LuaWriter {
    mutating func append(_ value: PlainValue, in environment: ScriptEnvironment) {
        switch value {
        case .nil: appendNil()
        case .boolean(let value): append(value)
        case .integer(let value): append(value)
        case .number(let value): append(value)
        case .string(let bytes): append(bytes)
        case .null: append(environment.classes.nullValue)
        case .histogram(let counts): append(ScriptHistogram(counts), in: environment)
        case .table(let pairs, let isArray):
            appendTable(fields: pairs.count, metatable: isArray ? environment.classes.arrayMetatable : nil) { writer in
                for pair in pairs {
                    writer.append(pair.key, in: environment)
                    writer.append(pair.value, in: environment)
                }
            }
        }
    }
}
