import DevBroker
import KafkaWire
import TestSupport
import Testing

/// kcat and librdkafka log in at the embedded broker, and are refused where they must be.
@Suite struct SecuredBrokerTests {
    private typealias SASL = DevBrokerConfiguration.SASL

    /// How what a client says gets to the broker.
    enum Transport: CaseIterable {
        case plaintext
        case tls
        case tlsWithClientCertificate
    }

    private func withSecuredBroker(
        over transport: Transport = .plaintext, _ body: (DevBroker) async throws -> Void
    ) async throws {
        var configuration = DevBrokerConfiguration()
        configuration.sasl = SASL(users: ["alice": "wonderland, \"quoted\"", "bob": "builder"])
        if transport != .plaintext {
            let files = try TLSFiles.shared()
            var tls = DevBrokerConfiguration.TLS(
                certificateFile: files.certificate("server"), keyFile: files.key("server"))
            tls.clientCAFile = files.certificate("ca")
            if transport == .tlsWithClientCertificate { tls.clientAuthentication = .required }
            configuration.tls = tls
        }
        let broker = DevBroker(configuration)
        try await broker.start()
        try broker.createTopic("orders", partitions: 1)
        try await body(broker)
        try await broker.shutdown()
    }

    private func settings(
        _ mechanism: String, _ user: String, _ password: String, over transport: Transport = .plaintext
    ) throws -> [(String, String)] {
        let login = [("sasl.mechanism", mechanism), ("sasl.username", user), ("sasl.password", password)]
        guard transport != .plaintext else { return login + [("security.protocol", "SASL_PLAINTEXT")] }
        let files = try TLSFiles.shared()
        let trust = [("security.protocol", "SASL_SSL"), ("ssl.ca.location", files.certificate("ca"))]
        guard transport == .tlsWithClientCertificate else { return login + trust }
        return login + trust + [
            ("ssl.certificate.location", files.certificate("client")), ("ssl.key.location", files.key("client")),
        ]
    }

    private static let mechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]

    @Test(arguments: mechanisms, Transport.allCases)
    func kcatLogsInToWriteAndToRead(mechanism: String, transport: Transport) async throws {
        try await withSecuredBroker(over: transport) { broker in
            let kcat = Kcat(bootstrapServers: broker.bootstrapServers)
            let settings = try settings(mechanism, "alice", "wonderland, \"quoted\"", over: transport)
                .map { "\($0)=\($1)" }
            let lines = (0..<100).map { Line(value: "record \($0)") }
            try await kcat.send(lines, to: "orders", settings: settings)
            expectSame(try await kcat.read("orders", settings: settings), lines)
        }
    }

    @Test(arguments: mechanisms, Transport.allCases)
    func librdkafkaLogsInForTransactions(mechanism: String, transport: Transport) async throws {
        try await withSecuredBroker(over: transport) { broker in
            var producer = try LibrdkafkaProducer(
                bootstrapServers: broker.bootstrapServers, transactionalId: "transfers",
                settings: settings(mechanism, "bob", "builder", over: transport))
            for number in 0..<3 {
                try producer.begin()
                try producer.produce("\(number)", to: "orders", partition: 0)
                try producer.sendOffset(number, of: "readers", topic: "orders", partition: 0)
                try producer.commit()
            }
            let committed = try broker.records(topic: "orders", partition: 0, committedOnly: true)
            #expect(committed.map(\.value) == ["0", "1", "2"].map { Array($0.utf8) })
        }
    }

    @Test(arguments: mechanisms, [("alice", "builder"), ("alice", "wonderland"), ("nobody", "builder")])
    func whoDoesNotKnowThePasswordIsRefused(mechanism: String, user: (name: String, password: String)) async throws {
        try await withSecuredBroker { broker in
            let kcat = Kcat(bootstrapServers: broker.bootstrapServers)
            let settings = try settings(mechanism, user.name, user.password).map { "\($0)=\($1)" }
            let error = await #expect(throws: KcatFailure.self) { try await kcat.list(settings: settings) }
            let reason =
                mechanism == "PLAIN"
                ? "Authentication failed: Invalid username or password"
                : "Authentication failed during authentication due to invalid credentials with SASL mechanism "
                    + mechanism
            #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        }
    }

    @Test func aMechanismThatIsNotOpenIsRefusedByName() async throws {
        var configuration = DevBrokerConfiguration()
        configuration.sasl = SASL(users: ["bob": "builder"])
        configuration.sasl?.mechanisms = [.plain, .scramSHA256]
        let broker = DevBroker(configuration)
        try await broker.start()
        let settings = try settings("SCRAM-SHA-512", "bob", "builder").map { "\($0)=\($1)" }
        let kcat = Kcat(bootstrapServers: broker.bootstrapServers)
        let error = await #expect(throws: KcatFailure.self) { try await kcat.list(settings: settings) }
        let reason = "broker's supported mechanisms: PLAIN,SCRAM-SHA-256"
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        try await broker.shutdown()
    }

    @Test func aPasswordAloneDoesNotDoWhereACertificateIsAskedFor() async throws {
        try await withSecuredBroker(over: .tlsWithClientCertificate) { broker in
            let kcat = Kcat(bootstrapServers: broker.bootstrapServers)
            let settings = try settings("PLAIN", "bob", "builder", over: .tls).map { "\($0)=\($1)" }
            await #expect(throws: KcatFailure.self) { try await kcat.list(settings: settings) }
        }
    }

    @Test func whoDoesNotLogInHearsNothing() async throws {
        try await withSecuredBroker { broker in
            let kcat = Kcat(bootstrapServers: broker.bootstrapServers)
            let error = await #expect(throws: KcatFailure.self) { try await kcat.list(settings: []) }
            #expect(error?.description.contains("orders") == false)
        }
    }
}
