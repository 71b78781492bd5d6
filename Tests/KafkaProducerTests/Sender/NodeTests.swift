import NIOCore
import TestSupport
import Testing

@testable import KafkaProducer

@Suite struct NodeTests {
    @Test func aNodeOfTheClusterComesBeforeABootstrapServer() {
        let nodes = [node(-1), node(3, tried: 50)]
        #expect(chosen(nodes) == [3])
    }

    @Test func theNodeThatWasTriedTheLongestAgoIsNext() {
        #expect(chosen([node(1, tried: 30), node(2, tried: 10), node(3, tried: 20)]) == [2])
    }

    @Test func amongNodesThatWereNotTriedChanceDecides() {
        #expect(chosen([node(1), node(2), node(3)]) == [1, 2, 3])
    }

    @Test func aNodeThatPausesIsLeftOutAndThenABootstrapServerIsTried() {
        let pausing = node(1)
        pausing.link = .pausing(until: .ms(101))
        #expect(chosen([pausing, node(-1)]) == [-1])
        pausing.link = .pausing(until: .ms(100))
        #expect(chosen([pausing, node(-1)]) == [1])
    }

    @Test func nobodyIsTriedWhereAllPauseOrConnect() {
        let (pausing, connecting) = (node(1), node(2))
        pausing.link = .pausing(until: .ms(200))
        connecting.link = .connecting
        #expect(chosen([pausing, connecting]) == [])
    }

    /// Whom some tries with different chance choose, at 100 ms.
    private func chosen(_ nodes: [Node]) -> Set<Int32> {
        var generator = SeededGenerator(seed: 3)
        return Set(
            (0..<100).compactMap { _ in Node.toConnect(among: nodes, at: .ms(100), using: &generator)?.id })
    }

    private func node(_ id: Int32, tried: Int64? = nil) -> Node {
        let node = Node(id: id, address: BrokerAddress(host: "host", port: 9092))
        if let tried { node.latestAttempt = .ms(tried) }
        return node
    }
}
