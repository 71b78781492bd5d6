import KafkaProducer
import LuaRuntime

/// What reads the bytes of keys or values for `tail`: a serializer's name, or a function of the script.
struct ScriptDeserializer {
    /// `function(bytes, topic)` returns the value.
    private let function: LuaFunction

    /// Reads an option; nil if it was not given.
    init?(_ slot: LuaSlot, in frame: borrowing LuaFrame, _ environment: ScriptEnvironment) throws {
        if frame.isNil(slot) { return nil }
        if frame.type(slot) == .function {
            function = try frame.function(slot)
            return
        }
        let serializer = try NamedSerializer(naming: slot, in: frame)
        let reference = try environment.state.keep { writer in
            writer.append(function: "deserialize") { [unowned environment] arguments, results in
                try serializer.write(try arguments.unsafeBytes(arguments[1]), to: &results, environment.classes)
            }
        }
        function = try environment.state.read(reference) { (frame) throws(LuaError) in try frame.function(frame[1]) }
    }

    /// The value whose bytes these are, or why there is none.
    /// - Throws: `LuaError` of kind `interrupted`.
    func value(of bytes: [UInt8], topic: String, in state: LuaState) throws(LuaError) -> Result<LuaReference?, LuaError>
    {
        do throws(LuaError) {
            return .success(
                try state.call(function) { writer in
                    writer.append(bytes)
                    writer.append(topic)
                } results: { (results) throws(LuaError) in
                    results.isNil(results[1]) ? nil : try results.reference(results[1])
                })
        } catch {
            if error.kind == .interrupted { throw error }
            return .failure(error)
        }
    }

    // MARK: - The functions of the module

    /// `serialize(name, value)` and `deserialize(name, bytes)`.
    static func functions(_ environment: ScriptEnvironment) -> [(String, LuaHostFunction)] {
        [
            (
                "serialize",
                { [unowned environment] arguments, results in
                    let serializer = try NamedSerializer(naming: arguments[1], in: arguments)
                    results.append(try serializer.bytes(of: arguments[2], in: arguments, environment.classes))
                }
            ),
            (
                "deserialize",
                { [unowned environment] arguments, results in
                    let serializer = try NamedSerializer(naming: arguments[1], in: arguments)
                    try serializer.write(try arguments.unsafeBytes(arguments[2]), to: &results, environment.classes)
                }
            ),
        ]
    }
}

extension NamedSerializer {
    /// - Throws: `LuaError` that names the argument and lists the names there are.
    fileprivate init(naming slot: LuaSlot, in frame: borrowing LuaFrame) throws(LuaError) {
        let name = try frame.string(slot)
        do throws(KafkaError) { self = try NamedSerializer(name) } catch { throw frame.invalid(slot, error.message) }
    }
}
