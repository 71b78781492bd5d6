import DevBroker
import NIOCore
import NIOPosix
import TestSupport

@testable import KafkaProducer

extension Broker {
    /// A broker that speaks TLS with one of the certificates of `TLSFiles`.
    static func encrypted(
        _ certificate: String = "server", clients: DevBrokerConfiguration.TLS.ClientAuthentication = .none,
        versions: ClosedRange<DevBrokerConfiguration.TLS.Version> = .v12 ... .v13
    ) throws -> Broker {
        let files = try TLSFiles.shared()
        var tls = DevBrokerConfiguration.TLS(
            certificateFile: files.certificate(certificate), keyFile: files.key(certificate))
        tls.clientAuthentication = clients
        tls.clientCAFile = files.certificate("ca")
        tls.versions = versions
        var configuration = DevBrokerConfiguration()
        configuration.tls = tls
        return try Broker(configuration)
    }

    /// `host:port`, by another name of this machine.
    func server(_ host: String) -> String { "\(host):\(broker.addresses.first?.port ?? 0)" }
}

extension ProducerConfiguration {
    /// Trusts the authority of `TLSFiles`.
    static func encrypted(
        _ servers: String, _ keys: [String: String] = [:]
    ) throws -> ProducerConfiguration {
        try .quick(
            servers,
            [
                "security.protocol": "SSL", "ssl.truststore.location": TLSFiles.shared().certificate("ca"),
            ].merging(keys) { $1 })
    }

    /// Whom a connection finds at the first of the bootstrap servers; and closes it again.
    func connect() async throws {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        let transport = try TCPTransport(configuration: self)
        let link = try await transport.openAny(
            bootstrapServers[0], setupTimeout: connectionSetupTimeout, on: eventLoop
        ).get()
        try await eventLoop.submit { link.close(KafkaError(.closed, "done")) }.get()
    }
}
