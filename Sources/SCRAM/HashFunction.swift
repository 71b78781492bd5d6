import CCrypto

/// A hash function that SCRAM is defined for, and what RFC 5802 builds from it. The arithmetic is libcrypto's.
package enum HashFunction: Sendable, CaseIterable {
    case sha256
    case sha512

    /// The length of a digest, in bytes.
    package var digestSize: Int {
        switch self {
        case .sha256: 32
        case .sha512: 64
        }
    }

    private var algorithm: OpaquePointer? {
        switch self {
        case .sha256: EVP_sha256()
        case .sha512: EVP_sha512()
        }
    }

    /// `H(message)`.
    package func digest(_ message: [UInt8]) -> [UInt8] {
        output { EVP_Digest(message, message.count, $0, nil, algorithm, nil) == 1 }
    }

    /// `HMAC(key, message)` (RFC 2104).
    package func hmac(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        output { HMAC(algorithm, key, Int32(key.count), message, message.count, $0, nil) != nil }
    }

    /// `Hi(password, salt, iterations)`: PBKDF2 with HMAC, as long as a digest (RFC 8018). Takes its time: between 0.3 and 1 µs
    /// an iteration.
    /// - Parameter iterations: at least 1.
    package func pbkdf2(password: [UInt8], salt: [UInt8], iterations: Int) -> [UInt8] {
        let rounds = Int32(clamping: max(1, iterations))
        return password.withUnsafeBytes { password in
            output {
                PKCS5_PBKDF2_HMAC(
                    password.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(password.count), salt,
                    Int32(salt.count), rounds, algorithm, Int32(digestSize), $0) == 1
            }
        }
    }

    /// Lets libcrypto write a digest. It fails only where its memory ends or the system forbids the algorithm.
    private func output(_ write: (UnsafeMutablePointer<UInt8>) -> Bool) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: digestSize) { buffer, count in
            guard let start = buffer.baseAddress, write(start) else {
                preconditionFailure("libcrypto does not offer \(self)")
            }
            count = digestSize
        }
    }
}

/// Whether two secrets are alike, found in a time that does not tell where they differ.
package func isEqualInConstantTime(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    first.count == second.count && CRYPTO_memcmp(first, second, first.count) == 0
}
