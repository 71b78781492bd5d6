import Logging
import Testing

@testable import KafkaProducer

@Suite struct ConfigurationKeyTests {
    @Test func noKeyStandsTwice() {
        let names = ConfigurationKey.all.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: ConfigurationKey.all.filter { !$0.defaultValue.isEmpty }.map(\.name))
    func eachKeyReadsItsDefaultBack(name: String) throws {
        let key = try ConfigurationKey.named(name)
        var configuration = ProducerConfiguration()
        try configuration.set(name, key.defaultValue)
        #expect(key.value(in: configuration) == key.defaultValue)
    }

    @Test(arguments: ConfigurationKey.all.filter { !$0.choices.isEmpty }.map(\.name))
    func eachChoiceIsTakenAndReadBack(name: String) throws {
        let key = try ConfigurationKey.named(name)
        for choice in key.choices {
            var configuration = ProducerConfiguration()
            try configuration.set(name, "  \(choice)\r")
            #expect(key.value(in: configuration) == choice)
        }
    }

    @Test func allDefaultsTogetherAreAConfiguration() throws {
        var configuration = ProducerConfiguration()
        try configuration.set("bootstrap.servers", "localhost:9092")
        for key in ConfigurationKey.all where !key.defaultValue.isEmpty {
            try configuration.set(key.name, key.defaultValue)
        }
        _ = try configuration.validated(logger: .silent)
    }

    @Test func eachKeyHasABadValue() {
        #expect(Set(BadValues.all.keys) == Set(ConfigurationKey.all.map(\.name)))
        #expect(BadValues.all.allSatisfy { !$0.value.isEmpty })
    }

    @Test(arguments: ConfigurationKey.all.map(\.name))
    func aBadValueNamesTheKeyAndChangesNothing(name: String) throws {
        let key = try ConfigurationKey.named(name)
        for value in BadValues.all[name] ?? [] {
            var configuration = ProducerConfiguration()
            let error = #expect(throws: KafkaError.self, "\(name)=\(value)") { try configuration.set(name, value) }
            #expect(error?.kind == .configuration)
            #expect(error?.message.hasPrefix("\(name)=") == true)
            #expect(error?.message.unicodeScalars.contains { $0.value < 32 } == false)
            #expect(error.map { $0.message.utf8.count < 500 } == true)
            #expect(key.value(in: configuration) == key.defaultValue)
        }
    }

    @Test(arguments: ConfigurationKey.all.filter(\.isSecret).map(\.name))
    func anErrorNeverShowsASecret(name: String) throws {
        for value in ["hunter\u{0}2", BadValues.pem("HUNTER\u{0}KEY"), "hunter required a='\u{0}hunter"] {
            var configuration = ProducerConfiguration()
            guard let error = #expect(throws: KafkaError.self, performing: { try configuration.set(name, value) })
            else {
                continue
            }
            #expect(error.message.hasPrefix("\(name)=***: "))
            #expect(!error.message.lowercased().contains("hunter"))
        }
    }

    @Test func valuesThatWereSetInCodeAreChecked() throws {
        #expect(refusal { $0.batchSize = -1 } == "batch.size=-1: must be between 0 and 1073741823")
        #expect(refusal { $0.requestTimeout = .seconds(-1) } == "request.timeout.ms=-1000: must be at least 0")
        #expect(refusal { $0.metadataMaxIdle = .seconds(1) } == "metadata.max.idle.ms=1000: must be at least 5000")
        #expect(
            refusal { $0.linger = .seconds(Int64.max) }
                == "linger.ms=9223372036854775807: must be at most 3153600000000")
        #expect(refusal { $0.compression.gzipLevel = 0 } == "compression.gzip.level=0: must be between 1 and 9, or -1")
        #expect(
            refusal { $0.security.sasl.password = "hunter\n2" }
                == "sasl.password=***: contains the control character U+000A")
    }

    @Test func valuesMayStandInWhiteSpaceAsInJava() throws {
        var configuration = ProducerConfiguration()
        try configuration.set("linger.ms", " 7\t")
        try configuration.set("acks", "all ")
        try configuration.set("enable.idempotence", " TRUE\r")
        try configuration.set("bootstrap.servers", " a:1 , b:2 ,")
        try configuration.set("compression.type", "LZ4")
        #expect(configuration.linger == .milliseconds(7))
        #expect(configuration.enableIdempotence == true)
        #expect(configuration.bootstrapServers.map(\.description) == ["a:1", "b:2"])
        #expect(configuration.compression.type == .lz4)
    }

    @Test func javasLongestTimesAreCutToWhatClocksCan() throws {
        var configuration = ProducerConfiguration()
        try configuration.set("max.block.ms", "9223372036854775807")
        #expect(configuration.maxBlock == .never)
        try configuration.set("connections.max.idle.ms", "-1")
        #expect(configuration.connectionsMaxIdle == .never)
        #expect(try ConfigurationKey.named("connections.max.idle.ms").value(in: configuration) == "-1")
    }

    @Test func javasNamesOfClassesAreTaken() throws {
        var configuration = ProducerConfiguration()
        try configuration.set("partitioner.class", "org.apache.kafka.clients.producer.RoundRobinPartitioner")
        #expect(configuration.partitioner.name == "round_robin")
        try configuration.set("partitioner.class", "org.apache.kafka.clients.producer.UniformStickyPartitioner")
        #expect(configuration.partitioner.name == "uniform_sticky")
        try configuration.set("value.serializer", "org.apache.kafka.common.serialization.LongSerializer")
        #expect(configuration.valueSerializer == .int64)
        try configuration.set("acks", "-1")
        #expect(configuration.acks == .all)
    }

    private func refusal(_ change: (inout ProducerConfiguration) -> Void) -> String? {
        var configuration = ProducerConfiguration()
        configuration.bootstrapServers = [BrokerAddress(host: "localhost", port: 9092)]
        change(&configuration)
        return #expect(throws: KafkaError.self) { try configuration.validated(logger: .silent) }?.message
    }
}
