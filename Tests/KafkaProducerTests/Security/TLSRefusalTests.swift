import DevBroker
import TestSupport
import Testing

@testable import KafkaProducer

/// What is said where TLS is refused, on either side.
@Suite struct TLSRefusalTests {
    @Test(
        "8.22 A certificate that is not good is refused",
        arguments: [
            ("misnamed", "localhost", "its certificate is for elsewhere.example, 10.1.2.3, and not for localhost"),
            ("misnamed", "127.0.0.1", "and not for 127.0.0.1, which bootstrap.servers or the cluster names"),
            ("nameOnly", "127.0.0.1", "its certificate is for localhost, and not for 127.0.0.1"),
            ("nameless", "127.0.0.1", "ssl.endpoint.identification.algorithm= (empty) takes any name"),
            ("expired", "localhost", "its certificate expired on 2020-01-02"),
            ("future", "localhost", "its certificate is valid from 2098-01-01 on"),
        ], ["TLSv1.2", "TLSv1.3"])
    func aCertificateThatIsNotGoodIsRefused(
        _ row: (certificate: String, host: String, message: String), version: String
    ) async throws {
        let server = try Broker.encrypted(row.certificate)
        try await expect(
            row.message, .authentication, server.server(row.host), ["ssl.enabled.protocols": version], broker: server)
    }

    @Test("8.23 A name is not taken for the address to which it is resolved")
    func aNameIsNotTakenForItsAddress() async throws {
        let server = try Broker.encrypted("addressOnly")
        try await ProducerConfiguration.encrypted(server.server("127.0.0.1")).connect()
        try await expect(
            "its certificate is for 127.0.0.1, and not for localhost", .authentication, server.server("localhost"),
            broker: server)
    }

    @Test(
        "8.23 Without a look at the name the rest is looked at all the same",
        arguments: [("expired", "expired on 2020-01-02"), ("stranger", "vouches for its certificate")])
    func withoutALookAtTheNameTheRestIsLookedAt(certificate: String, message: String) async throws {
        let server = try Broker.encrypted(certificate)
        try await expect(
            message, .authentication, server.server("localhost"), ["ssl.endpoint.identification.algorithm": ""],
            broker: server)
    }

    @Test("8.22 Who is not vouched for is refused", arguments: ["TLSv1.2", "TLSv1.3"])
    func whoIsNotVouchedForIsRefused(version: String) async throws {
        let server = try Broker.encrypted()
        let other = try TLSFiles.shared().certificate("otherCA")
        try await expect(
            "no certificate of ssl.truststore.location or ssl.truststore.certificates vouches for its certificate",
            .authentication, server.server("localhost"),
            ["ssl.truststore.location": other, "ssl.enabled.protocols": version], broker: server)
    }

    @Test("8.22 Without certificates of its own the client trusts those that the system does")
    func theSystemIsTrusted() async throws {
        let server = try Broker.encrypted()
        let configuration = try ProducerConfiguration.quick(server.server("localhost"), ["security.protocol": "SSL"])
        let error = await #expect(throws: KafkaError.self) { try await configuration.connect() }
        #expect(error?.message.contains("none of the system's certificates vouches for its certificate") == true)
    }

    @Test("8.25 A broker that wants a certificate says so", arguments: ["TLSv1.2", "TLSv1.3"])
    func aBrokerThatWantsACertificateSaysSo(version: String) async throws {
        let server = try Broker.encrypted(clients: .required)
        // Before TLS 1.3 there is no alert for it.
        try await expect(
            version == "TLSv1.3"
                ? "it wants a certificate: name one, with its key, in ssl.keystore.location"
                : "it may want a certificate (ssl.keystore.location), or other versions (ssl.enabled.protocols)",
            .authentication, server.server("localhost"), ["ssl.enabled.protocols": version], broker: server)
    }

    @Test(
        "8.25 A broker that refuses a certificate says so",
        arguments: [DevBrokerConfiguration.TLS.ClientAuthentication.requested, .required], ["TLSv1.2", "TLSv1.3"])
    func aBrokerThatRefusesACertificateSaysSo(
        _ authentication: DevBrokerConfiguration.TLS.ClientAuthentication, version: String
    ) async throws {
        let server = try Broker.encrypted(clients: authentication)
        try await expect(
            "it refuses the certificate of ssl.keystore.location or ssl.keystore.certificate.chain",
            .authentication, server.server("localhost"),
            [
                "ssl.enabled.protocols": version, "ssl.keystore.location": TLSFiles.shared().keystore("stranger"),
            ], broker: server)
    }

    @Test("8.25 Versions of TLS must have one in common", arguments: [("TLSv1.2", 3), ("TLSv1.3", 2)])
    func versionsMustHaveOneInCommon(client: String, broker: Int) async throws {
        let version = try #require(DevBrokerConfiguration.TLS.Version(rawValue: broker))
        let server = try Broker.encrypted(versions: version...version)
        try await expect(
            "it speaks no version of TLS that ssl.enabled.protocols=\(client) allows", .authentication,
            server.server("localhost"), ["ssl.enabled.protocols": client], broker: server)
    }

    @Test("8.27 TLS is not spoken to a broker in plaintext")
    func tlsIsNotSpokenToABrokerInPlaintext() async throws {
        let server = try Broker()
        try await expect(
            "closed the connection during the TLS handshake: it may speak plaintext (security.protocol)", .network,
            server.server("localhost"), broker: server)
    }

    @Test("8.27 TLS is not spoken to a peer that answers in plaintext")
    func tlsIsNotSpokenToAPeerThatAnswersInPlaintext() async throws {
        let peer = try Peer(greeting: "HTTP/1.1 400 Bad Request\r\n\r\n")
        try await expect(
            "it does not speak TLS on that port, it may speak plaintext: look at security.protocol", .authentication,
            peer.address)
        try peer.close()
    }

    @Test("8.27 Plaintext is not spoken to a broker of TLS")
    func plaintextIsNotSpokenToABrokerOfTLS() async throws {
        let server = try Broker.encrypted()
        try await expect(
            "security.protocol", nil, server.server("localhost"), ["security.protocol": "PLAINTEXT"], broker: server)
    }

    @Test("8.26 A handshake that is not answered ends")
    func aHandshakeThatIsNotAnsweredEnds() async throws {
        let peer = try Peer(greeting: nil)
        try await expect(
            "no TLS handshake within 50 ms (socket.connection.setup.timeout.ms): it may speak plaintext "
                + "(security.protocol)",
            .network, peer.address, ["socket.connection.setup.timeout.ms": "50"])
        try peer.close()
    }

    /// Nobody gets through, the broker is named, and the kind says whether it is worth another attempt.
    private func expect(
        _ message: String, _ kind: KafkaError.Kind?, _ address: String, _ keys: [String: String] = [:],
        broker: Broker? = nil, _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let configuration = try ProducerConfiguration.encrypted(address, keys)
        let error = await #expect(throws: KafkaError.self, sourceLocation: location) {
            try await configuration.connect()
        }
        let said = error.map { "\($0)" } ?? "nothing"
        #expect(error?.message.contains(message) == true, "\(said)", sourceLocation: location)
        #expect(error?.message.contains(address) == true, "\(said)", sourceLocation: location)
        if let kind {
            // An error of the socket's bears the code that Java's has.
            let isSame = error?.kind == kind || (kind == .network && error?.code == .networkException)
            #expect(isSame, "\(said)", sourceLocation: location)
            #expect(error?.isRetriable == (kind == .network), "\(said)", sourceLocation: location)
        }
        try await broker?.broker.shutdown()
    }
}
