#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that holds a token, as something else puts new ones there: it is read for each login (the `FileJwtRetriever`
/// of Java's client).
enum TokenFile {
    /// What Java's key has room for, and this client takes of it: a file.
    static func path(of url: String) throws(ConfigurationReason) -> String {
        let scheme = "file://"
        guard url.lowercased().hasPrefix(scheme) else {
            throw ConfigurationReason(
                text: "must be file:///…: tokens are not fetched over HTTP; give a token provider for that")
        }
        guard let path = decoded(url.dropFirst(scheme.count)), path.hasPrefix("/"), !path.utf8.contains(0) else {
            throw ConfigurationReason(text: "must name a file: file:///etc/token")
        }
        return path
    }

    /// Without `%20` and the like; nil if that cannot be read.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let escaped = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                    return nil
                }
                bytes.append(escaped)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// More than any token; a broker would not take it.
    private static let maximumSize = 1 << 16

    /// The token in the file. Blocks.
    static func token(at path: String) throws(SASLFailure) -> OAuthBearerToken {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure(path, String(cString: strerror(errno))) }
        defer { _ = close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= maximumSize {
            let count = chunk.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, String(cString: strerror(errno))) }
            if count == 0 { break }
            bytes += chunk.prefix(count)
        }
        guard bytes.count <= maximumSize else { throw failure(path, "is larger than \(maximumSize) bytes") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw failure(path, "is not UTF-8") }
        let token = OAuthBearerToken(Secret(ConfigurationText.trimmed(text)))
        if let fault = token.fault { throw failure(path, fault) }
        return token
    }

    private static func failure(_ path: String, _ reason: String) -> SASLFailure {
        SASLFailure("the token file \(ConfigurationText.shown(path)): \(reason)")
    }
}

extension OAuthBearerTokenProvider {
    /// Reads a file each time.
    static func file(_ path: String) -> OAuthBearerTokenProvider {
        OAuthBearerTokenProvider(blocking: { try TokenFile.token(at: path) })
    }
}
