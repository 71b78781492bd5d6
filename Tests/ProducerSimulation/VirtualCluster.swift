import KafkaProducer
import KafkaWire
import NIOCore
import TestSupport

/// Brokers that share one topic, strict about what they are sent, and unreliable as the scenario says.
final class VirtualCluster {
    struct Partition {
        var leader: Int32
        var leaderEpoch: Int32 = 0
        var content = StrictPartition()
    }

    static let topic = "orders"
    private static let topicId = KafkaUUID(high: 1, low: 2)

    let scenario: Scenario
    var partitions: [Partition]
    private var downNodes: Set<Int32> = []
    private var nextProducerId: Int64 = 1000
    private var decompressor = Decompressor()
    /// Whether anything still goes wrong.
    var isHealthy = false
    /// What a broker saw that it must never see.
    var violations: [String] = []
    var refusalCount = 0
    private(set) var tooLargeCount = 0
    /// What the brokers know of transactions.
    var transactions: VirtualTransactions

    /// - Parameter later: does something after a while.
    init(_ scenario: Scenario, later: @escaping (TimeAmount, @escaping () -> Void) -> Void) {
        self.scenario = scenario
        transactions = VirtualTransactions(scenario, later: later)
        partitions = (0..<scenario.partitions).map { Partition(leader: $0 % scenario.nodes) }
    }

    // MARK: - What happens to it

    func node(at address: BrokerAddress) -> Int32? {
        Int32(address.host.dropFirst("node-".count)).flatMap { (0..<scenario.nodes).contains($0) ? $0 : nil }
    }

    func isDown(_ node: Int32) -> Bool { downNodes.contains(node) }

    func move(_ partition: Int, to leader: Int32) {
        partitions[partition].leader = leader
        partitions[partition].leaderEpoch += 1
    }

    func stop(_ node: Int32) { downNodes.insert(node) }

    func start(_ node: Int32) { downNodes.remove(node) }

    func heal() {
        isHealthy = true
        downNodes = []
    }

    // MARK: - What it answers

    func serve(_ request: Request, at node: Int32, chance: inout SeededGenerator) -> Reply {
        if isDown(node) { return .close }
        if isLate(request) { return .nothing }
        if happens(scenario.faults.closesBefore, &chance) { return .close }
        let reply: Reply
        do {
            reply = try answer(request, at: node, chance: &chance)
        } catch {
            violations.append("\(request.api) could not be read: \(error)")
            return .close
        }
        if happens(scenario.faults.closesAfter, &chance) { return .close }
        if happens(scenario.faults.silences, &chance) { return .nothing }
        return reply
    }

    func happens(_ perMille: Int, _ chance: inout SeededGenerator) -> Bool {
        !isHealthy && perMille > 0 && Int.random(in: 0..<1000, using: &chance) < perMille
    }

    private func answer(_ request: Request, at node: Int32, chance: inout SeededGenerator) throws -> Reply {
        switch request.api {
        case .metadata: try encode(metadata(), request)
        case .initProducerId where scenario.transactions == nil: try encode(initProducerId(&chance), request)
        case .produce: try produce(request, at: node, chance: &chance)
        default: try answerOfCoordinator(request, at: node, chance: &chance)
        }
    }

    func encode(_ message: some Message, _ request: Request) throws -> Reply {
        .answer(ByteBuffer(bytes: try message.encode(version: request.version).bytes))
    }

    private func metadata() -> MetadataResponse {
        MetadataResponse {
            $0.brokers = (0..<scenario.nodes).filter { !isDown($0) }.map { node in
                .init {
                    $0.nodeId = node
                    $0.host = "node-\(node)"
                    $0.port = 9092
                }
            }
            $0.topics = [
                .init {
                    $0.name = Self.topic
                    $0.topicId = Self.topicId
                    $0.partitions = partitions.enumerated().map { index, partition in
                        .init {
                            $0.partitionIndex = Int32(index)
                            $0.leaderId = isDown(partition.leader) ? -1 : partition.leader
                            $0.leaderEpoch = partition.leaderEpoch
                            $0.errorCode = isDown(partition.leader) ? .leaderNotAvailable : .none
                        }
                    }
                }
            ]
        }
    }

    private func initProducerId(_ chance: inout SeededGenerator) -> InitProducerIdResponse {
        InitProducerIdResponse {
            if happens(scenario.faults.refusals, &chance) {
                $0.errorCode = .coordinatorLoadInProgress
            } else {
                $0.producerId = nextProducerId
                nextProducerId += 1
            }
        }
    }

    private func produce(_ request: Request, at node: Int32, chance: inout SeededGenerator) throws -> Reply {
        let body = try ProduceRequest.decode(request.bytes.span.bytes, version: request.version)
        if body.transactionalId != scenario.transactions?.id {
            violations.append("records of transactional id \(body.transactionalId ?? "none")")
        }
        var response = ProduceResponse()
        for topic in body.topicData {
            let isOurs = request.version >= 13 ? topic.topicId == Self.topicId : topic.name == Self.topic
            if !isOurs { violations.append("a topic that nobody knows: '\(topic.name)' \(topic.topicId)") }
            var answer = ProduceResponse.TopicProduceResponse()
            answer.name = topic.name
            answer.topicId = topic.topicId
            for data in topic.partitionData {
                answer.partitionResponses.append(
                    try append(data, request, at: node, response: &response, chance: &chance))
            }
            response.responses.append(answer)
        }
        if happens(scenario.faults.throttles, &chance) { response.throttleTimeMs = 20 }
        if request.expectsAnswer { return try encode(response, request) }
        // Nobody hears of an error, but the connection is closed.
        return response.responses.allSatisfy { $0.partitionResponses.allSatisfy { $0.errorCode == .none } }
            ? .nothing : .close
    }

    private func append(
        _ data: ProduceRequest.PartitionProduceData, _ request: Request, at node: Int32,
        response: inout ProduceResponse, chance: inout SeededGenerator
    ) throws -> ProduceResponse.PartitionProduceResponse {
        var answer = ProduceResponse.PartitionProduceResponse { $0.index = data.index }
        let partition = partitions[Int(data.index)]
        if partition.leader != node {
            answer.errorCode = .notLeaderOrFollower
            if !isDown(partition.leader), Bool.random(using: &chance) {
                answer.currentLeader.leaderId = partition.leader
                answer.currentLeader.leaderEpoch = partition.leaderEpoch
                response.nodeEndpoints = [
                    .init {
                        $0.nodeId = partition.leader
                        $0.host = "node-\(partition.leader)"
                        $0.port = 9092
                    }
                ]
            }
            return answer
        }
        guard let records = data.records else { return answer }
        let bytes = Array(request.bytes[records.offset..<records.offset + records.count])
        if let limit = scenario.faults.largestBatch, bytes.count > limit {
            answer.errorCode = .messageTooLarge
            tooLargeCount += 1
            return answer
        }
        if happens(scenario.faults.refusals, &chance) {
            answer.errorCode = Self.refusals[Int.random(in: Self.refusals.indices, using: &chance)]
            refusalCount += 1
            return answer
        }
        if happens(scenario.faults.invalidRecords, &chance) {
            answer.errorCode = .invalidRecord
            answer.recordErrors = [.init { $0.batchIndexErrorMessage = "no good" }]
            return answer
        }
        if scenario.transactions != nil, happens(scenario.faults.abortables, &chance) {
            answer.errorCode = .transactionAbortable
            return answer
        }
        (answer.errorCode, answer.baseOffset) = try store(bytes, in: data.index, version: request.version)
        if answer.errorCode == .none, happens(scenario.faults.falseRefusals, &chance) {
            answer.errorCode = Bool.random(using: &chance) ? .notEnoughReplicasAfterAppend : .requestTimedOut
            answer.baseOffset = -1
        }
        return answer
    }

    private static let refusals: [ErrorCode] = [
        .notEnoughReplicas, .leaderNotAvailable, .kafkaStorageError, .corruptMessage, .unknownTopicOrPartition,
        .networkException, .notLeaderOrFollower,
    ]

    private func store(_ bytes: [UInt8], in index: Int32, version: Int16) throws -> (ErrorCode, Int64) {
        let batch = try RecordBatch(bytes.span.bytes)
        try batch.validate(using: &decompressor)
        let records = try batch.records(using: &decompressor).map { Self.number(of: $0.value ?? []) }
        let identity =
            batch.producerId < 0 ? nil : ProducerIdentity(id: batch.producerId, epoch: batch.producerEpoch)
        if scenario.transactions != nil {
            let refusal = admit(batch, by: identity, to: index, version: version)
            if refusal != .none { return (refusal, -1) }
        }
        return partitions[Int(index)].content.append(
            records, identity: identity, base: batch.baseSequence, isTransactional: batch.attributes.isTransactional)
    }

    /// Values begin with the number of their record.
    private static func number(of value: [UInt8]) -> UInt64 {
        value.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
