/// How a connection is secured (`security.protocol`).
public enum SecurityProtocol: String, Sendable, CaseIterable {
    case plaintext = "PLAINTEXT"
    case ssl = "SSL"
    case saslPlaintext = "SASL_PLAINTEXT"
    case saslSSL = "SASL_SSL"

    var usesSASL: Bool { self == .saslPlaintext || self == .saslSSL }
    var usesTLS: Bool { self == .ssl || self == .saslSSL }
}
