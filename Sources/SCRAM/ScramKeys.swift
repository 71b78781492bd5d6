/// What both sides derive from a password (RFC 5802, section 3). A server keeps ``storedKey`` and ``serverKey`` only.
package struct ScramKeys: Sendable {
    package let hash: HashFunction
    package let clientKey: [UInt8]
    package let storedKey: [UInt8]
    package let serverKey: [UInt8]

    /// - Parameter password: prepared by ``SASLprep``.
    package init(_ hash: HashFunction, password: String, salt: [UInt8], iterations: Int) {
        self.hash = hash
        let salted = hash.pbkdf2(password: Array(password.utf8), salt: salt, iterations: iterations)
        clientKey = hash.hmac(key: salted, Array("Client Key".utf8))
        storedKey = hash.digest(clientKey)
        serverKey = hash.hmac(key: salted, Array("Server Key".utf8))
    }

    /// What shows that the client knows the password.
    package func clientProof(_ authMessage: String) -> [UInt8] {
        Self.exclusiveOr(clientKey, clientSignature(authMessage))
    }

    /// What shows that the server knows it as well.
    package func serverSignature(_ authMessage: String) -> [UInt8] {
        hash.hmac(key: serverKey, Array(authMessage.utf8))
    }

    /// Whether a proof comes from somebody who knows the password.
    package func accepts(proof: [UInt8], _ authMessage: String) -> Bool {
        guard proof.count == hash.digestSize else { return false }
        let key = Self.exclusiveOr(proof, clientSignature(authMessage))
        return isEqualInConstantTime(hash.digest(key), storedKey)
    }

    private func clientSignature(_ authMessage: String) -> [UInt8] {
        hash.hmac(key: storedKey, Array(authMessage.utf8))
    }

    private static func exclusiveOr(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
        zip(first, second).map { $0 ^ $1 }
    }
}
