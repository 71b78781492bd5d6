import KafkaWire

/// A topic and its partitions.
struct Topic: Sendable {
    let name: String
    let id: KafkaUUID
    /// By their index.
    let partitions: [Partition]

    subscript(partition index: Int32) -> Partition? {
        partitions.indices.contains(Int(index)) ? partitions[Int(index)] : nil
    }
}
