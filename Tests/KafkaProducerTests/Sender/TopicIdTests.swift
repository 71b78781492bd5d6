import KafkaWire
import Testing

@testable import KafkaProducer

/// Produce 13 knows topics by their ids alone (KIP-516).
@Suite struct TopicIdTests {
    @Test func anAnswerIsUnderstoodThoughTheTopicWasMadeAgainMeanwhile() throws {
        let it = try TimedProducer.established(
            ["metadata.max.age.ms": "100"], .init(topicId: KafkaUUID(high: 1, low: 1)))
        let future = try it.send("v")
        it.advance(by: 10)
        let arrival = it.network.arrivals.removeFirst()
        #expect(arrival.version == 13)
        it.network.script.topicId = KafkaUUID(high: 2, low: 2)
        it.advance(by: 500)
        arrival.answer { $0.baseOffset = 9 }
        it.settle()
        #expect(try future.get().offset == 9)
        #expect(it.network.arrivals.isEmpty)
        try it.close()
    }

    @Test func aTopicWithoutAnIdGoesByItsName() throws {
        let it = try TimedProducer.established()
        try it.send("v")
        it.advance(by: 10)
        let arrival = it.network.arrivals.removeFirst()
        #expect(arrival.version == 12)
        #expect(arrival.batches.map(\.topic) == ["t"])
        try it.close()
    }
}
