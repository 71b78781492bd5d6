import DevBroker
import KafkaLua
import KafkaProducer
import Logging

/// The engine of the program: the producer, the reader, the embedded broker, and Lua.
struct KafkaEngine: Engine {
    func makeScriptHost(_ request: ScriptRequest) throws(Failure) -> any ScriptHost {
        try LuaScriptHost(request)
    }

    func makeSender(
        _ configuration: ClientConfiguration, _ diagnostics: Diagnostics
    ) throws(Failure) -> any RecordSender {
        let logger = DiagnosticsLog.logger(diagnostics)
        return try ProducerSender(configuration.producerParts(logger: logger), logger: logger)
    }

    func makeReader(
        _ configuration: ClientConfiguration, _ request: TailRequest, _ diagnostics: Diagnostics,
        until interruption: Interruption
    ) throws(Failure) -> any RecordReader {
        TopicRecords(
            try configuration.forProducers.producerConfiguration(), request, diagnostics, until: interruption)
    }

    func describe(
        _ topic: String, configuration: ClientConfiguration, until interruption: Interruption
    ) throws(Failure) -> PrintableValue {
        let producer = try configuration.forProducers.producerConfiguration()
        return try Failure.catching {
            let partitions = try Blocking.run(until: interruption) { try await TopicReader.describe(topic, producer) }
            return .list(partitions.map(PrintableValue.init))
        }
    }

    func topicNames(_ configuration: ClientConfiguration) async throws -> [String] {
        try await TopicReader.topicNames(configuration.forProducers.producerConfiguration())
    }

    func makeLoadTest(
        _ configuration: ClientConfiguration, _ request: LoadRequest, _ diagnostics: Diagnostics
    ) throws(Failure) -> LoadTest {
        let logger = DiagnosticsLog.logger(diagnostics)
        return try LoadTest(configuration.producerParts(logger: logger), request, logger: logger)
    }

    func makeBroker(_ request: BrokerRequest) throws(Failure) -> any RunningBroker {
        try EmbeddedBroker(request.configuration())
    }
}

extension ClientConfiguration {
    /// Where a broker listens if nobody says otherwise.
    static let defaultBroker = "127.0.0.1:9092"

    /// Without what means something only to scripts.
    var forProducers: ClientConfiguration { removing { ScriptOptions.isForScripts($0.key, $0.value) } }

    /// The producer's configuration, with all keys checked; without a broker, the one of `kafka-lua broker` and of the
    /// prompt.
    func producerConfiguration() throws(Failure) -> ProducerConfiguration {
        var configuration = try settings()
        do throws(KafkaError) {
            if !namesBroker { try configuration.set(Self.bootstrapKey, Self.defaultBroker) }
            // The producer checks again, and says then what it changes.
            _ = try configuration.validated(logger: Logger(label: "check") { _ in SwiftLogNoOpLogHandler() })
        } catch {
            throw Self.failure(error.message)
        }
        return configuration
    }

    /// What was given, each key by itself.
    /// - Throws: ``Failure`` that names every key that is wrong, and where it stands.
    func settings() throws(Failure) -> ProducerConfiguration {
        var configuration = ProducerConfiguration()
        var mistakes: [String] = []
        for entry in entries {
            do throws(KafkaError) {
                try configuration.set(entry.key, entry.value)
            } catch {
                mistakes.append(entry.origin.map { "\($0): \(error.message)" } ?? error.message)
            }
        }
        if !mistakes.isEmpty { throw Self.failure(mistakes.joined(separator: "\n")) }
        return configuration
    }

    private static func failure(_ message: String) -> Failure {
        Failure(message, hint: "kafka-lua config lists the keys", exitCode: 2)
    }
}

extension Failure {
    /// An error of the producer, with its name.
    init(_ error: KafkaError) { self.init(error.description) }
}
