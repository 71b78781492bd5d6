import DevBroker
import KafkaWire

/// A transactional producer made by hand, so that each of its requests can be wrong.
struct TransactionalClient {
    let connection: TestConnection
    var id = "t"
    /// Whether it speaks the newer generation of the protocol (KIP-890).
    var isNewer = true
    var producerId: Int64 = -1
    var epoch: Int16 = -1
    private var sequences: [String: Int32] = [:]

    /// Introduces itself.
    init(_ connection: TestConnection, id: String = "t", isNewer: Bool = true) throws {
        self.connection = connection
        self.id = id
        self.isNewer = isNewer
        let response = try introduce()
        producerId = response.producerId
        epoch = response.producerEpoch
    }

    func introduce(
        holdingCurrent: Bool = false, timeoutMs: Int32 = 60_000, version: Int16 = 5
    ) throws -> InitProducerIdResponse {
        let request = InitProducerIdRequest {
            $0.transactionalId = id
            $0.transactionTimeoutMs = timeoutMs
            if holdingCurrent {
                $0.producerId = producerId
                $0.producerEpoch = epoch
            }
        }
        return try connection.ask(request, version: version)
    }

    /// Writes one record; the next sequence of the partition is its own affair.
    mutating func produce(
        _ value: String, to topic: String = "orders", partition: Int32 = 0, version: Int16? = nil
    ) throws -> ErrorCode {
        let key = "\(topic)-\(partition)-\(producerId)-\(epoch)"
        let sequence = sequences[key, default: 0]
        let batch = TestBatch(value).with {
            $0.producerId = producerId
            $0.epoch = epoch
            $0.sequence = sequence
            $0.flags = 0x10
        }
        let response = try connection.produce(
            batch, to: topic, partition: partition, version: version ?? (isNewer ? 12 : 10), in: id)
        if response.errorCode == .none { sequences[key] = sequence + 1 }
        return response.errorCode
    }

    func add(_ partitions: [Int32], of topic: String = "orders", version: Int16 = 3) throws -> [ErrorCode] {
        let request = AddPartitionsToTxnRequest {
            $0.v3AndBelowTransactionalId = id
            $0.v3AndBelowProducerId = producerId
            $0.v3AndBelowProducerEpoch = epoch
            $0.v3AndBelowTopics = [
                AddPartitionsToTxnRequest.AddPartitionsToTxnTopic {
                    $0.name = topic
                    $0.partitions = partitions
                }
            ]
        }
        return try connection.ask(request, version: version).resultsByTopicV3AndBelow
            .flatMap { $0.resultsByPartition.map(\.partitionErrorCode) }
    }

    func addOffsets(of group: String, version: Int16 = 3) throws -> ErrorCode {
        let request = AddOffsetsToTxnRequest {
            $0.transactionalId = id
            $0.producerId = producerId
            $0.producerEpoch = epoch
            $0.groupId = group
        }
        return try connection.ask(request, version: version).errorCode
    }

    func commit(
        offset: Int64, of group: String, topic: String = "orders", partition: Int32 = 0, version: Int16? = nil
    ) throws -> ErrorCode? {
        let request = TxnOffsetCommitRequest {
            $0.transactionalId = id
            $0.groupId = group
            $0.producerId = producerId
            $0.producerEpoch = epoch
            $0.topics = [
                TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic {
                    $0.name = topic
                    $0.partitions = [
                        TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition {
                            $0.partitionIndex = partition
                            $0.committedOffset = offset
                        }
                    ]
                }
            ]
        }
        return try connection.ask(request, version: version ?? (isNewer ? 5 : 3)).topics.first?.partitions.first?
            .errorCode
    }

    /// Ends the transaction, and goes on with what the answer says.
    mutating func end(commits: Bool, version: Int16? = nil) throws -> ErrorCode {
        let request = EndTxnRequest {
            $0.transactionalId = id
            $0.producerId = producerId
            $0.producerEpoch = epoch
            $0.committed = commits
        }
        let response = try connection.ask(request, version: version ?? (isNewer ? 5 : 4))
        if response.errorCode == .none, response.producerId >= 0 {
            producerId = response.producerId
            epoch = response.producerEpoch
        }
        return response.errorCode
    }
}

extension TestConnection {
    /// The offset that a group has stored, or why it cannot be told.
    func committedOffset(
        of group: String, topic: String = "orders", partition: Int32 = 0, requireStable: Bool = false,
        version: Int16 = 9
    ) throws -> (offset: Int64?, code: ErrorCode?) {
        let topics = [
            OffsetFetchRequest.OffsetFetchRequestTopic {
                $0.name = topic
                $0.partitionIndexes = [partition]
            }
        ]
        let request = OffsetFetchRequest {
            $0.groupId = group
            $0.topics = topics
            $0.requireStable = requireStable
            $0.groups = [
                OffsetFetchRequest.OffsetFetchRequestGroup {
                    $0.groupId = group
                    $0.topics = topics
                }
            ]
        }
        let response = try ask(request, version: version)
        let answer = (version >= 8 ? response.groups.first?.topics : response.topics)?.first?.partitions.first
        return (answer?.committedOffset, answer?.errorCode)
    }
}
