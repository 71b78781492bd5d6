import KafkaWire

/// What a produce response says of each partition. Pure.
///
/// Brokers answer in the order of the request, so that the next answer is most often the one that is asked for.
struct PartitionAnswers {
    typealias Answer = ProduceResponse.PartitionProduceResponse

    private struct Key: Hashable {
        /// Empty where the topic went by its id.
        var topic: String
        var id: KafkaUUID
        var partition: Int32
    }

    private struct Place {
        var topic = 0
        var partition = 0
    }

    private let topics: [ProduceResponse.TopicProduceResponse]
    private var next = Place()
    /// Made when an answer stands in another place.
    private var places: [Key: Place]?

    init(_ response: ProduceResponse) { topics = response.responses }

    /// The answer for a partition; nil if the response has none. Of two for the same partition the last counts.
    /// - Parameter id: that by which the topic went; zero if it went by its name.
    mutating func answer(for partition: Int32, of topic: String, id: KafkaUUID) -> Answer? {
        if places == nil, let answer = nextAnswer(for: partition, of: topic, id: id) { return answer }
        let places = self.places ?? allPlaces()
        self.places = places
        let key = Key(topic: id == .zero ? topic : "", id: id, partition: partition)
        return places[key].map { topics[$0.topic].partitionResponses[$0.partition] }
    }

    private mutating func nextAnswer(for partition: Int32, of topic: String, id: KafkaUUID) -> Answer? {
        while next.topic < topics.count, next.partition == topics[next.topic].partitionResponses.count {
            next = Place(topic: next.topic + 1)
        }
        guard next.topic < topics.count, topics[next.topic].topicId == id,
            id != .zero || topics[next.topic].name == topic,
            topics[next.topic].partitionResponses[next.partition].index == partition
        else { return nil }
        defer { next.partition += 1 }
        return topics[next.topic].partitionResponses[next.partition]
    }

    private func allPlaces() -> [Key: Place] {
        var places: [Key: Place] = [:]
        for (topicIndex, topic) in topics.enumerated() {
            for (index, answer) in topic.partitionResponses.enumerated() {
                let key = Key(
                    topic: topic.topicId == .zero ? topic.name : "", id: topic.topicId, partition: answer.index)
                places[key] = Place(topic: topicIndex, partition: index)
            }
        }
        return places
    }
}
