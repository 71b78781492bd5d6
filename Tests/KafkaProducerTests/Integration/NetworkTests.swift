import DevBroker
import KafkaWire
import Testing

@testable import KafkaProducer

/// A producer and brokers over TCP.
@Suite struct NetworkTests {
    @Test func aNameWithAddressesOfBothFamiliesIsReachedThoughOnlyOneListens() throws {
        let broker = try ScriptedBroker()
        try deliver(to: "localhost:\(broker.port)", ["enable.idempotence": "false"])
    }

    @Test func theFirstServerThatCanBeReachedWillDo() throws {
        let (broker, closed) = (try Broker(), try Peer(greeting: nil))
        let unused = closed.address
        try closed.close()
        try deliver(to: "no-such-host.invalid:1,\(unused),\(broker.broker.bootstrapServers)")
    }

    @Test("4.16 A connection that was closed for being idle is opened again")
    func aConnectionThatWasClosedForBeingIdleIsOpenedAgain() throws {
        let broker = try ScriptedBroker(departures: 2)
        let producer = try Producer<String, String>(
            .quick(broker.address, ["enable.idempotence": "false", "connections.max.idle.ms": "10"]))
        try producer.send(ProducerRecord(topic: "orders", value: "1")).get()
        #expect(try broker.departure.wait())
        try producer.send(ProducerRecord(topic: "orders", value: "2")).get()
        #expect(broker.connectionCount > 2)
        #expect(broker.requests(.produce).count == 2)
        try producer.close()
    }

    @Test func aBrokerWithoutAVersionOfProduceInCommonIsNamed() throws {
        let versions = try ScriptedBroker.versions([.produce: 0...2]).encode(version: 4).bytes
        let broker = try ScriptedBroker { $0.api == .apiVersions ? .body(versions) : .usual }
        let producer = try Producer<String, String>(.quick(broker.address, ["enable.idempotence": "false"]))
        let error = #expect(throws: KafkaError.self) {
            try producer.send(ProducerRecord(topic: "orders", value: "1")).get()
        }
        #expect(error?.kind == .unsupportedVersion)
        #expect(error?.message.contains(broker.address) == true)
        try producer.close()
    }

    @Test(arguments: [Int16(3), 5, 7, 9, 13])
    func theHighestProduceVersionInCommonIsUsed(highest: Int16) throws {
        let versions = try ScriptedBroker.versions([.produce: 0...highest]).encode(version: 4).bytes
        let broker = try ScriptedBroker { $0.api == .apiVersions ? .body(versions) : .usual }
        try deliver(to: broker.address, ["enable.idempotence": "false"])
        #expect(broker.requests(.produce).map(\.version) == [highest])
    }

    @Test func aConnectionThatIsLostBeforeTheAnswerIsOpenedAgainAndTheBatchSentAgain() throws {
        let broker = try ScriptedBroker { $0.api == .produce && $0.connection < 2 ? .close : .usual }
        try deliver(to: broker.address, ["enable.idempotence": "false"])
        #expect(broker.requests(.produce).count == 2)
    }

    @Test(arguments: [[], [0xff], [0x00, 0xff, 0xff, 0xff, 0xff, 0xff]] as [[UInt8]])
    func metadataThatCannotBeReadIsAskedForAgain(body: [UInt8]) throws {
        let broker = try ScriptedBroker { request in
            request.api == .metadata && request.connection == 0 ? .body(body) : .usual
        }
        try deliver(to: broker.address, ["enable.idempotence": "false"])
        #expect(broker.requests(.metadata).count == 2)
    }

    private func deliver(to servers: String, _ keys: [String: String] = [:]) throws {
        let producer = try Producer<String, String>(.quick(servers, keys))
        try producer.send(ProducerRecord(topic: "orders", value: "v")).get()
        try producer.close()
    }
}
