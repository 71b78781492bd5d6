/// The keys of `ssl.*`. Everything is PEM; Java's own key stores are not read.
public struct TLSSettings: Sendable, Equatable {
    /// A file with the certificates that are trusted. nil: those of the system, unless `truststoreCertificates` has
    /// some.
    public var truststoreLocation: String?
    public var truststoreCertificates: Secret?
    /// A file with the client's private key and certificate chain.
    public var keystoreLocation: String?
    public var keystoreCertificateChain: Secret?
    /// The private key, in PKCS #8.
    public var keystoreKey: Secret?
    public var keyPassword: Secret?
    /// Whether a broker's certificate must bear the name of the host that was called.
    public var verifiesHostname = true
    public var enabledProtocols = TLSVersion.allCases

    public init() {}
}

/// A version of TLS that may be spoken.
public enum TLSVersion: String, Sendable, CaseIterable {
    case v12 = "TLSv1.2"
    case v13 = "TLSv1.3"
}
