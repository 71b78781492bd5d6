import Testing

@testable import KafkaProducer

@Suite struct ConfigurationRuleTests {
    private let warnings = Log<String>()

    /// The configuration that a producer makes of these keys.
    private func validated(_ keys: [String: String]) throws(KafkaError) -> ProducerConfiguration {
        var configuration = try ProducerConfiguration(bootstrapServers: "localhost:9092")
        for (key, value) in keys { try configuration.set(key, value) }
        return try configuration.validated(logger: CapturedLog.logger(warnings))
    }

    private func refusal(_ keys: [String: String]) throws -> String {
        let error = try #require(#expect(throws: KafkaError.self) { try validated(keys) })
        #expect(error.kind == .configuration)
        return error.message
    }

    @Test("5.1 Idempotence is on by default")
    func idempotenceIsOn() throws {
        #expect(try validated([:]).enableIdempotence == true)
        #expect(warnings.entries == [])
    }

    @Test(
        "5.2 acks and retries that forbid it turn it off, with a warning",
        arguments: [("acks", "1"), ("acks", "0"), ("retries", "0")])
    func idempotenceIsTurnedOff(key: String, value: String) throws {
        #expect(try validated([key: value]).enableIdempotence == false)
        #expect(warnings.entries.count == 1)
        #expect(warnings.entries.first?.contains("enable.idempotence") == true)
    }

    @Test(
        "5.3 Idempotence that was asked for is not given up",
        arguments: [("acks", "1"), ("acks", "0"), ("retries", "0")])
    func idempotenceIsKept(key: String, value: String) throws {
        let message = try refusal(["enable.idempotence": "true", key: value])
        #expect(message.contains("enable.idempotence"))
        #expect(message.contains(key))
    }

    @Test("5.4 More than 5 in flight is an error that names both ways out", arguments: [nil, "true"])
    func fiveInFlight(idempotence: String?) throws {
        var keys = ["max.in.flight.requests.per.connection": "6"]
        keys["enable.idempotence"] = idempotence
        let message = try refusal(keys)
        #expect(message.contains("max.in.flight.requests.per.connection=6"))
        #expect(message.contains("enable.idempotence=false"))
        keys["enable.idempotence"] = "false"
        #expect(try validated(keys).maxInFlightRequestsPerConnection == 6)
        #expect(try validated(["max.in.flight.requests.per.connection": "5"]).enableIdempotence == true)
    }

    @Test(
        "6.1 An unknown key is an error that names the nearest one",
        arguments: [("liger.ms", "linger.ms"), ("batchsize", "batch.size")])
    func unknownKeys(wrong: String, right: String) throws {
        let message = try refusal([wrong: "1"])
        #expect(message.contains("'\(wrong)'"))
        #expect(message.contains("'\(right)'"))
    }

    @Test(
        "6.2 A value that cannot be is an error that names the key",
        arguments: [
            ("batch.size", "many"), ("batch.size", "-1"), ("linger.ms", "5.5"), ("acks", "2"),
            ("retries", "2147483648"),
            ("enable.idempotence", "maybe"), ("compression.type", "brotli"), ("compression.gzip.level", "10"),
            ("max.in.flight.requests.per.connection", "0"), ("bootstrap.servers", "localhost"),
        ])
    func badValues(key: String, value: String) throws {
        #expect(try refusal([key: value]).hasPrefix("\(key)=\(value)"))
    }

    @Test("6.4 A delivery time-out that is too short is an error if it was given")
    func deliveryTimeoutThatWasGiven() throws {
        let keys = ["linger.ms": "100", "request.timeout.ms": "1000"]
        let message = try refusal(keys.merging(["delivery.timeout.ms": "1099"], uniquingKeysWith: { $1 }))
        #expect(message.contains("delivery.timeout.ms=1099"))
        #expect(message.contains("1100"))
        let least = keys.merging(["delivery.timeout.ms": "1100"], uniquingKeysWith: { $1 })
        #expect(try validated(least).deliveryTimeout == .milliseconds(1100))
    }

    @Test("6.4 It is raised with a warning if it was not")
    func deliveryTimeoutThatWasNotGiven() throws {
        let configuration = try validated(["linger.ms": "100000", "request.timeout.ms": "30000"])
        #expect(configuration.deliveryTimeout == .milliseconds(130_000))
        #expect(warnings.entries.count == 1)
        #expect(warnings.entries.first?.contains("delivery.timeout.ms") == true)
        #expect(try validated([:]).deliveryTimeout == .milliseconds(120_000))
    }

    @Test("6.6 Java's class names go where a short name does")
    func javasNames() throws {
        let package = "org.apache.kafka.clients.producer"
        for (name, short) in [("RoundRobinPartitioner", "round_robin"), ("UniformStickyPartitioner", "uniform_sticky")]
        {
            #expect(try validated(["partitioner.class": "\(package).\(name)"]).partitioner.name == short)
        }
    }
}
