/// What several keys have to do with one another.
struct ConfigurationRule: Sendable {
    typealias Apply =
        @Sendable (
            _ configuration: inout ProducerConfiguration, _ warn: (String) -> Void
        ) throws(ConfigurationReason) -> Void

    /// The keys that it is about.
    let keys: [String]
    /// In a sentence.
    let documentation: String
    /// Refuses, naming the keys and the way out, or settles what was left open.
    let apply: Apply

    init(_ documentation: String, _ keys: [String], _ apply: @escaping Apply) {
        self.documentation = documentation
        self.keys = keys
        self.apply = apply
    }

    /// In the order in which they are applied: what is settled first counts for those that follow.
    static let all = core + network + security
}
