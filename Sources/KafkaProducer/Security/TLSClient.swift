import NIOCore
import NIOSSL

/// This side of TLS: whom it trusts, what it shows of itself, which versions it speaks. Made once a producer.
package struct TLSClient: Sendable {
    let settings: TLSSettings
    private let context: NIOSSLContext

    /// A broker that has died is not waited for.
    private static let shutdownTimeout = TimeAmount.milliseconds(100)

    /// Reads files, which blocks.
    /// - Throws: `KafkaError` of kind `configuration`, which names the key.
    init(_ settings: TLSSettings) throws(KafkaError) {
        self.settings = settings
        let material = try TLSMaterial(settings)
        var configuration = TLSConfiguration.makeClientConfiguration()
        let versions = settings.enabledProtocols
        configuration.minimumTLSVersion = versions.contains(.v12) ? .tlsv12 : .tlsv13
        configuration.maximumTLSVersion = versions.contains(.v13) ? .tlsv13 : .tlsv12
        configuration.certificateVerification = settings.verifiesHostname ? .fullVerification : .noHostnameVerification
        configuration.shutdownTimeout = Self.shutdownTimeout
        if let trusted = material.trusted { configuration.trustRoots = .certificates(trusted) }
        if let identity = material.identity {
            configuration.certificateChain = identity.chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(identity.key)
        }
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            guard let identity = material.identity else {
                throw KafkaError(.configuration, "TLS cannot be set up with what ssl.* says: \(error)")
            }
            throw KafkaError(
                .configuration, "\(identity.origin): the private key does not go with the first certificate")
        }
    }

    /// nil where connections are not encrypted.
    /// - Throws: `KafkaError` of kind `configuration`, which names the key.
    static func ifWanted(_ security: SecuritySettings) throws(KafkaError) -> TLSClient? {
        security.protocol.usesTLS ? try TLSClient(security.tls) : nil
    }

    /// Whether brokers that ask for a certificate get one.
    var hasCertificate: Bool { settings.keystoreLocation != nil || settings.keystoreCertificateChain != nil }

    /// Encrypts a channel that is going to be connected to a broker. Those who come behind it get
    /// `TLSUserEvent.handshakeCompleted` when the broker is who it should be, or an error: a `KafkaError`.
    func secure(_ channel: any Channel, to broker: BrokerAddress, within timeout: TimeAmount) throws {
        let handler = try NIOSSLClientHandler(context: context, serverHostname: Self.serverName(of: broker.host))
        try channel.pipeline.syncOperations.addHandlers([
            handler, TLSHandshake(client: self, broker: broker, timeout: timeout),
        ])
    }

    /// The name that is asked for, and looked for in the certificate; nil for addresses, which are looked for as such.
    private static func serverName(of host: String) -> String? {
        guard (try? SocketAddress(ipAddress: host, port: 0)) == nil else { return nil }
        // RFC 6066 wants it without the dot that ends a name which is complete.
        return host.last == "." ? String(host.dropLast()) : host
    }
}
