import KafkaProducer
import KafkaWire
import NIOCore
import TestSupport

// The requests of transactions, read from the bytes that were sent.
extension VirtualCluster {
    static let sourceTopic = "source"

    /// Whether a request of the old protocol comes after the transaction that it was sent for, over a connection that the
    /// client has given up. A broker cannot tell, and would take it for one of the next transaction; that is what KIP-890
    /// was made against, and no fault of a client.
    func isLate(_ request: Request) -> Bool {
        guard request.isOrphan, request.age != transactions.coordinator.age else { return false }
        return switch request.api {
        case .addPartitionsToTxn, .addOffsetsToTxn, .initProducerId: true
        case .endTxn, .txnOffsetCommit: request.version < 5
        default: false
        }
    }

    func answerOfCoordinator(_ request: Request, at node: Int32, chance: inout SeededGenerator) throws -> Reply {
        switch request.api {
        case .findCoordinator: try encode(findCoordinator(read(request), request.version, &chance), request)
        case .initProducerId: try encode(initProducerId(read(request), request.version, node, &chance), request)
        case .addPartitionsToTxn: try encode(addPartitions(read(request), node, &chance), request)
        case .addOffsetsToTxn: try encode(addOffsets(read(request), node, &chance), request)
        case .txnOffsetCommit: try encode(commitOffsets(read(request), request.version, node, &chance), request)
        case .endTxn: try encode(end(read(request), request.version, node, &chance), request)
        default: .close
        }
    }

    private func read<Body: KafkaWire.Request>(_ request: Request) throws -> Body {
        try Body.decode(request.bytes.span.bytes, version: request.version)
    }

    // MARK: - Coordinators

    private func findCoordinator(
        _ body: FindCoordinatorRequest, _ version: Int16, _ chance: inout SeededGenerator
    ) -> FindCoordinatorResponse {
        let key = version >= 4 ? body.coordinatorKeys.first ?? "" : body.key
        let isTransaction = key == scenario.transactions?.id
        let type = isTransaction ? FindCoordinatorRequest.transaction : FindCoordinatorRequest.group
        if transactions.places[key] == nil || body.keyType != type {
            violations.append("a coordinator of '\(key)' as one of type \(body.keyType)")
        }
        let node = transactions.places[key]?.node ?? 0
        let code: ErrorCode =
            isDown(node) || happens(scenario.faults.refusals, &chance)
            ? [.coordinatorNotAvailable, .coordinatorLoadInProgress][Int.random(in: 0...1, using: &chance)] : .none
        return FindCoordinatorResponse {
            $0.errorCode = code
            $0.nodeId = node
            $0.host = "node-\(node)"
            $0.port = 9092
            $0.coordinators = [
                .init {
                    $0.key = key
                    $0.errorCode = code
                    $0.nodeId = node
                    $0.host = "node-\(node)"
                    $0.port = 9092
                }
            ]
        }
    }

    /// Why a coordinator does not even look at a request.
    private func refusal(of key: String, at node: Int32, _ chance: inout SeededGenerator) -> ErrorCode? {
        if key != scenario.transactions?.id, scenario.transactions?.groups.contains(key) != true {
            violations.append("a request for '\(key)', which nobody uses")
        }
        guard let place = transactions.places[key], place.node == node else { return .notCoordinator }
        if place.isLoading { return .coordinatorLoadInProgress }
        guard happens(scenario.faults.coordinatorRefusals, &chance) else { return nil }
        refusalCount += 1
        let codes: [ErrorCode] = [
            .coordinatorNotAvailable, .coordinatorLoadInProgress, .notCoordinator, .concurrentTransactions,
        ]
        return codes[Int.random(in: codes.indices, using: &chance)]
    }

    /// The answer to what was done, or one that denies it.
    private func told(_ code: ErrorCode, _ chance: inout SeededGenerator) -> ErrorCode {
        guard code == .none, happens(scenario.faults.falseRefusals, &chance) else { return code }
        return [.coordinatorNotAvailable, .notCoordinator][Int.random(in: 0...1, using: &chance)]
    }

    private func initProducerId(
        _ body: InitProducerIdRequest, _ version: Int16, _ node: Int32, _ chance: inout SeededGenerator
    ) -> InitProducerIdResponse {
        if body.transactionTimeoutMs != scenario.transactions?.timeoutMs {
            violations.append("InitProducerId with a time-out of \(body.transactionTimeoutMs) ms")
        }
        if let refusal = refusal(of: body.transactionalId ?? "none", at: node, &chance) {
            return InitProducerIdResponse { $0.errorCode = refusal }
        }
        let held = ProducerIdentity(id: body.producerId, epoch: body.producerEpoch)
        let wasEnding = transactions.coordinator.marker != nil
        let (code, identity) = transactions.coordinator.introduce(showing: held.id < 0 ? nil : held)
        if !wasEnding { writeMarkers() }
        return InitProducerIdResponse {
            $0.errorCode = told(code, &chance)
            guard $0.errorCode == .none, let identity else { return }
            ($0.producerId, $0.producerEpoch) = (identity.id, identity.epoch)
        }
    }

    // MARK: - What belongs to a transaction

    private func addPartitions(
        _ body: AddPartitionsToTxnRequest, _ node: Int32, _ chance: inout SeededGenerator
    ) -> AddPartitionsToTxnResponse {
        let client = ProducerIdentity(id: body.v3AndBelowProducerId, epoch: body.v3AndBelowProducerEpoch)
        let partitions = Set(body.v3AndBelowTopics.flatMap(\.partitions))
        if body.v3AndBelowTopics.map(\.name) != [Self.topic] { violations.append("partitions of other topics") }
        let code =
            refusal(of: body.v3AndBelowTransactionalId, at: node, &chance) ?? abortable(&chance)
            ?? told(add(partitions, by: client), &chance)
        return AddPartitionsToTxnResponse {
            $0.resultsByTopicV3AndBelow = body.v3AndBelowTopics.map { topic in
                .init {
                    $0.name = topic.name
                    $0.resultsByPartition = topic.partitions.map { partition in
                        .init { ($0.partitionIndex, $0.partitionErrorCode) = (partition, code) }
                    }
                }
            }
        }
    }

    private func addOffsets(
        _ body: AddOffsetsToTxnRequest, _ node: Int32, _ chance: inout SeededGenerator
    ) -> AddOffsetsToTxnResponse {
        let client = ProducerIdentity(id: body.producerId, epoch: body.producerEpoch)
        return AddOffsetsToTxnResponse {
            $0.errorCode =
                refusal(of: body.transactionalId, at: node, &chance) ?? abortable(&chance)
                ?? told(add(groups: [body.groupId], by: client), &chance)
        }
    }

    private func commitOffsets(
        _ body: TxnOffsetCommitRequest, _ version: Int16, _ node: Int32, _ chance: inout SeededGenerator
    ) -> TxnOffsetCommitResponse {
        let client = ProducerIdentity(id: body.producerId, epoch: body.producerEpoch)
        let code: ErrorCode
        if let refusal = refusal(of: body.groupId, at: node, &chance) ?? abortable(&chance) {
            code = refusal
        } else {
            let admission = admit(isImplicit: version >= 5, group: body.groupId, by: client)
            if admission == .none {
                let offsets = body.topics.flatMap(\.partitions).map { ($0.partitionIndex, $0.committedOffset) }
                transactions.groups[body.groupId, default: StrictGroup()].keep(
                    Dictionary(offsets) { $1 }, of: client.id)
            }
            code = told(admission == .notEnoughReplicas ? .coordinatorNotAvailable : admission, &chance)
        }
        return TxnOffsetCommitResponse {
            $0.topics = body.topics.map { topic in
                .init {
                    $0.name = topic.name
                    $0.partitions = topic.partitions.map { partition in
                        .init { ($0.partitionIndex, $0.errorCode) = (partition.partitionIndex, code) }
                    }
                }
            }
        }
    }

    /// Whether a leader takes a batch of a transaction.
    func admit(
        _ batch: borrowing RecordBatch, by client: ProducerIdentity?, to index: Int32, version: Int16
    ) -> ErrorCode {
        guard let client, batch.attributes.isTransactional else {
            violations.append("a batch that belongs to no transaction")
            return .invalidRecord
        }
        if partitions[Int(index)].content.hasOpenTransaction(of: client) { return .none }
        return admit(isImplicit: version >= 12, partition: index, by: client)
    }

    /// Asks the coordinator whether something belongs to the transaction, or has it added (KIP-890).
    private func admit(
        isImplicit: Bool, partition: Int32? = nil, group: String? = nil, by client: ProducerIdentity
    ) -> ErrorCode {
        if isImplicit, !transactions.knowsImplicit { violations.append("written to without having been added") }
        let place = transactions.places[scenario.transactions?.id ?? ""]
        guard let place, !place.isLoading, !isDown(place.node) else { return .notEnoughReplicas }
        let code =
            isImplicit
            ? add(Set([partition].compactMap(\.self)), groups: Set([group].compactMap(\.self)), by: client)
            : transactions.coordinator.verify(partition: partition, group: group, by: client)
        return switch code {
        case .producerFenced: .invalidProducerEpoch
        case .concurrentTransactions where !isImplicit: .notEnoughReplicas
        default: code
        }
    }

    private func add(_ partitions: Set<Int32> = [], groups: Set<String> = [], by client: ProducerIdentity) -> ErrorCode
    {
        let wasOngoing = transactions.coordinator.isOngoing
        let code = transactions.coordinator.add(partitions, groups: groups, by: client)
        if code == .none, !wasOngoing {
            transactions.watch(timeoutMs: scenario.transactions?.timeoutMs ?? .max) { [unowned self] in
                writeMarkers()
            }
        }
        return code
    }

    /// An error after which a transaction can only be aborted.
    private func abortable(_ chance: inout SeededGenerator) -> ErrorCode? {
        happens(scenario.faults.abortables, &chance) ? .transactionAbortable : nil
    }

    // MARK: - The end

    private func end(
        _ body: EndTxnRequest, _ version: Int16, _ node: Int32, _ chance: inout SeededGenerator
    ) -> EndTxnResponse {
        let client = ProducerIdentity(id: body.producerId, epoch: body.producerEpoch)
        if version >= 5, !transactions.knowsImplicit { violations.append("EndTxn 5 before it was agreed on") }
        let refusal = refusal(of: body.transactionalId, at: node, &chance)
        // Nothing is to be aborted any more once the commit is decided.
        let canAbort = body.committed && transactions.coordinator.isOngoing
        if let refusal = refusal ?? (canAbort ? abortable(&chance) : nil) {
            return EndTxnResponse { $0.errorCode = refusal }
        }
        let ends = transactions.coordinator.ends
        let (code, next) = transactions.coordinator.end(commits: body.committed, by: client, renews: version >= 5)
        if transactions.coordinator.ends > ends { writeMarkers() }
        return EndTxnResponse {
            $0.errorCode = told(code, &chance)
            guard $0.errorCode == .none, let next, version >= 5 else { return }
            ($0.producerId, $0.producerEpoch) = (next.id, next.epoch)
        }
    }

    private func writeMarkers() {
        guard let marker = transactions.coordinator.marker else { return }
        transactions.write(
            marker, canWrite: { [unowned self] in !isDown(partitions[Int($0)].leader) },
            toPartition: { [unowned self] in
                partitions[Int($0)].content.end(by: marker.identity, commits: marker.commits)
            })
    }
}
