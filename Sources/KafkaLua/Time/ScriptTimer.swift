import LuaRuntime
import NIOCore

/// What `kafka.every` gives a script: `cancel` and `active`.
final class ScriptTimer {
    private let number: Int

    init(_ number: Int) { self.number = number }

    static func define(in environment: ScriptEnvironment) throws(LuaError) -> LuaClass<ScriptTimer> {
        try environment.state.define("kafka.timer", as: ScriptTimer.self) { definition in
            definition.method("cancel") { [unowned environment] this, _, _ in environment.timers.cancel(this.number) }
            definition.method("active") { [unowned environment] this, _, results in
                results.append(environment.timers.isActive(this.number))
            }
            definition.metamethod("__close") { [unowned environment] this, _, _ in
                environment.timers.cancel(this.number)
            }
            definition.metamethod("__tostring") { [unowned environment] this, _, results in
                results.append("kafka.timer: \(environment.timers.isActive(this.number) ? "active" : "cancelled")")
            }
        }
    }

    /// `every(seconds, fn)`: a timer that calls `fn(timer)`.
    static func every(
        _ arguments: borrowing LuaFrame, _ results: inout LuaWriter, in environment: ScriptEnvironment
    ) throws {
        let interval = try arguments.seconds(arguments[1])
        guard interval > .zero else { throw arguments.invalid(arguments[1], "seconds must be more than 0") }
        let callback = try arguments.function(arguments[2])
        guard let definition = environment.classes.timer else { return }
        var reference: LuaReference?
        try environment.timers.add(every: interval) { (number) throws(LuaError) in
            let timer = try environment.state.keep { $0.append(ScriptTimer(number), as: definition) }
            reference = timer
            return ScriptTimers.Entry(callback: callback, timer: timer)
        }
        if let reference { results.append(reference) }
    }
}
