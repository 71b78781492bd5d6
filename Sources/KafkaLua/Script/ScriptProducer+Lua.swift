import KafkaProducer
import LuaRuntime
import NIOCore

// The methods of a producer as scripts call them: `p:send(…)`, `p:flush()`, `p:swap(…)`, …
extension ScriptProducer {
    static func define(in environment: ScriptEnvironment) throws(LuaError) -> LuaClass<ScriptProducer> {
        let transaction = try ScriptTransaction.makeFunction(in: environment)
        return try environment.state.define("kafka.producer", as: ScriptProducer.self) { definition in
            definition.method("send") { [unowned environment] this, arguments, results in
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
            definition.method("metrics") { this, _, results in results.append(this.core.metrics) }
            definition.method("swap") { [unowned environment] this, arguments, results in
                try this.swap(arguments, &results, in: environment)
            }
            definition.method("generation") { this, arguments, results in
                results.append(try this.role(arguments[1], arguments).generation)
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
        if future.isDone, let error = future.outcome.1 { return results.appendFailure(error, environment) }
        if let definition = environment.classes.future {
            results.append(ScriptFuture(future, isShown: isShown), as: definition)
        }
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

    // MARK: - Swap

    private enum Role {
        case partitioner(PartitionerRole)
        case interceptor(InterceptorRole)

        var generation: Int {
            switch self {
            case .partitioner(let role): role.generation
            case .interceptor(let role): role.generation
            }
        }

        /// What exchanges the role's plugin for the file that the slot names, or its interceptors for a list of files.
        func swap(to files: LuaSlot, in arguments: borrowing LuaFrame) throws(LuaError) -> () throws -> Int {
            if case .interceptor(let role) = self, arguments.type(files) == .table {
                var sources: [PluginSource] = []
                for number in 0..<(try arguments.itemCount(files)) {
                    let file = try arguments.item(number + 1, of: files)
                    guard arguments.type(file) == .string else {
                        throw arguments.invalid(files, "item \(number + 1) must be a file's name")
                    }
                    sources.append(PluginSource(path: try arguments.string(file)))
                }
                return { [sources] in try role.replace(with: sources) }
            }
            let source = PluginSource(path: try arguments.string(files))
            return switch self {
            case .partitioner(let role): { try role.swap(to: source) }
            case .interceptor(let role): { try role.swap(to: source) }
            }
        }
    }

    private func role(_ slot: LuaSlot, _ arguments: borrowing LuaFrame) throws -> Role {
        switch try arguments.string(slot) {
        case "partitioner": return .partitioner(partitioner)
        case "interceptor": return .interceptor(interceptors)
        default: throw arguments.invalid(slot, "a role is 'partitioner' or 'interceptor'")
        }
    }

    /// `swap(role, file)`, `swap("interceptor", {file, …})`: the new generation, or nil and why the former plugin goes
    /// on.
    func swap(_ arguments: borrowing LuaFrame, _ results: inout LuaWriter, in environment: ScriptEnvironment) throws {
        let swap = try role(arguments[1], arguments).swap(to: arguments[2], in: arguments)
        do {
            results.append(try swap())
        } catch let error as LuaError {
            results.appendFailure(KafkaError(.illegalArgument, "\(error)"), environment)
        } catch let error as KafkaError {
            results.appendFailure(error, environment)
        }
    }
}

extension LuaWriter {
    /// An operational failure: nil and the error.
    mutating func appendFailure(_ error: KafkaError, _ environment: ScriptEnvironment) {
        appendNil()
        append(error, metatable: environment.classes.errorMetatable)
    }

    mutating func append(_ producer: ScriptProducer, in environment: ScriptEnvironment) {
        if let definition = environment.classes.producer { append(producer, as: definition) }
    }
}
