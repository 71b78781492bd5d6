import KafkaWire

// The offsets of groups: there are no members here, so that only those who belong to none can store them.
extension RequestHandler {
    /// The longest metadata of a position (`offset.metadata.max.bytes`).
    private static let maxMetadataBytes = 4096

    /// Stores how far a group has read.
    func offsetCommit(_ request: OffsetCommitRequest, version: Int16) -> OffsetCommitResponse {
        let group = request.groupId
        return OffsetCommitResponse {
            $0.topics = request.topics.map { topic in
                OffsetCommitResponse.OffsetCommitResponseTopic {
                    $0.name = topic.name
                    $0.partitions = topic.partitions.map { wanted in
                        OffsetCommitResponse.OffsetCommitResponsePartition {
                            $0.partitionIndex = wanted.partitionIndex
                            $0.errorCode = errorCode { () throws(Refusal) in
                                let partition = TopicPartition(topic: topic.name, index: wanted.partitionIndex)
                                let position = try position(
                                    in: partition, wanted.committedOffset, wanted.committedLeaderEpoch,
                                    wanted.committedMetadata)
                                try coordinate(.group(group), .offsetCommit) { () throws(Refusal) in
                                    try checkOutsider(request.generationIdOrMemberEpoch, request.memberId)
                                    let place = GroupOffsets.Place(group: group, partition: partition)
                                    try coordinator.store(position, at: place)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Stores how far a group has read, once the transaction is committed.
    func txnOffsetCommit(_ request: TxnOffsetCommitRequest, version: Int16) -> TxnOffsetCommitResponse {
        var positions: [TopicPartition: GroupOffsets.Position] = [:]
        var refused: [TopicPartition: ErrorCode] = [:]
        for topic in request.topics {
            for wanted in topic.partitions {
                let partition = TopicPartition(topic: topic.name, index: wanted.partitionIndex)
                let code = errorCode { () throws(Refusal) in
                    positions[partition] = try position(
                        in: partition, wanted.committedOffset, wanted.committedLeaderEpoch, wanted.committedMetadata)
                }
                if code != .none { refused[partition] = code }
            }
        }
        let code = errorCode { () throws(Refusal) in
            try coordinate(.group(request.groupId), .txnOffsetCommit) { () throws(Refusal) in
                try checkOutsider(request.generationId, request.memberId)
                if request.groupId.isEmpty { throw Refusal(.invalidGroupId, "a group's name must not be empty") }
                try coordinator.store(
                    positions, of: request.groupId, in: request.transactionalId,
                    by: ProducerIdentity(id: request.producerId, epoch: request.producerEpoch),
                    addition(implicitFrom: 5, abortableFrom: 4, version: version))
            }
        }
        return TxnOffsetCommitResponse {
            $0.topics = request.topics.map { topic in
                TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic {
                    $0.name = topic.name
                    $0.partitions = topic.partitions.map { wanted in
                        TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition {
                            $0.partitionIndex = wanted.partitionIndex
                            let partition = TopicPartition(topic: topic.name, index: wanted.partitionIndex)
                            $0.errorCode = refused[partition] ?? code
                        }
                    }
                }
            }
        }
    }

    /// Tells how far groups have read.
    func offsetFetch(_ request: OffsetFetchRequest, version: Int16) -> OffsetFetchResponse {
        if version >= 8 {
            return OffsetFetchResponse {
                $0.groups = request.groups.map { group in
                    stored(of: group.groupId, group.topics, request.requireStable)
                }
            }
        }
        let answer = stored(of: request.groupId, request.topics, request.requireStable)
        return OffsetFetchResponse {
            $0.topics = answer.topics
            $0.errorCode = answer.errorCode
        }
    }

    private func stored(
        of group: String, _ topics: [OffsetFetchRequest.OffsetFetchRequestTopic]?, _ requiresStable: Bool
    ) -> OffsetFetchResponse.OffsetFetchResponseGroup {
        OffsetFetchResponse.OffsetFetchResponseGroup { response in
            response.groupId = group
            response.errorCode = errorCode { () throws(Refusal) in
                let offsets = try coordinate(.group(group), .offsetFetch) { coordinator.offsets }
                let wanted = topics?.map { ($0.name, $0.partitionIndexes) } ?? offsets.topics(of: group)
                response.topics = wanted.map { (topic, indexes) in
                    OffsetFetchResponse.OffsetFetchResponseTopic {
                        $0.name = topic
                        $0.partitions = indexes.map { index in
                            let partition = TopicPartition(topic: topic, index: index)
                            let place = GroupOffsets.Place(group: group, partition: partition)
                            return Self.describe(place, in: offsets, requiresStable)
                        }
                    }
                }
            }
        }
    }

    private static func describe(
        _ place: GroupOffsets.Place, in offsets: GroupOffsets, _ requiresStable: Bool
    ) -> OffsetFetchResponse.OffsetFetchResponsePartition {
        let isUnstable = requiresStable && offsets.isPending(place)
        let position = isUnstable ? nil : offsets[place]
        return OffsetFetchResponse.OffsetFetchResponsePartition {
            $0.partitionIndex = place.partition.index
            $0.committedOffset = position?.offset ?? -1
            $0.committedLeaderEpoch = position?.leaderEpoch ?? -1
            $0.metadata = position?.metadata ?? ""
            $0.errorCode = isUnstable ? .unstableOffsetCommit : .none
        }
    }

    private func position(
        in partition: TopicPartition, _ offset: Int64, _ leaderEpoch: Int32, _ metadata: String?
    ) throws(Refusal) -> GroupOffsets.Position {
        guard cluster.partition(partition) != nil else {
            throw Refusal(.unknownTopicOrPartition, "topic '\(partition.topic)' has no partition \(partition.index)")
        }
        let metadata = metadata ?? ""
        guard metadata.utf8.count <= Self.maxMetadataBytes else {
            throw Refusal(.offsetMetadataTooLarge, "metadata has at most \(Self.maxMetadataBytes) bytes")
        }
        return GroupOffsets.Position(offset: offset, leaderEpoch: leaderEpoch, metadata: metadata)
    }

    private func checkOutsider(_ generation: Int32, _ member: String) throws(Refusal) {
        if !member.isEmpty { throw Refusal(.unknownMemberId, "groups have no members here") }
        if generation >= 0 { throw Refusal(.illegalGeneration, "groups have no generations here") }
    }

    private func errorCode(_ body: () throws(Refusal) -> Void) -> ErrorCode {
        do throws(Refusal) {
            try body()
            return .none
        } catch {
            return error.naming(.invalidProducerEpoch, insteadOf: .producerFenced).code
        }
    }
}
