import KafkaProducer
import LuaRuntime
import NIOCore

// The methods of a producer as scripts call them: `p:send(…)`, `p:flush()`, …
extension ScriptProducer {
    static func define(
        in environment: ScriptEnvironment, futures future: LuaPartClass<BatchResult>
    ) throws(LuaError) -> LuaClass<ScriptProducer> {
        let transaction = try ScriptTransaction.makeFunction(in: environment)
        return try environment.state.define("kafka.producer", as: ScriptProducer.self) { definition in
            definition.method("send", givingPartsOf: future, fields: OutgoingRecord.stringFields) {
                [unowned environment] this, arguments, results in
                try this.send(arguments, &results, in: environment)
            }
            definition.method("flush") { [unowned environment] this, arguments, results in
                try this.flush(arguments, &results, in: environment)
            }
            definition.method("close") { [unowned environment] this, arguments, results in
                let timeout = arguments.isNil(arguments[1]) ? nil : try arguments.seconds(arguments[1])
                if try this.close(in: environment, until: timeout.map { .now() + $0 } ?? .distantFuture) {
                    return results.append(true)
                }
                results.appendFailure(
                    KafkaError(
                        .timeout, "records were still under way at the end of the time given to close: they failed"),
                    environment)
            }
            definition.method("transaction", transaction)
            for (name, call) in Self.transactionCalls {
                definition.method(name) { [unowned environment] this, arguments, results in
                    try this.perform(call, arguments, &results, in: environment)
                }
            }
            definition.method("partitions") { [unowned environment] this, arguments, results in
                let topic = this.core.topic(try arguments.string(arguments[1]))
                do {
                    results.append(try this.partitionCount(of: topic, in: environment))
                } catch let error as KafkaError {
                    results.appendFailure(error, environment)
                }
            }
            definition.method("metrics") { this, _, results in
                results.append(this.core.metrics, plugins: this.plugins.slots)
            }
            for (name, call) in Self.pluginCalls {
                definition.method(name) { [unowned environment] this, arguments, results in
                    try call(this)(arguments, &results, environment)
                }
            }
            definition.metamethod("__tostring") { this, _, results in
                let servers = this.core.configuration.bootstrapServers.map(\.description).joined(separator: ",")
                results.append("kafka.producer: \(this.isClosed ? "closed" : servers)")
            }
            definition.metamethod("__close") { [unowned environment] this, _, _ in
                // A script that is being stopped cannot run callbacks: its end closes the producer.
                if !environment.state.isStopping { try this.close(in: environment, until: .distantFuture) }
            }
        }
    }

    // MARK: - Send

    /// `send{…}`, `send({…}, callback)` and `send(topic, key, value [, callback])`: a future, or nil and the error.
    func send(_ arguments: borrowing LuaFrame, _ results: inout LuaWriter, in environment: ScriptEnvironment) throws {
        let future: DeliveryFuture
        do {
            if arguments.type(arguments[1]) == .table {
                let callback = arguments.isNil(arguments[2]) ? nil : try arguments.function(arguments[2])
                future = try send(
                    try OutgoingRecord(table: arguments, self, environment), callback: callback,
                    record: callback == nil ? nil : try arguments.reference(arguments[1]), in: environment)
            } else {
                let callback = arguments.isNil(arguments[4]) ? nil : try arguments.function(arguments[4])
                future = try send(
                    try OutgoingRecord(positional: arguments, self, environment), callback: callback, record: nil,
                    in: environment)
            }
        } catch let error as KafkaError {
            return results.appendFailure(error, environment)
        }
        results.append(future, isShown: isShown, environment)
    }

    // MARK: - Flush

    /// `flush([seconds])`: true, or nil and an error if the time was up.
    func flush(_ arguments: borrowing LuaFrame, _ results: inout LuaWriter, in environment: ScriptEnvironment) throws {
        let timeout = arguments.isNil(arguments[1]) ? nil : try arguments.seconds(arguments[1])
        if try flush(in: environment, until: timeout.map { .now() + $0 } ?? .distantFuture) {
            results.append(true)
        } else {
            results.appendFailure(
                KafkaError(.timeout, "records were still under way at the end of the time given to flush"), environment)
        }
    }
}

extension LuaWriter {
    /// What became of a send: its future, or nil and the error where it has failed already.
    mutating func append(_ future: DeliveryFuture, isShown: Bool, _ environment: ScriptEnvironment) {
        if future.isDone, let error = future.outcome.1 { return appendFailure(error, environment) }
        ScriptFuture(future, isShown: isShown).write(to: &self, as: environment.classes.future)
    }

    /// An operational failure: nil and the error.
    mutating func appendFailure(_ error: KafkaError, _ environment: ScriptEnvironment) {
        appendNil()
        append(error, metatable: environment.classes.errorMetatable)
    }

    mutating func append(_ producer: ScriptProducer, in environment: ScriptEnvironment) {
        if let definition = environment.classes.producer { append(producer, as: definition) }
    }
}
