import NIOCore
import NIOSSL

/// Why a connection could not be encrypted, or the broker not be trusted. Pure.
enum TLSFailure {
    /// No certificate that is trusted vouches for the broker's.
    case untrusted
    case expired(NIOSSLCertificate)
    case notYetValid(NIOSSLCertificate)
    case misnamed(NIOSSLCertificate?)
    /// The broker wants to know who this client is, or does not like what it was shown.
    case refused(alert: String)
    case noCommonProtocol
    case noCommonParameters
    case unknownName
    /// What the peer says is not TLS.
    case plaintext
    /// The peer closed the connection, as brokers do that are spoken to in a way that they do not understand.
    case closed
    case tooSlow(TimeAmount)
    /// What BoringSSL calls it: in the handshake, and after it.
    case other(String)
    case broken(String)

    /// nil for what has nothing to do with TLS.
    init?(
        _ error: any Error, certificate: NIOSSLCertificate?, isHandshakeOver: Bool,
        now: Int = Int(WallClock.milliseconds / 1000)
    ) {
        switch error {
        case NIOSSLError.handshakeFailed(.sslError([.eofDuringHandshake])): self = .closed
        case is IOError where !isHandshakeOver: self = .closed
        case NIOSSLError.handshakeFailed(let error):
            self = Self(reason: Self.reason(of: error), certificate: certificate, now: now)
        case let error as BoringSSLError:
            // In TLS 1.3 a client is done before the broker has looked at its certificate.
            let reason = Self.reason(of: error)
            self = Self(reason: reason, certificate: certificate, now: now)
            guard case .refused = self else {
                self = .broken(reason)
                return
            }
        case let error as NIOSSLExtraError where Self.misnamings.contains(error): self = .misnamed(certificate)
        case let error as NIOSSLError where !isHandshakeOver: self = .other("\(error)")
        default: return nil
        }
    }

    private static let misnamings: [NIOSSLExtraError] = [.failedToValidateHostname, .serverHostnameImpossibleToMatch]

    private init(reason: String, certificate: NIOSSLCertificate?, now: Int) {
        if reason == "CERTIFICATE_VERIFY_FAILED" {
            self = Self.verification(of: certificate, now: now)
        } else {
            self = Self.failures.first { $0.reasons.contains(reason) }?.failure(reason) ?? .other(reason)
        }
    }

    private static func verification(of certificate: NIOSSLCertificate?, now: Int) -> TLSFailure {
        guard let certificate else { return .untrusted }
        if certificate.notValidAfter < now { return .expired(certificate) }
        return certificate.notValidBefore > now ? .notYetValid(certificate) : .untrusted
    }

    /// The names that BoringSSL has for what went wrong. Those with ALERT in them are what the peer said.
    private static let failures: [(reasons: Set<String>, failure: @Sendable (String) -> TLSFailure)] = [
        (
            [
                "TLSV1_ALERT_CERTIFICATE_REQUIRED", "TLSV1_CERTIFICATE_REQUIRED", "SSLV3_ALERT_BAD_CERTIFICATE",
                "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", "SSLV3_ALERT_CERTIFICATE_REVOKED",
                "SSLV3_ALERT_CERTIFICATE_EXPIRED", "SSLV3_ALERT_CERTIFICATE_UNKNOWN", "TLSV1_ALERT_UNKNOWN_CA",
                "TLSV1_ALERT_ACCESS_DENIED", "TLSV1_ALERT_DECRYPT_ERROR", "SSLV3_ALERT_NO_CERTIFICATE",
            ], { .refused(alert: $0) }
        ),
        (
            ["TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "NO_SUPPORTED_VERSIONS_ENABLED"],
            { _ in .noCommonProtocol }
        ),
        // Of a server that wants a certificate, too: before TLS 1.3 there is no alert for it.
        (["SSLV3_ALERT_HANDSHAKE_FAILURE", "TLSV1_ALERT_INSUFFICIENT_SECURITY"], { _ in .noCommonParameters }),
        (["TLSV1_ALERT_UNRECOGNIZED_NAME", "TLSV1_UNRECOGNIZED_NAME"], { _ in .unknownName }),
        (["WRONG_VERSION_NUMBER", "UNEXPECTED_MESSAGE", "INVALID_OUTER_RECORD_TYPE"], { _ in .plaintext }),
    ]

    /// `Error: 268435581 error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at …` is all that
    /// swift-nio-ssl makes public.
    private static func reason(of error: BoringSSLError) -> String {
        guard case .sslError(let stack) = error, let first = stack.first?.description else { return "\(error)" }
        let name = first.split(separator: ":").drop { $0 != "OPENSSL_internal" }.dropFirst().first
        return name.map { String($0.prefix { $0 != " " }) } ?? first
    }
}

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
            return
                "its certificate expired on \(CalendarDay.text(secondsSince1970: certificate.notValidAfter)): with security.protocol=SSL "
                + "the broker needs one that is valid"
        case .notYetValid(let certificate):
            return
                "its certificate is valid from \(CalendarDay.text(secondsSince1970: certificate.notValidBefore)) on: with "
                + "security.protocol=SSL the broker needs one that is valid, and this machine a clock that is right"
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
            let certificate =
                client.hasCertificate
                ? "another certificate (ssl.keystore.location)" : "a certificate (ssl.keystore.location)"
            return "it refuses to speak TLS: it may want \(certificate), or other versions (ssl.enabled.protocols)"
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
