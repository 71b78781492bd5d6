import KafkaWire
import Testing

@testable import KafkaProducer

@Suite struct PartitionAnswersTests {
    private typealias Place = (topic: Int, partition: Int32)
    private static let ids = (0..<3).map { KafkaUUID(high: 7, low: UInt64($0)) }

    /// Each place's offset tells it from the others.
    private func offset(_ place: Place) -> Int64 { Int64(place.topic) * 100 + Int64(place.partition) }

    private func answers(_ topics: [(topic: Int, partitions: [Int32])], byId: Bool) -> PartitionAnswers {
        PartitionAnswers(
            ProduceResponse {
                $0.responses = topics.map { topic, partitions in
                    .init {
                        if byId { $0.topicId = Self.ids[topic] } else { $0.name = "t\(topic)" }
                        $0.partitionResponses = partitions.map { partition in
                            .init {
                                $0.index = partition
                                $0.baseOffset = offset((topic, partition))
                            }
                        }
                    }
                }
            })
    }

    private func find(_ place: Place, _ answers: inout PartitionAnswers, byId: Bool) -> Int64? {
        answers.answer(for: place.partition, of: "t\(place.topic)", id: byId ? Self.ids[place.topic] : .zero)?
            .baseOffset
    }

    @Test(arguments: [false, true])
    func answersAreFoundInTheOrderOfTheRequest(byId: Bool) {
        var answers = answers([(0, [2, 0]), (1, []), (2, [1])], byId: byId)
        for place in [(0, 2), (0, 0), (2, 1)] as [Place] { #expect(find(place, &answers, byId: byId) == offset(place)) }
    }

    @Test(arguments: [false, true])
    func answersAreFoundInAnyOrder(byId: Bool) {
        var answers = answers([(0, [2, 0]), (1, [0]), (2, [1])], byId: byId)
        for place in [(0, 2), (2, 1), (1, 0), (0, 0)] as [Place] {
            #expect(find(place, &answers, byId: byId) == offset(place))
        }
    }

    @Test(arguments: [false, true])
    func whatIsLeftOutIsMissed(byId: Bool) {
        var answers = answers([(0, [0]), (2, [1])], byId: byId)
        #expect(find((1, 0), &answers, byId: byId) == nil)
        #expect(find((0, 1), &answers, byId: byId) == nil)
        #expect(find((2, 1), &answers, byId: byId) == offset((2, 1)))
        #expect(find((0, 0), &answers, byId: byId) == offset((0, 0)))
    }

    /// A topic that was made again under its name is another one.
    @Test func aTopicThatWentByItsIdIsNotFoundByItsName() {
        var answers = answers([(0, [0])], byId: false)
        #expect(find((0, 0), &answers, byId: true) == nil)
    }

    @Test func ofTwoForTheSamePartitionTheLastCounts() {
        var answers = PartitionAnswers(
            ProduceResponse {
                $0.responses = [
                    .init {
                        $0.name = "t0"
                        $0.partitionResponses = ([(1, 5), (0, 6), (0, 7)] as [(Int32, Int64)]).map { index, offset in
                            .init {
                                $0.index = index
                                $0.baseOffset = offset
                            }
                        }
                    }
                ]
            })
        #expect(find((0, 0), &answers, byId: false) == 7)
    }
}
