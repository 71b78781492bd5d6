import KafkaProducer
import LuaRuntime
import NIOCore

/// What `send` gives a script: `get`, `done` and `on_done`.
final class ScriptFuture {
    let future: DeliveryFuture
    /// Whether a prompt shows the delivery by itself.
    let isShown: Bool

    init(_ future: DeliveryFuture, isShown: Bool) {
        self.future = future
        self.isShown = isShown
    }

    /// Writes metadata, or nil and the error.
    func writeOutcome(to results: inout LuaWriter, in environment: ScriptEnvironment) {
        let (metadata, error) = future.outcome
        if let error {
            results.appendNil()
            results.append(error, metatable: environment.classes.errorMetatable)
        } else {
            results.append(metadata)
        }
    }

    static func define(in environment: ScriptEnvironment) throws(LuaError) -> LuaClass<ScriptFuture> {
        try environment.state.define("kafka.future", as: ScriptFuture.self) { definition in
            definition.method("get") { [unowned environment] this, arguments, results in
                let timeout = arguments.isNil(arguments[1]) ? nil : try arguments.seconds(arguments[1])
                let deadline = timeout.map { .now() + $0 } ?? NIODeadline.distantFuture
                if try environment.wait(for: this.future, until: deadline) {
                    this.writeOutcome(to: &results, in: environment)
                } else {
                    results.appendNil()
                    results.append(
                        KafkaError(.timeout, "the record was not acknowledged in the time given to get"),
                        metatable: environment.classes.errorMetatable)
                }
            }
            definition.method("done") { this, _, results in results.append(this.future.isDone) }
            definition.method("on_done") { [unowned environment] this, arguments, _ in
                let callback = try arguments.function(arguments[1])
                let mailbox = environment.mailbox
                this.future.whenDone { metadata, error in
                    mailbox.deliver(.init(metadata: metadata, error: error, callback: callback))
                }
            }
            definition.metamethod("__tostring") { this, _, results in
                guard this.future.isDone else { return results.append("kafka.future: pending") }
                let (metadata, error) = this.future.outcome
                results.append(error?.description ?? "\(metadata.topic)-\(metadata.partition) @ \(metadata.offset)")
            }
        }
    }
}

extension LuaFrame {
    /// A span of time in seconds, 0 or more.
    func seconds(_ slot: LuaSlot) throws(LuaError) -> TimeAmount {
        let seconds = try number(slot)
        guard seconds >= 0, seconds <= 1e9 else { throw invalid(slot, "seconds must be from 0 to 1e9") }
        return .nanoseconds(Int64(seconds * 1e9))
    }
}
