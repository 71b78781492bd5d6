import KafkaProducer
import LuaRuntime
import NIOCore

/// What scripts see: the module `kafka`, and the globals that stand for a producer made on first use.
enum KafkaModule {
    static func install(in environment: ScriptEnvironment) throws(LuaError) {
        let future = try ScriptFuture.define(in: environment)
        environment.classes.future = future
        environment.classes.transaction = try ScriptTransaction.define(in: environment)
        environment.classes.producer = try ScriptProducer.define(in: environment, futures: future)
        environment.classes.timer = try ScriptTimer.define(in: environment)
        environment.classes.histogram = try ScriptHistogram.define(in: environment)
        environment.classes.workers = try WorkersHandle.define(in: environment)
        let module = try module(environment)
        try environment.state.setModule("kafka") { $0.append(module) }
        try environment.state.setGlobal("kafka") { $0.append(module) }
        for (name, body) in globals(environment) {
            try environment.state.setGlobal(name) { $0.append(function: name, body) }
        }
        let transaction = try ScriptTransaction.makeGlobal(in: environment)
        try environment.state.setGlobal("transaction") { $0.append(transaction) }
        try replaceExit(environment)
    }

    // MARK: - The module

    private static func module(_ environment: ScriptEnvironment) throws(LuaError) -> LuaReference {
        let json = try environment.state.keep { writer in
            writer.appendTable(fields: 4) { writer in
                writer.append("null")
                writer.append(environment.classes.nullValue)
                for (name, body) in jsonFunctions(environment) {
                    writer.append(name)
                    writer.append(function: name, body)
                }
            }
        }
        return try environment.state.keep { writer in
            writer.appendTable(fields: 20) { writer in
                writer.append("null")
                writer.append(environment.classes.nullValue)
                writer.append("json")
                writer.append(json)
                writer.append("shared")
                writer.appendTable(fields: 3) { writer in
                    for (name, body) in SharedValues.functions(environment) {
                        writer.append(name)
                        writer.append(function: name, body)
                    }
                }
                let functions =
                    moduleFunctions(environment) + constructors(environment) + ScriptDeserializer.functions(environment)
                for (name, body) in functions {
                    writer.append(name)
                    writer.append(function: name, body)
                }
                if environment.isWorker {
                    writer.append("worker")
                    writer.appendTable(fields: 2) { writer in
                        writer.field("index", environment.share.index + 1)
                        writer.field("count", environment.share.count)
                    }
                }
            }
        }
    }

    /// What makes timers, iterators, histograms and workers.
    private static func constructors(_ environment: ScriptEnvironment) -> [(String, LuaHostFunction)] {
        typealias Constructor = (borrowing LuaFrame, inout LuaWriter, ScriptEnvironment) throws -> Void
        let constructors: [(String, Constructor)] = [
            ("every", ScriptTimer.every), ("rate", ScriptRate.iterator), ("histogram", ScriptHistogram.make),
            ("lines", ScriptLines.iterator), ("csv", ScriptCSV.iterator), ("workers", WorkersHandle.start),
        ]
        return constructors.map { name, make in
            (name, { [unowned environment] arguments, results in try make(arguments, &results, environment) })
        }
    }

    private static func moduleFunctions(
        _ environment: ScriptEnvironment
    ) -> [(String, LuaHostFunction)] {
        [
            (
                "producer",
                { [unowned environment] arguments, results in
                    var settings = ProducerSettings(properties: environment.options.properties)
                    if !arguments.isNil(arguments[1]) { try settings.merge(arguments[1], in: arguments) }
                    results.append(try environment.makeProducer(settings), in: environment)
                }
            ),
            ("now", { _, results in results.append(WallClock.exactMilliseconds) }),
            ("clock", { _, results in results.append(NIODeadline.now().seconds) }),
            (
                "sleep",
                { [unowned environment] arguments, _ in
                    let deadline = NIODeadline.now() + (try arguments.seconds(arguments[1]))
                    _ = try environment.wait(until: deadline) { false }
                }
            ),
            (
                "scripts",
                { [unowned environment] _, results in results.append(scripts: environment.openProducers) }
            ),
            ("poll", { [unowned environment] _, _ in try environment.runDueCallbacks() }),
        ]
    }

    private static func jsonFunctions(_ environment: ScriptEnvironment) -> [(String, LuaHostFunction)] {
        [
            (
                "encode",
                { [unowned environment] arguments, results in
                    results.append(try LuaJSON.encode(arguments[1], in: arguments, environment.classes))
                }
            ),
            (
                "decode",
                { [unowned environment] arguments, results in
                    try LuaJSON.decode(try arguments.unsafeBytes(arguments[1]), to: &results, environment.classes)
                }
            ),
            (
                "array",
                { [unowned environment] arguments, results in
                    if arguments.isNil(arguments[1]) {
                        return results.appendTable(metatable: environment.classes.arrayMetatable) { _ in }
                    }
                    let count = try arguments.itemCount(arguments[1])
                    try results.appendTable(items: count, metatable: environment.classes.arrayMetatable) { writer in
                        for index in 0..<count {
                            writer.append(index + 1)
                            writer.append(try arguments.item(index + 1, of: arguments[1]))
                        }
                    }
                }
            ),
        ]
    }

    // MARK: - The globals

    private static func globals(_ environment: ScriptEnvironment) -> [(String, LuaHostFunction)] {
        ScriptProducer.pluginCalls.map { name, call in
            (
                name,
                { [unowned environment] arguments, results in
                    try call(environment.globalProducer())(arguments, &results, environment)
                }
            )
        } + [
            (
                "send",
                { [unowned environment] arguments, results in
                    let producer = try environment.globalProducer()
                    try producer.send(arguments, &results, in: environment)
                }
            ),
            (
                "flush",
                { [unowned environment] arguments, results in
                    try environment.globalProducer().flush(arguments, &results, in: environment)
                }
            ),
            (
                "tail",
                { [unowned environment] arguments, results in
                    try TopicTail(arguments, environment).run(to: &results, in: environment)
                }
            ),
            (
                "topics",
                { [unowned environment] _, results in
                    try TopicTail.writeTopicNames(to: &results, in: environment)
                }
            ),
            (
                "print",
                { [unowned environment] arguments, _ in
                    var line = ""
                    for number in 0..<arguments.count {
                        if number > 0 { line += "\t" }
                        line += try arguments.description(arguments[number + 1])
                    }
                    environment.options.output(line + "\n")
                }
            ),
        ]
    }

    /// `os.exit` ends the script, not the process: what was sent is still delivered.
    private static func replaceExit(_ environment: ScriptEnvironment) throws(LuaError) {
        let libraries = try environment.state.load("return os", name: "=kafka")
        let os = try environment.state.call(libraries) { _ in
        } results: { (frame) throws(LuaError) in
            try frame.reference(frame[1])
        }
        try environment.state.set(os) { writer in
            writer.append("exit")
            writer.append(function: "exit") { [unowned environment] arguments, _ in
                let first = arguments[1]
                if arguments.type(first) == .boolean {
                    environment.exitCode = arguments.truth(first) ? 0 : 1
                } else {
                    environment.exitCode = arguments.isNil(first) ? 0 : Int32(clamping: try arguments.integer(first))
                }
                // Not to be caught by a pcall, unlike an error.
                throw LuaError(.interrupted, "os.exit")
            }
        }
    }
}
