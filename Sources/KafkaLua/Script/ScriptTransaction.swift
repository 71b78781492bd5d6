import KafkaProducer
import LuaRuntime

/// A transaction as `p:transaction(function(tx) … end)` lends it: it ends with the function.
final class ScriptTransaction {
    private let producer: ScriptProducer
    private var isOpen = true

    init(_ producer: ScriptProducer) { self.producer = producer }

    private func requireOpen() throws(LuaError) {
        guard isOpen else { throw LuaError("the transaction has ended") }
    }

    static func define(in environment: ScriptEnvironment) throws(LuaError) -> LuaClass<ScriptTransaction> {
        try environment.state.define("kafka.transaction", as: ScriptTransaction.self) { definition in
            definition.method("send") { [unowned environment] this, arguments, results in
                try this.requireOpen()
                try this.producer.send(arguments, &results, in: environment)
            }
            definition.method("send_offsets") { [unowned environment] this, arguments, results in
                try this.requireOpen()
                try this.producer.perform(.sendOffsets, arguments, &results, in: environment)
            }
            definition.metamethod("__tostring") { this, _, results in
                results.append("kafka.transaction: \(this.isOpen ? "open" : "ended")")
            }
            definition.metamethod("__close") { [unowned environment] this, _, _ in
                guard this.isOpen else { return }
                this.isOpen = false
                this.producer.rollBack(in: environment)
            }
        }
    }

    // MARK: - Begin and commit

    /// The method `transaction`. It is written in Lua, so that the function that it calls may yield, and what that
    /// raises goes to the caller as it is: leaving the variable's scope aborts what was not committed.
    private static let source = """
        local begin, commit = ...
        return function(producer, body)
            if type(body) ~= "function" then
                error("bad argument #1 to 'transaction' (function expected, got " .. type(body) .. ")", 2)
            end
            local tx <close> = begin(producer)
            return commit(tx, body(tx))
        end
        """

    static func makeFunction(in environment: ScriptEnvironment) throws(LuaError) -> LuaFunction {
        try function(source, in: environment) { [unowned environment] writer in
            writer.append(function: "transaction") { arguments, results in
                let producer = try arguments.object(arguments[1], ScriptProducer.self, named: "kafka.producer")
                try begin(producer, &results, in: environment)
            }
            writer.append(function: "transaction") { arguments, results in
                let transaction = try arguments.object(
                    arguments[1], ScriptTransaction.self, named: "kafka.transaction")
                try transaction.commit(in: environment)
                for number in 1..<max(1, arguments.count) { results.append(arguments[number + 1]) }
            }
        }
    }

    /// The global `transaction(function(tx) … end)`, of the producer that `send` uses.
    static func makeGlobal(in environment: ScriptEnvironment) throws(LuaError) -> LuaFunction {
        let source = "local producer = ...; return function(body) return producer():transaction(body) end"
        return try function(source, in: environment) { [unowned environment] writer in
            writer.append(function: "transaction") { _, results in
                results.append(try environment.globalProducer(), in: environment)
            }
        }
    }

    private static func function(
        _ source: String, in environment: ScriptEnvironment, _ arguments: (inout LuaWriter) -> Void
    ) throws(LuaError) -> LuaFunction {
        let chunk = try environment.state.load(source, name: "=[kafka]")
        return try environment.state.call(chunk, arguments: arguments) { (frame) throws(LuaError) in
            try frame.function(frame[1])
        }
    }

    private static func begin(
        _ producer: ScriptProducer, _ results: inout LuaWriter, in environment: ScriptEnvironment
    ) throws {
        try environment.raising { try producer.beginTransaction(in: environment) }
        if let definition = environment.classes.transaction {
            results.append(ScriptTransaction(producer), as: definition)
        }
    }

    /// Commits, unless the function has ended the transaction itself.
    private func commit(in environment: ScriptEnvironment) throws {
        guard isOpen else { return }
        do {
            try producer.perform(.commit, in: environment)
            isOpen = false
        } catch let error as KafkaError {
            // A commit that timed out may be through: only another commit can tell.
            isOpen = error.isAbortable
            try environment.raising { throw error }
        } catch {
            isOpen = false
            throw error
        }
    }
}
