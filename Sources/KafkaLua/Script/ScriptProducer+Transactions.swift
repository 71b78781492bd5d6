import KafkaProducer
import LuaRuntime
import NIOCore

/// What has to be done before a transaction can begin.
struct TransactionPreparation {
    var isInitialized = false
    /// An abort was begun whose end nobody has seen.
    var hasUnfinishedAbort = false
}

// Transactions as scripts have them: waiting goes on with due callbacks.
extension ScriptProducer {
    /// The methods that are those of Java's producer, for whoever wants each step in hand.
    static let transactionCalls: [(name: String, call: TransactionCall)] = [
        ("init_transactions", .initialize), ("begin_transaction", .begin),
        ("send_offsets_to_transaction", .sendOffsets), ("commit_transaction", .commit),
        ("abort_transaction", .abort),
    ]

    /// A call as a method: true, or nil and the error.
    func perform(
        _ call: TransactionCall, _ arguments: borrowing LuaFrame, _ results: inout LuaWriter,
        in environment: ScriptEnvironment
    ) throws {
        do {
            var offsets: TransactionOffsets?
            if call == .sendOffsets {
                offsets = try TransactionOffsets(arguments[1], group: arguments[2], in: arguments)
            }
            // Without offsets there is nothing to commit.
            if offsets?.isEmpty != true { try perform(call, offsets: offsets, in: environment) }
            results.append(true)
        } catch let error as KafkaError {
            results.appendFailure(error, environment)
        }
    }

    /// Makes a call and runs due callbacks until it ends, at most for `max.block.ms`.
    /// - Throws: `LuaError` of kind `interrupted`, or the `KafkaError` that the call came to.
    func perform(
        _ call: TransactionCall, offsets: TransactionOffsets? = nil, in environment: ScriptEnvironment
    ) throws {
        let outcome = core.begin(call, offsets: offsets)
        guard try environment.wait(for: outcome.latch, until: .now() + TimeAmount(core.configuration.maxBlock)) else {
            throw core.timedOut(call)
        }
        core.acknowledge(call)
        if let error = outcome.error { throw error }
        if call == .initialize { preparation.isInitialized = true }
    }

    /// Begins a transaction, after whatever has to come before: the first one initializes, and an abort that was left
    /// alone is seen to its end.
    func beginTransaction(in environment: ScriptEnvironment) throws {
        if preparation.hasUnfinishedAbort {
            try perform(.abort, in: environment)
            preparation.hasUnfinishedAbort = false
        }
        if !preparation.isInitialized { try perform(.initialize, in: environment) }
        try perform(.begin, in: environment)
    }

    /// Aborts what is open. That it did not come to its end shows when the next transaction begins.
    func rollBack(in environment: ScriptEnvironment) {
        preparation.hasUnfinishedAbort = true
        if environment.state.isStopping {
            // Who has pressed Ctrl-C is not to wait.
            _ = core.begin(.abort)
            return
        }
        do {
            try perform(.abort, in: environment)
            preparation.hasUnfinishedAbort = false
        } catch let error as KafkaError {
            // Other errors are the producer's own, which the next call throws again.
            preparation.hasUnfinishedAbort = error.kind == .timeout
        } catch {}
    }

    /// Aborts what is open before the producer ends: readers of what is committed would wait for it until
    /// `transaction.timeout.ms`.
    /// - Throws: `LuaError` of kind `interrupted`.
    func abortOpenTransaction(in environment: ScriptEnvironment, until deadline: NIODeadline) throws(LuaError) {
        guard !isClosed, core.configuration.transactionalId != nil else { return }
        let limit = NIODeadline.now() + TimeAmount(core.configuration.maxBlock)
        _ = try environment.wait(for: core.beginClosingTransaction().latch, until: min(deadline, limit))
    }
}

extension ScriptEnvironment {
    /// Raises an operational failure, where there is no result to stand for it.
    func raising<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as KafkaError {
            throw RaisedFailure(value: try state.keep { $0.append(error, metatable: classes.errorMetatable) })
        }
    }

    private struct RaisedFailure: LuaRaisable {
        var value: LuaReference
        var luaValue: LuaValue { .reference(value) }
    }
}
