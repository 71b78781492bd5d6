import KafkaWire
import TestSupport
import Testing

@testable import DevBroker

@Suite struct OffsetsTests {
    private func commit(
        _ connection: TestConnection, offset: Int64, topic: String = "orders", metadata: String? = nil,
        generation: Int32 = -1, member: String = "", version: Int16 = 9
    ) throws -> ErrorCode? {
        let request = OffsetCommitRequest {
            $0.groupId = "g"
            $0.generationIdOrMemberEpoch = generation
            $0.memberId = member
            $0.topics = [
                OffsetCommitRequest.OffsetCommitRequestTopic {
                    $0.name = topic
                    $0.partitions = [
                        OffsetCommitRequest.OffsetCommitRequestPartition {
                            $0.committedOffset = offset
                            $0.committedMetadata = metadata
                        }
                    ]
                }
            ]
        }
        return try connection.ask(request, version: version).topics.first?.partitions.first?.errorCode
    }

    @Test(arguments: APIKey.offsetCommit.versions, APIKey.offsetFetch.versions)
    func whatAGroupHasStoredIsReadBack(commitVersion: Int16, fetchVersion: Int16) async throws {
        try await withBroker { broker in
            try broker.createTopic("orders", partitions: 2)
            let connection = try broker.connect()
            #expect(try connection.committedOffset(of: "g", version: fetchVersion).offset == -1)
            #expect(try commit(connection, offset: 42, version: commitVersion) == ErrorCode.none)
            #expect(try connection.committedOffset(of: "g", version: fetchVersion).offset == 42)
            #expect(try connection.committedOffset(of: "g", partition: 1, version: fetchVersion).offset == -1)
        }
    }

    @Test func allThatAGroupHasStoredCanBeAskedFor() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders", partitions: 2)
            try broker.createTopic("bills", partitions: 1)
            let connection = try broker.connect()
            #expect(try commit(connection, offset: 42, metadata: "so far") == ErrorCode.none)
            #expect(try commit(connection, offset: 1, topic: "bills") == ErrorCode.none)
            let request = OffsetFetchRequest {
                $0.groupId = "g"
                $0.topics = nil
            }
            let topics = try connection.ask(request, version: 7).topics
            #expect(topics.map(\.name) == ["bills", "orders"])
            #expect(topics.last?.partitions.map(\.metadata) == ["so far"])
        }
    }

    @Test func whatCannotBeStoredIsRefused() async throws {
        try await withBroker { broker in
            try broker.createTopic("orders", partitions: 1)
            let connection = try broker.connect()
            #expect(try commit(connection, offset: 1, topic: "none") == .unknownTopicOrPartition)
            #expect(try commit(connection, offset: 1, generation: 3) == .illegalGeneration)
            #expect(try commit(connection, offset: 1, member: "m") == .unknownMemberId)
            let metadata = String(repeating: "x", count: 4097)
            #expect(try commit(connection, offset: 1, metadata: metadata) == .offsetMetadataTooLarge)
            #expect(try connection.committedOffset(of: "g").offset == -1)
        }
    }

    @Test(arguments: [true, false]) func offsetsOfATransactionAreValidOnceItIsCommitted(isNewer: Bool) async throws {
        try await withBroker { broker in
            try broker.createTopic("orders", partitions: 1)
            let connection = try broker.connect()
            var client = try TransactionalClient(connection, isNewer: isNewer)
            for (offset, commits, expected) in [(Int64(5), true, Int64(5)), (9, false, 5), (10, true, 10)] {
                if !isNewer { #expect(try client.addOffsets(of: "g") == .none) }
                #expect(try client.commit(offset: offset, of: "g") == ErrorCode.none)
                #expect(try connection.committedOffset(of: "g", requireStable: true).code == .unstableOffsetCommit)
                #expect(try connection.committedOffset(of: "g").offset != offset)
                #expect(try client.end(commits: commits) == .none)
                #expect(try connection.committedOffset(of: "g", requireStable: true).offset == expected)
            }
        }
    }

    @Test(arguments: [(Int16(3), ErrorCode.invalidTxnState), (4, .transactionAbortable), (5, .none)])
    func aGroupThatWasNotAddedIsRefusedUnlessTheCommitAddsIt(version: Int16, expected: ErrorCode) async throws {
        try await withBroker { broker in
            try broker.createTopic("orders", partitions: 1)
            var client = try TransactionalClient(broker.connect())
            #expect(try client.commit(offset: 1, of: "g", version: version) == expected)
            #expect(try client.commit(offset: 1, of: "", version: version) == .invalidGroupId)
            #expect(try client.commit(offset: 1, of: "g", topic: "none", version: version) == .unknownTopicOrPartition)
            client.epoch += 1
            #expect(try client.commit(offset: 1, of: "g", version: version) == .invalidProducerEpoch)
        }
    }
}
