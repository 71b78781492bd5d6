/// A topic's name and a partition of it.
struct PartitionKey: Hashable, CustomStringConvertible {
    var topic: String
    var partition: Int32

    var description: String { "\(topic)-\(partition)" }
}
