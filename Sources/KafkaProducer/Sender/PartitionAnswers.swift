import KafkaWire

/// What a produce response says of each partition. Pure.
///
/// Brokers answer in the order of the request, so that the next answer is most often the one that is asked for.
struct PartitionAnswers {
    typealias Answer = ProduceResponse.PartitionProduceResponse

    private let answers: [(key: PartitionKey, answer: Answer)]
    private var next = 0
    /// Made when an answer stands in another place.
    private var places: [PartitionKey: Int]?

    /// - Parameter topicIds: The names of the topics that went by their ids.
    init(_ response: ProduceResponse, topicIds: [KafkaUUID: String]) {
        var answers: [(key: PartitionKey, answer: Answer)] = []
        for topic in response.responses {
            let name = topic.topicId == .zero ? topic.name : topicIds[topic.topicId] ?? ""
            for partition in topic.partitionResponses {
                answers.append((PartitionKey(topic: name, partition: partition.index), partition))
            }
        }
        self.answers = answers
    }

    /// The answer for a partition; nil if the response has none. Of two for the same partition the last counts.
    mutating func answer(for key: PartitionKey) -> Answer? {
        if places == nil, next < answers.count, answers[next].key == key {
            defer { next += 1 }
            return answers[next].answer
        }
        let places = self.places ?? Dictionary(answers.indices.map { (answers[$0].key, $0) }) { $1 }
        self.places = places
        return places[key].map { answers[$0].answer }
    }
}
