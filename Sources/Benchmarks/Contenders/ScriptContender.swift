import KafkaLua
import KafkaProducer
import LuaRuntime

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The producer of this package, through a Lua script.
struct ScriptContender: Contender {
    let version = ownVersion

    private let environment: ScriptEnvironment
    private let pluginFile: PluginFile?

    init(
        _ benchmark: BenchmarkCase, _ loop: ScriptLoop, plugin: LuaPlugin?, bootstrapServers: String
    ) throws {
        var properties = benchmark.configuration.map { (key: $0.key, value: $0.value) }
        properties.append(("bootstrap.servers", bootstrapServers))
        pluginFile = try plugin.map { try PluginFile($0) }
        var options = ScriptOptions(
            properties: properties, output: { print($0, terminator: "") }, report: { print($0) })
        // As the program does.
        options.interruptSignal = SIGURG
        environment = try ScriptEnvironment(options)
        try environment.state.setGlobal("topic") { $0.append(topic) }
        try setList("keys", Payload.keys(benchmark.keys).items)
        try setList("values", Payload.values(bytes: benchmark.valueBytes).items)
        try environment.state.setGlobal("settings") { [pluginFile] writer in
            writer.appendTable(fields: 1) { writer in
                guard let plugin, let pluginFile else { return }
                writer.append(plugin.setting)
                writer.append(pluginFile.path)
            }
        }
        try environment.run(loop.source(hasKeys: benchmark.keys > 0), name: "=loop") { _ in }
    }

    func send(_ records: Int) throws {
        let before = delivered
        try environment.run("send(\(records))", name: "=turn") { _ in }
        guard delivered - before == records else {
            let reason = environment.deliveryReports.compactMap(\.lastError).first.map { ", the last error: \($0)" }
            throw BenchmarkError("\(delivered - before) of \(records) records were delivered\(reason ?? "")")
        }
    }

    func roundTrips(_ records: Int) throws -> [UInt64] {
        throw BenchmarkError("no case has a script that waits for each record")
    }

    func close() {
        try? environment.close()
        pluginFile?.remove()
    }

    private var delivered: Int {
        environment.deliveryReports.reduce(0) { $0 + $1.delivered }
    }

    private func setList(_ name: String, _ items: [[UInt8]]) throws {
        try environment.state.setGlobal(name) { writer in
            writer.appendTable(items: items.count) { writer in
                for (index, item) in items.enumerated() {
                    writer.append(index + 1)
                    writer.append(item)
                }
            }
        }
    }
}

/// A plugin's text in a file of its own, as producers take it.
private struct PluginFile {
    let path: String

    init(_ plugin: LuaPlugin) throws {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(folder)/benchmark-XXXXXX.lua".utf8CString)
        let descriptor = mkstemps(&template, 4)
        guard descriptor >= 0, let file = fdopen(descriptor, "w") else {
            throw BenchmarkError("no file for a plugin in \(folder): \(String(cString: strerror(errno)))")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        fputs(plugin.source, file)
        fclose(file)
    }

    func remove() {
        unlink(path)
    }
}
