/// A producer's id, and its epoch: of two with the same id the one with the lower epoch is fenced off.
struct ProducerIdentity: Hashable {
    var id: Int64
    var epoch: Int16

    /// Whether the id has no epoch left to give. The last one of all is kept for fencing (Java's
    /// `TransactionMetadata.isEpochExhausted`).
    var isExhausted: Bool { epoch >= .max - 1 }
}
