import KafkaWire
import Testing

/// OffsetCommit and OffsetFetch, of which `wire.jsonl` has no lines: their bytes by the protocol's own tables.
@Suite struct OffsetMessageTests {
    private static let commit = OffsetCommitRequest {
        $0.groupId = "g"
        $0.topics = [
            OffsetCommitRequest.OffsetCommitRequestTopic {
                $0.name = "t"
                $0.partitions = [
                    OffsetCommitRequest.OffsetCommitRequestPartition {
                        $0.partitionIndex = 1
                        $0.committedOffset = 258
                        $0.committedMetadata = nil
                    }
                ]
            }
        ]
    }

    @Test(
        arguments: [
            (2, "000167ffffffff0000ffffffffffffffff000000010001740000000100000001" + "0000000000000102ffff"),
            (5, "000167ffffffff0000000000010001740000000100000001" + "0000000000000102ffff"),
            (6, "000167ffffffff0000000000010001740000000100000001" + "0000000000000102ffffffffffff"),
            (7, "000167ffffffff0000ffff000000010001740000000100000001" + "0000000000000102ffffffffffff"),
            (9, "0267ffffffff01000202740200000001" + "0000000000000102ffffffff00000000"),
        ] as [(Int16, String)])
    func anOffsetCommitHasTheseBytes(version: Int16, hex: String) throws {
        let bytes = try Self.commit.encode(version: version).bytes
        #expect(bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() == hex)
    }

    @Test(arguments: APIKey.offsetCommit.versions) func offsetCommitsAreReadAsTheyWereWritten(version: Int16) throws {
        try expectRoundTrip(Self.commit, version)
        let response = OffsetCommitResponse {
            $0.topics = [
                OffsetCommitResponse.OffsetCommitResponseTopic {
                    $0.name = "t"
                    $0.partitions = [
                        OffsetCommitResponse.OffsetCommitResponsePartition { $0.errorCode = .illegalGeneration }
                    ]
                }
            ]
        }
        try expectRoundTrip(response, version)
    }

    @Test(arguments: APIKey.offsetFetch.versions) func offsetFetchesAreReadAsTheyWereWritten(version: Int16) throws {
        let topics = [
            OffsetFetchRequest.OffsetFetchRequestTopic {
                $0.name = "t"
                $0.partitionIndexes = [0, 7]
            }
        ]
        let request = OffsetFetchRequest {
            guard version >= 8 else {
                $0.groupId = "g"
                $0.topics = topics
                return
            }
            $0.requireStable = true
            $0.groups = [
                OffsetFetchRequest.OffsetFetchRequestGroup {
                    $0.groupId = "g"
                    $0.topics = nil
                }
            ]
        }
        try expectRoundTrip(request, version)
        let stored = [
            OffsetFetchResponse.OffsetFetchResponseTopic {
                $0.name = "t"
                $0.partitions = [
                    OffsetFetchResponse.OffsetFetchResponsePartition {
                        $0.committedOffset = 12
                        $0.metadata = "so far"
                        $0.errorCode = .unstableOffsetCommit
                    }
                ]
            }
        ]
        let response = OffsetFetchResponse {
            guard version >= 8 else { return $0.topics = stored }
            $0.groups = [
                OffsetFetchResponse.OffsetFetchResponseGroup {
                    $0.groupId = "g"
                    $0.topics = stored
                }
            ]
        }
        try expectRoundTrip(response, version)
    }

    @Test func allTopicsCanBeAskedForFromVersion2On() throws {
        let request = OffsetFetchRequest { $0.topics = nil }
        try expectRoundTrip(request, 2)
        let bytes = try request.encode(version: 2).bytes
        #expect(throws: WireError.self) { try OffsetFetchRequest.decode(bytes.span.bytes, version: 1) }
    }

    private func expectRoundTrip<Body: Message>(_ message: Body, _ version: Int16) throws {
        let bytes = try message.encode(version: version).bytes
        #expect(try Body.decode(bytes.span.bytes, version: version) == message)
        for count in bytes.indices {
            #expect(throws: WireError.self) {
                _ = try Body.decode(Array(bytes.prefix(count)).span.bytes, version: version)
            }
        }
    }
}
