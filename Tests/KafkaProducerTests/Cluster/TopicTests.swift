import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct TopicTests {
    let topic = Topic(name: "orders")

    @Test func partitionsGrowAndQueuesStay() {
        learn(leaders: [1])
        let first = topic.layout.current.queues[0]
        learn(leaders: [1, -1, 2])
        #expect(partitions == TopicPartitions(count: 3, available: [0, 2]))
        #expect(topic.layout.current.queues[0] === first)
    }

    @Test func aTopicThatWasMadeAgainMayHaveFewerPartitionsButItsQueuesStay() {
        learn(leaders: [1, 1, 1])
        learn(leaders: [2])
        #expect(partitions == TopicPartitions(count: 1, available: [0]))
        #expect(topic.layout.current.queues.count == 3)
        learn(leaders: [2, 2])
        #expect(partitions.count == 2)
        #expect(topic.layout.current.queues.map(\.partition) == [0, 1, 2])
    }

    @Test func aTopicThatNobodyUsesHasNoPartitionsUntilMetadataComesAgain() {
        learn(leaders: [1, 1])
        let waiting = topic.nextAnswer
        topic.expire()
        #expect(partitions.count == 0)
        #expect(topic.layout.current.queues.count == 2)
        #expect(waiting.isOpen)
        learn(leaders: [1, 1])
        #expect(partitions.count == 2)
    }

    @Test func aQuestionForPartitionsIsUse() {
        let before = topic.useCount
        topic.lookedUp()
        #expect(topic.useCount == before + 1)
    }

    @Test func aRefusalIsForgottenWithTheNextAnswer() {
        let refusal = KafkaError(ErrorCode.topicAuthorizationFailed, "orders")
        topic.fail(refusal)
        #expect(topic.failure == refusal)
        learn(leaders: [1])
        #expect(topic.failure == nil)
    }

    @Test func whatIsMissingIsRememberedUntilAnAnswerWithoutWakingAnybody() {
        let waiting = topic.nextAnswer
        let lack = KafkaError(ErrorCode.unknownTopicOrPartition, "orders")
        topic.miss(lack)
        #expect(topic.lack == lack)
        #expect(!waiting.isOpen)
        learn(leaders: [1])
        #expect(topic.lack == nil)
    }

    private var partitions: TopicPartitions { topic.layout.current.partitions }

    private func learn(leaders: [Int32]) {
        topic.update(
            .init(
                name: "orders", id: .zero,
                partitions: leaders.enumerated().map { .init(id: Int32($0), leader: $1, leaderEpoch: 0) }))
    }
}
