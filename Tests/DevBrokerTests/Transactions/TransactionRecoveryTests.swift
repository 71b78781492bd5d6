import KafkaWire
import NIOCore
import TestSupport
import Testing

@testable import DevBroker

/// What a broker with a data folder knows of transactions when it comes back.
@Suite struct TransactionRecoveryTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func withStoredBroker<Result>(_ body: (DevBroker) async throws -> Result) async throws -> Result {
        try await withBroker({ $0.dataDirectory = folder.path + "/data" }, body)
    }

    @Test func anOpenTransactionGoesOnAfterARestart() async throws {
        var (producerId, epoch) = (Int64(-1), Int16(-1))
        try await withStoredBroker { broker in
            try broker.createTopic("orders", partitions: 1)
            var client = try TransactionalClient(broker.connect())
            #expect(try client.produce("aborted") == .none)
            #expect(try client.end(commits: false) == .none)
            #expect(try client.produce("a") == .none)
            #expect(try client.commit(offset: 3, of: "g") == ErrorCode.none)
            (producerId, epoch) = (client.producerId, client.epoch)
        }
        try await withStoredBroker { broker in
            let connection = try broker.connect()
            #expect(try broker.records(topic: "orders", partition: 0, committedOnly: true).isEmpty)
            #expect(try connection.fetch("orders", from: 0, isolation: 1).data.lastStableOffset == 2)
            #expect(try connection.committedOffset(of: "g", requireStable: true).code == .unstableOffsetCommit)
            let request = EndTxnRequest {
                $0.transactionalId = "t"
                $0.producerId = producerId
                $0.producerEpoch = epoch
                $0.committed = true
            }
            #expect(try connection.ask(request, version: 5).errorCode == .none)
        }
        try await withStoredBroker { broker in
            let committed = try broker.records(topic: "orders", partition: 0, committedOnly: true)
            #expect(committed.map(\.offset) == [2])
            #expect(try broker.connect().committedOffset(of: "g").offset == 3)
            #expect(try TransactionalClient(broker.connect()).epoch == epoch + 2)
        }
    }

    @Test func anEndThatWasDecidedIsCarriedOutAfterARestart() async throws {
        try await withStoredBroker { broker in
            try broker.createTopic("orders", partitions: 1)
            var client = try TransactionalClient(broker.connect())
            #expect(try client.produce("a") == .none)
            #expect(try client.end(commits: true) == .none)
        }
        // The broker that wrote this ended before it wrote the marker.
        let path = "data/coordinator"
        let lines = String(decoding: try folder.bytes(of: path), as: UTF8.self).split(separator: "\n")
        let decided = try #require(lines.firstIndex { $0.contains("prepareCommit") })
        try folder.write(Array((lines[...decided].joined(separator: "\n") + "\n").utf8), to: path)
        let log = "data/orders-0/00000000000000000000.log"
        let marker = TransactionMarker(outcome: .commit, producer: ProducerIdentity(id: 0, epoch: 0))
        try folder.write(try folder.bytes(of: log).dropLast(marker.batch(timestamp: 0).readableBytes), to: log)
        try await withStoredBroker { broker in
            let reader = try broker.connect()
            var request = reader.fetchRequest("orders", from: 0, maxWaitMs: 60_000)
            request.isolationLevel = 1
            try reader.send(reader.frame(request, version: 12))
            #expect(try reader.fetched(version: 12).records.count == 1)
            #expect(broker.endOffset(topic: "orders", partition: 0) == 2)
        }
    }
}
