import DevBroker
import KafkaWire
import TestSupport
import Testing

/// Our own client over TLS is tried beside the client.
@Suite struct TLSListenerTests {
    let files: TLSFiles

    init() throws { files = try TLSFiles.shared() }

    @Test(arguments: [
        (Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), "the client speaks HTTP, this listener speaks TLS"),
        // ApiVersions, as a client begins that speaks plaintext.
        (
            [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff] as [UInt8],
            "the client does not speak TLS, this listener does"
        ),
        ([0x16, 0x03], "the client closed the connection during the TLS handshake"),
    ])
    func whoDoesNotSpeakTLSIsSentAway(bytes: [UInt8], reason: String) async throws {
        let lines = CapturedLog.Lines()
        try await withBroker {
            $0.tls = DevBrokerConfiguration.TLS(
                certificateFile: files.certificate("server"), keyFile: files.key("server"))
            $0.logger = CapturedLog.logger(lines)
        } _: { broker in
            let connection = try broker.connect()
            try connection.send(bytes)
            connection.finishSending()
            // An alert may come first.
            #expect(try connection.receive(1000).count < 1000)
        }
        #expect(lines.contains(reason))
    }

    @Test func whatCannotBeUsedIsNamed() async throws {
        let server = files.certificate("server")
        for (certificate, key, reason) in [
            ("/no/such.pem", nil, "the TLS certificate in /no/such.pem cannot be used"),
            (server, nil, "the TLS key in \(server) cannot be used"),
            (server, "/no/such.key", "the TLS key in /no/such.key cannot be used"),
            (server, files.key("client"), "the TLS key does not go with the certificate"),
            (server, files.encryptedKey("client"), "cannot be used"),
        ] as [(String, String?, String)] {
            var configuration = DevBrokerConfiguration()
            configuration.tls = DevBrokerConfiguration.TLS(certificateFile: certificate, keyFile: key)
            let error = await #expect(throws: DevBrokerError.self) { try await DevBroker(configuration).start() }
            #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
        }
    }

    @Test func whoLooksAtClientsNeedsAnAuthority() async throws {
        var configuration = DevBrokerConfiguration()
        var tls = DevBrokerConfiguration.TLS(certificateFile: files.keystore("client"))
        tls.clientAuthentication = .required
        configuration.tls = tls
        let error = await #expect(throws: DevBrokerError.self) { try await DevBroker(configuration).start() }
        #expect(error?.description.contains("clientCAFile") == true)
    }
}
