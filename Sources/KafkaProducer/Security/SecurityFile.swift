#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file with certificates or keys, which is small.
enum SecurityFile {
    /// The bundle of all authorities of the world has a quarter of a megabyte.
    static let maximumSize = 16 << 20

    /// - Throws: `ConfigurationReason` if it cannot be read, is empty, or is no text.
    static func text(_ path: String) throws(ConfigurationReason) -> String {
        let bytes = try bytes(path)
        if let format = binaryFormats.first(where: { bytes.starts(with: $0.prefix) }) {
            throw ConfigurationReason(text: "is \(format.name), which is not read here: \(conversion)")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let binaryFormats: [(prefix: [UInt8], name: String)] = [
        ([0xfe, 0xed, 0xfe, 0xed], "a JKS key store"), ([0xce, 0xce, 0xce, 0xce], "a JCEKS key store"),
        ([0x30, 0x82], "a PKCS #12 key store or DER"),
    ]

    /// What to do with a key store of Java's.
    static let conversion =
        "make it PEM, by keytool -importkeystore -deststoretype PKCS12 where it is JKS, then by openssl pkcs12"

    private static func bytes(_ path: String) throws(ConfigurationReason) -> [UInt8] {
        guard let file = fopen(path, "rb") else {
            throw ConfigurationReason(text: "cannot be opened: \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while true {
            let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                count = fread(buffer.baseAddress, 1, buffer.count, file)
            }
            if ferror(file) != 0 {
                throw ConfigurationReason(text: "cannot be read: \(String(cString: strerror(errno)))")
            }
            if chunk.isEmpty { break }
            bytes += chunk
            if bytes.count > maximumSize {
                throw ConfigurationReason(text: "is larger than \(maximumSize >> 20) MB, which no PEM file is")
            }
        }
        if bytes.isEmpty { throw ConfigurationReason(text: "is empty") }
        return bytes
    }
}
