import LuaRuntime
import Synchronization

/// `kafka.shared`: values by name, which a script and its workers see alike. From any thread.
final class SharedValues: Sendable {
    private let values = Mutex<[[UInt8]: PlainValue]>([:])

    func get(_ name: [UInt8]) -> PlainValue { values.withLock { $0[name] ?? .nil } }

    func set(_ name: [UInt8], _ value: PlainValue) {
        values.withLock { values in
            if case .nil = value { values[name] = nil } else { values[name] = value }
        }
    }

    /// Adds to a number, as Lua adds: integers wrap, and a sum with a float is one. What is not there counts as 0.
    /// - Returns: the sum; nil if what is there is no number.
    func add(_ amount: PlainValue, to name: [UInt8]) -> PlainValue? {
        values.withLock { values in
            let sum: PlainValue
            switch (values[name] ?? .integer(0), amount) {
            case (.integer(let old), .integer(let amount)): sum = .integer(old &+ amount)
            case (.integer(let old), .number(let amount)): sum = .number(Double(old) + amount)
            case (.number(let old), .integer(let amount)): sum = .number(old + Double(amount))
            case (.number(let old), .number(let amount)): sum = .number(old + amount)
            default: return nil
            }
            values[name] = sum
            return sum
        }
    }

    static func functions(_ environment: ScriptEnvironment) -> [(String, LuaHostFunction)] {
        [
            (
                "get",
                { [unowned environment] arguments, results in
                    let name = Array(try arguments.unsafeBytes(arguments[1]))
                    results.append(environment.context.shared.get(name), in: environment)
                }
            ),
            (
                "set",
                { [unowned environment] arguments, _ in
                    let name = Array(try arguments.unsafeBytes(arguments[1]))
                    let value = try PlainValue(arguments[2], in: arguments, environment.classes)
                    environment.context.shared.set(name, value)
                }
            ),
            (
                "incr",
                { [unowned environment] arguments, results in
                    let name = Array(try arguments.unsafeBytes(arguments[1]))
                    let amount: PlainValue =
                        switch arguments.type(arguments[2]) {
                        case .absent, .nil: .integer(1)
                        case .integer: .integer(try arguments.integer(arguments[2]))
                        default: .number(try arguments.number(arguments[2]))
                        }
                    guard let sum = environment.context.shared.add(amount, to: name) else {
                        throw arguments.invalid(arguments[1], "what is shared by this name is not a number")
                    }
                    results.append(sum, in: environment)
                }
            ),
        ]
    }
}
