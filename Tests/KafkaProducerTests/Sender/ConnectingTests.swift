import KafkaWire
import NIOCore
import OrderedCollections
import Testing

@testable import KafkaProducer

/// How the sender comes to its connections, with a clock of its own (Java's ClusterConnectionStates and NetworkClient).
@Suite struct ConnectingTests {
    private let refused = KafkaError(.network, "refused")

    @Test func aRecordFindsItsWay() throws {
        let rehearsal = try Rehearsal()
        try rehearsal.deliver()
        #expect(rehearsal.takeLog() == ["open seed", "metadata seed [\"orders\"]", "open one", "produce one 0"])
    }

    @Test func pausesBetweenAttemptsDoubleWithJitterUpToTheMaximum() throws {
        let rehearsal = try Rehearsal(["reconnect.backoff.ms": "100", "reconnect.backoff.max.ms": "400"])
        rehearsal.cluster.unreachable["seed"] = refused
        try rehearsal.send(within: 3000)
        let starts = rehearsal.cluster.attempts.prefix(6).map { rehearsal.milliseconds($0.at) }
        let pauses = zip(starts.dropFirst(), starts).map { $0 - $1 - 1 }
        for (pause, range) in zip(pauses, [80...121, 160...241, 320...401, 320...401, 320...401]) {
            #expect(range.contains(Int(pause)), "\(pauses)")
        }
    }

    @Test func attemptsAreGivenMoreTimeAsTheyFailAndAsLittleAsBeforeOnceOneHasNot() throws {
        let rehearsal = try Rehearsal([
            "socket.connection.setup.timeout.ms": "100", "socket.connection.setup.timeout.max.ms": "300",
            "reconnect.backoff.ms": "5", "reconnect.backoff.max.ms": "5",
        ])
        rehearsal.cluster.unreachable["seed"] = refused
        try rehearsal.send(within: 100)
        let timeouts = rehearsal.cluster.attempts.prefix(4).map(\.timeout.milliseconds)
        for (timeout, range) in zip(timeouts, [80...120, 160...240, 240...300, 240...300]) {
            #expect(range.contains(Int(timeout)), "\(timeouts)")
        }
        rehearsal.cluster.unreachable = [:]
        try rehearsal.deliver()
        rehearsal.cluster.unreachable["one"] = refused
        rehearsal.cluster.link(to: "one")?.close(refused)
        try rehearsal.send()
        rehearsal.advance(50)
        let later = rehearsal.cluster.attempts.filter { $0.host == "one" }.dropFirst().map(\.timeout.milliseconds)
        for (timeout, range) in zip(later.prefix(2), [80...120, 160...240]) {
            #expect(range.contains(Int(timeout)), "\(later)")
        }
        #expect(later.count > 2)
    }

    @Test func theNextAddressOfANameIsTriedWithoutAPause() throws {
        let rehearsal = try Rehearsal(["reconnect.backoff.ms": "1000", "reconnect.backoff.max.ms": "1000"])
        rehearsal.cluster.unreachable["seed"] = refused
        rehearsal.cluster.untried["seed"] = 3
        try rehearsal.send(within: 500)
        #expect(rehearsal.cluster.attempts.map { rehearsal.milliseconds($0.at) } == [0, 1, 2])
        try rehearsal.send(within: 1000)
        #expect(rehearsal.cluster.attempts.count == 4)
    }

    @Test func aConnectionThatWasClosedForBeingIdleIsOpenedAgainAtOnceAndWithoutNoise() throws {
        let rehearsal = try Rehearsal(["reconnect.backoff.ms": "1000", "reconnect.backoff.max.ms": "1000"])
        try rehearsal.deliver()
        for link in rehearsal.cluster.links { link.close(.idleConnection) }
        rehearsal.advance(1000)
        _ = rehearsal.takeLog()
        #expect(rehearsal.core.sender.networkError == nil)
        let future = try rehearsal.send()
        rehearsal.advance(3)
        #expect(future?.isDone == true)
        #expect(rehearsal.takeLog() == ["open one", "produce one 0"])
    }

    @Test func metadataIsRefreshedAfterAllConnectionsWereClosedForBeingIdle() throws {
        let rehearsal = try Rehearsal(["metadata.max.age.ms": "10000", "metadata.max.idle.ms": "60000"])
        try rehearsal.deliver()
        for link in rehearsal.cluster.links { link.close(.idleConnection) }
        _ = rehearsal.takeLog()
        rehearsal.advance(10_100)
        let log = rehearsal.takeLog()
        #expect(log.count == 2)
        #expect(log.last?.hasSuffix("[\"orders\"]") == true)
    }

    @Test func aBrokerThatAsksToBeLeftAloneGetsNoRequestUntilThen() throws {
        let rehearsal = try Rehearsal(["metadata.max.age.ms": "100"])
        try rehearsal.deliver()
        rehearsal.cluster.link(to: "seed")?.close(.idleConnection)
        rehearsal.cluster.unreachable["seed"] = refused
        rehearsal.cluster.unreachable["two"] = refused
        rehearsal.cluster.editProduce = { $1.throttleTimeMs = 2000 }
        try rehearsal.deliver()
        rehearsal.cluster.editProduce = { _, _ in }
        _ = rehearsal.takeLog()
        let future = try rehearsal.send()
        rehearsal.advance(1900)
        // Metadata has grown old meanwhile, but nobody else can be asked.
        #expect(rehearsal.takeLog().allSatisfy { $0.hasPrefix("open") && $0 != "open one" })
        #expect(future?.isDone == false)
        rehearsal.advance(120)
        #expect(future?.isDone == true)
        #expect(rehearsal.takeLog().contains("produce one 0"))
    }

    @Test func aThrottledMetadataAnswerHoldsBackTheConnectionToo() throws {
        let rehearsal = try Rehearsal()
        rehearsal.cluster.hosts = [1: "seed"]
        rehearsal.cluster.editMetadata = { $1.throttleTimeMs = 500 }
        try rehearsal.deliver()
        // Node 1 is reached over a connection of its own, which nobody holds back.
        #expect(rehearsal.elapsed < 100)
        #expect(rehearsal.core.sender.nodes[-1].map { rehearsal.milliseconds($0.throttledUntil) >= 500 } == true)
    }

    @Test func aNodeWithANewAddressKeepsItsPlaceAndItsRecords() throws {
        let rehearsal = try Rehearsal(["metadata.max.age.ms": "1000"])
        try rehearsal.deliver()
        rehearsal.cluster.link(to: "one")?.close(refused)
        rehearsal.cluster.unreachable["one"] = refused
        let future = try rehearsal.send()
        rehearsal.advance(200)
        #expect(future?.isDone == false)
        rehearsal.cluster.hosts[1] = "uno"
        rehearsal.advance(1500)
        #expect(future?.isDone == true)
        #expect(
            rehearsal.takeLog().filter { $0.hasSuffix(" uno") || $0.contains("produce uno") } == [
                "open uno", "produce uno 0",
            ])
    }

    @Test func whatIsUnderWayToANodeThatLeavesIsAnsweredStill() throws {
        let rehearsal = try Rehearsal(["metadata.max.age.ms": "1000", "metadata.max.idle.ms": "60000"])
        try rehearsal.deliver()
        let link = try #require(rehearsal.cluster.link(to: "one"))
        rehearsal.advance(980)
        rehearsal.cluster.hosts[1] = nil
        rehearsal.cluster.leaders = [2]
        rehearsal.cluster.silent = ["one"]
        let future = try rehearsal.send()
        rehearsal.advance(40)
        #expect(rehearsal.core.sender.nodes[1] == nil)
        #expect(link.closedBecause == nil)
        #expect(link.inFlightCount == 1)
        link.close(refused)
        rehearsal.advance(200)
        #expect(future?.isDone == true)
        #expect(rehearsal.takeLog().contains("produce two 0"))
    }

    @Test func canonicalNamesTakeThePlaceOfBootstrapServers() throws {
        let rehearsal = try Rehearsal(["client.dns.lookup": "resolve_canonical_bootstrap_servers_only"])
        rehearsal.cluster.canonicalNames["seed"] = ["seed-a", "seed-b"]
        rehearsal.cluster.unreachable["seed-a"] = refused
        try rehearsal.deliver()
        let log = rehearsal.takeLog()
        #expect(log.contains("metadata seed-b [\"orders\"]"))
        #expect(!log.contains("open seed"))
    }
}
