import KafkaWire
import NIOCore
import OrderedCollections
import Testing

@testable import KafkaProducer

/// KIP-899 and KIP-1102, with a clock of its own.
@Suite struct RebootstrapTests {
    private let refused = KafkaError(.network, "refused")

    @Test("4.6 Where no known broker can be reached bootstrap.servers are asked too")
    func whereNoKnownBrokerCanBeReachedBootstrapServersAreAskedToo() throws {
        let rehearsal = try Rehearsal()
        try rehearsal.deliver()
        moveTheCluster(rehearsal)
        let future = try rehearsal.send()
        rehearsal.advance(1000)
        #expect(future?.isDone == true)
        #expect(rehearsal.takeLog().last == "produce uno 0")
    }

    @Test("4.6 With metadata.recovery.strategy=none they are not")
    func withoutTheStrategyTheyAreNot() throws {
        let rehearsal = try Rehearsal(["metadata.recovery.strategy": "none"])
        try rehearsal.deliver()
        _ = rehearsal.takeLog()
        moveTheCluster(rehearsal)
        let future = try rehearsal.send()
        rehearsal.advance(5000)
        #expect(future?.isDone == false)
        #expect(!rehearsal.takeLog().contains("open seed"))
        rehearsal.cluster.unreachable = [:]
        rehearsal.advance(3000)
        #expect(future?.isDone == true)
    }

    @Test("4.6 Brokers that answer nothing are forgotten after metadata.recovery.rebootstrap.trigger.ms")
    func brokersThatTakeRequestsAndAnswerNoneAreForgottenAfterTheTrigger() throws {
        let rehearsal = try Rehearsal([
            "metadata.recovery.rebootstrap.trigger.ms": "3000", "metadata.max.age.ms": "1000",
            "metadata.max.idle.ms": "60000",
        ])
        try rehearsal.deliver()
        _ = rehearsal.takeLog()
        rehearsal.cluster.silent = ["seed", "one", "two"]
        let future = try rehearsal.send()
        rehearsal.advance(3500)
        #expect(!rehearsal.takeLog().contains("open seed"))
        // The name stands for another cluster now.
        rehearsal.cluster.silent = ["one", "two"]
        rehearsal.cluster.hosts = [1: "uno", 2: "due"]
        rehearsal.cluster.leaderEpoch = 0
        rehearsal.advance(1000)
        #expect(rehearsal.takeLog().filter { $0 == "open seed" }.count == 1)
        #expect(future?.isDone == true)
        #expect(rehearsal.core.sender.nodes.keys.sorted() == [-1, 1, 2])
    }

    @Test("4.7 A broker that says REBOOTSTRAP_REQUIRED is obeyed at once")
    func aBrokerThatSaysSoIsObeyedAtOnce() throws {
        let rehearsal = try Rehearsal(["metadata.max.age.ms": "1000", "metadata.max.idle.ms": "60000"])
        try rehearsal.deliver()
        let links = rehearsal.cluster.links
        _ = rehearsal.takeLog()
        rehearsal.cluster.editMetadata = { $1.errorCode = .rebootstrapRequired }
        rehearsal.advance(1005)
        #expect(links.allSatisfy { $0.closedBecause != nil })
        rehearsal.cluster.editMetadata = { _, _ in }
        rehearsal.cluster.hosts = [5: "five"]
        rehearsal.cluster.leaders = [5]
        rehearsal.cluster.leaderEpoch = 0
        rehearsal.cluster.topicId = KafkaUUID(high: 9, low: 9)
        try rehearsal.deliver()
        rehearsal.advance(500)
        try rehearsal.deliver()
        #expect(rehearsal.takeLog().last == "produce five 0")
    }

    @Test func aBrokerThatSaysSoAlwaysIsNotAskedWithoutEnd() throws {
        let rehearsal = try Rehearsal()
        rehearsal.cluster.editMetadata = { $1.errorCode = .rebootstrapRequired }
        try rehearsal.send(within: 5000)
        #expect((4...16).contains(rehearsal.takeLog().filter { $0 == "open seed" }.count))
    }

    @Test("4.7 A connection that is refused with the error counts as well")
    func aConnectionThatIsRefusedWithTheErrorCountsAsWell() throws {
        let rehearsal = try Rehearsal()
        try rehearsal.deliver()
        let seed = try #require(rehearsal.cluster.link(to: "seed"))
        rehearsal.cluster.unreachable["one"] = KafkaError(ErrorCode.rebootstrapRequired, "one")
        rehearsal.cluster.link(to: "one")?.close(.idleConnection)
        try rehearsal.send()
        rehearsal.advance(5)
        #expect(seed.closedBecause != nil)
    }

    /// The brokers have gone elsewhere; only the bootstrap server knows.
    private func moveTheCluster(_ rehearsal: Rehearsal) {
        for link in rehearsal.cluster.links { link.close(refused) }
        rehearsal.cluster.unreachable = ["one": refused, "two": refused]
        rehearsal.cluster.hosts = [1: "uno", 2: "due"]
        if rehearsal.core.configuration.metadataRecoveryStrategy == .none {
            rehearsal.cluster.hosts = [1: "one", 2: "two"]
        }
    }
}
