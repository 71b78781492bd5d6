import KafkaProducer

/// Tells from names what is a secret.
enum SecretNames {
    /// Words of which a text that contains one may hold a secret, whatever its case: those with the same first byte
    /// together.
    private static let words: [[[UInt8]]] = {
        let words = ["password", "passphrase", "sasl.", "jaas", "secret", "token", "ssl.key"]
        let others = keys.sorted().filter { key in !words.contains { key.contains($0) } }
        var byFirst = [[[UInt8]]](repeating: [], count: 256)
        for word in words + others { byFirst[Int(word.utf8.first ?? 0)].append(Array(word.utf8)) }
        return byFirst
    }()

    private static let keys = Set(ConfigurationKey.all.filter(\.isSecret).map(\.name))

    /// Whether a text names something that is a secret.
    static func areIn(_ text: String) -> Bool {
        // By bytes: a history of thousands of lines is looked through before the first prompt.
        var text = text
        return text.withUTF8 { bytes in
            bytes.indices.contains { start in
                words[Int(lowercase(bytes[start]))].contains { word in
                    bytes.count - start >= word.count
                        && word.indices.allSatisfy { lowercase(bytes[start + $0]) == word[$0] }
                }
            }
        }
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    /// Whether the value of a key is not to be shown. Of a key that is not known, its name decides.
    static func hides(_ key: String) -> Bool {
        if ConfigurationKey.all.contains(where: { $0.name == key }) { return keys.contains(key) }
        return areIn(key)
    }
}

extension ClientConfiguration {
    /// The values that are not to be shown or kept, also those within others.
    var secrets: [String] {
        entries.filter { SecretNames.hides($0.key) && !$0.value.isEmpty }.flatMap { entry in
            // `… required username="alice" password="secret";`: only what is a secret itself, whole and in pieces.
            [entry.value.trimmingWhitespace()]
                + entry.value.matches(of: /(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s;"']+))/).compactMap {
                    match in
                    guard SecretNames.areIn(String(match.1)) else { return nil }
                    return (match.2 ?? match.3 ?? match.4).map(String.init)
                }
        }.filter { !$0.isEmpty }
    }
}
