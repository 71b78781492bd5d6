import Testing

@testable import KafkaProducer

@Suite struct ConfigurationKeyTests {
    @Test(arguments: ConfigurationKey.all.filter { !$0.defaultValue.isEmpty }.map(\.name))
    func eachKeyReadsItsDefaultBack(name: String) throws {
        let key = try ConfigurationKey.named(name)
        var configuration = ProducerConfiguration()
        try configuration.set(name, key.defaultValue)
        #expect(key.value(in: configuration) == key.defaultValue)
    }

    @Test(arguments: [
        ("batch.size", "many"), ("batch.size", "-1"), ("linger.ms", "5.5"), ("acks", "2"), ("retries", "-1"),
        ("enable.idempotence", "maybe"), ("compression.type", "brotli"), ("compression.gzip.level", "0"),
        ("compression.zstd.level", "23"), ("compression.lz4.level", "0"), ("partitioner.class", "best"),
        ("max.in.flight.requests.per.connection", "0"), ("bootstrap.servers", ""), ("bootstrap.servers", "localhost"),
        ("bootstrap.servers", "localhost:70000"), ("delivery.timeout.ms", "99999999999"),
        ("socket.connection.setup.timeout.ms", "0"),
    ])
    func aBadValueNamesTheKey(name: String, value: String) throws {
        var configuration = ProducerConfiguration()
        let error = #expect(throws: KafkaError.self) { try configuration.set(name, value) }
        #expect(error?.kind == .configuration)
        #expect(error?.message.hasPrefix("\(name)=\(value): ") == true)
    }

    @Test(arguments: [
        ("liger.ms", "linger.ms"), ("batchsize", "batch.size"), ("bootstrap.server", "bootstrap.servers"),
    ])
    func anUnknownKeyNamesTheNearest(wrong: String, right: String) {
        #expect(throws: KafkaError(.configuration, "unknown key '\(wrong)'; did you mean '\(right)'?")) {
            try ProducerConfiguration(properties: [(key: wrong, value: "1")])
        }
    }

    @Test func aKeyThatIsLikeNoneNamesNone() {
        #expect(throws: KafkaError(.configuration, "unknown key 'zzzzzzzz'")) { try ConfigurationKey.named("zzzzzzzz") }
    }

    @Test func javasNamesOfClassesAreTaken() throws {
        var configuration = ProducerConfiguration()
        try configuration.set("partitioner.class", "org.apache.kafka.clients.producer.RoundRobinPartitioner")
        #expect(configuration.partitioner.name == "round_robin")
        try configuration.set("partitioner.class", "org.apache.kafka.clients.producer.UniformStickyPartitioner")
        #expect(configuration.partitioner.name == "uniform_sticky")
        try configuration.set("acks", "-1")
        #expect(configuration.acks == .all)
    }
}
