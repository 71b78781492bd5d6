extension ConfigurationRule {
    static let security = [
        ConfigurationRule(
            "SASL needs sasl.mechanism.", ["security.protocol", "sasl.mechanism"]
        ) { (configuration, _) throws(ConfigurationReason) in
            let security = configuration.security
            guard security.protocol.usesSASL, security.sasl.mechanism == nil else { return }
            throw ConfigurationReason(
                text: "security.protocol=\(security.protocol.rawValue) needs sasl.mechanism: one of "
                    + SASLMechanism.allCases.map(\.rawValue).joined(separator: ", "))
        },
        ConfigurationRule(
            "A mechanism with a password needs sasl.username and sasl.password, or sasl.jaas.config, and not both.",
            ["sasl.mechanism", "sasl.jaas.config", "sasl.username", "sasl.password"], checkCredentials),
        ConfigurationRule(
            "sasl.jaas.config names the login module of sasl.mechanism.", ["sasl.jaas.config", "sasl.mechanism"]
        ) { (configuration, _) throws(ConfigurationReason) in
            let sasl = configuration.security.sasl
            guard let mechanism = sasl.mechanism, let text = sasl.jaasConfig?.value else { return }
            if try JAASEntry(parsing: text).loginModule != mechanism.loginModule {
                throw ConfigurationReason(
                    text:
                        "sasl.jaas.config with sasl.mechanism=\(mechanism.rawValue) must name \(mechanism.loginModule)")
            }
        },
        ConfigurationRule(
            "Keys of ssl.* have an effect only with security.protocol=SSL or SASL_SSL.", ["security.protocol"]
        ) { (configuration, warn) throws(ConfigurationReason) in
            let security = configuration.security
            guard !security.protocol.usesTLS, security.tls != TLSSettings() else { return }
            warn(
                "keys of ssl.* have no effect with security.protocol=\(security.protocol.rawValue): "
                    + "connections are not encrypted")
        },
        alternatives("ssl.truststore.location", "ssl.truststore.certificates") {
            $0.truststoreLocation != nil && $0.truststoreCertificates != nil
        },
        alternatives("ssl.keystore.location", "ssl.keystore.certificate.chain") {
            $0.keystoreLocation != nil && $0.keystoreCertificateChain != nil
        },
        ConfigurationRule(
            "ssl.keystore.key and ssl.keystore.certificate.chain are given together.",
            ["ssl.keystore.key", "ssl.keystore.certificate.chain"]
        ) { (configuration, _) throws(ConfigurationReason) in
            let tls = configuration.security.tls
            guard (tls.keystoreKey == nil) != (tls.keystoreCertificateChain == nil) else { return }
            throw ConfigurationReason(
                text: "ssl.keystore.key and ssl.keystore.certificate.chain must be given together")
        },
    ]

    private static func alternatives(
        _ first: String, _ second: String, areBoth: @escaping @Sendable (TLSSettings) -> Bool
    ) -> ConfigurationRule {
        ConfigurationRule("\(first) and \(second) exclude each other.", [first, second]) {
            (configuration, _) throws(ConfigurationReason) in
            if areBoth(configuration.security.tls) {
                throw ConfigurationReason(text: "\(first) and \(second) exclude each other: give one of them")
            }
        }
    }

    private static let checkCredentials: Apply = { (configuration, _) throws(ConfigurationReason) in
        let sasl = configuration.security.sasl
        if (sasl.username == nil) != (sasl.password == nil) {
            throw ConfigurationReason(text: "sasl.username and sasl.password must be given together")
        }
        if sasl.jaasConfig != nil, sasl.username != nil {
            throw ConfigurationReason(
                text: "sasl.jaas.config and sasl.username exclude each other: give one of them")
        }
        guard configuration.security.protocol.usesSASL, let mechanism = sasl.mechanism, mechanism.needsPassword,
            sasl.jaasConfig == nil, sasl.username == nil
        else { return }
        throw ConfigurationReason(
            text: "sasl.mechanism=\(mechanism.rawValue) needs sasl.username and sasl.password, or sasl.jaas.config")
    }
}
