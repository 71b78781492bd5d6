extension ConfigurationKey {
    static let security =
        section(
            .security,
            [
                ConfigurationKey(
                    "security.protocol", \.security.protocol, .oneOfItsNames,
                    "Whether connections are encrypted, and whether the client names itself.")
            ] + tls) + section(.security, isSupported: false, sasl)

    private static let tls = [
        ConfigurationKey(
            "ssl.truststore.location", \.security.tls.truststoreLocation, .optional(.text()),
            "A PEM file with the certificates of those who are trusted to vouch for brokers."),
        ConfigurationKey(
            "ssl.truststore.certificates", \.security.tls.truststoreCertificates, .optional(.certificates),
            "The same certificates themselves, as PEM."),
        ConfigurationKey(
            "ssl.keystore.location", \.security.tls.keystoreLocation, .optional(.text()),
            "A PEM file with the client's private key and certificate chain."),
        ConfigurationKey(
            "ssl.keystore.certificate.chain", \.security.tls.keystoreCertificateChain, .optional(.certificates),
            "The client's certificate chain itself, as PEM."),
        ConfigurationKey(
            "ssl.keystore.key", \.security.tls.keystoreKey, .optional(.privateKey),
            "The client's private key itself, as PEM in PKCS #8."),
        ConfigurationKey(
            "ssl.key.password", \.security.tls.keyPassword, .optional(.password),
            "What the client's private key is encrypted with."),
        ConfigurationKey(
            "ssl.endpoint.identification.algorithm", \.security.tls.verifiesHostname,
            .oneOf([("https", true), ("", false)]),
            "Whether a broker's certificate must bear its host's name; empty to trust any name."),
        ConfigurationKey(
            "ssl.enabled.protocols", \.security.tls.enabledProtocols, .list(of: .oneOfItsNames, isRequired: true),
            "The versions of TLS that may be spoken."),
    ]

    private static let sasl = [
        ConfigurationKey(
            "sasl.mechanism", \.security.sasl.mechanism, .optional(.oneOfItsNames), "How the client names itself."),
        ConfigurationKey(
            "sasl.jaas.config", \.security.sasl.jaasConfig, .optional(.jaas),
            "The login module and its options, as Java writes them, with user name and password."),
        ConfigurationKey(
            "sasl.username", \.security.sasl.username, .optional(.text()), "The user name, beside sasl.jaas.config."),
        ConfigurationKey(
            "sasl.password", \.security.sasl.password, .optional(.password), "The password of sasl.username."),
    ]
}

extension ConfigurationType where Value == Secret {
    fileprivate static var certificates: ConfigurationType {
        secret("password, PEM") { (text) throws(ConfigurationReason) in
            try PEM.check(text, named: [PEM.certificate])
        }
    }

    fileprivate static var privateKey: ConfigurationType {
        secret("password, PEM") { (text) throws(ConfigurationReason) in
            try PEM.check(text, named: PEM.privateKeys)
        }
    }

    fileprivate static var jaas: ConfigurationType {
        secret { (text) throws(ConfigurationReason) in _ = try JAASEntry(parsing: text) }
    }
}
