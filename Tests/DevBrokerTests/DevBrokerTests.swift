import KafkaWire
import TestSupport
import Testing

@testable import DevBroker

@Suite struct DevBrokerTests {
    @Test func eachNodeHasAnAddress() async throws {
        try await withBroker {
            $0.nodes = 3
        } _: { broker in
            #expect(broker.addresses.map(\.nodeId) == [1, 2, 3])
            #expect(Set(broker.addresses.map(\.port)).count == 3)
            #expect(broker.bootstrapServers == broker.addresses.map { "127.0.0.1:\($0.port)" }.joined(separator: ","))
        }
    }

    @Test func aBrokerThatDoesNotRunHasNothing() async throws {
        let broker = DevBroker()
        #expect(broker.bootstrapServers.isEmpty)
        #expect(throws: DevBrokerError.self) { try broker.createTopic("a") }
        #expect(throws: DevBrokerError.self) { try broker.records(topic: "a", partition: 0) }
        try await broker.shutdown()
        try await broker.start()
        await #expect(throws: DevBrokerError.self) { try await broker.start() }
        try await broker.shutdown()
        #expect(broker.addresses.isEmpty)
        try await broker.shutdown()
    }

    @Test func aPortThatIsTakenIsNamed() async throws {
        try await withBroker { broker in
            var configuration = DevBrokerConfiguration()
            configuration.port = broker.addresses[0].port
            let second = DevBroker(configuration)
            await #expect {
                try await second.start()
            } throws: {
                "\($0)".contains("cannot listen on 127.0.0.1:\(broker.addresses[0].port)")
            }
        }
    }

    @Test func valuesThatCannotBeAreNamed() throws {
        let changes: [(String, (inout DevBrokerConfiguration) -> Void)] = [
            ("nodes", { $0.nodes = 0 }),
            ("port", { $0.port = 65_536 }),
            ("port", { $0.port = -1 }),
            (
                "port",
                {
                    $0.port = 65_535
                    $0.nodes = 2
                }
            ),
            ("host", { $0.host = "" }),
            ("partitionsPerTopic", { $0.partitionsPerTopic = 0 }),
            ("maxMessageBytes", { $0.maxMessageBytes = 0 }),
            ("eventLoopThreads", { $0.eventLoopThreads = 0 }),
            (
                "data folder",
                {
                    $0.discard = true
                    $0.dataDirectory = "/tmp"
                }
            ),
        ]
        for (name, change) in changes {
            var configuration = DevBrokerConfiguration()
            change(&configuration)
            #expect {
                try DevBroker(configuration).startBlocking()
            } throws: {
                "\($0)".contains(name)
            }
        }
    }

    @Test func aDataFolderKeepsTopicsRecordsAndProducers() async throws {
        let folder = try TemporaryFolder()
        func run<Result>(_ body: (DevBroker, TestConnection) throws -> Result) async throws -> Result {
            try await withBroker {
                $0.dataDirectory = folder.path + "/data"
            } _: { broker in
                try body(broker, broker.connect())
            }
        }
        let named = MetadataRequest { $0.topics = [MetadataRequest.Topic { $0.name = "orders" }] }
        let before = try await run { broker, connection in
            try broker.createTopic("orders", partitions: 2)
            let producer = try connection.ask(InitProducerIdRequest(), version: 4).producerId
            let batch = TestBatch(producer: producer, sequence: 0, count: 2)
            #expect(try connection.produce(batch, to: "orders", partition: 1).errorCode == .none)
            return (producer: producer, metadata: try connection.ask(named, version: 10))
        }
        try await run { broker, connection in
            let metadata = try connection.ask(named, version: 10)
            #expect(metadata.topics == before.metadata.topics)
            #expect(metadata.clusterId == before.metadata.clusterId)
            #expect(try broker.values("orders", partition: 1) == ["0", "1"])
            #expect(try connection.fetch("orders", from: 0).data.highWatermark == 0)
            #expect(try connection.ask(InitProducerIdRequest(), version: 4).producerId != before.producer)
            let repeated = TestBatch(producer: before.producer, sequence: 0, count: 2)
            #expect(try connection.produce(repeated, to: "orders", partition: 1).baseOffset == 0)
            let next = TestBatch(producer: before.producer, sequence: 2)
            #expect(try connection.produce(next, to: "orders", partition: 1).baseOffset == 2)
            #expect(try broker.values("orders", partition: 1) == ["0", "1", "2"])
        }
    }

    @Test func aDataFolderThatCannotBeMadeIsAnError() throws {
        let folder = try TemporaryFolder()
        try folder.write([], to: "file")
        var configuration = DevBrokerConfiguration()
        configuration.dataDirectory = folder.path + "/file/data"
        #expect {
            try DevBroker(configuration).startBlocking()
        } throws: {
            "\($0)".contains("/file/data")
        }
    }
}
