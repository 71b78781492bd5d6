import NIOSSL

/// A text in PEM, and the configuration key that it came from.
struct TLSSource {
    let key: String
    /// `=path` for a file; what stands in the configuration itself is not shown.
    private let place: String
    private let text: String

    init(text: Secret, of key: String) {
        self.key = key
        place = ""
        self.text = text.value
    }

    /// - Throws: `KafkaError` of kind `configuration` if the file cannot be read.
    init(file path: String, of key: String) throws(KafkaError) {
        self.key = key
        place = "=\(ConfigurationText.shown(path))"
        do {
            text = try SecurityFile.text(path)
        } catch {
            throw KafkaError(.configuration, "\(key)\(place): the file \(error.text)")
        }
    }

    private func refusal(_ reason: String) -> KafkaError { KafkaError(.configuration, "\(key)\(place): \(reason)") }

    func blocks(_ labels: [String]) throws(KafkaError) -> [PEM.Block] {
        do {
            return try PEM.blocks(of: text, named: labels)
        } catch {
            throw refusal(error.text)
        }
    }

    func certificates(among blocks: [PEM.Block]) throws(KafkaError) -> [NIOSSLCertificate] {
        let blocks = blocks.filter { $0.label == PEM.certificate }
        if blocks.isEmpty { throw refusal("has no certificate") }
        var certificates: [NIOSSLCertificate] = []
        for (index, block) in blocks.enumerated() {
            guard let certificate = try? NIOSSLCertificate(bytes: Array(block.text.utf8), format: .pem) else {
                throw refusal("certificate \(index + 1) of \(blocks.count) cannot be read")
            }
            certificates.append(certificate)
        }
        return certificates
    }

    func privateKey(among blocks: [PEM.Block], password: Secret?) throws(KafkaError) -> NIOSSLPrivateKey {
        let blocks = blocks.filter { $0.label.hasSuffix(PEM.key) }
        guard let block = blocks.first else { throw refusal("has no private key") }
        if blocks.count > 1 { throw refusal("has \(blocks.count) private keys: leave all but one out") }
        let bytes = Array(block.text.utf8)
        guard block.label == PEM.encryptedKey else {
            guard let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) else {
                throw refusal("the private key cannot be read")
            }
            return key
        }
        guard let password else { throw refusal("the private key is encrypted: it needs ssl.key.password") }
        let secret = try Self.bytes(password)
        let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) { (give: NIOSSLPassphraseSetter<[UInt8]>) in
            give(secret)
        }
        guard let key else {
            throw refusal("the private key cannot be decrypted: ssl.key.password is not the one it needs")
        }
        return key
    }

    /// swift-nio-ssl traps at other characters on their way to BoringSSL, whose room for them ends there; Java takes
    /// only ASCII as well.
    private static func bytes(_ password: Secret) throws(KafkaError) -> [UInt8] {
        let bytes = Array(password.value.utf8)
        guard bytes.allSatisfy({ $0 < 0x80 }), bytes.count < 1024 else {
            throw KafkaError(.configuration, "ssl.key.password must be ASCII, and shorter than 1024 characters")
        }
        return bytes
    }
}
