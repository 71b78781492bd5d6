import KafkaWire

/// Which node coordinates a group or a transactional id: always the same one for the same key, until it is moved.
struct CoordinatorPlaces {
    /// A group or a transactional id.
    struct Key: Hashable {
        /// As `FindCoordinatorRequest.keyType` has it.
        var type: Int8
        var name: String

        static func group(_ name: String) -> Self { Self(type: FindCoordinatorRequest.group, name: name) }
        static func transaction(_ id: String) -> Self { Self(type: FindCoordinatorRequest.transaction, name: id) }
    }

    private var moved: [Key: Int32] = [:]

    /// - Parameter nodes: The ids of those that are alive, sorted; one or more.
    func node(of key: Key, among nodes: [Int32]) -> Int32 {
        if let node = moved[key], nodes.contains(node) { return node }
        let hash = Murmur2.hash(Array(key.name.utf8).span.bytes) & .max
        return nodes[Int(hash) % nodes.count]
    }

    mutating func move(_ key: Key, to node: Int32) { moved[key] = node }
}
