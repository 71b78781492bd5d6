/// A partition by its name.
struct TopicPartition: Hashable, Comparable {
    var topic: String
    var index: Int32

    static func < (left: Self, right: Self) -> Bool {
        (left.topic, left.index) < (right.topic, right.index)
    }
}
