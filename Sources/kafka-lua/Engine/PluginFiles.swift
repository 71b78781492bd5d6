import KafkaLua
import KafkaProducer
import Logging

/// What a producer of bytes is made from, with the plugins that its configuration names.
struct ProducerParts {
    var configuration: ProducerConfiguration
    var interceptors: [LuaInterceptor<[UInt8], [UInt8]>] = []

    /// Opens the producer.
    func makeProducer(logger: Logger) throws(Failure) -> Producer<[UInt8], [UInt8]> {
        do throws(KafkaError) {
            return try Producer(
                configuration, keySerializer: .bytes, valueSerializer: .bytes, interceptors: interceptors,
                logger: logger)
        } catch {
            throw Failure(error.message, exitCode: 2)
        }
    }
}

extension ClientConfiguration {
    private static let partitionerKeys = ["partitioner", "partitioner.class"]
    private static let interceptorKeys = ["interceptors", "interceptor.classes"]

    /// Loads the plugins, and checks the rest: scripts know files as `partitioner.class` and `interceptor.classes`, and
    /// so do the commands that send.
    func producerParts(logger: Logger) throws(Failure) -> ProducerParts {
        func isPlugin(_ entry: Entry) -> Bool {
            (Self.partitionerKeys + Self.interceptorKeys).contains(entry.key)
                && ScriptOptions.isForScripts(entry.key, entry.value)
        }
        var parts = ProducerParts(configuration: try removing(isPlugin).producerConfiguration())
        for entry in entries where isPlugin(entry) {
            if Self.partitionerKeys.contains(entry.key) {
                let script = try Self.load(entry.value, needing: ["partition"], logger)
                parts.configuration.partitioner = script.partitioner
            } else {
                parts.interceptors = []
                for path in entry.value.split(separator: ",") {
                    let script = try Self.load(String(path), needing: ["on_send", "on_ack"], logger)
                    parts.interceptors.append(script.interceptor())
                }
            }
        }
        return parts
    }

    private static func load(_ path: String, needing names: [String], _ logger: Logger) throws(Failure) -> LuaScript {
        let script: LuaScript
        do {
            script = try LuaScript(file: path, logger: logger)
        } catch {
            var failure = Failure(script: error)
            failure.exitCode = 2
            throw failure
        }
        guard script.functions.contains(where: names.contains) else {
            let wanted = names.map { "'\($0)'" }.joined(separator: " or ")
            throw Failure("\(path): the table that it returned has no function \(wanted)", exitCode: 2)
        }
        return script
    }
}
