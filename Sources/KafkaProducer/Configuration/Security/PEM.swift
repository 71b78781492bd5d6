/// The form of PEM: blocks of base64 between `-----BEGIN X-----` and `-----END X-----`. What is in them is for TLS.
enum PEM {
    /// - Throws: `ConfigurationReason` unless there is at least one block and each bears one of the labels.
    static func check(_ text: String, named labels: [String]) throws(ConfigurationReason) {
        // Text, BEGIN, body, END, text, and so on.
        let pieces = text.split(separator: "-----", omittingEmptySubsequences: false)
        let expected = "-----BEGIN \(labels[0])----- …"
        guard pieces.count >= 5, pieces.count % 4 == 1 else {
            throw ConfigurationReason(text: "must be PEM: \(expected)")
        }
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
        }
    }

    private static func isBase64(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", "+", "/", "=": true
        default: false
        }
    }
}
