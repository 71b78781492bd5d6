import Synchronization

/// The names of producers that were given none: "producer-1", "producer-2" and so on, as Java has them.
enum ClientId {
    private static let latest = Atomic(0)

    static func next() -> String { "producer-\(latest.wrappingAdd(1, ordering: .relaxed).newValue)" }
}

extension ProducerConfiguration {
    /// The same with a `client.id`, which brokers and metrics are told.
    var identified: ProducerConfiguration {
        guard clientId.isEmpty else { return self }
        var configuration = self
        configuration.clientId = ClientId.next()
        return configuration
    }
}
