import DevBroker
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
        try ProducerSender(configuration.producerConfiguration(), logger: DiagnosticsLog.logger(diagnostics))
    }

    func makeReader(
        _ configuration: ClientConfiguration, _ request: TailRequest, _ diagnostics: Diagnostics
    ) throws(Failure) -> any RecordReader {
        TopicRecords(try configuration.producerConfiguration(), request, diagnostics)
    }

    func makeBroker(_ request: BrokerRequest) throws(Failure) -> any RunningBroker {
        try EmbeddedBroker(request.configuration())
    }

    var configurationKeys: [ConfigurationKey] {
        KafkaProducer.ConfigurationKey.all.map {
            ConfigurationKey(name: $0.name, type: $0.type, defaultValue: $0.defaultValue, meaning: $0.documentation)
        }
    }
}

extension ClientConfiguration {
    /// Where a broker listens if nobody says otherwise.
    static let defaultBroker = "127.0.0.1:9092"

    /// The producer's configuration; without a broker, the one of `kafka-lua broker` and of the prompt.
    func producerConfiguration() throws(Failure) -> ProducerConfiguration {
        var properties = entries.map { (key: $0.key, value: $0.value) }
        if !namesBroker { properties.append((Self.bootstrapKey, Self.defaultBroker)) }
        do throws(KafkaError) {
            return try ProducerConfiguration(properties: properties)
        } catch {
            throw Failure(error.message, hint: "kafka-lua config lists the keys", exitCode: 2)
        }
    }
}

extension Failure {
    /// An error of the producer, with its name.
    init(_ error: KafkaError) { self.init(error.description) }
}
