import KafkaWire
import NIOCore

/// The requests of a transaction as they go over the wire, and what their answers say.
struct TransactionExchange {
    struct Coordinator {
        var node: Int32
        var address: BrokerAddress
    }

    struct Reply {
        var answer: TransactionAnswer
        var api: APIKey
        var version: Int16
        var throttleTimeMs: Int32 = 0
        /// Where a coordinator was found.
        var coordinator: Coordinator?
    }

    /// An answer as far as it depends on the message.
    private typealias Reading = (answer: TransactionAnswer, throttleTimeMs: Int32, coordinator: Coordinator?)

    var transactionalId: String
    var timeout: Duration
    var identity: ProducerIdentity?
    var version: TransactionVersion

    /// - Throws: `KafkaError` of kind `unsupportedVersion` if the broker does not speak what the transaction needs.
    func send(
        _ request: TransactionRequest, over connection: any BrokerLink, timeout: Duration,
        completion: @escaping (Reply) -> Void
    ) throws(KafkaError) {
        let identity = identity ?? ProducerIdentity(id: -1, epoch: -1)
        switch request {
        case .findCoordinator(let coordinator):
            // Version 0 knows groups only.
            try call(question(about: coordinator), 1...Int16.max, connection, timeout, completion, found)
        case .initProducerId:
            let message = InitProducerIdRequest {
                $0.transactionalId = transactionalId
                $0.transactionTimeoutMs = Int32(clamping: self.timeout.milliseconds)
                $0.producerId = identity.id
                $0.producerEpoch = identity.epoch
            }
            try call(message, 0...Int16.max, connection, timeout, completion) { response in
                let identity = ProducerIdentity(id: response.producerId, epoch: response.producerEpoch)
                return (Self.answer(response.errorCode, .identified(identity)), response.throttleTimeMs, nil)
            }
        case .addPartitions(let partitions):
            let message = addition(of: partitions, identity)
            try call(message, 0...3, connection, timeout, completion) { response in
                let codes = response.resultsByTopicV3AndBelow.flatMap(\.resultsByPartition).map(\.partitionErrorCode)
                return (Self.answer(codes, of: partitions.count, request), response.throttleTimeMs, nil)
            }
        case .addOffsets(let offsets):
            let message = AddOffsetsToTxnRequest {
                $0.transactionalId = transactionalId
                $0.producerId = identity.id
                $0.producerEpoch = identity.epoch
                $0.groupId = offsets.group.groupId
            }
            try call(message, 0...Int16.max, connection, timeout, completion) { response in
                (Self.answer(response.errorCode, .added), response.throttleTimeMs, nil)
            }
        case .commitOffsets(let offsets):
            let message = commit(of: offsets, identity)
            var versions = version.txnOffsetCommitVersions
            // Before version 3 nobody would check that the member still belongs to the group (KIP-447).
            if offsets.group.namesMember { versions = max(versions.lowerBound, 3)...versions.upperBound }
            try call(message, versions, connection, timeout, completion) { response in
                let codes = response.topics.flatMap(\.partitions).map(\.errorCode)
                return (Self.answer(codes, of: offsets.entries.count, request), response.throttleTimeMs, nil)
            }
        case .end(let committed):
            let message = EndTxnRequest {
                $0.transactionalId = transactionalId
                $0.producerId = identity.id
                $0.producerEpoch = identity.epoch
                $0.committed = committed
            }
            try call(message, version.endTxnVersions, connection, timeout, completion) { response in
                let next = ProducerIdentity(id: response.producerId, epoch: response.producerEpoch)
                let answer = Self.answer(response.errorCode, .ended(next.id >= 0 ? next : nil))
                return (answer, response.throttleTimeMs, nil)
            }
        }
    }

    private static func answer(_ code: ErrorCode, _ success: TransactionAnswer) -> TransactionAnswer {
        code == .none ? success : .refused(code)
    }

    /// What codes of each partition come to; one that is left out is not added.
    private static func answer(
        _ codes: [ErrorCode], of count: Int, _ request: TransactionRequest
    ) -> TransactionAnswer {
        guard codes.count == count else { return .refused(.unknownServerError) }
        return answer(TransactionVerdict.worst(of: codes, to: request), .added)
    }

    private func call<Call: Request>(
        _ message: Call, _ versions: ClosedRange<Int16>, _ connection: any BrokerLink, _ timeout: Duration,
        _ completion: @escaping (Reply) -> Void, _ read: @escaping (Call.Response) -> Reading
    ) throws(KafkaError) {
        let version = try connection.versions.version(
            of: Call.api, atMost: versions.upperBound, broker: connection.address)
        guard versions.contains(version) else {
            throw KafkaError(
                .unsupportedVersion,
                "broker \(connection.address) speaks no version of \(Call.api) from "
                    + "\(versions.lowerBound) on, which the transaction needs")
        }
        connection.call(message, version: version, timeout: timeout) { result in
            switch result {
            case .success(let response):
                let reading = read(response)
                completion(
                    Reply(
                        answer: reading.answer, api: Call.api, version: version,
                        throttleTimeMs: reading.throttleTimeMs, coordinator: reading.coordinator))
            case .failure:
                completion(Reply(answer: .lost, api: Call.api, version: version))
            }
        }
    }

    // MARK: - Messages

    private func question(about coordinator: TransactionRequest.Coordinator) -> FindCoordinatorRequest {
        let (key, type) =
            switch coordinator {
            case .transaction: (transactionalId, FindCoordinatorRequest.transaction)
            case .group(let group): (group, FindCoordinatorRequest.group)
            }
        return FindCoordinatorRequest {
            $0.key = key
            $0.keyType = type
            $0.coordinatorKeys = [key]
        }
    }

    private func found(_ response: FindCoordinatorResponse) -> Reading {
        let first = response.coordinators.first
        let code = first?.errorCode ?? response.errorCode
        let (node, host, port) =
            first.map { ($0.nodeId, $0.host, $0.port) } ?? (response.nodeId, response.host, response.port)
        guard code == .none else { return (.refused(code), response.throttleTimeMs, nil) }
        guard node >= 0, (1...65535).contains(port) else {
            return (.refused(.coordinatorNotAvailable), response.throttleTimeMs, nil)
        }
        let coordinator = Coordinator(node: node, address: BrokerAddress(host: host, port: Int(port)))
        return (.found(node), response.throttleTimeMs, coordinator)
    }

    private func addition(of partitions: [PartitionKey], _ identity: ProducerIdentity) -> AddPartitionsToTxnRequest {
        var topics: [AddPartitionsToTxnRequest.AddPartitionsToTxnTopic] = []
        for partition in partitions {
            if let place = topics.firstIndex(where: { $0.name == partition.topic }) {
                topics[place].partitions.append(partition.partition)
            } else {
                topics.append(
                    .init {
                        $0.name = partition.topic
                        $0.partitions = [partition.partition]
                    })
            }
        }
        return AddPartitionsToTxnRequest {
            $0.v3AndBelowTransactionalId = transactionalId
            $0.v3AndBelowProducerId = identity.id
            $0.v3AndBelowProducerEpoch = identity.epoch
            $0.v3AndBelowTopics = topics
        }
    }

    private func commit(of offsets: TransactionOffsets, _ identity: ProducerIdentity) -> TxnOffsetCommitRequest {
        var topics: [TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic] = []
        for entry in offsets.entries {
            if topics.last?.name != entry.partition.topic { topics.append(.init { $0.name = entry.partition.topic }) }
            topics[topics.count - 1].partitions.append(
                .init {
                    $0.partitionIndex = entry.partition.partition
                    $0.committedOffset = entry.offset.offset
                    $0.committedLeaderEpoch = entry.offset.leaderEpoch ?? -1
                    $0.committedMetadata = entry.offset.metadata
                })
        }
        return TxnOffsetCommitRequest {
            $0.transactionalId = transactionalId
            $0.groupId = offsets.group.groupId
            $0.producerId = identity.id
            $0.producerEpoch = identity.epoch
            $0.generationId = offsets.group.generationId
            $0.memberId = offsets.group.memberId
            $0.groupInstanceId = offsets.group.groupInstanceId
            $0.topics = topics
        }
    }
}
