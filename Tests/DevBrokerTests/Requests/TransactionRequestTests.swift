import KafkaWire
import Synchronization
import TestSupport
import Testing

@testable import DevBroker

/// Transactions over the wire, in both generations of the protocol.
@Suite struct TransactionRequestTests {
    private func values(_ connection: TestConnection, isolation: Int8) throws -> [String] {
        try connection.fetch("orders", from: 0, isolation: isolation).records
            .map { String(decoding: $0.value ?? [], as: UTF8.self) }
    }

    @Test(arguments: [true, false]) func readersOfCommittedRecordsSeeNothingElse(isNewer: Bool) async throws {
        try await withBroker { broker in
            try broker.createTopic("orders", partitions: 1)
            let connection = try broker.connect()
            var client = try TransactionalClient(connection, isNewer: isNewer)
            for (value, commits) in [("a", true), ("b", false), ("c", true)] {
                if !isNewer { #expect(try client.add([0]) == [.none]) }
                #expect(try client.produce(value) == .none)
                #expect(try client.end(commits: commits) == .none)
            }
            if !isNewer { #expect(try client.add([0]) == [.none]) }
            #expect(try client.produce("open") == .none)
            let (data, records) = try connection.fetch("orders", from: 0, isolation: 1)
            #expect(data.highWatermark == 7)
            #expect(data.lastStableOffset == 6)
            #expect(records.count == 3)
            #expect(
                data.abortedTransactions == [
                    FetchResponse.AbortedTransaction {
                        $0.producerId = client.producerId
                        $0.firstOffset = 2
                    }
                ])
            #expect(try values(connection, isolation: 0) == ["a", "b", "c", "open"])
            let committed = try broker.records(topic: "orders", partition: 0, committedOnly: true)
            #expect(committed.map(\.value) == [Array("a".utf8), Array("c".utf8)])
            #expect(committed.map(\.offset) == [0, 4])
            for (isolation, offset) in [(Int8(0), Int64(7)), (1, 6)] {
                let request = ListOffsetsRequest {
                    $0.isolationLevel = isolation
                    $0.topics = [
                        ListOffsetsRequest.ListOffsetsTopic {
                            $0.name = "orders"
                            $0.partitions = [ListOffsetsRequest.ListOffsetsPartition { $0.timestamp = -1 }]
                        }
                    ]
                }
                #expect(try connection.ask(request, version: 7).topics.first?.partitions.first?.offset == offset)
            }
        }
    }

    @Test func aReaderThatWaitsIsWokenByTheEnd() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders", partitions: 1)
            var client = try TransactionalClient(broker.connect())
            #expect(try client.produce("a") == .none)
            let reader = try broker.connect()
            var request = reader.fetchRequest("orders", from: 0, maxWaitMs: 60_000)
            request.isolationLevel = 1
            try reader.send(reader.frame(request, version: 12))
            #expect(try client.end(commits: true) == .none)
            #expect(try reader.fetched(version: 12).records.count == 1)
        }
    }

    @Test(arguments: [
        (Int16(9), ErrorCode.invalidTxnState), (10, .invalidTxnState), (11, .transactionAbortable), (12, .none),
    ])
    func aPartitionThatWasNotAddedIsRefusedUnlessTheWriteAddsIt(version: Int16, expected: ErrorCode) async throws {
        try await withBroker { broker in
            try broker.createTopic("orders", partitions: 2)
            var client = try TransactionalClient(broker.connect())
            #expect(try client.produce("a", version: version) == expected)
            #expect(try client.add([1]) == [.none])
            #expect(try client.produce("a", version: version) == expected)
        }
    }

    @Test(arguments: [Int16(0), 1]) func theNewerGenerationIsForClustersThatSpeakIt(level: Int16) async throws {
        try await withBroker {
            $0.transactionVersion = level
        } _: { broker in
            try broker.createTopic("orders", partitions: 1)
            let connection = try broker.connect()
            var client = try TransactionalClient(connection)
            #expect(try client.produce("a", version: 12) == .transactionAbortable)
            #expect(try client.add([0]) == [.none])
            #expect(try client.produce("a", version: 12) == .none)
            #expect(try client.end(commits: true, version: 5) == .unsupportedVersion)
            #expect(try client.end(commits: true, version: 4) == .none)
            let features = try connection.ask(
                ApiVersionsRequest {
                    $0.clientSoftwareName = "test"
                    $0.clientSoftwareVersion = "1"
                }, version: 3
            ).finalizedFeatures
            #expect(features.map(\.maxVersionLevel) == (level == 0 ? [] : [level]))
        }
    }

    @Test(arguments: [(Int16(1), ErrorCode.invalidProducerEpoch), (2, .producerFenced), (3, .producerFenced)])
    func aZombieIsFenced(version: Int16, expected: ErrorCode) async throws {
        try await withBroker { broker in
            try broker.createTopic("orders", partitions: 1)
            var zombie = try TransactionalClient(broker.connect(), isNewer: false)
            #expect(try zombie.add([0]) == [.none])
            #expect(try zombie.produce("old") == .none)
            let connection = try broker.connect()
            // The open transaction is aborted first, so that the producer has to ask twice.
            let refused = try TransactionalClient(connection)
            #expect(refused.producerId == -1)
            var successor = try TransactionalClient(connection)
            #expect(successor.producerId == zombie.producerId)
            #expect(successor.epoch == zombie.epoch + 2)
            #expect(try zombie.add([0], version: version) == [expected])
            #expect(try zombie.end(commits: true, version: version) == expected)
            #expect(try zombie.produce("older") == .invalidProducerEpoch)
            #expect(try zombie.introduce(holdingCurrent: true, version: 4).errorCode == .producerFenced)
            #expect(try zombie.introduce(holdingCurrent: true, version: 3).errorCode == .invalidProducerEpoch)
            #expect(try successor.produce("new") == .none)
            #expect(try successor.end(commits: true) == .none)
            #expect(try broker.records(topic: "orders", partition: 0, committedOnly: true).count == 1)
        }
    }

    @Test func whatIsWrongWithARequestIsNamed() async throws {
        try await withBroker {
            $0.maxTransactionTimeoutMs = 1000
        } _: { broker in
            try broker.createTopic("orders", partitions: 2)
            let connection = try broker.connect()
            var client = try TransactionalClient(connection)
            for (timeout, code) in [
                (Int32(0), ErrorCode.invalidTransactionTimeout), (1001, .invalidTransactionTimeout),
            ] {
                #expect(try client.introduce(timeoutMs: timeout).errorCode == code)
            }
            #expect(client.producerId == -1)
            #expect(try client.add([0]) == [.invalidProducerIdMapping])
            client.producerId = try client.introduce(timeoutMs: 1000).producerId
            #expect(try client.introduce(holdingCurrent: true, timeoutMs: 1000).errorCode == .invalidRequest)
            client.epoch = 0
            #expect(try client.add([0, 7]) == [.operationNotAttempted, .unknownTopicOrPartition])
            #expect(try client.end(commits: true) == .invalidTxnState)
            #expect(try client.produce("a") == .none)
            // Not part of the transaction, though its producer has one open.
            let stray = TestBatch(producer: client.producerId, sequence: 1)
            #expect(try connection.produce(stray, to: "orders").errorCode == .invalidTxnState)
            #expect(try connection.produce(stray.with { $0.flags = 0x10 }, to: "orders").errorCode == .invalidTxnState)
            client.producerId += 100
            #expect(try client.produce("a") == .invalidProducerIdMapping)
            #expect(try client.end(commits: true) == .invalidProducerIdMapping)
        }
    }

    @Test func aRepeatedEndIsAnsweredLikeTheFirst() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders", partitions: 1)
            let connection = try broker.connect()
            var client = try TransactionalClient(connection)
            #expect(try client.produce("a") == .none)
            broker.inject(.errorAfterAppend(.coordinatorNotAvailable), into: .endTxn)
            #expect(try client.end(commits: true) == .coordinatorNotAvailable)
            #expect(try client.end(commits: false) == .invalidTxnState)
            #expect(try client.end(commits: true) == .none)
            #expect(client.epoch == 1)
            #expect(try broker.records(topic: "orders", partition: 0, committedOnly: true).count == 1)
            #expect(broker.endOffset(topic: "orders", partition: 0) == 2)
        }
    }

    @Test func aTransactionThatTakesTooLongIsAborted() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders", partitions: 1)
            let connection = try broker.connect()
            var client = try TransactionalClient(connection)
            client.epoch = try client.introduce(timeoutMs: 1).producerEpoch
            #expect(try client.produce("a") == .none)
            let reader = try broker.connect()
            var request = reader.fetchRequest("orders", from: 0, maxWaitMs: 60_000, minBytes: 1)
            request.isolationLevel = 1
            // The answer comes when the marker is written.
            try reader.send(reader.frame(request, version: 12))
            let (data, _) = try reader.fetched(version: 12)
            #expect(data.lastStableOffset == 2)
            #expect(data.abortedTransactions?.map(\.firstOffset) == [0])
            let epoch = client.epoch
            #expect(try client.produce("b") == .invalidProducerEpoch)
            #expect(try client.end(commits: true) == .producerFenced)
            // It is told of the next epoch as if it had asked for the abort before.
            #expect(try client.end(commits: false) == .none)
            #expect(client.epoch == epoch + 1)
            client.epoch = try client.introduce().producerEpoch
            #expect(try client.produce("c") == .none)
            #expect(try client.end(commits: true) == .none)
            #expect(try broker.records(topic: "orders", partition: 0, committedOnly: true).count == 1)
        }
    }

    @Test(arguments: [(Int16(11), ErrorCode.none), (12, .outOfOrderSequenceNumber)])
    func aTransactionBeginsWithSequence0InEachPartition(version: Int16, expected: ErrorCode) async throws {
        try await withBroker { broker in
            try broker.createTopic("orders", partitions: 1)
            let connection = try broker.connect()
            let client = try TransactionalClient(connection)
            if version < 12 { #expect(try client.add([0]) == [.none]) }
            let batch = TestBatch(producer: client.producerId, sequence: 5).with { $0.flags = 0x10 }
            #expect(try connection.produce(batch, to: "orders", version: version, in: "t").errorCode == expected)
        }
    }

    @Test func timeIsMeasuredFromTheBeginningOfTheTransaction() throws {
        let time = TestTime()
        let coordinator = try TransactionCoordinator(Cluster(DevBrokerConfiguration())) { time.now }
        let producer = try coordinator.introduce("t", holding: nil, timeoutMs: 100)
        let partition = TopicPartition(topic: "orders", index: 0)
        try coordinator.add(partitions: [partition], to: "t", by: producer)
        time.now = 99
        try coordinator.add(groups: ["g"], to: "t", by: producer)
        coordinator.attendToTime()
        #expect(throws: Never.self) { try coordinator.add(to: "t", by: producer) }
        time.now = 100
        coordinator.attendToTime()
        #expect {
            try coordinator.add(to: "t", by: producer)
        } throws: {
            ($0 as? Refusal)?.code == .producerFenced
        }
    }

    @Test func theCoordinatorMovesToAnotherNode() async throws {
        try await withBroker {
            $0.nodes = 2
        } _: { broker in
            try broker.createTopic("orders", partitions: 1)
            try broker.moveCoordinator(ofTransactionalId: "t", to: 1)
            let request = FindCoordinatorRequest {
                $0.keyType = FindCoordinatorRequest.transaction
                $0.coordinatorKeys = ["t"]
            }
            let first = try broker.connect(node: 1)
            let second = try broker.connect(node: 2)
            #expect(try first.ask(request, version: 4).coordinators.map(\.nodeId) == [1])
            let client = try TransactionalClient(first)
            #expect(client.producerId >= 0)
            broker.inject(.moveLeader, into: .addPartitionsToTxn)
            #expect(try client.add([0]) == [.notCoordinator])
            #expect(try first.ask(request, version: 4).coordinators.map(\.nodeId) == [2])
            #expect(try client.introduce().errorCode == .notCoordinator)
            // What was known goes with the coordinator.
            #expect(try TransactionalClient(second).producerId == client.producerId)
            #expect(throws: DevBrokerError.self) { try broker.moveCoordinator(ofGroup: "g", to: 3) }
        }
    }

    @Test(arguments: [ErrorCode.coordinatorLoadInProgress, .notCoordinator, .concurrentTransactions])
    func coordinatorsFailOnDemand(code: ErrorCode) async throws {
        try await withBroker { broker in
            try broker.createTopic("orders", partitions: 1)
            let apis: [APIKey] = [
                .initProducerId, .addPartitionsToTxn, .addOffsetsToTxn, .txnOffsetCommit, .endTxn, .offsetFetch,
                .findCoordinator,
            ]
            let connection = try broker.connect()
            var client = try TransactionalClient(connection)
            for api in apis { broker.inject(.error(code), into: api) }
            #expect(try client.introduce().errorCode == code)
            #expect(try client.add([0]) == [code])
            #expect(try client.addOffsets(of: "g") == code)
            #expect(try client.commit(offset: 1, of: "g") == code)
            #expect(try client.end(commits: true) == code)
            let request = FindCoordinatorRequest { $0.coordinatorKeys = ["g"] }
            #expect(try connection.ask(request, version: 4).coordinators.map(\.errorCode) == [code])
            #expect(try connection.committedOffset(of: "g").offset == nil)
            #expect(try client.add([0]) == [.none])
            #expect(try client.end(commits: true) == .none)
        }
    }
}

/// A clock that goes when it is told to.
private final class TestTime: Sendable {
    private let milliseconds = Mutex<Int64>(0)

    var now: Int64 {
        get { milliseconds.withLock { $0 } }
        set { milliseconds.withLock { $0 = newValue } }
    }
}
