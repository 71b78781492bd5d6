import KafkaWire
import Testing

@testable import DevBroker

@Suite struct TopicCatalogTests {
    private var catalog = TopicCatalog()

    private mutating func insert(_ name: String, partitions: Int = 1) {
        let leaders = catalog.leaders(partitions: partitions, nodes: 3)
        catalog.insert(
            Topic(
                name: name, id: KafkaUUID(high: 1, low: UInt64(catalog.topics.count)),
                partitions: leaders.enumerated().map { index, leader in
                    Partition(topic: name, index: Int32(index), leader: leader, log: PartitionLog(store: nil))
                }))
    }

    private func code(_ name: String, partitions: Int = 1) -> ErrorCode? {
        do throws(Refusal) {
            try catalog.check(name, partitions: partitions)
            return nil
        } catch {
            return error.code
        }
    }

    @Test mutating func topicsAreFoundByNameAndId() {
        insert("a")
        insert("b")
        #expect(catalog["b"]?.name == "b")
        #expect(catalog[KafkaUUID(high: 1, low: 1)]?.name == "b")
        #expect(catalog["c"] == nil)
        #expect(catalog[.zero] == nil)
    }

    @Test mutating func leadersAreSpreadOverTheNodes() {
        #expect(catalog.leaders(partitions: 5, nodes: 3) == [1, 2, 3, 1, 2])
        insert("a")
        #expect(catalog.leaders(partitions: 5, nodes: 3) == [2, 3, 1, 2, 3])
    }

    @Test mutating func aTopicIsCreatedOnce() {
        #expect(code("a") == nil)
        insert("a")
        #expect(code("a") == .topicAlreadyExists)
    }

    @Test(arguments: ["", ".", "..", "a b", "a/b", "ä", String(repeating: "x", count: 250)])
    func namesThatCannotBeAreRefused(name: String) {
        #expect(code(name) == .invalidTopicException)
    }

    @Test(arguments: ["a", "...", "A-z_0.9", String(repeating: "x", count: 249)])
    func otherNamesAreTaken(name: String) {
        #expect(code(name) == nil)
    }

    @Test mutating func partitionsAreLimited() {
        #expect(code("a", partitions: 0) == .invalidPartitions)
        #expect(code("a", partitions: -1) == .invalidPartitions)
        #expect(code("a", partitions: TopicCatalog.maxPartitions) == nil)
        insert("b", partitions: 2)
        #expect(code("a", partitions: TopicCatalog.maxPartitions - 1) == .invalidPartitions)
    }
}
