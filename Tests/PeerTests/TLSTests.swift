import DevBroker
import KafkaProducer
import TestSupport
import Testing

/// kcat, our producer and the embedded broker over TLS: what each takes of a client or broker that was written elsewhere.
@Suite struct TLSTests {
    let files: TLSFiles

    init() throws { files = try TLSFiles.shared() }

    @Test(arguments: DevBrokerConfiguration.TLS.Version.allCases)
    func kcatReadsWhatItAndOurProducerWroteOverTLS(_ version: DevBrokerConfiguration.TLS.Version) async throws {
        let broker = try await start { $0.versions = version...version }
        let lines = (0..<500).map { Line(key: "key-\($0 % 50)", value: "value \($0)") }
        _ = try await produce(
            lines, to: "orders", on: broker.bootstrapServers,
            settings: ["security.protocol": "SSL", "ssl.truststore.location": files.certificate("ca")])
        let kcat = Kcat(bootstrapServers: broker.bootstrapServers)
        try await kcat.send(lines, to: "copies", settings: trusting("ca"))
        for topic in ["orders", "copies"] {
            expectSame(try await kcat.read(topic, settings: trusting("ca")), lines)
        }
        try await broker.shutdown()
    }

    @Test(arguments: [DevBrokerConfiguration.TLS.ClientAuthentication.requested, .required])
    func kcatShowsItsCertificate(_ authentication: DevBrokerConfiguration.TLS.ClientAuthentication) async throws {
        let broker = try await start { $0.clientAuthentication = authentication }
        let kcat = Kcat(bootstrapServers: broker.bootstrapServers)
        let lines = [Line(key: "k", value: "v")]
        let settings = trusting("ca") + showing("client", key: files.encryptedKey("client"))
        try await kcat.send(lines, to: "orders", settings: settings)
        expectSame(try await kcat.read("orders", settings: settings), lines)
        try await broker.shutdown()
    }

    @Test func kcatIsRefusedWhereItMustBe() async throws {
        let broker = try await start { $0.clientAuthentication = .required }
        let kcat = Kcat(bootstrapServers: broker.bootstrapServers)
        for settings in [
            trusting("ca"), trusting("ca") + showing("stranger", key: files.key("stranger")),
            trusting("otherCA") + showing("client", key: files.key("client")), [],
        ] {
            let error = await #expect(throws: KcatFailure.self) {
                try await kcat.send(
                    [Line(value: "v")], to: "orders", settings: settings + ["message.timeout.ms=1000"])
            }
            #expect(
                error?.description.contains("All broker connections are down") == true, "\(error?.description ?? "")")
        }
        #expect(broker.topics.allSatisfy { broker.endOffset(topic: $0, partition: 0) == 0 })
        try await broker.shutdown()
    }

    private func start(
        _ configure: (inout DevBrokerConfiguration.TLS) -> Void
    ) async throws -> DevBroker {
        var tls = DevBrokerConfiguration.TLS(
            certificateFile: files.certificate("server"), keyFile: files.key("server"))
        tls.clientCAFile = files.certificate("ca")
        configure(&tls)
        var configuration = DevBrokerConfiguration()
        configuration.tls = tls
        let broker = DevBroker(configuration)
        try await broker.start()
        return broker
    }

    /// As librdkafka names it.
    private func trusting(_ authority: String) -> [String] {
        ["security.protocol=ssl", "ssl.ca.location=\(files.certificate(authority))"]
    }

    private func showing(_ client: String, key: String) -> [String] {
        [
            "ssl.certificate.location=\(files.certificate(client))", "ssl.key.location=\(key)",
            "ssl.key.password=\(TLSFiles.password)",
        ]
    }
}
