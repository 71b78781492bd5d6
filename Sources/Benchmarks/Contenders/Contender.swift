/// A producer that takes part: one process, one case, one turn.
protocol Contender {
    /// The version of the library measured.
    var version: String { get }

    /// Sends the case's records from one thread and returns when all were acknowledged.
    func send(_ records: Int) throws

    /// Sends records one after the other and answers how many nanoseconds each took.
    func roundTrips(_ records: Int) throws -> [UInt64]

    func close()
}

/// The producers that can be measured, by the name used on the command line and in the results.
enum ContenderName: String, CaseIterable, Sendable {
    case librdkafka
    case kafkaLua = "kafka-lua"

    /// The one that the others are compared with.
    static let baseline = ContenderName.librdkafka

    func open(_ benchmark: BenchmarkCase, bootstrapServers: String) throws -> any Contender {
        switch self {
        case .librdkafka: try LibrdkafkaContender(benchmark, bootstrapServers: bootstrapServers)
        case .kafkaLua: try KafkaLuaContender(benchmark, bootstrapServers: bootstrapServers)
        }
    }
}
