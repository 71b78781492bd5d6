import LuaRuntime
import NIOCore

/// `rate(n, {duration =, schedule =})`: an iterator that gives the number of each record and when it was due, on the
/// clock of `kafka.clock`. Callbacks run while it waits.
enum ScriptRate {
    static func iterator(
        _ arguments: borrowing LuaFrame, _ results: inout LuaWriter, in environment: ScriptEnvironment
    ) throws {
        let rate = try arguments.number(arguments[1])
        guard rate > 0, rate <= 1e9 else {
            throw arguments.invalid(arguments[1], "a rate is more than 0 and at most 1e9 a second")
        }
        var duration: TimeAmount?
        var kind = RateSchedule.Kind.open
        if !arguments.isNil(arguments[2]) {
            let field = try arguments.field("duration", of: arguments[2])
            if !arguments.isNil(field) { duration = try arguments.seconds(field) }
            let schedule = try arguments.field("schedule", of: arguments[2])
            if !arguments.isNil(schedule) {
                guard let named = RateSchedule.Kind(rawValue: try arguments.string(schedule)) else {
                    throw arguments.invalid(schedule, "a schedule is 'open' or 'closed'")
                }
                kind = named
            }
        }
        var schedule: RateSchedule?
        results.append(function: "rate") { [unowned environment] _, results in
            let now = NIODeadline.now()
            // The time runs from the first step, not from when the loop was written down.
            var current =
                schedule
                ?? RateSchedule(kind, perSecond: rate, share: environment.share, for: duration, from: now)
            let next = current.next(at: now)
            schedule = current
            guard let next else { return results.appendNil() }
            _ = try environment.wait(until: next.due) { false }
            results.append(next.number)
            results.append(next.due.seconds)
        }
    }
}

extension NIODeadline {
    /// The time on the clock of `kafka.clock`: seconds from an instant in the past, which nobody sets.
    var seconds: Double { Double(uptimeNanoseconds) / 1e9 }
}
