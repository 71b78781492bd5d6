import KafkaWire

@testable import KafkaProducer

/// A coordinator of transactions and groups that grants what it is asked, but for what a test says, and notes it.
struct ScriptedCoordinator {
    /// What becomes of the next requests of a kind, before any is granted.
    var refusals: [APIKey: [ErrorCode]] = [:]
    /// Requests that get no answer; they wait in `unanswered`.
    var silent: Set<APIKey> = []
    private(set) var unanswered: [Exchange] = []
    /// Who the next producer is.
    var identity = ProducerIdentity(id: 7000, epoch: 0)
    /// Where it listens, as node 0.
    var port: Int32 = 1
    /// Everything that was asked, in order.
    private(set) var log: [String] = []

    mutating func takeLog() -> [String] {
        defer { log = [] }
        return log
    }

    mutating func noteProduce(_ batch: ProduceArrival.Batch, version: Int16, transactionalId: String?) {
        log.append(
            "Produce \(version) \(transactionalId ?? "-") \(batch.topic)-\(batch.partition) "
                + "\(batch.producerId)/\(batch.producerEpoch) from \(batch.baseSequence): "
                + batch.values.joined(separator: ","))
    }

    /// Serves a request, if it is one for a coordinator.
    mutating func serve(_ exchange: Exchange, _ body: [UInt8]) throws -> Bool {
        let (bytes, version) = (body.span.bytes, exchange.version)
        switch exchange.api {
        case .findCoordinator:
            let request = try FindCoordinatorRequest.decode(bytes, version: version)
            let key = request.coordinatorKeys.first ?? request.key
            let code = note(exchange, "FindCoordinator \(request.keyType == 1 ? "transaction" : "group") \(key)")
            answer(
                exchange,
                FindCoordinatorResponse {
                    $0.coordinators = [
                        .init {
                            $0.key = key
                            $0.host = "127.0.0.1"
                            $0.port = port
                            $0.errorCode = code
                        }
                    ]
                })
        case .initProducerId:
            let request = try InitProducerIdRequest.decode(bytes, version: version)
            guard let id = request.transactionalId else { return false }
            let code = note(
                exchange,
                "InitProducerId \(id) \(request.transactionTimeoutMs) \(request.producerId)/\(request.producerEpoch)")
            if code == .none, request.producerId >= 0 { identity.epoch += 1 }
            answer(
                exchange,
                InitProducerIdResponse {
                    $0.errorCode = code
                    $0.producerId = identity.id
                    $0.producerEpoch = identity.epoch
                })
        case .addPartitionsToTxn:
            let request = try AddPartitionsToTxnRequest.decode(bytes, version: version)
            let names = request.v3AndBelowTopics.flatMap { topic in topic.partitions.map { "\(topic.name)-\($0)" } }
            let code = note(exchange, "AddPartitionsToTxn \(names.joined(separator: ","))")
            answer(
                exchange,
                AddPartitionsToTxnResponse {
                    $0.resultsByTopicV3AndBelow = request.v3AndBelowTopics.map { topic in
                        .init {
                            $0.name = topic.name
                            $0.resultsByPartition = topic.partitions.map { partition in
                                .init {
                                    $0.partitionIndex = partition
                                    $0.partitionErrorCode = code
                                }
                            }
                        }
                    }
                })
        case .addOffsetsToTxn:
            let request = try AddOffsetsToTxnRequest.decode(bytes, version: version)
            let code = note(exchange, "AddOffsetsToTxn \(request.groupId)")
            answer(exchange, AddOffsetsToTxnResponse { $0.errorCode = code })
        case .txnOffsetCommit:
            let request = try TxnOffsetCommitRequest.decode(bytes, version: version)
            let entries = request.topics.flatMap { topic in
                topic.partitions.map { "\(topic.name)-\($0.partitionIndex)=\($0.committedOffset)" }
            }
            let code = note(
                exchange,
                "TxnOffsetCommit \(version) \(request.groupId)/\(request.generationId)/\(request.memberId) "
                    + entries.joined(separator: ","))
            answer(
                exchange,
                TxnOffsetCommitResponse {
                    $0.topics = request.topics.map { topic in
                        .init {
                            $0.name = topic.name
                            $0.partitions = topic.partitions.map { partition in
                                .init {
                                    $0.partitionIndex = partition.partitionIndex
                                    $0.errorCode = code
                                }
                            }
                        }
                    }
                })
        case .endTxn:
            let request = try EndTxnRequest.decode(bytes, version: version)
            let code = note(
                exchange,
                "EndTxn \(version) \(request.producerId)/\(request.producerEpoch) "
                    + (request.committed ? "commit" : "abort"))
            if code == .none, version >= 5 { identity.epoch += 1 }
            answer(
                exchange,
                EndTxnResponse {
                    $0.errorCode = code
                    guard version >= 5 else { return }
                    $0.producerId = identity.id
                    $0.producerEpoch = identity.epoch
                })
        default: return false
        }
        return true
    }

    private mutating func note(_ exchange: Exchange, _ line: String) -> ErrorCode {
        log.append(line)
        guard refusals[exchange.api]?.isEmpty == false else { return .none }
        return refusals[exchange.api]?.removeFirst() ?? .none
    }

    private mutating func answer(_ exchange: Exchange, _ message: some Message) {
        if silent.contains(exchange.api) { unanswered.append(exchange) } else { exchange.reply(message) }
    }
}
