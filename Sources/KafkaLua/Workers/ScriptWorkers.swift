import Dispatch
import KafkaProducer
import LuaRuntime
import NIOCore
import Synchronization

/// Workers that run the same script, each with a Lua state and producers of its own, on a thread of its own. From any
/// thread.
///
/// The first that fails ends the others.
final class ScriptWorkers: Sendable {
    /// Why a worker ended early.
    struct Failure: Error, CustomStringConvertible {
        /// Counted from 1.
        var worker: Int
        var error: LuaError

        var description: String {
            let message = "worker \(worker): \(error)"
            return error.traceback.isEmpty ? message : "\(message)\n\(error.traceback)"
        }
    }

    private struct State {
        var results: [PlainValue]
        var running: Int
        var interrupts: [Int: @Sendable () -> Void] = [:]
        var isStopping = false
        var failure: Failure?
        /// Whether somebody was told of the failure.
        var isFailureKnown = false
    }

    /// What the workers run.
    struct Program: Sendable {
        var source: String
        var path: String
        var arguments: [PlainValue]
    }

    private let program: Program
    private let state: Mutex<State>
    /// Opens when all have ended.
    let finished = Latch()

    /// How long a worker that is stopped waits for what it had sent.
    private static let patience = Duration.seconds(1)

    init(_ program: Program, count: Int) {
        self.program = program
        state = Mutex(State(results: Array(repeating: .nil, count: count), running: count))
    }

    /// Starts all threads. To be called once.
    func start(_ options: ScriptOptions, _ context: ScriptContext) {
        let count = state.withLock { $0.running }
        var options = options
        // A prompt shows what is sent at the prompt.
        options.onDeliveries = nil
        for index in 0..<count {
            // A serial queue with one block that runs for as long as the worker does is a thread.
            DispatchQueue(label: "kafka-lua.worker-\(index + 1)").async { [self, options] in
                let result = Result { () throws(LuaError) in
                    try run(options, context, RateSchedule.Share(index: index, count: count))
                }
                end(index, result)
            }
        }
    }

    // MARK: - A worker's thread

    private func run(
        _ options: ScriptOptions, _ context: ScriptContext, _ share: RateSchedule.Share
    ) throws(LuaError) -> PlainValue {
        let environment = try ScriptEnvironment(options, context: context, share: share, isWorker: true)
        let isStopping = state.withLock { state in
            state.interrupts[share.index] = environment.interrupt
            return state.isStopping
        }
        if isStopping { environment.interrupt() }
        var result = Result { () throws(LuaError) in
            let value = try environment.run(program, in: environment)
            try environment.settle()
            return value
        }
        if case .failure(let error) = result, error.kind == .interrupted, let code = environment.exitCode {
            // `os.exit` ends a worker as it ends a script.
            result = code == 0 ? .success(.nil) : .failure(LuaError("os.exit(\(code))"))
        }
        do throws(LuaError) {
            environment.state.interrupt.clear()
            if state.withLock({ $0.isStopping }) {
                try environment.close(within: Self.patience)
            } else {
                try environment.close()
            }
        } catch {
            if case .success = result { result = .failure(error) }
        }
        return try result.get()
    }

    private func end(_ index: Int, _ result: Result<PlainValue, LuaError>) {
        let (isLast, others) = state.withLock { state in
            state.interrupts[index] = nil
            state.running -= 1
            var others: [@Sendable () -> Void] = []
            switch result {
            case .success(let value): state.results[index] = value
            case .failure(let error):
                // Those that are stopped after the first are no failures of their own.
                if !state.isStopping, state.failure == nil {
                    state.failure = Failure(worker: index + 1, error: error)
                    state.isStopping = true
                    others = Array(state.interrupts.values)
                }
            }
            return (state.running == 0, others)
        }
        for interrupt in others { interrupt() }
        if isLast { finished.open() }
    }

    // MARK: - From outside

    var isDone: Bool { finished.isOpen }
    var runningCount: Int { state.withLock { $0.running } }

    /// Interrupts all that run.
    func stop() {
        let interrupts = state.withLock { state in
            state.isStopping = true
            return Array(state.interrupts.values)
        }
        for interrupt in interrupts { interrupt() }
    }

    /// What each has returned, once all have ended.
    /// - Throws: ``Failure`` of the first that failed.
    func results() throws(Failure) -> [PlainValue] {
        let (results, failure) = state.withLock { state in
            state.isFailureKnown = true
            return (state.results, state.failure)
        }
        if let failure { throw failure }
        return results
    }

    /// The failure that nobody was told of yet.
    func takeUnknownFailure() -> Failure? {
        state.withLock { state in
            guard !state.isFailureKnown else { return nil }
            state.isFailureKnown = true
            return state.failure
        }
    }
}

extension ScriptEnvironment {
    /// Runs what a worker runs, and gives the first of its results.
    fileprivate func run(
        _ program: ScriptWorkers.Program, in environment: ScriptEnvironment
    ) throws(LuaError) -> PlainValue {
        let chunk = try state.load(program.source, name: "@\(program.path)")
        try state.setGlobal("arg") { writer in
            writer.appendTable(items: program.arguments.count, fields: 1) { writer in
                writer.append(0)
                writer.append(program.path)
                for (index, argument) in program.arguments.enumerated() {
                    writer.append(index + 1)
                    writer.append(argument, in: environment)
                }
            }
        }
        return try state.call(chunk) { writer in
            for argument in program.arguments { writer.append(argument, in: environment) }
        } results: { (frame) throws(LuaError) in
            frame.count > 0 ? try PlainValue(frame[1], in: frame, classes) : .nil
        }
    }
}
