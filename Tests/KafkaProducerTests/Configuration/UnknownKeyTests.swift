import Testing

@testable import KafkaProducer

@Suite struct UnknownKeyTests {
    @Test(arguments: [
        ("liger.ms", "linger.ms"), ("batchsize", "batch.size"), ("bootstrap.server", "bootstrap.servers"),
        ("sasl.jaas", "sasl.jaas.config"), ("ssl.truststore", "ssl.truststore.location"),
    ])
    func anUnknownKeyNamesTheNearest(wrong: String, right: String) {
        #expect(throws: KafkaError(.configuration, "unknown key '\(wrong)'; did you mean '\(right)'?")) {
            try ProducerConfiguration(properties: [(key: wrong, value: "1")])
        }
    }

    @Test func aKeyThatIsLikeNoneNamesNone() {
        #expect(throws: KafkaError(.configuration, "unknown key 'zzzzzzzz'")) { try ConfigurationKey.named("zzzzzzzz") }
    }

    @Test func aHostileNameIsShownOnOneLine() {
        let error = #expect(throws: KafkaError.self) {
            try ConfigurationKey.named("a\n\u{1B}[31m" + String(repeating: "y", count: 1000))
        }
        #expect(error?.message.hasPrefix(#"unknown key 'a\u000A\u001B[31my"#) == true)
        #expect(error?.message.utf8.count ?? 1000 < 200)
    }

    @Test(arguments: [
        ("queue.buffering.max.ms", "linger.ms"), ("message.send.max.retries", "retries"),
        ("compression.codec", "compression.type"), ("request.required.acks", "acks"),
        ("message.timeout.ms", "delivery.timeout.ms"), ("metadata.broker.list", "bootstrap.servers"),
        ("queue.buffering.max.kbytes", "buffer.memory"), ("batch.num.messages", "batch.size"),
        ("max.in.flight", "max.in.flight.requests.per.connection"), ("sasl.mechanisms", "sasl.mechanism"),
        ("ssl.ca.location", "ssl.truststore.location"), ("partitioner", "partitioner.class"),
    ])
    func librdkafkasNamesAreKnown(theirs: String, ours: String) {
        var configuration = ProducerConfiguration()
        let error = #expect(throws: KafkaError.self) { try configuration.set(theirs, "1") }
        #expect(error?.message.hasPrefix("unknown key '\(theirs)': it is librdkafka's name for '\(ours)'") == true)
    }

    @Test(arguments: ["group.id", "auto.offset.reset", "max.poll.records", "key.deserializer", "isolation.level"])
    func consumersKeysAreRefusedAsSuch(name: String) {
        var configuration = ProducerConfiguration()
        #expect(
            throws: KafkaError(
                .configuration, "'\(name)' is a key of consumers: this is a producer; leave it out")
        ) { try configuration.set(name, "1") }
    }

    @Test(arguments: ["metric.reporters", "metrics.num.samples", "enable.metrics.push", "log_level"])
    func aKeyThatChangesNothingIsTakenWithAWarning(name: String) throws {
        let log = LoggedWarnings()
        let configuration = try ProducerConfiguration(properties: [("bootstrap.servers", "a:1"), (name, "1")])
        _ = try configuration.validated(logger: log.logger)
        #expect(log.messages.filter { $0.hasPrefix("\(name) has no effect: ") }.count == 1)
    }

    @Test func aKeyThatSaysWhatIsDoneAnywayIsTaken() throws {
        var configuration = ProducerConfiguration()
        try configuration.set("ssl.truststore.type", "PEM")
        try configuration.set("api.version.request", "True")
        #expect(configuration.remarks.isEmpty)
        #expect(throws: KafkaError.self) { try configuration.set("ssl.truststore.type", "JKS") }
        #expect(throws: KafkaError.self) { try configuration.set("enable.ssl.certificate.verification", "false") }
    }

    @Test(arguments: [
        ("ssl.truststore.password", "hunter2"), ("sasl.oauthbearer.client.secret", "hunter2"),
        ("sasl.kerberos.service.name", "hunter2"), ("schema.registry.url", "http://user:hunter2@host"),
    ])
    func whatIsNotDoneIsRefusedWithoutItsValue(name: String, value: String) {
        var configuration = ProducerConfiguration()
        let error = #expect(throws: KafkaError.self) { try configuration.set(name, value) }
        #expect(error?.message.contains("'\(name)'") == true)
        #expect(error?.message.contains("hunter2") == false)
    }

    @Test func noForeignKeyIsOneOfOurs() {
        let ours = Set(ConfigurationKey.all.map(\.name))
        for foreign in ForeignConfigurationKey.all {
            #expect(!ours.contains(foreign.name))
            if case .means(let name, _) = foreign.advice { #expect(ours.contains(name), "\(foreign.name)") }
        }
    }
}
