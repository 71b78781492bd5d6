import KafkaProducer

/// What `\set` shows of the configuration. Secrets are hidden.
struct ConfigurationView {
    let present: ClientConfiguration

    /// A line for each key that was given, or for the one that is asked for.
    /// - Throws: ``Failure`` for a key that there is not.
    func text(_ key: String?) throws(Failure) -> String {
        guard let key else {
            return present.entries.sorted { $0.key < $1.key }.map { line($0.key, $0.value) }.joined()
        }
        if let value = present[key] { return line(key, value) }
        do throws(KafkaError) {
            let known = try ConfigurationKey.named(key)
            return known.defaultValue.isEmpty
                ? "\(key) is not set\n" : "\(key) = \(known.defaultValue)  (the default)\n"
        } catch {
            throw Failure(error.message, hint: "\\help keys lists them")
        }
    }

    private func line(_ key: String, _ value: String) -> String {
        "\(key) = \(SecretNames.hides(key) ? ConfigurationKey.hidden : EscapedText.of(value.utf8))\n"
    }
}
