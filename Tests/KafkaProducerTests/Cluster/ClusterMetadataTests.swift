import KafkaWire
import OrderedCollections
import TestSupport
import Testing

@testable import KafkaProducer

@Suite struct ClusterMetadataTests {
    var cluster = ClusterMetadata()
    static let id = KafkaUUID(high: 1, low: 1)
    static let otherId = KafkaUUID(high: 1, low: 2)

    // MARK: - Topics

    @Test mutating func partitionsAndTheirLeadersAreLearned() throws {
        let lesson = try learn([.orders(leaders: [2, 1])])
        #expect(lesson == ClusterMetadata.Lesson(learned: ["orders"], isNews: true))
        #expect(leaders == [2, 1])
        #expect(cluster.topicName(Self.id) == "orders")
    }

    @Test mutating func theSameAnswerAgainIsNoNews() throws {
        _ = try learn([.orders(leaders: [2, 1])])
        #expect(try learn([.orders(leaders: [2, 1])]) == ClusterMetadata.Lesson(learned: ["orders"]))
    }

    @Test mutating func anOlderEpochIsPassedOver() throws {
        _ = try learn([.orders(leaders: [1], epoch: 5)])
        _ = try learn([.orders(leaders: [2], epoch: 4)])
        #expect(leaders == [1])
        _ = try learn([.orders(leaders: [2], epoch: 5)])
        #expect(leaders == [2])
    }

    @Test mutating func aTopicThatWasMadeAgainBeginsWithNewEpochs() throws {
        _ = try learn([.orders(leaders: [1, 1, 1], epoch: 5)])
        _ = try learn([.orders(leaders: [2], epoch: 0, id: Self.otherId)])
        #expect(leaders == [2])
        #expect(cluster.topicName(Self.id) == nil)
        #expect(cluster.topicName(Self.otherId) == "orders")
    }

    @Test(arguments: [Int16(7), 8])
    mutating func epochsOfOldBrokersDoNotCount(version: Int16) throws {
        _ = try learn([.orders(leaders: [1], epoch: 5)], version: version)
        _ = try learn([.orders(leaders: [2], epoch: 4)], version: version)
        #expect(leaders == [2])
    }

    @Test mutating func anEpochThatIsNotKnownDoesNotKeepTheLeader() throws {
        _ = try learn([.orders(leaders: [1], epoch: 5)])
        _ = try learn([.orders(leaders: [2], epoch: -1)])
        #expect(leaders == [2])
    }

    @Test mutating func partitionsBecomeMoreButNeverFewer() throws {
        _ = try learn([.orders(leaders: [1])])
        #expect(try learn([.orders(leaders: [1, 2])]).isNews)
        _ = try learn([.orders(leaders: [1])])
        #expect(leaders == [1, 2])
    }

    @Test mutating func aPartitionWithoutALeaderIsAskedForAgain() throws {
        let lesson = try learn([.orders(leaders: [1, -1])])
        #expect(!lesson.isComplete)
        #expect(lesson.learned == ["orders"])
        #expect(leaders == [1, -1])
    }

    @Test mutating func aLeaderThatNobodyKnowsIsNone() throws {
        let lesson = try learn([.orders(leaders: [9])])
        #expect(!lesson.isComplete)
        #expect(leaders == [-1])
    }

    @Test(arguments: [ErrorCode.invalidTopicException, .topicAuthorizationFailed])
    mutating func aTopicThatThisClientCannotHaveIsRefused(code: ErrorCode) throws {
        let lesson = try learn([.orders(leaders: [], error: code)])
        #expect(lesson.refused == ["orders": code])
        #expect(lesson.isComplete)
    }

    @Test(arguments: [ErrorCode.unknownTopicOrPartition, .leaderNotAvailable, .unknownTopicId, .unknownServerError])
    mutating func aTopicThatIsNotThereIsAskedForAgainAndWhatIsKnownStays(code: ErrorCode) throws {
        _ = try learn([.orders(leaders: [1])])
        let lesson = try learn([.orders(leaders: [], error: code)])
        #expect(lesson.missing == ["orders": code])
        #expect(!lesson.isComplete)
        #expect(leaders == [1])
    }

    @Test mutating func aTopicThatTheAnswerLeavesOutIsAskedForAgain() throws {
        let lesson = try learn([])
        #expect(lesson.missing == ["orders": .unknownTopicOrPartition])
        #expect(!lesson.isComplete)
    }

    @Test mutating func whatNobodyAskedForIsPassedOver() throws {
        let lesson = try learn([.orders(leaders: [1]), .orders(leaders: [1], name: "others")])
        #expect(lesson.learned == ["orders"])
        #expect(cluster.topics.count == 1)
    }

    @Test mutating func aForgottenTopicHasNoName() throws {
        _ = try learn([.orders(leaders: [1])])
        cluster.forget("orders")
        #expect(cluster.topics.isEmpty)
        #expect(cluster.topicName(Self.id) == nil)
    }

    // MARK: - Answers that cannot be

    @Test(arguments: [[Int32(0), 0], [1], [0, 2], [-1, 0], [.max], [.min, 0]])
    mutating func partitionsThatDoNotCountFrom0AreOfNoUse(ids: [Int32]) throws {
        var topic = MetadataResponse.Topic.orders(leaders: [])
        topic.partitions = ids.map { id in .init { $0.partitionIndex = id } }
        let lesson = try learn([topic])
        #expect(lesson.missing.keys.contains("orders"))
        #expect(cluster.topics.isEmpty)
    }

    @Test mutating func ofATopicThatIsThereTwiceTheFirstCounts() throws {
        let lesson = try learn([.orders(leaders: [1]), .orders(leaders: [2, 2])])
        #expect(lesson.learned == ["orders"])
        #expect(leaders == [1])
    }

    @Test(arguments: [
        (Int32(-1), "b", Int32(9092)), (.min, "b", 9092), (3, "", 9092), (3, "b\0c", 9092), (3, "b c", 9092),
        (3, "b\nc", 9092), (3, "bö", 9092), (3, String(repeating: "b", count: 256), 9092), (3, "b", 0), (3, "b", -1),
        (3, "b", 65536), (3, "b", .max),
    ])
    mutating func aBrokerThatCannotBeIsLeftOut(id: Int32, host: String, port: Int32) throws {
        _ = try learn([], brokers: [broker(1), broker(id, host: host, port: port)])
        #expect(Array(cluster.nodes.keys) == [1])
    }

    @Test mutating func nodesAreInTheOrderOfTheirIdsAndTheLastOfTwoCounts() throws {
        _ = try learn([], brokers: [broker(5), broker(1), broker(5, host: "other")])
        #expect(Array(cluster.nodes.keys) == [1, 5])
        #expect(cluster.nodes[5]?.host == "other")
    }

    @Test mutating func anAnswerWithoutBrokersChangesNothing() throws {
        _ = try learn([.orders(leaders: [1])])
        let before = cluster
        #expect(throws: KafkaError.self) { try learn([.orders(leaders: [2])], brokers: []) }
        #expect(throws: KafkaError.self) { try learn([], brokers: [broker(-1)]) }
        #expect(cluster == before)
    }

    @Test mutating func anErrorForTheWholeAnswerChangesNothing() throws {
        var response = response([.orders(leaders: [1])], brokers: [broker(1)])
        response.errorCode = .rebootstrapRequired
        let error = #expect(throws: KafkaError.self) {
            try cluster.learn(from: response, version: 13, asked: ["orders"])
        }
        #expect(error?.code == .rebootstrapRequired)
        #expect(cluster == .empty)
    }

    @Test mutating func bytesThatWereChangedOnTheWayNeverTrap() throws {
        let bytes = try response([.orders(leaders: [1, 2, 1])], brokers: [broker(1), broker(2)]).encode(version: 12)
            .bytes
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<3000 {
            var mutated = bytes
            mutated[Int.random(in: mutated.indices, using: &generator)] = .random(in: .min ... .max, using: &generator)
            guard let response = try? MetadataResponse.decode(mutated.span.bytes, version: 12) else { continue }
            _ = try? cluster.learn(from: response, version: 12, asked: ["orders"])
            for topic in cluster.topics.values {
                #expect(topic.partitions.map(\.id) == Array(0..<Int32(topic.partitions.count)))
            }
        }
    }

    // MARK: - Leaders that a produce response names (KIP-951)

    @Test mutating func aNewerLeaderIsUsedAtOnce() throws {
        _ = try learn([.orders(leaders: [1, 1], epoch: 5)])
        let moved = cluster.learnLeaders(from: hint(leader: 2, epoch: 6))
        #expect(moved == [PartitionKey(topic: "orders", partition: 1)])
        #expect(leaders == [1, 2])
    }

    @Test mutating func aTopicMayBeNamedByItsId() throws {
        _ = try learn([.orders(leaders: [1, 1], epoch: 5)])
        #expect(cluster.learnLeaders(from: hint(leader: 2, epoch: 6, id: Self.id)).count == 1)
        #expect(cluster.learnLeaders(from: hint(leader: 1, epoch: 7, id: Self.otherId)).isEmpty)
    }

    @Test(arguments: [Int32(5), 4, -1, .min])
    mutating func aLeaderThatIsNotNewerIsPassedOver(epoch: Int32) throws {
        _ = try learn([.orders(leaders: [1, 1], epoch: 5)])
        #expect(cluster.learnLeaders(from: hint(leader: 2, epoch: epoch)).isEmpty)
        #expect(leaders == [1, 1])
    }

    @Test mutating func aNodeThatIsNewComesWithItsAddress() throws {
        _ = try learn([.orders(leaders: [1, 1], epoch: 5)])
        #expect(cluster.learnLeaders(from: hint(leader: 7, epoch: 6)).isEmpty)
        let moved = cluster.learnLeaders(from: hint(leader: 7, epoch: 6, endpoints: [(7, "seven", 9092)]))
        #expect(moved.count == 1)
        #expect(cluster.nodes[7] == BrokerAddress(host: "seven", port: 9092))
    }

    @Test mutating func aNodeThatHasMovedComesWithItsNewAddress() throws {
        _ = try learn([.orders(leaders: [1, 1], epoch: 5)])
        _ = cluster.learnLeaders(from: hint(leader: 2, epoch: 6, endpoints: [(2, "elsewhere", 9092)]))
        #expect(cluster.nodes[2]?.host == "elsewhere")
    }

    @Test(arguments: [("", Int32(9092)), ("a b", 9092), ("seven", 0), ("seven", 70_000)])
    mutating func anEndpointThatCannotBeIsPassedOver(host: String, port: Int32) throws {
        _ = try learn([.orders(leaders: [1, 1], epoch: 5)])
        #expect(cluster.learnLeaders(from: hint(leader: 7, epoch: 6, endpoints: [(7, host, port)])).isEmpty)
        #expect(cluster.nodes[7] == nil)
    }

    @Test mutating func endpointsThatNoLeaderNeedsAreNotKept() throws {
        _ = try learn([.orders(leaders: [1, 1], epoch: 5)])
        _ = cluster.learnLeaders(from: hint(leader: 2, epoch: 6, endpoints: (10..<500).map { ($0, "host", 9092) }))
        #expect(Array(cluster.nodes.keys) == [1, 2])
    }

    @Test(arguments: [ErrorCode.none, .requestTimedOut])
    mutating func onlyALeaderThatIsNoneAnyMoreNamesAnother(code: ErrorCode) throws {
        _ = try learn([.orders(leaders: [1, 1], epoch: 5)])
        #expect(cluster.learnLeaders(from: hint(leader: 2, epoch: 6, error: code)).isEmpty)
    }

    @Test(arguments: [Int32(2), -1, .max, .min])
    mutating func aPartitionThatIsNotThereIsPassedOver(index: Int32) throws {
        _ = try learn([.orders(leaders: [1, 1], epoch: 5)])
        #expect(cluster.learnLeaders(from: hint(partition: index, leader: 2, epoch: 6)).isEmpty)
    }

    // MARK: - Making

    private var leaders: [Int32] { cluster.topics["orders"]?.partitions.map(\.leader) ?? [] }

    private mutating func learn(
        _ topics: [MetadataResponse.Topic], version: Int16 = 12, brokers: [MetadataResponse.Broker]? = nil
    ) throws(KafkaError) -> ClusterMetadata.Lesson {
        try cluster.learn(
            from: response(topics, brokers: brokers ?? [broker(1), broker(2)]), version: version, asked: ["orders"])
    }

    private func response(
        _ topics: [MetadataResponse.Topic], brokers: [MetadataResponse.Broker]
    ) -> MetadataResponse {
        MetadataResponse {
            $0.brokers = brokers
            $0.topics = topics
        }
    }

    private func broker(_ id: Int32, host: String = "host", port: Int32 = 9092) -> MetadataResponse.Broker {
        .init {
            $0.nodeId = id
            $0.host = host
            $0.port = port
        }
    }

    private func hint(
        partition: Int32 = 1, leader: Int32, epoch: Int32, id: KafkaUUID = .zero,
        endpoints: [(Int32, String, Int32)] = [], error: ErrorCode = .notLeaderOrFollower
    ) -> ProduceResponse {
        let answer = ProduceResponse.PartitionProduceResponse {
            $0.index = partition
            $0.errorCode = error
            $0.currentLeader.leaderId = leader
            $0.currentLeader.leaderEpoch = epoch
        }
        return ProduceResponse {
            $0.responses = [
                .init {
                    $0.name = id == .zero ? "orders" : ""
                    $0.topicId = id
                    $0.partitionResponses = [answer]
                }
            ]
            $0.nodeEndpoints = endpoints.map { id, host, port in
                .init {
                    $0.nodeId = id
                    $0.host = host
                    $0.port = port
                }
            }
        }
    }
}

extension MetadataResponse.Topic {
    fileprivate static func orders(
        leaders: [Int32], epoch: Int32 = 1, id: KafkaUUID = ClusterMetadataTests.id, name: String = "orders",
        error: ErrorCode = .none
    ) -> Self {
        .init {
            $0.name = name
            $0.topicId = id
            $0.errorCode = error
            $0.partitions = leaders.enumerated().map { index, leader in
                .init {
                    $0.partitionIndex = Int32(index)
                    $0.leaderId = leader
                    $0.leaderEpoch = epoch
                }
            }
        }
    }
}
