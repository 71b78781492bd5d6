import NIOCore
import Testing

@testable import KafkaProducer

@Suite struct WantedTopicsTests {
    var topics = WantedTopics(maximumIdle: .milliseconds(100))
    var counts: [String: Int] = [:]
    var busy: Set<String> = []

    @Test mutating func topicsAreNamedInOrderOfTheirFirstUse() {
        let isNew = [use("b", at: 0), use("a", at: 1), use("b", at: 2)]
        #expect(isNew == [true, true, false])
        #expect(topics.names == ["b", "a"])
    }

    @Test mutating func aTopicIsNewUntilABrokerHasSaidSomething() {
        _ = use("a", at: 0)
        _ = use("b", at: 0)
        topics.answered("a")
        #expect(topics.newNames == ["b"])
        #expect(topics.names == ["a", "b"])
    }

    @Test("4.18 A topic that nobody uses is left out")
    mutating func aTopicThatNobodyUsesIsLeftOut() {
        known("a")
        #expect(expire(at: 99) == [])
        #expect(expire(at: 100) == ["a"])
        #expect(topics.names == [])
    }

    @Test mutating func recordsSinceTheLastLookAreUse() {
        known("a")
        counts["a"] = 5
        #expect(expire(at: 90) == [])
        #expect(expire(at: 189) == [])
        #expect(expire(at: 190) == ["a"])
    }

    @Test mutating func aTopicWithRecordsUnderWayIsInUse() {
        known("a")
        busy = ["a"]
        #expect(expire(at: 1000) == [])
        busy = []
        #expect(expire(at: 1099) == [])
        #expect(expire(at: 1100) == ["a"])
    }

    @Test mutating func aTopicThatNobodyHasAnsweredForStays() {
        _ = use("a", at: 0)
        #expect(expire(at: 1000) == [])
    }

    @Test mutating func aTopicComesBackAsANewOne() {
        known("a")
        _ = expire(at: 100)
        let isNew = use("a", at: 200)
        #expect(isNew)
        #expect(topics.newNames == ["a"])
    }

    private mutating func use(_ name: String, at milliseconds: Int64) -> Bool {
        topics.use(name, at: .ms(milliseconds))
    }

    private mutating func known(_ name: String) {
        _ = use(name, at: 0)
        topics.answered(name)
    }

    private mutating func expire(at milliseconds: Int64) -> [String] {
        let (counts, busy) = (counts, busy)
        return topics.expire(at: .ms(milliseconds)) { (counts[$0] ?? 0, busy.contains($0)) }
    }
}
