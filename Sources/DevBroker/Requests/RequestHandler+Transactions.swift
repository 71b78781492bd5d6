import KafkaWire

extension RequestHandler {
    /// Gives a producer its id and epoch: a new id without transactions, else what the transactional id has.
    func initProducerId(_ request: InitProducerIdRequest, version: Int16) -> InitProducerIdResponse {
        do throws(Refusal) {
            let producer = try introduce(request)
            return InitProducerIdResponse {
                $0.producerId = producer.id
                $0.producerEpoch = producer.epoch
            }
        } catch {
            return InitProducerIdResponse {
                $0.errorCode = Self.known(error, since: 4, version).code
                $0.producerEpoch = -1
            }
        }
    }

    private func introduce(_ request: InitProducerIdRequest) throws(Refusal) -> ProducerIdentity {
        guard let id = request.transactionalId else {
            try refuseOnDemand(.initProducerId)
            return ProducerIdentity(id: try cluster.newProducerId(), epoch: 0)
        }
        let isNew = request.producerId < 0
        guard !id.isEmpty, isNew == (request.producerEpoch < 0) else {
            throw Refusal(.invalidRequest, "a transactional id is not empty; a producer has both an id and an epoch")
        }
        return try coordinate(.transaction(id), .initProducerId) { () throws(Refusal) in
            guard (1...configuration.maxTransactionTimeoutMs).contains(request.transactionTimeoutMs) else {
                throw Refusal(
                    .invalidTransactionTimeout,
                    "\(request.transactionTimeoutMs) ms: a transaction lasts 1 to \(configuration.maxTransactionTimeoutMs)"
                )
            }
            let held = ProducerIdentity(id: request.producerId, epoch: request.producerEpoch)
            return try coordinator.introduce(
                id, holding: isNew ? nil : held, timeoutMs: request.transactionTimeoutMs)
        }
    }

    /// Makes partitions part of a transaction: all, or none if one of them is not there.
    func addPartitionsToTxn(_ request: AddPartitionsToTxnRequest, version: Int16) -> AddPartitionsToTxnResponse {
        let wanted = request.v3AndBelowTopics.flatMap { topic in
            topic.partitions.map { TopicPartition(topic: topic.name, index: $0) }
        }
        let missing = Set(wanted.filter { cluster.partition($0) == nil })
        let code = errorCode(since: 2, version) { () throws(Refusal) in
            let id = request.v3AndBelowTransactionalId
            try coordinate(.transaction(id), .addPartitionsToTxn) { () throws(Refusal) in
                guard missing.isEmpty else { throw Refusal(.operationNotAttempted, "other partitions are not there") }
                try coordinator.add(
                    partitions: Set(wanted), to: id,
                    by: ProducerIdentity(id: request.v3AndBelowProducerId, epoch: request.v3AndBelowProducerEpoch))
            }
        }
        return AddPartitionsToTxnResponse {
            $0.resultsByTopicV3AndBelow = request.v3AndBelowTopics.map { topic in
                AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult {
                    $0.name = topic.name
                    $0.resultsByPartition = topic.partitions.map { index in
                        let isMissing = missing.contains(TopicPartition(topic: topic.name, index: index))
                        return AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult {
                            $0.partitionIndex = index
                            $0.partitionErrorCode =
                                isMissing && code == .operationNotAttempted ? .unknownTopicOrPartition : code
                        }
                    }
                }
            }
        }
    }

    /// Makes the offsets of a group part of a transaction.
    func addOffsetsToTxn(_ request: AddOffsetsToTxnRequest, version: Int16) -> AddOffsetsToTxnResponse {
        AddOffsetsToTxnResponse {
            $0.errorCode = errorCode(since: 2, version) { () throws(Refusal) in
                let id = request.transactionalId
                try coordinate(.transaction(id), .addOffsetsToTxn) { () throws(Refusal) in
                    try coordinator.add(
                        groups: [request.groupId], to: id,
                        by: ProducerIdentity(id: request.producerId, epoch: request.producerEpoch))
                }
            }
        }
    }

    /// Commits or aborts a transaction.
    func endTxn(_ request: EndTxnRequest, version: Int16) -> EndTxnResponse {
        var response = EndTxnResponse()
        response.errorCode = errorCode(since: 2, version) { () throws(Refusal) in
            let id = request.transactionalId
            let bumpsEpoch = version >= 5
            let next = try coordinate(.transaction(id), .endTxn) { () throws(Refusal) in
                guard !bumpsEpoch || configuration.transactionVersion >= 2 else {
                    throw Refusal(.unsupportedVersion, "EndTxn 5 is for clusters with transaction.version 2")
                }
                return try coordinator.end(
                    id, request.committed ? .commit : .abort,
                    by: ProducerIdentity(id: request.producerId, epoch: request.producerEpoch), bumpsEpoch: bumpsEpoch)
            }
            response.producerId = next.id
            response.producerEpoch = next.epoch
        }
        return response
    }

    private func errorCode(
        since version: Int16, _ actual: Int16, _ body: () throws(Refusal) -> Void
    ) -> ErrorCode {
        do throws(Refusal) {
            try body()
            return .none
        } catch {
            return Self.known(error, since: version, actual).code
        }
    }

    /// Before a version of each request, clients know PRODUCER_FENCED as INVALID_PRODUCER_EPOCH (KIP-588).
    private static func known(_ refusal: Refusal, since version: Int16, _ actual: Int16) -> Refusal {
        refusal.naming(.invalidProducerEpoch, insteadOf: .producerFenced, if: actual < version)
    }
}
