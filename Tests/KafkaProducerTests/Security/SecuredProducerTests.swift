import DevBroker
import TestSupport
import Testing

@testable import KafkaProducer

/// Our producer and reader at a broker that wants to know who they are.
@Suite struct SecuredProducerTests {
    private static let users: [String: DevBrokerConfiguration.SASL.Password] = ["a,l=ice 爱": "pass\"w;örd=1, 秘密"]
    private static let unsecured =
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required "
        + "unsecuredLoginStringClaim_sub=\"alice\";"

    private func broker(
        isEncrypted: Bool = false, nodes: Int = 1, sessionLifetimeMs: Int64 = 0
    ) throws -> Broker {
        var configuration = DevBrokerConfiguration()
        configuration.nodes = nodes
        configuration.sasl = .init(users: Self.users)
        configuration.sasl?.mechanisms = DevBrokerConfiguration.SASL.Mechanism.allCases
        configuration.sasl?.sessionLifetimeMs = sessionLifetimeMs
        if isEncrypted {
            let files = try TLSFiles.shared()
            configuration.tls = .init(certificateFile: files.certificate("server"), keyFile: files.key("server"))
            configuration.tls?.clientCAFile = files.certificate("ca")
            configuration.tls?.clientAuthentication = .required
        }
        return try Broker(configuration)
    }

    private func keys(_ mechanism: SASLMechanism, isEncrypted: Bool) throws -> [String: String] {
        var keys = [
            "security.protocol": isEncrypted ? "SASL_SSL" : "SASL_PLAINTEXT", "sasl.mechanism": mechanism.rawValue,
        ]
        if mechanism == .oauthBearer {
            keys["sasl.jaas.config"] = Self.unsecured
        } else {
            keys["sasl.username"] = "a,l=ice 爱"
            keys["sasl.password"] = "pass\"w;örd=1, 秘密"
        }
        guard isEncrypted else { return keys }
        let files = try TLSFiles.shared()
        keys["ssl.truststore.location"] = files.certificate("ca")
        keys["ssl.keystore.location"] = files.keystore("client")
        return keys
    }

    @Test(
        "8.9 Records go after a login by each mechanism, over plaintext and TLS", arguments: SASLMechanism.allCases,
        [false, true])
    func recordsGoAfterALogin(mechanism: SASLMechanism, isEncrypted: Bool) async throws {
        let broker = try broker(isEncrypted: isEncrypted, nodes: 2)
        let keys = try keys(mechanism, isEncrypted: isEncrypted)
        let producer = try broker.producer(keys)
        for number in 0..<100 {
            try producer.send(ProducerRecord(topic: "t", key: "k\(number)", value: "v"), onCompletion: nil)
        }
        await producer.close()
        #expect(producer.deliveryReports.map(\.delivered) == [100])
        let reader = TopicReader(try broker.configuration(keys), topic: "t")
        var count = 0
        repeat { count += try await reader.poll().count } while await !reader.isAtEnd
        await reader.close()
        #expect(count == 100)
    }

    /// With sessions that end while records flow: each is acknowledged, and stored once.
    @Test("8.13 Nothing is lost where sessions end all the time", arguments: [SASLMechanism.plain, .scramSHA256])
    func nothingIsLostWhereSessionsEnd(mechanism: SASLMechanism) throws {
        let broker = try broker(nodes: 2, sessionLifetimeMs: 20)
        let producer = try broker.producer(try keys(mechanism, isEncrypted: false))
        for number in 0..<2000 {
            let future = try producer.send(ProducerRecord(topic: "t", key: "k\(number)", value: "v"))
            if number.isMultiple(of: 20) { try future.get() }
        }
        try producer.close()
        #expect(producer.deliveryReports.map(\.delivered) == [2000])
        let stored = try (0..<3).flatMap { try broker.texts("t", partition: $0).map(\.key) }
        #expect(stored.count == 2000)
        #expect(Set(stored).count == 2000)
        #expect(producer.deliveryReports.map(\.failed) == [0])
    }

    /// Not after `max.block.ms`, which is longer than a test may take.
    @Test("8.16 Who is not let in learns it at once", arguments: [false, true])
    func whoIsNotLetInLearnsItAtOnce(isTransactional: Bool) throws {
        let broker = try broker()
        var keys = try keys(.scramSHA512, isEncrypted: false)
        keys["sasl.password"] = "wrong"
        keys["max.block.ms"] = "600000"
        if isTransactional { keys["transactional.id"] = "t" }
        let producer = try broker.producer(keys)
        var errors: [KafkaError?] = []
        if isTransactional {
            do throws(KafkaError) { try producer.initTransactions() } catch { errors.append(error) }
        } else {
            for _ in 0..<2 {
                let future = try producer.send(ProducerRecord(topic: "t", key: "k", value: "v"))
                do throws(KafkaError) { try future.get() } catch { errors.append(error) }
            }
        }
        #expect(errors.count == (isTransactional ? 1 : 2))
        for error in errors {
            #expect(error?.name == "SASL_AUTHENTICATION_FAILED")
            #expect(error?.isRetriable == false)
            #expect(error?.message.contains("sasl.username and sasl.password") == true)
        }
        try producer.close()
    }

    @Test("8.25 A broker that is not trusted fails what waits at once")
    func aBrokerThatIsNotTrustedFailsWhatWaits() throws {
        let broker = try Broker.encrypted()
        let producer = try broker.producer([
            "security.protocol": "SSL", "ssl.truststore.location": TLSFiles.shared().certificate("otherCA"),
            "max.block.ms": "600000",
        ])
        #expect(throws: KafkaError.self) { try producer.partitions(of: "t") }
        let future = try producer.send(ProducerRecord(topic: "t", key: "k", value: "v"))
        do throws(KafkaError) {
            try future.get()
            Issue.record("the record was delivered")
        } catch {
            #expect(error.kind == .authentication)
            #expect(error.message.contains("ssl.truststore.location"))
        }
        try producer.close()
    }
}
