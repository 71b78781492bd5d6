/// A key that another client of Kafka has and this producer has not, with what to do about it.
///
/// Whoever comes here has a file that was written for Java's client or for librdkafka: what is spelled differently is
/// named by the name it has here, what makes no difference is taken with a warning, and the rest is refused.
struct ForeignConfigurationKey: Sendable {
    enum Advice: Sendable {
        /// It has another name here.
        case means(String, note: String? = nil)
        /// It changes nothing about the records: taken, with a warning that says why.
        case unused(String)
        /// Only this value is what is done here; why.
        case only(String, String)
        /// It asks for something that is not done here; why, or what to do instead.
        case refused(String)
    }

    /// A name; one that ends in a dot stands for all that begin with it.
    let name: String
    /// Whose key it is.
    let owner: String
    let advice: Advice

    static let all = librdkafka + javaProducer + consumer

    private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    private static let prefixes = all.filter { $0.name.last == "." }

    static func named(_ name: String) -> ForeignConfigurationKey? {
        byName[name] ?? prefixes.first { name.hasPrefix($0.name) }
    }

    /// Takes a value.
    /// - Returns: what a producer warns of, if anything.
    /// - Throws: `KafkaError` of kind `configuration`. The value may be a secret and is not in it.
    func take(_ name: String, _ text: String) throws(KafkaError) -> String? {
        switch advice {
        case .unused(let reason): return "\(name) has no effect: \(reason)"
        case .only(let value, _) where text.lowercased() == value.lowercased(): return nil
        default: throw refusal(name)
        }
    }

    /// What an error says of it.
    func refusal(_ name: String) -> KafkaError {
        let name = ConfigurationText.shown(name)
        return switch advice {
        case .means(let key, let note):
            KafkaError(
                .configuration,
                "unknown key '\(name)': it is \(owner)'s name for '\(key)'" + (note.map { "; \($0)" } ?? ""))
        case .unused(let reason):
            KafkaError(.configuration, "'\(name)' is a key of \(owner) and has no effect: \(reason)")
        case .only(let value, let reason): KafkaError(.configuration, "\(name) can only be \(value): \(reason)")
        case .refused(let reason): KafkaError(.configuration, "'\(name)' is a key of \(owner): \(reason)")
        }
    }
}
