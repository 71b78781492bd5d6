import KafkaProducer
import LuaRuntime

/// What makes bytes of a key or a value: a serializer with a name, or a function of the script.
enum ScriptSerializer {
    case named(NamedSerializer)
    /// `function(value, topic, headers)` returns a string, or `kafka.null`.
    case function(LuaFunction)

    /// The script's function, if there is one; what nobody named takes bytes.
    init(_ function: LuaFunction?, or named: NamedSerializer?) {
        self = function.map { .function($0) } ?? .named(named ?? .bytes)
    }

    /// Whether strings are sent as they are, and nothing else is.
    var takesBytes: Bool {
        switch self {
        case .named(.bytes), .named(.string): true
        case .named, .function: false
        }
    }

    /// The bytes of a value; nil for null, which a function may return. Null itself is for the caller.
    /// - Throws: `LuaError` that names the argument, or what the function raises.
    func bytes(
        of slot: LuaSlot, _ scope: SerializerScope, in frame: borrowing LuaFrame, _ environment: ScriptEnvironment
    ) throws -> [UInt8]? {
        switch self {
        case .named(let serializer): return try serializer.bytes(of: slot, in: frame, environment.classes)
        case .function(let function):
            let value = try frame.reference(slot)
            let topic = try frame.reference(scope.topic)
            let headers = try scope.headers.flatMap { (slot) throws(LuaError) in
                frame.isNil(slot) ? nil : try frame.reference(slot)
            }
            return try environment.state.call(function) { writer in
                writer.append(value)
                writer.append(topic)
                if let headers { writer.append(headers) }
            } results: { (results) throws(LuaError) in
                let result = results[1]
                if results.object(result, KafkaNull.self) != nil { return nil }
                guard results.type(result) == .string else {
                    // A function that forgets its `return` must not make tombstones.
                    throw LuaError(
                        "a serializer must return a string or kafka.null, got \(results.typeName(result))")
                }
                return Array(try results.unsafeBytes(result))
            }
        }
    }
}

/// What a serializer is told besides the value, as the script gave it.
struct SerializerScope {
    var topic: LuaSlot
    var headers: LuaSlot?
}
