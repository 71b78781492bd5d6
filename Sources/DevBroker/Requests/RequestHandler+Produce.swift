import KafkaWire
import NIOCore

extension RequestHandler {
    /// Appends one batch to each partition named, each for itself: one may be refused and the next accepted.
    /// - Throws: `ConnectionFault` if a batch is refused that nobody waits for (`acks=0`), as Kafka closes then.
    func produce(_ request: IncomingRequest) throws(ConnectionFault) -> Reply {
        let body = try request.decode(ProduceRequest.self)
        var leaders: Set<Int32> = []
        var failure: Refusal?
        let responses = body.topicData.map { topic in
            ProduceResponse.TopicProduceResponse {
                $0.name = topic.name
                $0.topicId = topic.topicId
                $0.partitionResponses = topic.partitionData.map { data in
                    do throws(Refusal) {
                        guard (-1...1).contains(body.acks) else {
                            throw Refusal(.invalidRequiredAcks, "acks is −1, 0 or 1, not \(body.acks)")
                        }
                        let partition = try find(data.index, of: topic, version: request.version)
                        return try append(
                            data, to: partition, in: body.transactionalId, of: request, leaders: &leaders)
                    } catch {
                        failure = failure ?? error
                        return refused(data, error)
                    }
                }
            }
        }
        if body.acks == 0 {
            if let failure { throw ConnectionFault("with acks=0 nobody hears that \(failure.message)") }
            return .nothing
        }
        let response = ProduceResponse {
            if case .throttle(let time) = nextFault(.request, of: .produce) {
                $0.throttleTimeMs = Int32(clamping: Int64(time / .milliseconds(1)))
            }
            $0.responses = responses
            $0.nodeEndpoints = endpoints(of: leaders)
        }
        return .response(try encode(response, to: request))
    }

    private func find(
        _ index: Int32, of data: ProduceRequest.TopicProduceData, version: Int16
    ) throws(Refusal) -> Partition {
        let topic = try topic(named: data.name, id: data.topicId, byName: version <= 12)
        guard let partition = topic[partition: index] else {
            throw Refusal(.unknownTopicOrPartition, "topic '\(topic.name)' has no partition \(index)")
        }
        return partition
    }

    private func append(
        _ data: ProduceRequest.PartitionProduceData, to partition: Partition, in transactionalId: String?,
        of request: IncomingRequest, leaders: inout Set<Int32>
    ) throws(Refusal) -> ProduceResponse.PartitionProduceResponse {
        let fault = nextFault(
            .part, of: .produce, topic: partition.topic, partition: partition.index, version: request.version)
        if fault == .moveLeader { partition.move(to: cluster.node(after: partition.leadership.node)) }
        do throws(Refusal) {
            try checkLeadership(partition.leadership)
            return try append(data, to: partition, in: transactionalId, of: request, fault)
        } catch  where error.code == .notLeaderOrFollower {
            let leadership = partition.leadership
            leaders.insert(leadership.node)
            var response = refused(data, error)
            response.currentLeader.leaderId = leadership.node
            response.currentLeader.leaderEpoch = leadership.epoch
            return response
        }
    }

    private func append(
        _ data: ProduceRequest.PartitionProduceData, to partition: Partition, in transactionalId: String?,
        of request: IncomingRequest, _ fault: Fault?
    ) throws(Refusal) -> ProduceResponse.PartitionProduceResponse {
        guard let batch = request.records(data.records), batch.readableBytes > 0 else {
            throw Refusal(.invalidRecord, "a partition takes one batch a request, none was sent")
        }
        let rules = BatchRules(
            maxBytes: configuration.maxMessageBytes,
            readsRecords: configuration.verifyRecords ?? !configuration.discard, version: request.version,
            latestTimestamp: WallClock.milliseconds + 3_600_000, isTransactional: transactionalId != nil)
        let header = try rules.check(batch.readableBytesSpan)
        switch fault {
        case .error(let code): throw Refusal(code, Refusal.onDemand)
        case .recordErrors(let indexes):
            var refusal = Refusal(.invalidRecord, Refusal.onDemand)
            refusal.recordIndexes = indexes
            throw refusal
        default: break
        }
        let (appended, offsets) = try write(header, batch, to: partition, in: transactionalId, version: request.version)
        if !appended.isDuplicate {
            configuration.onAppend?(partition.topic, Int(partition.index), appended.baseOffset)
        }
        if case .errorAfterAppend(let code) = fault { throw Refusal(code, Refusal.onDemand) }
        return ProduceResponse.PartitionProduceResponse {
            $0.index = data.index
            $0.baseOffset = appended.baseOffset
            $0.logStartOffset = offsets.start
        }
    }

    /// Appends, as part of a transaction if the batch belongs to one.
    private func write(
        _ header: BatchHeader, _ batch: ByteBuffer, to partition: Partition, in transactionalId: String?,
        version: Int16
    ) throws(Refusal) -> (appended: PartitionLog.Appended, offsets: Partition.Offsets) {
        let keeping = !configuration.discard
        guard header.isTransactional, let transactionalId else {
            return try partition.append(header, batch, keeping: keeping)
        }
        let addition = addition(implicitFrom: 12, abortableFrom: 11, version: version)
        do throws(Refusal) {
            return try coordinator.write(
                to: TopicPartition(topic: partition.topic, index: partition.index), in: transactionalId,
                by: ProducerIdentity(id: header.producerId, epoch: header.producerEpoch), addition
            ) { () throws(Refusal) in
                try partition.append(header, batch, keeping: keeping, beginsTransaction: addition.isImplicit)
            }
        } catch {
            // Older clients would not try again when a transaction is about to end.
            throw error.naming(.invalidProducerEpoch, insteadOf: .producerFenced)
                .naming(.notEnoughReplicas, insteadOf: .concurrentTransactions, if: !addition.isImplicit)
        }
    }

    private func refused(
        _ data: ProduceRequest.PartitionProduceData, _ refusal: Refusal
    ) -> ProduceResponse.PartitionProduceResponse {
        ProduceResponse.PartitionProduceResponse {
            $0.index = data.index
            $0.errorCode = refusal.code
            $0.errorMessage = refusal.message
            $0.recordErrors = refusal.recordIndexes.map { index in
                ProduceResponse.BatchIndexAndErrorMessage {
                    $0.batchIndex = index
                    $0.batchIndexErrorMessage = refusal.message
                }
            }
            $0.baseOffset = -1
        }
    }
}
