import NIOCore
import NIOSSL

extension TLSFailure {
    /// Whether it is the two sides' proofs of who they are that failed: trying again does not help then (Java's
    /// `SslAuthenticationException`, which is thrown for whatever breaks a handshake but the end of the connection).
    var isAuthentication: Bool {
        switch self {
        case .closed, .tooSlow, .broken: false
        default: true
        }
    }

    func error(broker: BrokerAddress, client: TLSClient) -> KafkaError {
        KafkaError(isAuthentication ? .authentication : .network, "broker \(broker): \(explanation(broker, client))")
    }

    private func explanation(_ broker: BrokerAddress, _ client: TLSClient) -> String {
        let settings = client.settings
        switch self {
        case .untrusted:
            return settings.truststoreLocation != nil || settings.truststoreCertificates != nil
                ? "no certificate of ssl.truststore.location or ssl.truststore.certificates vouches for its certificate"
                : "none of the system's certificates vouches for its certificate: name one that does in "
                    + "ssl.truststore.location"
        case .expired(let certificate):
            let day = CalendarDay.text(secondsSince1970: certificate.notValidAfter)
            return "its certificate expired on \(day): with security.protocol=SSL the broker needs one that is valid"
        case .notYetValid(let certificate):
            let day = CalendarDay.text(secondsSince1970: certificate.notValidBefore)
            return "its certificate is valid from \(day) on: with security.protocol=SSL the broker needs one that is "
                + "valid, and this machine a clock that is right"
        case .misnamed(let certificate):
            let names = certificate.map { "\(CertificateNames(of: $0))" } ?? "another host"
            return "its certificate is for \(names), and not for \(broker.host), which bootstrap.servers or the "
                + "cluster names; ssl.endpoint.identification.algorithm= (empty) takes any name"
        case .refused(let alert):
            return client.hasCertificate
                ? "it refuses the certificate of ssl.keystore.location or ssl.keystore.certificate.chain (\(alert))"
                : "it wants a certificate: name one, with its key, in ssl.keystore.location (\(alert))"
        case .noCommonProtocol:
            let versions = settings.enabledProtocols.map(\.rawValue).joined(separator: ",")
            return "it speaks no version of TLS that ssl.enabled.protocols=\(versions) allows"
        case .noCommonParameters:
            let which = client.hasCertificate ? "another" : "a"
            return "it refuses to speak TLS: it may want \(which) certificate (ssl.keystore.location), or other "
                + "versions (ssl.enabled.protocols)"
        case .unknownName:
            return "it does not know the name \(broker.host), which bootstrap.servers or the cluster names"
        case .plaintext:
            return "it does not speak TLS on that port, it may speak plaintext: look at security.protocol and the port"
        case .closed:
            return "it closed the connection during the TLS handshake: it may speak plaintext (security.protocol)"
        case .tooSlow(let limit):
            return "no TLS handshake within \(limit.nanoseconds / 1_000_000) ms "
                + "(socket.connection.setup.timeout.ms): it may speak plaintext (security.protocol)"
        case .other(let reason): return "TLS failed: \(ConfigurationText.shown(reason)) (security.protocol, ssl.*)"
        case .broken(let reason): return "the encrypted connection broke: \(ConfigurationText.shown(reason))"
        }
    }
}
