import KafkaProducer
import LuaRuntime
import NIOCore

/// What `kafka.workers` gives a script: `wait`, `done` and `stop`.
final class WorkersHandle {
    private let workers: ScriptWorkers
    private let count: Int

    init(_ workers: ScriptWorkers, count: Int) {
        self.workers = workers
        self.count = count
    }

    /// More threads than this are of no use to a producer.
    private static let mostWorkers: Int64 = 64

    /// `workers(n, file, {args =})`: starts them.
    static func start(
        _ arguments: borrowing LuaFrame, _ results: inout LuaWriter, in environment: ScriptEnvironment
    ) throws {
        let count = try arguments.integer(arguments[1])
        guard (1...mostWorkers).contains(count) else {
            throw arguments.invalid(arguments[1], "the number of workers is from 1 to \(mostWorkers)")
        }
        guard !environment.isWorker else { throw LuaError("a worker cannot start workers of its own") }
        let path = try arguments.string(arguments[2])
        var values: [PlainValue] = []
        if !arguments.isNil(arguments[3]) {
            let list = try arguments.field("args", of: arguments[3])
            if !arguments.isNil(list) {
                for number in 0..<(try arguments.itemCount(list)) {
                    let item = try arguments.item(number + 1, of: list)
                    values.append(try PlainValue(item, in: arguments, environment.classes))
                }
            }
        }
        let source: [UInt8]
        do throws(KafkaError) { source = try PluginSource(path: path).load() } catch { throw LuaError(error.message) }
        let text = String(decoding: source, as: UTF8.self)
        // A worker that does not compile is a mistake of the caller's.
        try environment.check(text, name: "@\(path)")
        let workers = ScriptWorkers(.init(source: text, path: path, arguments: values), count: Int(count))
        environment.workers.add(workers)
        workers.start(environment.options, environment.context)
        if let definition = environment.classes.workers {
            results.append(WorkersHandle(workers, count: Int(count)), as: definition)
        }
    }

    static func define(in environment: ScriptEnvironment) throws(LuaError) -> LuaClass<WorkersHandle> {
        try environment.state.define("kafka.workers", as: WorkersHandle.self) { definition in
            definition.method("wait") { [unowned environment] this, arguments, results in
                let timeout = arguments.isNil(arguments[1]) ? nil : try arguments.seconds(arguments[1])
                let deadline = timeout.map { .now() + $0 } ?? NIODeadline.distantFuture
                try this.wait(until: deadline, &results, in: environment)
            }
            definition.method("done") { this, _, results in results.append(this.workers.isDone) }
            definition.method("stop") { this, _, _ in this.workers.stop() }
            definition.metamethod("__close") { this, _, _ in this.workers.stop() }
            definition.metamethod("__tostring") { this, _, results in
                results.append("kafka.workers: \(this.workers.runningCount) of \(this.count) run")
            }
        }
    }

    /// A list of what they returned, or nil and an error if the time was up.
    private func wait(
        until deadline: NIODeadline, _ results: inout LuaWriter, in environment: ScriptEnvironment
    ) throws {
        guard try environment.wait(for: workers.finished, until: deadline) else {
            return results.appendFailure(
                KafkaError(.timeout, "workers still ran at the end of the time given to wait"), environment)
        }
        environment.workers.remove(workers)
        let values: [PlainValue]
        do throws(ScriptWorkers.Failure) { values = try workers.results() } catch { throw LuaError("\(error)") }
        results.appendTable(items: values.count) { writer in
            for (index, value) in values.enumerated() {
                writer.append(index + 1)
                writer.append(value, in: environment)
            }
        }
    }
}
