/// A producer that takes part: one process, one case, one turn.
protocol Contender {
    /// The version of the library measured.
    var version: String { get }

    /// Sends records in the case's way and returns when all were acknowledged.
    /// - Throws: where one of them was not.
    func send(_ records: Int) throws

    /// Sends records one after the other and answers how many nanoseconds each took.
    func roundTrips(_ records: Int) throws -> [UInt64]

    func close()
}

/// The producers that can be measured, by the name used on the command line and in the results.
enum ContenderName: String, CaseIterable, Sendable {
    case librdkafka
    /// Ours, in a case with a plugin, but without it.
    case withoutPlugin = "without-plugin"
    case kafkaLua = "kafka-lua"

    /// Whether the others are compared with this one, where it takes part.
    var isBaseline: Bool { self != .kafkaLua }

    func open(_ benchmark: BenchmarkCase, bootstrapServers: String) throws -> any Contender {
        if self == .librdkafka { return try LibrdkafkaContender(benchmark, bootstrapServers: bootstrapServers) }
        guard case .script(let loop) = benchmark.way else {
            return try KafkaLuaContender(benchmark, bootstrapServers: bootstrapServers)
        }
        return try ScriptContender(
            benchmark, loop, plugin: self == .withoutPlugin ? nil : benchmark.plugin,
            bootstrapServers: bootstrapServers)
    }
}
