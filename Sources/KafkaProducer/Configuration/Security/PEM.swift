/// The form of PEM: blocks of base64 between `-----BEGIN X-----` and `-----END X-----`. What is in them is for TLS.
enum PEM {
    static let certificate = "CERTIFICATE"
    static let encryptedKey = "ENCRYPTED PRIVATE KEY"
    /// What the label of each kind of key ends in.
    static let key = "PRIVATE KEY"
    /// PKCS #8, which Java takes.
    static let privateKeys = [key, encryptedKey]
    /// What OpenSSL wrote before that, with the parameters that stand before a key.
    static let olderKeys = ["RSA PRIVATE KEY", "EC PRIVATE KEY", "EC PARAMETERS"]

    struct Block: Equatable {
        let label: String
        /// Base64 without white space.
        let body: String

        /// On lines as every reader takes them: what was configured may have spaces in their place, as Java allows.
        var text: String {
            var lines = ["-----BEGIN \(label)-----"]
            var rest = body[...]
            while !rest.isEmpty {
                lines.append(String(rest.prefix(64)))
                rest = rest.dropFirst(64)
            }
            return (lines + ["-----END \(label)-----", ""]).joined(separator: "\n")
        }
    }

    /// - Throws: `ConfigurationReason` unless there is at least one block and each bears one of the labels.
    static func check(_ text: String, named labels: [String]) throws(ConfigurationReason) {
        _ = try blocks(of: text, named: labels)
    }

    /// The blocks, in order; text between them does not count.
    /// - Throws: `ConfigurationReason` unless there is at least one block and each bears one of the labels.
    static func blocks(of text: String, named labels: [String]) throws(ConfigurationReason) -> [Block] {
        // Text, BEGIN, body, END, text, and so on.
        let pieces = text.split(separator: "-----", omittingEmptySubsequences: false)
        let expected = "-----BEGIN \(labels[0])----- …"
        guard pieces.count >= 5, pieces.count % 4 == 1 else {
            throw ConfigurationReason(text: "must be PEM: \(expected)")
        }
        var blocks: [Block] = []
        for start in stride(from: 1, to: pieces.count, by: 4) {
            guard let label = labels.first(where: { pieces[start] == "BEGIN \($0)" }) else {
                throw ConfigurationReason(text: "has a block of another kind than \(expected)")
            }
            guard pieces[start + 2] == "END \(label)" else {
                throw ConfigurationReason(text: "has a block of PEM without its -----END \(label)-----")
            }
            let body = pieces[start + 1].unicodeScalars.filter { !$0.properties.isWhitespace }
            guard !body.isEmpty, body.allSatisfy(isBase64) else {
                throw ConfigurationReason(text: "has a block of PEM that is not base64")
            }
            blocks.append(Block(label: label, body: String(String.UnicodeScalarView(body))))
        }
        return blocks
    }

    private static func isBase64(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", "+", "/", "=": true
        default: false
        }
    }
}
