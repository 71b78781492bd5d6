import KafkaWire
import Logging
import NIOCore
import Testing

@testable import KafkaProducer

/// Producers and readers that log in, as a whole.
@Suite struct SecurityRuleTests {
    private static let password = "hunter2-never-to-be-seen"
    private static let jaas = """
        org.apache.kafka.common.security.scram.ScramLoginModule required username="alice" password="\(password)";
        """

    private func keys(_ mechanism: SASLMechanism, _ password: String = password) -> [String: String] {
        var keys = [
            "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": mechanism.rawValue, "enable.idempotence": "false",
        ]
        if mechanism == .oauthBearer {
            keys["sasl.oauthbearer.token"] = password
        } else {
            keys["sasl.username"] = "alice"
            keys["sasl.password"] = password
        }
        return keys
    }

    private func rules(_ mechanism: SASLMechanism) -> ScriptedLogin {
        ScriptedLogin {
            $0.mechanism = mechanism
            $0.password = Self.password
            $0.token = Self.password
        }
    }

    @Test("8.9 Each connection of a producer logs in for itself", arguments: SASLMechanism.allCases)
    func aProducerLogsIn(mechanism: SASLMechanism) async throws {
        let login = rules(mechanism)
        let broker = try ScriptedBroker(reply: login.reply)
        let producer = try Producer<String, String>(.quick(broker.address, keys(mechanism)))
        try await producer.send(ProducerRecord(topic: "t", value: "v"))
        await producer.close()
        let handshakes = login.journal.entries.count { $0.hasPrefix("saslHandshake") }
        #expect(handshakes == broker.connectionCount)
    }

    @Test func jaasDoesAsWellAsNameAndPassword() async throws {
        let login = rules(.scramSHA512)
        let broker = try ScriptedBroker(reply: login.reply)
        var keys = keys(.scramSHA512)
        keys["sasl.username"] = nil
        keys["sasl.password"] = nil
        keys["sasl.jaas.config"] = Self.jaas
        let producer = try Producer<String, String>(.quick(broker.address, keys))
        try await producer.send(ProducerRecord(topic: "t", value: "v"))
        await producer.close()
    }

    @Test("8.13 A producer goes on through one session after the other")
    func aProducerGoesOnThroughSessions() async throws {
        let login = ScriptedLogin {
            $0.password = Self.password
            $0.lifetimes = [1]
        }
        let broker = try ScriptedBroker(reply: login.reply)
        let producer = try Producer<String, String>(.quick(broker.address, keys(.plain)))
        for number in 0..<30 { try await producer.send(ProducerRecord(topic: "t", value: "\(number)")) }
        await producer.close()
        #expect(login.journal.entries.count { $0.hasPrefix("saslHandshake") } > broker.connectionCount)
        #expect(login.journal.entries.count { $0 == "produce" } == 30)
        #expect(broker.connectionCount == 2)
    }

    @Test("8.16 A refused login fails a record with the broker's error, long before max.block.ms")
    func aRefusedLoginFailsARecord() async throws {
        let login = ScriptedLogin()
        let broker = try ScriptedBroker(reply: login.reply)
        let producer = try Producer<String, String>(
            .quick(broker.address, keys(.plain).merging(["max.block.ms": "3600000"]) { $1 }))
        let error = try #require(
            await #expect(throws: KafkaError.self) {
                try await producer.send(ProducerRecord(topic: "t", value: "v"))
            })
        #expect(error.name == "SASL_AUTHENTICATION_FAILED")
        #expect(error.message.contains(broker.address))
        #expect(throws: error) { _ = try producer.partitions(of: "another") }
        await producer.close()
    }

    @Test("8.16 A reader's login that is refused is its error")
    func aReadersLogin() async throws {
        let broker = try ScriptedBroker(reply: ScriptedLogin().reply)
        let reader = TopicReader(try .quick(broker.address, keys(.plain)), topic: "t")
        let error = await #expect(throws: KafkaError.self) { _ = try await reader.poll() }
        #expect(error?.code == .saslAuthenticationFailed)
        await reader.close()
        #expect(broker.connectionCount == 1)
    }

    @Test func aReaderLogsIn() async throws {
        let broker = try ScriptedBroker(reply: rules(.scramSHA256).reply)
        #expect(try await TopicReader.topicNames(.quick(broker.address, keys(.scramSHA256))) == [])
    }

    @Test(
        "8.18 No log, error or description has a secret in it", arguments: SASLMechanism.allCases, [true, false])
    func secretsAreNotSeen(mechanism: SASLMechanism, isTaken: Bool) async throws {
        let login = ScriptedLogin {
            $0.mechanism = mechanism
            if isTaken { ($0.password, $0.token) = (Self.password, Self.password) }
            // The worst that a broker can do.
            $0.replaceAuthenticate = { [isTaken] _, _ in
                isTaken
                    ? nil
                    : SaslAuthenticateResponse {
                        $0.errorCode = .saslAuthenticationFailed
                        $0.errorMessage = "not good enough: \(Self.password)"
                    }
            }
        }
        let broker = try ScriptedBroker(reply: login.reply)
        let lines = Log<String>()
        let configuration = try ProducerConfiguration.quick(broker.address, keys(mechanism))
        let logger = Logger(label: "test") { _ in CapturedLog(lines: lines, logLevel: .trace) }
        let producer = try Producer<String, String>(configuration, logger: logger)
        let sent = await Result { try await producer.send(ProducerRecord(topic: "t", value: "v")) }
        await producer.close()
        var seen = lines.entries
        if case .failure(let error) = sent { seen += ["\(error)", String(reflecting: error)] }
        seen += [String(describing: configuration), String(reflecting: configuration)]
        var dumped = ""
        dump(configuration, to: &dumped)
        dump(sent, to: &dumped)
        seen.append(dumped)
        #expect(!seen.contains { $0.contains(Self.password) })
        #expect(isTaken == ((try? sent.get()) != nil))
        #expect(isTaken || lines.entries.contains { $0.contains("not good enough: ***") })
    }

    @Test(
        "8.18 Nor has a refusal of the configuration",
        arguments: [
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"a\" pasword=\"\(password)\";",
            "org.apache.kafka.common.security.plain.PlainLoginModule required password=\"\(password)\";",
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"a\" password=\"\(password)\"",
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"\" password=\"\(password)\";",
            jaas,
        ])
    func aRefusedConfiguration(jaas: String) throws {
        let error = #expect(throws: KafkaError.self) {
            let configuration = try ProducerConfiguration.quick(
                "localhost:9092",
                [
                    "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN", "sasl.jaas.config": jaas,
                ])
            _ = try configuration.validated(logger: .silent)
        }
        #expect(error?.kind == .configuration)
        #expect(error?.message.contains("sasl.jaas.config") == true, "\(error as Any)")
        #expect(error?.description.contains(Self.password) == false)
    }

    @Test("6.2 A bad option of sasl.jaas.config is named, with the one that is meant")
    func aBadOptionIsNamed() throws {
        let module = "org.apache.kafka.common.security.plain.PlainLoginModule required"
        let error = #expect(throws: KafkaError.self) {
            let configuration = try ProducerConfiguration.quick(
                "localhost:9092",
                [
                    "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN",
                    "sasl.jaas.config": "\(module) username=\"a\" pasword=\"b\";",
                ])
            _ = try configuration.validated(logger: .silent)
        }
        #expect(
            error?.message
                == "sasl.jaas.config has an option 'pasword' that is not known; did you mean 'password'?")
    }

    @Test(
        "8.8 One thing says where tokens come from",
        arguments: [
            ([:], "needs a token provider, sasl.oauthbearer.token"),
            (
                ["sasl.oauthbearer.token": "t", "sasl.oauthbearer.token.endpoint.url": "file:///t"],
                "sasl.oauthbearer.token and sasl.oauthbearer.token.endpoint.url exclude each other"
            ),
            (["sasl.oauthbearer.token.endpoint.url": "https://idp"], "must be file:///"),
        ] as [([String: String], String)])
    func oneThingSaysWhereTokensComeFrom(keys: [String: String], reason: String) throws {
        let error = #expect(throws: KafkaError.self) {
            let configuration = try ProducerConfiguration.quick(
                "localhost:9092",
                keys.merging(["security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "OAUTHBEARER"]) { $1 })
            _ = try configuration.validated(logger: .silent)
        }
        #expect(error?.message.contains(reason) == true, "\(error as Any)")
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
