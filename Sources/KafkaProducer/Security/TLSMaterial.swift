import NIOSSL

/// The certificates and the key that `ssl.*` names, read and parsed.
struct TLSMaterial {
    /// The client's own certificate, those that vouch for it, and the key that goes with it.
    struct Identity {
        /// The configuration key that the chain came from.
        let origin: String
        let chain: [NIOSSLCertificate]
        let key: NIOSSLPrivateKey
    }

    /// nil: those that the system trusts.
    let trusted: [NIOSSLCertificate]?
    /// nil: this client shows no certificate.
    let identity: Identity?

    /// - Throws: `KafkaError` of kind `configuration`, which names the key.
    init(_ settings: TLSSettings) throws(KafkaError) {
        trusted = try Self.trusted(settings)
        identity = try Self.identity(settings)
    }

    private static func trusted(_ settings: TLSSettings) throws(KafkaError) -> [NIOSSLCertificate]? {
        let source: TLSSource
        if let path = settings.truststoreLocation {
            source = try TLSSource(file: path, of: "ssl.truststore.location")
        } else if let text = settings.truststoreCertificates {
            source = TLSSource(text: text, of: "ssl.truststore.certificates")
        } else {
            return nil
        }
        return try source.certificates(among: source.blocks([PEM.certificate]))
    }

    private static func identity(_ settings: TLSSettings) throws(KafkaError) -> Identity? {
        let (chain, key): (TLSSource, TLSSource)
        let (chainBlocks, keyBlocks): ([PEM.Block], [PEM.Block])
        if let path = settings.keystoreLocation {
            chain = try TLSSource(file: path, of: "ssl.keystore.location")
            key = chain
            chainBlocks = try chain.blocks([PEM.certificate] + PEM.privateKeys + PEM.olderKeys)
            keyBlocks = chainBlocks
        } else if let certificates = settings.keystoreCertificateChain, let keyText = settings.keystoreKey {
            chain = TLSSource(text: certificates, of: "ssl.keystore.certificate.chain")
            key = TLSSource(text: keyText, of: "ssl.keystore.key")
            chainBlocks = try chain.blocks([PEM.certificate])
            keyBlocks = try key.blocks(PEM.privateKeys)
        } else {
            return nil
        }
        return Identity(
            origin: chain.key, chain: try chain.certificates(among: chainBlocks),
            key: try key.privateKey(among: keyBlocks, password: settings.keyPassword))
    }
}
