/// What is known of the producer's own identity.
enum IdentityState: Equatable {
    /// Without idempotence.
    case notNeeded
    case needed
    case asking
    case known(ProducerIdentity)
    /// The broker refuses to name one.
    case refused(KafkaError)

    var current: ProducerIdentity? {
        if case .known(let identity) = self { identity } else { nil }
    }
}
