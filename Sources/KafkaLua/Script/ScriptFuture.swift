import KafkaProducer
import LuaRuntime
import NIOCore

/// What `send` gives a script: `get`, `done` and `on_done`. For Lua it is a part of its batch.
struct ScriptFuture {
    let future: DeliveryFuture
    /// Whether a prompt shows the delivery by itself.
    let isShown: Bool

    init(_ future: DeliveryFuture, isShown: Bool) {
        self.future = future
        self.isShown = isShown
    }

    // The part's number: the record's place in its batch, and a bit for the prompt.
    init(_ part: LuaPart<BatchResult>) {
        future = DeliveryFuture(batch: part.whole, index: Int32(truncatingIfNeeded: part.number >> 1))
        isShown = part.number & 1 == 1
    }

    var part: Int64 { Int64(future.index) << 1 | (isShown ? 1 : 0) }

    func write(to results: inout LuaWriter, as definition: LuaPartClass<BatchResult>?) {
        guard let definition else { return }
        results.append(part: part, of: future.batch, as: definition)
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

    static func define(in environment: ScriptEnvironment) throws(LuaError) -> LuaPartClass<BatchResult> {
        try environment.state.define("kafka.future", asPartsOf: BatchResult.self) { definition in
            definition.method("get") { [unowned environment] part, arguments, results in
                let this = ScriptFuture(part)
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
            definition.method("done") { part, _, results in results.append(ScriptFuture(part).future.isDone) }
            definition.method("on_done") { [unowned environment] part, arguments, _ in
                let callback = try arguments.function(arguments[1])
                let mailbox = environment.mailbox
                ScriptFuture(part).future.whenDone { metadata, error in
                    mailbox.deliver(.init(metadata: metadata, error: error, callback: callback))
                }
            }
            definition.metamethod("__tostring") { part, _, results in
                let this = ScriptFuture(part)
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
